import type { EntryBatch, Epoch, Slot } from '@quorate/interface';
import { ENTRY_HEADER_BYTES, emptyBatch, NO_BYTES, readCommandLength, writeEntry } from '@quorate/interface';
import { newSection } from './sections.ts';

interface Held {
  epoch: Epoch;
  tag: number;
  section: Uint8Array;
  offset: number;
  ended: boolean;
}

/** Records on unrelated slots, in the order in which they were last written. */
export class RecordStore {
  viewBytes: Uint8Array = NO_BYTES;
  viewStart = 0;
  viewEnd = 0;

  private readonly held = new Map<Slot, Held>();
  /** The highest slot held, 0 without one; found anew when it was removed. */
  private highest: Slot = 0;
  private stale = false;

  get first(): Slot {
    let first = this.last + 1;
    for (const slot of this.held.keys()) if (slot < first) first = slot;
    return first;
  }

  get last(): Slot {
    if (this.stale) {
      this.stale = false;
      this.highest = 0;
      for (const slot of this.held.keys()) if (slot > this.highest) this.highest = slot;
    }
    return this.highest;
  }

  epochAt(slot: Slot): Epoch {
    return this.held.get(slot)?.epoch ?? -1;
  }

  tagAt(slot: Slot): number {
    return this.held.get(slot)?.tag ?? -1;
  }

  isEnded(slot: Slot): boolean {
    return this.held.get(slot)?.ended ?? false;
  }

  view(slot: Slot): boolean {
    const held = this.held.get(slot);
    if (held === undefined) return false;
    this.viewBytes = held.section;
    this.viewStart = held.offset + ENTRY_HEADER_BYTES;
    this.viewEnd = this.viewStart + readCommandLength(held.section, held.offset);
    return true;
  }

  /** A copy: whoever reads it may write meanwhile, which changes the order. */
  slots(): Iterable<Slot> {
    return [...this.held.keys()];
  }

  /** Any slot will do. */
  checkRoom(_slot: Slot): void {}

  set(slot: Slot, epoch: Epoch, tag: number, section: Uint8Array, offset: number): void {
    this.held.delete(slot);
    this.held.set(slot, { epoch, tag, section, offset, ended: false });
    if (slot > this.highest) this.highest = slot;
  }

  /** The record is held. */
  mark(slot: Slot, epoch: Epoch, tag: number): void {
    const held = this.held.get(slot)!;
    this.held.delete(slot);
    held.epoch = epoch;
    held.tag = tag;
    held.ended = false;
    this.held.set(slot, held);
  }

  truncateFrom(slot: Slot): void {
    for (const other of this.held.keys()) if (other >= slot) this.held.delete(other);
    this.stale = true;
  }

  end(slot: Slot): void {
    this.held.get(slot)!.ended = true;
  }

  ended(): Slot[] {
    const slots: Slot[] = [];
    for (const [slot, held] of this.held) if (held.ended) slots.push(slot);
    return slots;
  }

  /** One that was written again since it was ended stays. */
  drop(slots: readonly Slot[]): void {
    for (const slot of slots) if (this.isEnded(slot)) this.held.delete(slot);
    this.stale = true;
  }

  /** See `Log.slice`. */
  slice(from: Slot, to: Slot, bytesMax: number): EntryBatch {
    if (from > to) return emptyBatch(from);
    let size = 0;
    let end = from;
    for (; end <= to; end++) {
      if (!this.view(end)) throw new RangeError(`slot ${end} holds no entry to slice`);
      const length = ENTRY_HEADER_BYTES + this.viewEnd - this.viewStart;
      if (end > from && size + length > bytesMax) break;
      size += length;
    }
    const bytes = newSection(size);
    let at = 0;
    for (let slot = from; slot < end; slot++) {
      this.view(slot);
      const command = this.viewBytes.subarray(this.viewStart, this.viewEnd);
      at = writeEntry(bytes, at, this.epochAt(slot), this.tagAt(slot), command);
    }
    return { first: from, count: end - from, bytes };
  }

  /** What is held, one batch each, in order of last write. */
  *batches(): Iterable<EntryBatch> {
    for (const slot of this.held.keys()) yield this.slice(slot, slot, 0);
  }
}
