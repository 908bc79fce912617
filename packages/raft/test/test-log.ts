import { type Entry, type EntryBatch, type Log, NO_BYTES, packBatch, unpackBatch } from '@quorate/interface';

/** A log in an array, and a journal of what was done to it, from which a crash rebuilds what was durable. */
export class TestLog implements Log {
  entries: Entry[] = [];
  base = 0;
  baseEpoch = 0;
  changedFrom = Number.POSITIVE_INFINITY;
  /** Told of each change, with a function that makes the change again on another log. */
  onWrite: (again: (log: TestLog) => void, last: number) => void = () => {};

  get first(): number {
    return this.base + 1;
  }
  get last(): number {
    return this.base + this.entries.length;
  }
  append(epoch: number, tag: number, command: Uint8Array): number {
    const entry = { slot: this.last + 1, epoch, tag, command };
    this.change(entry.slot, (log) => log.entries.push(entry));
    return entry.slot;
  }
  put(): never {
    throw new Error('Raft puts nothing on any slot');
  }
  mark(): never {
    throw new Error('Raft marks nothing');
  }
  end(): never {
    throw new Error('Raft ends no record');
  }
  slice(from: number, to: number, bytesMax: number): EntryBatch {
    if (from < this.first || to > this.last) throw new RangeError(`no entries ${from} to ${to}`);
    const entries: Entry[] = [];
    let size = 0;
    for (let slot = from; slot <= to; slot++) {
      const entry = this.entryAt(slot)!;
      size += 12 + entry.command.length;
      if (entries.length > 0 && size > bytesMax) break;
      entries.push(entry);
    }
    return packBatch(entries, from);
  }
  firstMismatch(batch: EntryBatch): number {
    for (const entry of unpackBatch(batch)) if (this.epochAt(entry.slot) !== entry.epoch) return entry.slot;
    return batch.first + batch.count;
  }
  putBatch(batch: EntryBatch, from = batch.first): void {
    if (from !== this.last + 1) throw new RangeError(`${from} does not follow ${this.last}`);
    const fresh = unpackBatch(batch).filter((entry) => entry.slot >= from);
    this.change(from, (log) => log.entries.push(...fresh));
  }
  epochAt(slot: number): number {
    return slot === this.base ? this.baseEpoch : (this.entries[slot - this.first]?.epoch ?? -1);
  }
  tagAt(slot: number): number {
    return this.entryAt(slot)?.tag ?? -1;
  }
  entryAt(slot: number): Entry | undefined {
    return this.entries[slot - this.first];
  }
  viewBytes: Uint8Array = NO_BYTES;
  readonly viewStart = 0;
  get viewEnd(): number {
    return this.viewBytes.length;
  }
  view(slot: number): boolean {
    this.viewBytes = this.entryAt(slot)?.command ?? NO_BYTES;
    return this.entryAt(slot) !== undefined;
  }
  *slots(): Iterable<number> {
    for (const entry of this.entries) yield entry.slot;
  }
  truncateFrom(slot: number): void {
    this.change(slot, (log) => {
      log.entries.length = slot - log.first;
    });
  }
  forget(slot: number): void {
    if (slot < this.first || slot > this.last) throw new RangeError(`cannot forget ${slot}`);
    const epoch = this.epochAt(slot);
    this.change(Number.POSITIVE_INFINITY, (log) => {
      log.entries.splice(0, slot - log.base);
      log.base = slot;
      log.baseEpoch = epoch;
    });
  }
  restartAt(slot: number, epoch: number): void {
    this.change(Math.min(this.first, slot + 1), (log) => {
      log.entries = [];
      log.base = slot;
      log.baseEpoch = epoch;
    });
  }
  private change(from: number, act: (log: TestLog) => void): void {
    act(this);
    this.changedFrom = Math.min(this.changedFrom, from);
    this.onWrite(act, this.last);
  }
}
