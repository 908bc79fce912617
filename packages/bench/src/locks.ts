import type { NodeId, Outcome, Slot, Vote } from '@quorate/interface';
import { KeyValueStore } from '@quorate/state-machine';

/**
 * How long participants of atomic commitment hold locks while they await the outcome: from the yes vote of a node's resource to the
 * transaction's end there. A crash does not end it: whoever recovers in doubt takes the same locks again.
 */
export class LockTimes {
  /** Longest so far of those that have ended, microseconds. */
  #longest = 0;
  /** Whether any were held and let go. */
  #ended = false;
  readonly #since = new Map<NodeId, Map<Slot, number>>();
  readonly #before = new Map<NodeId, Map<Slot, number>>();
  /** How many nodes hold each transaction's locks. */
  readonly #holders = new Map<Slot, number>();
  /** Every change of the number of transactions whose locks are held anywhere. */
  readonly #changes: { readonly time: number; readonly count: number }[] = [];

  /** The state machine of a node that starts. @param now virtual microseconds */
  store(node: NodeId, now: () => number): KeyValueStore {
    this.#before.set(node, this.#since.get(node) ?? new Map());
    for (const slot of this.#before.get(node)!.keys()) this.#count(slot, -1, now());
    this.#since.set(node, new Map());
    return new WatchedStore({
      held: (slot) => this.#held(node, slot, now()),
      freed: (slot) => this.#freed(node, slot, now()),
    });
  }

  #held(node: NodeId, slot: Slot, now: number): void {
    const held = this.#since.get(node)!;
    if (!held.has(slot)) this.#count(slot, 1, now);
    held.set(slot, this.#before.get(node)!.get(slot) ?? now);
  }

  #count(slot: Slot, by: 1 | -1, time: number): void {
    const holders = (this.#holders.get(slot) ?? 0) + by;
    if (holders === 0) this.#holders.delete(slot);
    else this.#holders.set(slot, holders);
    this.#changes.push({ time, count: this.#holders.size });
  }

  #freed(node: NodeId, slot: Slot, now: number): void {
    const held = this.#since.get(node)!;
    const since = held.get(slot);
    if (since === undefined) return;
    held.delete(slot);
    this.#count(slot, -1, now);
    this.#ended = true;
    this.#longest = Math.max(this.#longest, now - since);
  }

  /** The longest that any node held a transaction's locks, those still held counted up to `now`; null where nobody ever locked. */
  longest(now: number): number | null {
    let longest = this.#longest;
    let any = this.#ended;
    for (const held of this.#since.values()) {
      for (const since of held.values()) {
        any = true;
        longest = Math.max(longest, now - since);
      }
    }
    return any ? longest : null;
  }

  /** At the end of each of so many buckets: the transactions whose locks some node holds. Undefined where nobody ever locked. */
  counts(buckets: number, width: number): number[] | undefined {
    if (this.#changes.length === 0) return undefined;
    const counts: number[] = [];
    let next = 0;
    let count = 0;
    for (let bucket = 1; bucket <= buckets; bucket++) {
      while (next < this.#changes.length && this.#changes[next]!.time <= bucket * width)
        count = this.#changes[next++]!.count;
      counts.push(count);
    }
    return counts;
  }
}

interface Watcher {
  held(slot: Slot): void;
  freed(slot: Slot): void;
}

/** A key-value store that tells when locks are taken and let go. */
class WatchedStore extends KeyValueStore {
  readonly #watcher: Watcher;

  constructor(watcher: Watcher) {
    super();
    this.#watcher = watcher;
  }

  override prepare(slot: Slot, command: Uint8Array): Vote | 'waiting' {
    const vote = super.prepare(slot, command);
    if (vote === 'yes') this.#watcher.held(slot);
    return vote;
  }

  override hold(slot: Slot, command: Uint8Array): void {
    super.hold(slot, command);
    this.#watcher.held(slot);
  }

  override released(): { readonly slot: Slot; readonly vote: Vote }[] {
    const released = super.released();
    for (const { slot, vote } of released) if (vote === 'yes') this.#watcher.held(slot);
    return released;
  }

  override finish(slot: Slot, outcome: Outcome, command?: Uint8Array): Uint8Array | null {
    this.#watcher.freed(slot);
    return super.finish(slot, outcome, command);
  }
}
