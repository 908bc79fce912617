import {
  type AnyProtocol,
  type Log,
  type Monitor,
  NO_BYTES,
  type NodeId,
  type Outcome,
  type ReplicaView,
  type Slot,
} from '@quorate/interface';
import type { JournaledLog } from '@quorate/log';
import type { SimulatedNode } from './node.ts';

/** A broken rule, and when and where it broke. */
export interface Violation {
  /** `agreement`, or an invariant's name. */
  readonly check: string;
  readonly source: string;
  readonly detail: string;
  readonly node: NodeId;
  /** Virtual µs. */
  readonly time: number;
  /** Agreement: the slot, and the node that decided otherwise before. */
  readonly slot?: Slot;
  readonly other?: NodeId;
}

/** A node as monitors see it: from outside, through crashes. Its fields change only when the node starts. */
class View implements ReplicaView {
  readonly id: NodeId;
  state: Readonly<unknown>;
  readonly #node: SimulatedNode;
  #main: JournaledLog;

  constructor(node: SimulatedNode) {
    this.id = node.id;
    this.#node = node;
    this.state = node.driver!.replica.state as Readonly<unknown>;
    this.#main = node.driver!.mainLog;
  }

  /** The node has a new driver. */
  renew(): void {
    this.state = this.#node.driver!.replica.state as Readonly<unknown>;
    this.#main = this.#node.driver!.mainLog;
  }

  get up(): boolean {
    return this.#node.up;
  }

  log(name?: string): Log {
    return name === undefined ? this.#main : this.#node.driver!.log(name);
  }

  get changedFrom(): Slot {
    return this.#main.changedFrom;
  }

  get durableLast(): Slot {
    return this.#node.driver!.durableLast;
  }
}

/** What was decided on each slot of a replicated log, in columns: the entry's tag, and where its command stands. */
class DecidedEntries {
  readonly nodes: NodeId[] = [0];
  readonly #tags: number[] = [0];
  readonly #bytes: Uint8Array[] = [NO_BYTES];
  readonly #starts: number[] = [0];
  readonly #ends: number[] = [0];

  /** False where another node decided another entry on the slot that `log` has viewed. */
  agree(node: NodeId, slot: Slot, log: JournaledLog): boolean {
    const tag = log.tagAt(slot);
    const { viewBytes: bytes, viewStart: start, viewEnd: end } = log;
    if (this.nodes[slot] === undefined) {
      this.nodes[slot] = node;
      this.#tags[slot] = tag;
      this.#bytes[slot] = bytes;
      this.#starts[slot] = start;
      this.#ends[slot] = end;
      return true;
    }
    if (this.#tags[slot] !== tag) return false;
    const known = this.#bytes[slot]!;
    const knownStart = this.#starts[slot]!;
    if (known === bytes && knownStart === start) return true; // replicas mostly share the very section
    if (this.#ends[slot]! - knownStart !== end - start) return false;
    for (let i = start, j = knownStart; i < end; i++, j++) if (bytes[i] !== known[j]) return false;
    return true;
  }
}

/**
 * The global watcher of one run: each protocol's own invariants after every step, and agreement over the history of all decisions, by
 * whomever and whenever taken.
 */
export class Checks {
  violation: Violation | null = null;
  /** Slots decided, each once. */
  decidedSlots = 0;
  readonly #views: (View | undefined)[] = [];
  readonly #monitors: { readonly name: string; readonly source: string; readonly monitor: Monitor }[];
  readonly #deciders: { readonly name: string; readonly source: string; readonly monitor: Monitor }[];
  /** Replicated logs. */
  readonly #entries = new DecidedEntries();
  /** Atomic commitment: outcome and first decider by transaction. */
  readonly #outcomes = new Map<Slot, { readonly outcome: Outcome; readonly node: NodeId }>();
  readonly #sequential: boolean;
  readonly #now: () => number;
  readonly #nameOf: (slot: Slot) => string;

  constructor(protocol: AnyProtocol, now: () => number) {
    this.#now = now;
    this.#nameOf = (slot) => protocol.nameSlot?.(slot) ?? String(slot);
    this.#sequential = protocol.family !== 'atomic-commit';
    this.#monitors = protocol.invariants.map((invariant) => ({
      name: invariant.name,
      source: invariant.source,
      monitor: invariant.monitor() as Monitor,
    }));
    this.#deciders = this.#monitors.filter(({ monitor }) => monitor.onDecide !== undefined);
  }

  /** A node has started, for the first time or again. */
  watch(node: SimulatedNode): void {
    const view = this.#views[node.id];
    if (view === undefined) this.#views[node.id] = new View(node);
    else view.renew();
  }

  /** After each step of a node: its invariants. */
  stepped(node: SimulatedNode): void {
    if (this.violation !== null) return;
    const monitors = this.#monitors;
    for (let i = 0; i < monitors.length; i++) {
      const wrong = monitors[i]!.monitor.afterStep(node.id, this.#views);
      if (wrong !== null) this.#violate(monitors[i]!.name, monitors[i]!.source, wrong, node.id);
    }
  }

  restarted(node: SimulatedNode): void {
    for (const { name, source, monitor } of this.#monitors) {
      const wrong = monitor.onRestart?.(node.id, this.#views) ?? null;
      if (wrong !== null) this.#violate(name, source, wrong, node.id);
    }
  }

  /** A decision falls: nobody may ever have decided otherwise on this slot. */
  decided(node: SimulatedNode, slot: Slot, outcome: Outcome): void {
    if (this.#sequential) this.#decidedEntry(node, slot);
    else this.#decidedOutcome(node, slot, outcome);
    const deciders = this.#deciders;
    for (let i = 0; i < deciders.length; i++) {
      const { name, source, monitor } = deciders[i]!;
      const wrong = monitor.onDecide!(node.id, slot, outcome, this.#views);
      if (wrong !== null) this.#violate(name, source, wrong, node.id);
    }
  }

  #decidedEntry(node: SimulatedNode, slot: Slot): void {
    const log = node.driver!.mainLog;
    if (!log.view(slot)) return; // the driver will say that nothing is there to apply
    if (this.#entries.nodes[slot] === undefined) this.decidedSlots++;
    if (this.#entries.agree(node.id, slot, log)) return;
    const first = this.#entries.nodes[slot]!;
    const detail = `slot ${this.#nameOf(slot)}: node ${node.id} decides another entry than node ${first} did`;
    this.#disagree(detail, node.id, slot, first);
  }

  #decidedOutcome(node: SimulatedNode, slot: Slot, outcome: Outcome): void {
    const known = this.#outcomes.get(slot);
    if (known === undefined) {
      this.decidedSlots++;
      this.#outcomes.set(slot, { outcome, node: node.id });
    } else if (known.outcome !== outcome) {
      const detail = `slot ${this.#nameOf(slot)}: node ${known.node} decided ${known.outcome}, node ${node.id} decides ${outcome}`;
      this.#disagree(detail, node.id, slot, known.node);
    }
  }

  #disagree(detail: string, node: NodeId, slot: Slot, other: NodeId): void {
    const [check, source] = ['agreement', 'no two nodes decide differently'];
    this.violation ??= { check, source, detail, node, time: this.#now(), slot, other };
  }

  /** A failed assertion. */
  failed(node: SimulatedNode, error: Error): void {
    const source = 'assertions stop a replica rather than let it answer wrongly';
    this.#violate('assertion', source, error.message, node.id);
  }

  #violate(check: string, source: string, detail: string, node: NodeId): void {
    this.violation ??= { check, source, detail, node, time: this.#now() };
  }
}
