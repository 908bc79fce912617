import type { Entry, EntryBatch, Epoch, Log, Slot } from '@quorate/interface';
import { ENTRY_HEADER_BYTES, readCommandLength, readEpoch, readTag } from '@quorate/interface';
import { DurableTail } from './durable-tail.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { RecordStore } from './record-store.ts';
import { checkBatch, checkEpochAndTag, checkSlot, packOne } from './sections.ts';
import { SequenceStore } from './sequence-store.ts';

/** A dense log that is compacted from its low end, or a set of records on unrelated slots; see `Log`. */
export type LogKind = 'sequence' | 'records';

/**
 * A protocol's log, held in memory and written to its replica's journal record by record.
 *
 * Appended entries are gathered: consecutive ones become one journal record and one byte section when somebody needs them
 * (`slice`, `sync`, any other write to the same journal), so an entry's bytes are packed once.
 */
export class JournaledLog implements Log {
  readonly name: string;
  readonly kind: LogKind;
  /** The lowest slot written or removed since `clearChanged`; `Infinity` if none. Forgetting and ending change no content and do not count. */
  changedFrom: Slot = Number.POSITIVE_INFINITY;
  /** Whether appended entries, which are forced, are still held back from the journal. */
  pendingForced = false;

  private readonly journal: Journal;
  private readonly onWrite: ((sequence: number, forced: boolean) => void) | undefined;
  private readonly sequence: SequenceStore | undefined;
  private readonly records: RecordStore | undefined;
  private readonly store: SequenceStore | RecordStore;
  private readonly tail = new DurableTail();
  private pendingFrom: Slot = 0;

  /** `onWrite` is told of every journal record that the log writes, and whether it was forced. */
  constructor(
    name: string,
    kind: LogKind,
    journal: Journal,
    onWrite?: (sequence: number, forced: boolean) => void,
  ) {
    this.name = name;
    this.kind = kind;
    this.journal = journal;
    this.onWrite = onWrite;
    this.sequence = kind === 'sequence' ? new SequenceStore() : undefined;
    this.records = kind === 'records' ? new RecordStore() : undefined;
    this.store = (this.sequence ?? this.records)!;
  }

  get first(): Slot {
    return this.store.first;
  }

  get last(): Slot {
    return this.store.last;
  }

  epochAt(slot: Slot): Epoch {
    return this.store.epochAt(slot);
  }

  tagAt(slot: Slot): number {
    return this.store.tagAt(slot);
  }

  entryAt(slot: Slot): Entry | undefined {
    const store = this.store;
    if (!store.view(slot)) return undefined;
    const command = store.viewBytes.subarray(store.viewStart, store.viewEnd);
    return { slot, epoch: store.epochAt(slot), tag: store.tagAt(slot), command };
  }

  /** Points `viewBytes`, `viewStart` and `viewEnd` at the command on `slot`, without garbage; false where none is held. */
  view(slot: Slot): boolean {
    return this.store.view(slot);
  }

  /** After `view`: the bytes in which the command stands, frozen. */
  get viewBytes(): Uint8Array {
    return this.store.viewBytes;
  }

  /** After `view`: where the command begins. */
  get viewStart(): number {
    return this.store.viewStart;
  }

  /** After `view`: the offset behind the command. */
  get viewEnd(): number {
    return this.store.viewEnd;
  }

  /** The slots held: a sequence's in rising order, records (ended ones too, until `drop`) in order of last write. */
  slots(): Iterable<Slot> {
    return this.store.slots();
  }

  /** @throws RangeError where one of the slots holds no entry. */
  slice(from: Slot, to: Slot, bytesMax: number): EntryBatch {
    if (this.pendingForced && to >= this.pendingFrom) this.sync();
    return this.store.slice(from, to, bytesMax);
  }

  /** @throws RangeError on a batch that ends inside an entry. */
  firstMismatch(batch: EntryBatch): Slot {
    const { bytes } = batch;
    const end = batch.first + batch.count;
    let offset = 0;
    for (let slot = batch.first; slot < end; slot++) {
      if (this.store.tagAt(slot) < 0) return slot;
      const start = offset + ENTRY_HEADER_BYTES;
      if (start > bytes.length) throw new RangeError('entry batch ends inside a header');
      if (this.store.epochAt(slot) !== readEpoch(bytes, offset)) return slot;
      offset = start + readCommandLength(bytes, offset);
    }
    return end;
  }

