import type { EntryBatch, Epoch, Slot } from '@quorate/interface';
import { ENTRY_HEADER_BYTES, emptyBatch, NO_BYTES, readCommandLength, writeEntry } from '@quorate/interface';
import { newSection } from './sections.ts';

/** In `offsets`: the section is the bare command of an entry that waits to be packed. */
const UNPACKED = -1;
/** In `tags`, above the tag: the header in the section is out of date, as the entry was marked since. */
const MARKED = 0x100;
/** In `tags` and `epochs`: no entry here. */
const HOLE = -1;
/** Forgotten slots are given back once there are this many and they outnumber the held ones. */
const TRIM_AT_LEAST = 1024;
/** The most holes that one entry may open: no protocol's window is wider, and a bad slot must not fill the memory. */
const HOLES_MAX = 1 << 20;

/**
 * The entries of a dense log as parallel arrays indexed by slot, so that an entry costs no object: its epoch, its tag, and the byte
 * section in which it stands, header included, from an offset on. Sections are shared with messages and journal records: frozen.
 */
export class SequenceStore {
  /** The lowest slot that may be held. */
  first: Slot = 1;
  /** The highest slot held, or `first - 1`. The arrays are in use from `base` to `last`; room behind that is kept for what comes. */
  last: Slot = 0;
  /** The epoch of `first - 1`. */
  floorEpoch: Epoch = 0;
  /** After `view`: the command is `viewBytes` from `viewStart` to before `viewEnd`. */
  viewBytes: Uint8Array = NO_BYTES;
  viewStart = 0;
  viewEnd = 0;

  private base: Slot = 1;
  private readonly epochs: Epoch[] = [];
  private readonly tags: number[] = [];
  private readonly sections: Uint8Array[] = [];
  private readonly offsets: number[] = [];

  private cached: EntryBatch | undefined;
  private cachedTo: Slot = 0;
  private cachedMax = 0;

  epochAt(slot: Slot): Epoch {
    if (slot < this.first) return slot === this.first - 1 ? this.floorEpoch : -1;
    return slot > this.last ? -1 : this.epochs[slot - this.base]!;
  }

  tagAt(slot: Slot): number {
    if (slot < this.first || slot > this.last) return -1;
    const tag = this.tags[slot - this.base]!;
    return tag === HOLE ? -1 : tag & 0xff;
  }

  view(slot: Slot): boolean {
    if (this.tagAt(slot) < 0) return false;
    const i = slot - this.base;
    const section = this.sections[i]!;
    const offset = this.offsets[i]!;
    this.viewBytes = section;
    this.viewStart = offset === UNPACKED ? 0 : offset + ENTRY_HEADER_BYTES;
    this.viewEnd = offset === UNPACKED ? section.length : this.viewStart + readCommandLength(section, offset);
    return true;
  }

  *slots(): Iterable<Slot> {
    for (let slot = this.first; slot <= this.last; slot++) if (this.tagAt(slot) >= 0) yield slot;
  }

  /** Adds an entry behind `last`, unpacked: `pack` has to follow before it is sliced. */
  append(epoch: Epoch, tag: number, command: Uint8Array): Slot {
    this.write(++this.last - this.base, epoch, tag, command, UNPACKED);
    return this.last;
  }

  private write(i: number, epoch: Epoch, tag: number, section: Uint8Array, offset: number): void {
    this.epochs[i] = epoch;
    this.tags[i] = tag;
    this.sections[i] = section;
    this.offsets[i] = offset;
  }

  /** Array places in use. */
  private get count(): number {
    return this.last + 1 - this.base;
  }

  /** Packs the unpacked entries, which are all from `from` on, into one section. */
  pack(from: Slot): EntryBatch {
    const start = from - this.base;
    const end = this.count;
    let size = 0;
    for (let i = start; i < end; i++) size += ENTRY_HEADER_BYTES + this.sections[i]!.length;
    const bytes = newSection(size);
    let offset = 0;
    for (let i = start; i < end; i++) {
      const next = writeEntry(bytes, offset, this.epochs[i]!, this.tags[i]!, this.sections[i]!);
      this.sections[i] = bytes;
      this.offsets[i] = offset;
      offset = next;
    }
    return { first: from, count: end - start, bytes };
  }

  /** @throws RangeError where an entry on `slot` would be below `first` or open too many holes. */
  checkRoom(slot: Slot): void {
    if (slot < this.first)
      throw new RangeError(`slot ${slot} is below the first that is left, ${this.first}`);
    if (slot - this.last > HOLES_MAX) throw new RangeError(`slot ${slot} is too far behind ${this.last}`);
  }

  /** Stores the entry whose header stands in `section` at `offset`. The slot was checked by `checkRoom`. */
  set(slot: Slot, epoch: Epoch, tag: number, section: Uint8Array, offset: number): void {
    this.cached = undefined;
    while (this.last < slot - 1) {
      this.append(HOLE, HOLE, NO_BYTES);
    }
    this.write(slot - this.base, epoch, tag, section, offset);
    if (slot > this.last) this.last = slot;
  }

