import type { JournalRecord, Snapshot } from '../journal.ts';

/** What a crash does to records that were written and not yet durable. Durable ones always survive. */
export interface CrashFaults {
  /**
   * A power cut: each such record survives or vanishes by itself, an even chance each. Without it the process was killed and the
   * machine lived on: they all reached the page cache and survive.
   */
  readonly lostWrites: boolean;
  /** Each of those that survive may be torn, one in four: it left bytes which nobody can read. */
  readonly tornWrites: boolean;
}

/**
 * A modelled disk: what one replica's journal and snapshot store have on it. It outlives them: after `crash`, new ones are made over
 * the same disk, and the old ones are dead, whatever still calls them.
 */
export class MemoryDisk {
  /** Records that had left something on the disk and were dropped at a crash: torn, or behind one that was torn or lost. */
  tornDropped = 0;
  /** The newest durable snapshot. */
  snapshot: Snapshot | undefined;
  /** Rises with each crash; whoever was made under another number is dead. */
  life = 0;
  /** The one journal that may write, if any: the newest. */
  owner: object | undefined;
  /** The records of the newest compaction, which stand for everything up to `imageSequence`. */
  image: readonly JournalRecord[] = [];
  imageSequence = 0;
  /** The records behind the image; the first has sequence `imageSequence + 1`. */
  readonly tail: JournalRecord[] = [];
  /** Everything up to this sequence is durable. */
  durable = 0;

  /** The sequence of the last record written. */
  get written(): number {
    return this.imageSequence + this.tail.length;
  }

  /** `image`, now durable, takes the place of everything up to `sequence`. */
  replace(image: readonly JournalRecord[], sequence: number): void {
    this.tail.splice(0, sequence - this.imageSequence);
    this.image = image;
    this.imageSequence = sequence;
  }

  /** Stops the owners where they are, decides what survives, and keeps the longest prefix of it without a hole. */
  crash(random: () => number, faults: CrashFaults): void {
    this.life++;
    this.owner = undefined;
    let kept = this.durable;
    let whole = true;
    for (let sequence = this.durable + 1; sequence <= this.written; sequence++) {
      const present = !faults.lostWrites || random() < 0.5;
      const readable = present && !(faults.tornWrites && random() < 0.25);
      if (!readable) whole = false;
      if (whole) kept = sequence;
      else if (present) this.tornDropped++;
    }
    this.tail.length = kept - this.imageSequence;
    this.durable = kept;
  }
}