  /** @throws RangeError on an epoch or tag that does not fit an entry's header. */
  append(epoch: Epoch, tag: number, command: Uint8Array): Slot {
    const { sequence } = this;
    if (sequence === undefined) {
      const slot = this.last + 1;
      this.put({ slot, epoch, tag, command });
      return slot;
    }
    checkEpochAndTag(epoch, tag);
    if (!this.pendingForced) this.gather(sequence.last + 1);
    const slot = sequence.append(epoch, tag, command);
    if (slot < this.changedFrom) this.changedFrom = slot;
    return slot;
  }

  /** Writes out, as one record, what `append` has gathered; does nothing without any. */
  sync(): void {
    if (!this.pendingForced) return;
    this.pendingForced = false;
    if (this.journal.gathering === this) this.journal.gathering = undefined;
    const batch = this.sequence!.pack(this.pendingFrom);
    this.record({ kind: 'entries', log: this.name, batch }, true);
  }

  /** @throws RangeError on a forgotten slot, a slot absurdly far behind `last`, or numbers that do not fit. */
  put(entry: Entry, forced = true): void {
    this.sync();
    const batch = packOne(entry);
    this.store.checkRoom(entry.slot);
    this.touch(entry.slot);
    this.store.set(entry.slot, entry.epoch, entry.tag, batch.bytes, 0);
    this.record({ kind: 'entries', log: this.name, batch }, forced);
  }

  /** @throws RangeError on malformed bytes or forgotten slots; then nothing is stored. */
  putBatch(batch: EntryBatch, from: Slot = batch.first): void {
    const offset = checkBatch(batch, from);
    const count = batch.first + batch.count - from;
    if (count === 0) return;
    this.sync();
    this.store.checkRoom(from);
    this.touch(from);
    this.place(batch, from, offset);
    const rest = offset === 0 ? batch : { first: from, count, bytes: batch.bytes.subarray(offset) };
    this.record({ kind: 'entries', log: this.name, batch: rest }, true);
  }

  /** @throws RangeError where nothing is held on `slot`. */
  mark(slot: Slot, epoch: Epoch, tag: number, forced = true): void {
    this.sync();
    checkEpochAndTag(epoch, tag);
    if (this.store.tagAt(slot) < 0)
      throw new RangeError(`no entry on slot ${slot} of log "${this.name}" to mark`);
    this.touch(slot);
    this.store.mark(slot, epoch, tag);
    this.record({ kind: 'mark', log: this.name, slot, epoch, tag }, forced);
  }

  /** @throws RangeError on a forgotten slot: what a snapshot covers was decided. */
  truncateFrom(slot: Slot): void {
    this.sync();
    checkSlot(slot);
    if (slot > this.last) return;
    this.sequence?.checkRoom(slot);
    this.touch(slot);
    this.store.truncateFrom(slot);
    this.record({ kind: 'truncate', log: this.name, slot }, true);
  }

  /** @throws RangeError where `slot` is behind `last`: then the log is to be restarted. */
  forget(slot: Slot): void {
    const sequence = this.only('sequence', this.sequence);
    this.sync();
    if (slot < sequence.first) return;
    if (!(slot <= sequence.last)) throw new RangeError(`slot ${slot} is behind the last, ${sequence.last}`);
    const epoch = sequence.epochAt(slot);
    sequence.forget(slot);
    this.record({ kind: 'forget', log: this.name, slot, epoch }, false);
  }

  restartAt(slot: Slot, epoch: Epoch): void {
    const sequence = this.only('sequence', this.sequence);
    this.sync();
    checkSlot(slot);
    this.touch(sequence.last < sequence.first ? slot + 1 : Math.min(sequence.first, slot + 1));
    sequence.restartAt(slot, epoch);
    this.record({ kind: 'restart', log: this.name, slot, epoch }, true);
  }