  /** The entry is held. */
  mark(slot: Slot, epoch: Epoch, tag: number): void {
    this.cached = undefined;
    this.epochs[slot - this.base] = epoch;
    this.tags[slot - this.base] = tag | MARKED;
  }

  /** `slot` is not below `first`. */
  truncateFrom(slot: Slot): void {
    this.cached = undefined;
    let last = slot - 1;
    while (last >= this.first && this.tags[last - this.base] === HOLE) last--;
    this.cut(last);
  }

  /** `slot` is held or a hole. */
  forget(slot: Slot): void {
    this.cached = undefined;
    this.floorEpoch = this.epochAt(slot);
    this.first = slot + 1;
    const dead = this.first - this.base;
    const { count } = this;
    if (dead < TRIM_AT_LEAST || dead * 2 < count) return;
    for (const array of [this.epochs, this.tags, this.sections, this.offsets] as unknown[][]) {
      array.copyWithin(0, dead, count);
    }
    this.release(count - dead, count);
    this.base = this.first;
  }

  restartAt(slot: Slot, epoch: Epoch): void {
    this.cached = undefined;
    this.release(0, this.count);
    this.base = slot + 1;
    this.first = slot + 1;
    this.last = slot;
    this.floorEpoch = epoch;
  }

  private cut(last: Slot): void {
    const { count } = this;
    this.last = last;
    this.release(this.count, count);
  }

  /** Places that are out of use must not keep sections alive. */
  private release(from: number, to: number): void {
    this.sections.fill(NO_BYTES, from, to);
  }

  /** See `Log.slice`. All of it is packed. The last answer is kept: a leader asks for the same slice once per peer. */
  slice(from: Slot, to: Slot, bytesMax: number): EntryBatch {
    if (from > to) return emptyBatch(from);
    const cached = this.cached;
    if (cached !== undefined && cached.first === from && this.cachedTo === to && this.cachedMax === bytesMax)
      return cached;
    const start = from - this.base;
    const section = this.sections[start]!;
    let size = 0;
    let whole = true;
    let expected = this.offsets[start]!;
    let i = start;
    for (; i <= to - this.base; i++) {
      if (this.tagAt(this.base + i) < 0)
        throw new RangeError(`slot ${this.base + i} holds no entry to slice`);
      const offset = this.offsets[i]!;
      const length = ENTRY_HEADER_BYTES + readCommandLength(this.sections[i]!, offset);
      if (i > start && size + length > bytesMax) break;
      if (this.sections[i] !== section || offset !== expected || this.tags[i]! >= MARKED) whole = false;
      size += length;
      expected = offset + length;
    }
    const bytes = whole ? part(section, expected - size, size) : this.gather(start, i, size);
    const batch = { first: from, count: i - start, bytes };
    this.cached = batch;
    this.cachedTo = to;
    this.cachedMax = bytesMax;
    return batch;
  }

  /** What is held, as batches which share the sections, whatever their size: nothing is copied. */
  *batches(): Iterable<EntryBatch> {
    let slot = this.first;
    while (slot <= this.last) {
      if (this.tagAt(slot) < 0) {
        slot++;
        continue;
      }
      const end = this.base + this.runEnd(slot - this.base, this.last + 1 - this.base);
      yield this.slice(slot, end - 1, Number.POSITIVE_INFINITY);
      slot = end;
    }
  }

  /** Copies entries from several sections into one: one copy for each stretch of a section. */
  private gather(start: number, end: number, size: number): Uint8Array {
    const bytes = newSection(size);
    let at = 0;
    let i = start;
    while (i < end) {
      const section = this.sections[i]!;
      const offset = this.offsets[i]!;
      const next = this.runEnd(i, end);
      const lastOffset = this.offsets[next - 1]!;
      const stop = lastOffset + ENTRY_HEADER_BYTES + readCommandLength(section, lastOffset);
      if (this.tags[i]! >= MARKED) {
        const command = section.subarray(offset + ENTRY_HEADER_BYTES, stop);
        at = writeEntry(bytes, at, this.epochs[i]!, this.tags[i]! & 0xff, command);
      } else {
        bytes.set(part(section, offset, stop - offset), at);
        at += stop - offset;
      }
      i = next;
    }
    return bytes;
  }

  /** The end of the longest stretch from `i` whose bytes stand one behind another as they are; a marked entry stands alone. */
  private runEnd(i: number, end: number): number {
    const section = this.sections[i]!;
    if (this.tags[i]! >= MARKED) return i + 1;
    let expected = this.offsets[i]!;
    let next = i;
    while (next < end) {
      if (this.sections[next] !== section || this.offsets[next] !== expected) break;
      if (this.tags[next]! >= MARKED) break;
      expected += ENTRY_HEADER_BYTES + readCommandLength(section, expected);
      next++;
    }
    return next;
  }
}

function part(section: Uint8Array, offset: number, size: number): Uint8Array {
  return size === section.length ? section : section.subarray(offset, offset + size);
}
