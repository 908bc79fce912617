import type { AnyProtocol, Log, Monitor, NodeId, Outcome, ReplicaView, Slot } from '@quorate/interface';
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
}

interface Decided {
  readonly outcome: Outcome;
  readonly node: NodeId;
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A node as monitors see it: from outside, through crashes. */
class View implements ReplicaView {
  readonly #node: SimulatedNode;
  constructor(node: SimulatedNode) {
    this.#node = node;
  }
  get id(): NodeId {
    return this.#node.id;
  }
  get up(): boolean {
    return this.#node.up;
  }
  get state(): Readonly<unknown> {
    return this.#node.driver!.replica.state as Readonly<unknown>;
  }
  log(name?: string): Log {
    return this.#node.driver!.log(name);
  }
  get changedFrom(): Slot {
    return this.#node.driver!.changedFrom;
  }
  get durableLast(): Slot {
    return this.#node.driver!.durableLast;
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
  readonly #decided = new Map<Slot, Decided>();
  readonly #sequence: (Decided | undefined)[] = [];
  readonly #sequential: boolean;
  readonly #now: () => number;

  constructor(protocol: AnyProtocol, now: () => number) {
    this.#now = now;
    this.#sequential = protocol.family !== 'atomic-commit';
    this.#monitors = protocol.invariants.map((invariant) => ({
      name: invariant.name,
      source: invariant.source,
      monitor: invariant.monitor() as Monitor,
    }));
    this.#deciders = this.#monitors.filter(({ monitor }) => monitor.onDecide !== undefined);
  }

  watch(node: SimulatedNode): void {
    this.#views[node.id] = new View(node);
  }

  /** After each step of a node: its invariants. */
  stepped(node: SimulatedNode): void {
    if (this.violation !== null) return;
    for (const { name, source, monitor } of this.#monitors) {
      const wrong = monitor.afterStep(node.id, this.#views);
      if (wrong !== null) this.#violate(name, source, wrong, node.id);
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
    const log = node.driver!.mainLog;
    const held = this.#sequential && log.view(slot);
    const known = this.#sequential ? this.#sequence[slot] : this.#decided.get(slot);
    if (known === undefined) {
      this.decidedSlots++;
      const fresh: Decided = held
        ? {
            outcome,
            node: node.id,
            tag: log.tagAt(slot),
            bytes: log.viewBytes,
            start: log.viewStart,
            end: log.viewEnd,
          }
        : { outcome, node: node.id, tag: 0, bytes: NOTHING, start: 0, end: 0 };
      if (this.#sequential) this.#sequence[slot] = fresh;
      else this.#decided.set(slot, fresh);
    } else if (known.outcome !== outcome) {
      const detail = `slot ${slot}: node ${known.node} decided ${known.outcome}, node ${node.id} decides ${outcome}`;
      this.#violate('agreement', 'no two nodes decide differently', detail, node.id);
    } else if (held && !sameEntry(known, log.tagAt(slot), log.viewBytes, log.viewStart, log.viewEnd)) {
      const detail = `slot ${slot}: node ${node.id} decides another entry than node ${known.node} did`;
      this.#violate('agreement', 'no two nodes decide differently', detail, node.id);
    }
    if (this.#deciders.length > 0) this.#tellDeciders(node, slot, outcome);
  }

  /** A failed assertion. */
  failed(node: SimulatedNode, error: Error): void {
    const source = 'assertions stop a replica rather than let it answer wrongly';
    this.#violate('assertion', source, error.message, node.id);
  }

  #tellDeciders(node: SimulatedNode, slot: Slot, outcome: Outcome): void {
    for (const { name, source, monitor } of this.#deciders) {
      const wrong = monitor.onDecide!(node.id, slot, outcome, this.#views);
      if (wrong !== null) this.#violate(name, source, wrong, node.id);
    }
  }

  #violate(check: string, source: string, detail: string, node: NodeId): void {
    this.violation ??= { check, source, detail, node, time: this.#now() };
  }
}

const NOTHING = new Uint8Array(0);

/** Same tag and same bytes; replicas mostly share the very section, which settles it at once. */
function sameEntry(known: Decided, tag: number, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.tag !== tag || known.end - known.start !== end - start) return false;
  if (known.bytes === bytes && known.start === start) return true;
  for (let i = start, j = known.start; i < end; i++, j++) if (bytes[i] !== known.bytes[j]) return false;
  return true;
}
