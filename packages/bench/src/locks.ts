import type { NodeId, Outcome, Slot, Vote } from '@quorate/interface';
import { KeyValueStore } from '@quorate/state-machine';

/**
 * How long participants of atomic commitment hold locks while they await the outcome: from the yes vote of a node's resource to the
 * transaction's end there. A crash does not end it: whoever recovers in doubt takes the same locks again.
 */
export class LockTimes {
  /** Longest so far of those that have ended, microseconds. */
  #longest = 0;
  #count = 0;
  readonly #since = new Map<NodeId, Map<Slot, number>>();
  readonly #before = new Map<NodeId, Map<Slot, number>>();

  /** The state machine of a node that starts. @param now virtual microseconds */
  store(node: NodeId, now: () => number): KeyValueStore {
    this.#before.set(node, this.#since.get(node) ?? new Map());
    this.#since.set(node, new Map());
    return new WatchedStore({
      held: (slot) => this.#since.get(node)!.set(slot, this.#before.get(node)!.get(slot) ?? now()),
      freed: (slot) => this.#freed(node, slot, now()),
    });
  }

  #freed(node: NodeId, slot: Slot, now: number): void {
    const held = this.#since.get(node)!;
    const since = held.get(slot);
    if (since === undefined) return;
    held.delete(slot);
    this.#count++;
    this.#longest = Math.max(this.#longest, now - since);
  }

  /** The longest that any node held a transaction's locks, those still held counted up to `now`; null where nobody ever locked. */
  longest(now: number): number | null {
    let longest = this.#longest;
    let any = this.#count > 0;
    for (const held of this.#since.values()) {
      for (const since of held.values()) {
        any = true;
        longest = Math.max(longest, now - since);
      }
    }
    return any ? longest : null;
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