  /** The record stays readable until `drop`. Does nothing where none is held. */
  end(slot: Slot): void {
    const records = this.only('records', this.records);
    if (records.tagAt(slot) < 0 || records.isEnded(slot)) return;
    records.end(slot);
    this.record({ kind: 'end', log: this.name, slot }, false);
  }

  /** Records: whether `slot` is held and was ended since it was last written. */
  isEnded(slot: Slot): boolean {
    return this.records?.isEnded(slot) ?? false;
  }

  /** Records: the slots that were ended and are still held. */
  ended(): readonly Slot[] {
    return this.records?.ended() ?? [];
  }

  /** Records: removes slots that were ended and that a checkpoint covers by now. Writes nothing: the compaction that follows leaves them out. */
  drop(slots: readonly Slot[]): void {
    if (slots.length > 0) this.only('records', this.records).drop(slots);
  }

  clearChanged(): void {
    this.changedFrom = Number.POSITIVE_INFINITY;
  }

  /**
   * The last slot that would survive a crash if the journal were durable up to `sequence` only. Slots that were truncated since
   * do not count, whatever is still on the disk. To be asked with rising sequences, none above the journal's own `durable`.
   */
  durableLast(sequence: number): Slot {
    return Math.min(this.tail.at(sequence), this.last);
  }

  /** Takes one recovered record over; writes nothing. Records of other logs and saved states are passed by. @throws RangeError on a record that cannot follow. */
  replay(record: JournalRecord): void {
    if (record.kind === 'save' || record.log !== this.name) return;
    switch (record.kind) {
      case 'entries':
        this.store.checkRoom(record.batch.first);
        this.place(record.batch, record.batch.first, checkBatch(record.batch, record.batch.first));
        break;
      case 'mark':
        if (this.store.tagAt(record.slot) < 0)
          throw new RangeError(`no entry on slot ${record.slot} to mark`);
        this.store.mark(record.slot, record.epoch, record.tag);
        break;
      case 'truncate':
        this.store.truncateFrom(record.slot);
        break;
      case 'forget':
        this.only('sequence', this.sequence).forget(record.slot);
        break;
      case 'restart':
        this.only('sequence', this.sequence).restartAt(record.slot, record.epoch);
        break;
      case 'end':
        this.only('records', this.records).end(record.slot);
        break;
      default:
        record satisfies never;
    }
    this.tail.reset(this.last);
  }

  /** The records that recreate this log as it is now, gathered entries included. They share the log's bytes. */
  image(): JournalRecord[] {
    this.sync();
    const image: JournalRecord[] = [];
    const log = this.name;
    const { sequence, records } = this;
    if (sequence !== undefined && (sequence.first > 1 || sequence.floorEpoch !== 0))
      image.push({ kind: 'restart', log, slot: sequence.first - 1, epoch: sequence.floorEpoch });
    for (const batch of this.store.batches()) {
      image.push({ kind: 'entries', log, batch });
      if (records?.isEnded(batch.first)) image.push({ kind: 'end', log, slot: batch.first });
    }
    return image;
  }

  /** Another log's gathered entries go first: they were appended before. */
  private gather(from: Slot): void {
    this.journal.gathering?.sync();
    this.journal.gathering = this;
    this.pendingForced = true;
    this.pendingFrom = from;
  }

  /** Stores the checked batch's entries from slot `from`, whose header is at `offset`, on. */
  private place(batch: EntryBatch, from: Slot, offset: number): void {
    const { bytes } = batch;
    const end = batch.first + batch.count;
    let at = offset;
    for (let slot = from; slot < end; slot++) {
      this.store.set(slot, readEpoch(bytes, at), readTag(bytes, at), bytes, at);
      at += ENTRY_HEADER_BYTES + readCommandLength(bytes, at);
    }
  }

  private touch(slot: Slot): void {
    if (slot < this.changedFrom) this.changedFrom = slot;
  }

  private record(record: JournalRecord, forced: boolean): void {
    const sequence = this.journal.write(record);
    this.tail.push(sequence, this.last, this.journal.durable);
    this.onWrite?.(sequence, forced);
  }

  private only<T>(kind: LogKind, store: T | undefined): T {
    if (store === undefined) throw new TypeError(`log "${this.name}" holds ${this.kind}, not a ${kind}`);
    return store;
  }
}
