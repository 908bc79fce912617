import { type Epoch, type Log, readU32, type Slot } from '@quorate/interface';

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
  /** Of the newest slots: in which bytes, and where, the command stands that `terms` speaks of. */
  private readonly recentBytes: (Uint8Array | undefined)[] = new Array(RECENT).fill(undefined);
  private readonly recentStarts: number[] = new Array(RECENT).fill(0);
  private readonly recentSlots: Slot[] = new Array(RECENT).fill(0);

  /** Notes the entry that `log` holds on `slot`, and says how it differs from the one noted for the same index and term; null where it does not. */
  note(log: Log, slot: Slot): string | null {
    const term = log.epochAt(slot);
    const previousTerm = log.epochAt(slot - 1);
    const known = this.terms[slot];
    if (known === term) {
      if (this.previous[slot] !== previousTerm)
        return differs(slot, term, this.previous[slot]!, previousTerm);
      if (this.isRecent(log, slot)) return null;
      return this.hashes[slot] === hash(log, slot) ? null : `(${slot}, term ${term}) has two commands`;
    }
    if (known !== undefined && known !== -1) return this.noteOther(log, slot, term, previousTerm);
    for (let gap = this.terms.length; gap < slot; gap++) this.set(gap, -1, -1, 0); // slots never seen
    this.set(slot, term, previousTerm, hash(log, slot));
    const at = slot & (RECENT - 1);
    this.recentSlots[at] = slot;
    this.recentBytes[at] = log.viewBytes;
    this.recentStarts[at] = log.viewStart;
    return null;
  }

  /** Whether the command is the very one noted: the same place in the same bytes. */
  private isRecent(log: Log, slot: Slot): boolean {
    const at = slot & (RECENT - 1);
    log.view(slot);
    return (
      this.recentSlots[at] === slot &&
      this.recentBytes[at] === log.viewBytes &&
      this.recentStarts[at] === log.viewStart
    );
  }

  private set(slot: Slot, term: Epoch, previous: Epoch, hashed: number): void {
    this.terms[slot] = term;
    this.previous[slot] = previous;
    this.hashes[slot] = hashed;
  }

  private noteOther(log: Log, slot: Slot, term: Epoch, previousTerm: Epoch): string | null {
    const key = `${slot}:${term}`;
    const known = this.others.get(key);
    if (known === undefined) {
      this.others.set(key, { previous: previousTerm, hash: hash(log, slot) });
      return null;
    }
    if (known.previous !== previousTerm) return differs(slot, term, known.previous, previousTerm);
    return known.hash === hash(log, slot) ? null : `(${slot}, term ${term}) has two commands`;
  }
}

function differs(slot: Slot, term: Epoch, a: Epoch, b: Epoch): string {
  return `(${slot}, term ${term}) stands behind term ${a} in one log and behind term ${b} in another`;
}

/** A 32-bit hash over the tag, length and bytes of the command on `slot`. */
function hash(log: Log, slot: Slot): number {
  log.view(slot);
  const { viewBytes: bytes, viewEnd: end } = log;
  let at = log.viewStart;
  let h = Math.imul(log.tagAt(slot) + 1, 0x9e3779b1) ^ (end - at);
  for (; at + 4 <= end; at += 4) {
    h = Math.imul(h ^ readU32(bytes, at), 0x85ebca6b);
    h ^= h >>> 15;
  }
  for (; at < end; at++) h = Math.imul(h ^ bytes[at]!, 0x85ebca6b) ^ (h >>> 13);
  return h ^ (h >>> 16);
}
