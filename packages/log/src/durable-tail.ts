import type { Slot } from '@quorate/interface';

/** Up to this many pending writes are kept without asking the journal which of them are durable by now. */
const PENDING_MAX = 64;

/**
 * Knows which slot would be a log's last after a crash. A queue of (sequence, last slot) pairs, both rising: a removal lowers
 * the pairs above it, as what was removed must not count as safe once something else stands there.
 */
export class DurableTail {
  private last: Slot = 0;
  private readonly sequences: number[] = [];
  private readonly lasts: Slot[] = [];
  private head = 0;

  /** All that is in the log, up to `last`, is durable. */
  reset(last: Slot): void {
    this.last = last;
    this.cutTo(0);
    this.head = 0;
  }

  /** Record `sequence` left the log with `last`. `durable` is the journal's durable sequence. */
  push(sequence: number, last: Slot, durable: number): void {
    if (last < this.last) this.last = last;
    let end = this.lasts.length;
    let since = sequence;
    while (end > this.head && this.lasts[end - 1]! >= last) since = this.sequences[--end]!;
    this.cutTo(end);
    if (end > this.head || last > this.last) {
      this.sequences.push(since);
      this.lasts.push(last);
    }
    if (this.lasts.length - this.head > PENDING_MAX) this.at(durable);
  }

  /** The last slot that survives a crash if everything up to `sequence` is durable. */
  at(sequence: number): Slot {
    while (this.head < this.sequences.length && this.sequences[this.head]! <= sequence)
      this.last = this.lasts[this.head++]!;
    if (this.head >= PENDING_MAX && this.head * 2 >= this.sequences.length) {
      this.sequences.splice(0, this.head);
      this.lasts.splice(0, this.head);
      this.head = 0;
    }
    return this.last;
  }

  private cutTo(length: number): void {
    this.sequences.length = length;
    this.lasts.length = length;
  }
}
