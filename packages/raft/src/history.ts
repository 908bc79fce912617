import type { Entry, Epoch, Slot } from '@quorate/interface';
import { readU32 } from '@quorate/interface';

/** Commands kept for comparing by identity; a power of two. */
const RECENT = 1024;

/**
 * Every entry that was ever in any log, by index and term: with which previous term, and which command. Commands are kept as
 * hashes; the most recent ones also by reference, since replicas of one simulation share an entry's very bytes.
 */
export class EntryHistory {
  /** By slot: the first term seen there, its previous term, its command's hash. */
  private readonly terms: Epoch[] = [];
  private readonly previous: Epoch[] = [];
  private readonly hashes: number[] = [];
  /** Further terms seen on a slot, which is rare. */
  private readonly others = new Map<string, { previous: Epoch; hash: number }>();
  private readonly recent: (Entry | undefined)[] = new Array(RECENT).fill(undefined);

  /** Notes an entry, and says how it differs from the one noted for the same index and term; null where it does not. */
  note(entry: Entry, previousTerm: Epoch): string | null {
    const { slot, epoch } = entry;
    const term = this.terms[slot];
    if (term === epoch) {
      if (this.previous[slot] !== previousTerm)
        return differs(slot, epoch, this.previous[slot]!, previousTerm);
      const known = this.recent[slot & (RECENT - 1)];
      if (known !== undefined && known.slot === slot && known.epoch === epoch && sameBytes(known, entry))
        return null;
      return this.hashes[slot] === hash(entry) ? null : `(${slot}, term ${epoch}) has two commands`;
    }
    if (term === undefined) {
      for (let gap = this.terms.length; gap < slot; gap++) this.set(gap, -1, -1, 0); // slots never seen
      this.set(slot, epoch, previousTerm, hash(entry));
      this.recent[slot & (RECENT - 1)] = entry;
      return null;
    }
    if (term === -1) {
      this.set(slot, epoch, previousTerm, hash(entry));
      return null;
    }
    return this.noteOther(entry, previousTerm);
  }

  private set(slot: Slot, term: Epoch, previous: Epoch, hashed: number): void {
    this.terms[slot] = term;
    this.previous[slot] = previous;
    this.hashes[slot] = hashed;
  }

  private noteOther(entry: Entry, previousTerm: Epoch): string | null {
    const { slot, epoch } = entry;
    const key = `${slot}:${epoch}`;
    const known = this.others.get(key);
    if (known === undefined) {
      this.others.set(key, { previous: previousTerm, hash: hash(entry) });
      return null;
    }
    if (known.previous !== previousTerm) return differs(slot, epoch, known.previous, previousTerm);
    return known.hash === hash(entry) ? null : `(${slot}, term ${epoch}) has two commands`;
  }
}

function differs(slot: Slot, term: Epoch, a: Epoch, b: Epoch): string {
  return `(${slot}, term ${term}) stands behind term ${a} in one log and behind term ${b} in another`;
}

/** Whether both entries' commands are the same stretch of the same buffer, and their tags agree. */
function sameBytes(a: Entry, b: Entry): boolean {
  return (
    a.tag === b.tag &&
    a.command.length === b.command.length &&
    a.command.buffer === b.command.buffer &&
    a.command.byteOffset === b.command.byteOffset
  );
}

/** A 32-bit hash over tag, length and bytes. */
function hash({ tag, command }: Entry): number {
  const { length } = command;
  let h = Math.imul(tag + 1, 0x9e3779b1) ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    h = Math.imul(h ^ readU32(command, at), 0x85ebca6b);
    h ^= h >>> 15;
  }
  for (; at < length; at++) h = Math.imul(h ^ command[at]!, 0x85ebca6b) ^ (h >>> 13);
  return h ^ (h >>> 16);
}
