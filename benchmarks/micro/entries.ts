import { type Entry, type EntryBatch, packBatch } from '@quorate/interface';
import type { AppendEntries } from '@quorate/raft';

/** A command of the size that comparisons use: a session header, a key, and a value of 128 bytes. */
export const COMMAND: Uint8Array = new Uint8Array(150).fill(7);

/** Consecutive entries of term 1, each with `COMMAND`. */
export function batchOf(first: number, count: number): EntryBatch {
  const entries = Array.from(
    { length: count },
    (_, i): Entry => ({ slot: first + i, epoch: 1, tag: 0, command: COMMAND }),
  );
  return packBatch(entries, first);
}

/** An AppendEntries that follows directly on slot `first - 1`. */
export function appendEntries(first: number, count: number): AppendEntries {
  return {
    type: 'AppendEntries',
    term: 1,
    prevLogIndex: first - 1,
    prevLogTerm: first === 1 ? 0 : 1,
    entries: batchOf(first, count),
    leaderCommit: first - 1,
    readRound: 0,
  };
}
