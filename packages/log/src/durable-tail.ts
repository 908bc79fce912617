import type { Slot } from '@quorate/interface';

/** Up to this many pending writes are kept without asking the journal which of them are durable by now. */
const PENDING_MAX = 64;

/**
 * Knows which slot would be a log's last after a crash. A queue of (sequence, last slot) pairs, both rising: a removal lowers
 * the pairs above it, as what was removed must not count as safe once something else stands there.
 */
export class DurableTail {
  private last: Slot = 0;
  /** A ring: the pair with number n, from `head` to before `end`, is at n modulo the length, which is a power of two. */
  private sequences = new Float64Array(2 * PENDING_MAX);
  private lasts = new Float64Array(2 * PENDING_MAX);
  private head = 0;
  private end = 0;

  /** All that is in the log, up to `last`, is durable. */
  reset(last: Slot): void {
    this.last = last;
    this.head = this.end;
  }

  /** Pairs that wait for the journal. */
  get pending(): number {
    return this.end - this.head;
  }

  /** Record `sequence` left the log with `last`. `durable` is the journal's durable sequence. */
  push(sequence: number, last: Slot, durable: number): void {
    if (this.end - this.head >= PENDING_MAX) this.at(durable);
    if (last < this.last) this.last = last;
    let mask = this.lasts.length - 1;
    let since = sequence;
    while (this.end > this.head && this.lasts[(this.end - 1) & mask]! >= last) {
      this.end--;
      since = this.sequences[this.end & mask]!;
    }
    if (this.end === this.head && last === this.last) return;
    if (this.end - this.head > mask) {
      this.grow();
      mask = this.lasts.length - 1;
    }
    this.sequences[this.end & mask] = since;
    this.lasts[this.end & mask] = last;
    this.end++;
  }

  /** The last slot that survives a crash if everything up to `sequence` is durable. */
  at(sequence: number): Slot {
    const mask = this.lasts.length - 1;
    while (this.head < this.end && this.sequences[this.head & mask]! <= sequence) {
      this.last = this.lasts[this.head & mask]!;
      this.head++;
    }
    return this.last;
  }

  private grow(): void {
    const { sequences, lasts, head } = this;
    this.sequences = new Float64Array(2 * sequences.length);
    this.lasts = new Float64Array(2 * lasts.length);
    for (let n = head; n < this.end; n++) {
      this.sequences[n & (this.lasts.length - 1)] = sequences[n & (lasts.length - 1)]!;
      this.lasts[n & (this.lasts.length - 1)] = lasts[n & (lasts.length - 1)]!;
    }
  }
}
