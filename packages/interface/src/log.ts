import type { Entry, EntryBatch } from './entries.ts';
import type { Epoch, Slot } from './identifiers.ts';

/**
 * A replica's log as its protocol sees it. Reads come from memory; writes are visible to reads at once and become durable
 * later, in the order in which they and `Ports.save` were called. What a message promises is durable before the message
 * leaves (`Ports.send`), so a protocol never asks whether a write is durable yet.
 *
 * Two kinds share this contract. A *sequence* (replicated logs, Paxos instances) is dense or has few holes, and is compacted from
 * its low end by `forget`. A set of *records* (atomic commitment) has unrelated slots, each ended by itself with `end`.
 */
export interface Log {
  /** The lowest slot that may still be held; `last + 1` where the log is empty. The epoch of `first - 1` is still known. */
  readonly first: Slot;
  /** The highest slot held; `first - 1` where the log is empty. */
  readonly last: Slot;
  /** Adds an entry behind `last` and returns its slot. The command's bytes are taken as they are: do not change them later. */
  append(epoch: Epoch, tag: number, command: Uint8Array): Slot;
  /** Stores an entry on any slot; may leave holes, replaces what stood there. */
  put(entry: Entry, forced?: boolean): void;
  /** A small record on a slot that is held: changes its epoch and tag and keeps its command (2PC's decision, a value re-accepted under a new ballot). */
  mark(slot: Slot, epoch: Epoch, tag: number, forced?: boolean): void;
  /** The entries `from` to `to`, both included, as one section, cut short after at least one entry once it would exceed `bytesMax`. No holes inside. */
  slice(from: Slot, to: Slot, bytesMax: number): EntryBatch;
  /** The first slot of `batch` on which this log does not hold an entry of the same epoch; `batch.first + batch.count` where it holds them all. */
  firstMismatch(batch: EntryBatch): Slot;
  /** Stores the batch's entries from slot `from` (default: all), replacing what stood there. */
  putBatch(batch: EntryBatch, from?: Slot): void;
  /** The epoch of the entry on `slot`; -1 where none is held. Known for `first - 1` too (0 for slot 0). */
  epochAt(slot: Slot): Epoch;
  /** The tag of the entry on `slot`; -1 where none is held. */
  tagAt(slot: Slot): number;
  entryAt(slot: Slot): Entry | undefined;
  /** As `entryAt` without making objects: points `viewBytes`, `viewStart` and `viewEnd` at the command on `slot`; false where none is held. */
  view(slot: Slot): boolean;
  /** After `view`: the frozen bytes in which the command stands, … */
  readonly viewBytes: Uint8Array;
  /** … where it begins, … */
  readonly viewStart: number;
  /** … and the offset behind it. */
  readonly viewEnd: number;
  /** The slots held, in the order in which they were last written. */
  slots(): Iterable<Slot>;
  /** Removes `slot` and everything behind it. */
  truncateFrom(slot: Slot): void;
  /** A sequence: `slot` and everything before it is in a durable snapshot and may go. */
  forget(slot: Slot): void;
  /** A sequence: drops everything; the next entry has slot `slot + 1`, and `epochAt(slot)` is `epoch` (an installed snapshot replaced the log). */
  restartAt(slot: Slot, epoch: Epoch): void;
  /** Records: nobody will ask for this slot again; it goes once a checkpoint covers it. Never forced (2PC's END). */
  end(slot: Slot): void;
}
