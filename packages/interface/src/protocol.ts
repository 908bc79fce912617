import type { Epoch, Membership, NodeId, Outcome, Slot } from './identifiers.ts';
import type { Language } from './lesson.ts';
import type { Log } from './log.ts';
import type { Message } from './messages.ts';
import type { Ports } from './ports.ts';
import type { Replica } from './replica.ts';

/** Protocols of one family get the same work and the same checks. */
export type Family = 'atomic-commit' | 'single-decree' | 'replicated-log';

/** What a protocol needs of the world to keep its safety promises. */
export interface Assumptions {
  /** Links deliver in order, without loss inside a session. */
  readonly fifoLinks: boolean;
  /** Messages and steps have a known upper bound on their delay. */
  readonly synchrony: boolean;
  /** The network is never split. */
  readonly noPartitions: boolean;
}

/** The classes of faults a plan may hold (`@quorate/faults` has the vocabulary). */
export type FaultClass =
  | 'partition'
  | 'loss'
  | 'duplication'
  | 'reordering'
  | 'delay'
  | 'clog'
  | 'crash'
  | 'pause'
  | 'clock'
  | 'disk-slow'
  | 'disk-full'
  | 'disk-failing'
  | 'lost-writes'
  | 'torn-writes';

/**
 * One promise, as data. A check that is promised and fails is a violation; one that fails under a class of faults listed in
 * `exceptUnder` is "expected": the protocol never promised it there.
 */
export interface Guarantee {
  /** `invariants`, `agreement`, `linearizable`, `AC1` … `AC6`, `exactly-once`, `progress`, `convergence`. */
  readonly check: string;
  readonly exceptUnder: readonly FaultClass[];
  /** Knob values without which it is not promised for as long as links of others stay broken or bad: only once all is healed. */
  readonly onBadLinks?: Readonly<Record<string, number>>;
  /** Paper and section, or the reason. */
  readonly source: string;
}

/** A number that may be set: by an experiment, a user, or the swarm, which draws from `draw`. */
export interface Knob {
  readonly default: number;
  /** `ms` is multiplied by an experiment's time scale (a WAN's timeouts are longer). */
  readonly unit: 'ms' | 'bytes' | 'count' | 'switch';
  /** What the swarm may set it to; the first is the most extreme, the one that reaches rare states soonest. */
  readonly draw: readonly number[];
  readonly about: string;
}

/**
 * How a read is answered: through the log, after a round to a quorum (`read-index`), by a leader within its lease, by the asked replica
 * from what it has applied (`local`), after it has caught up with the leader (`sync`), or once no transaction in doubt holds the key (`locked`).
 */
export type ReadMode = 'log' | 'read-index' | 'lease' | 'local' | 'sync' | 'locked';

/** What theory says one decision costs with `n` replicas, failure-free. Messages to self and heartbeats are not counted. */
export interface Costs {
  readonly messagesPerDecision: number;
  /** Message delays until the coordinator or leader, where the client sits, may answer. */
  readonly delaysPerDecision: number;
  /** Forced log records that must be durable before the answer. */
  readonly forcedWritesPerDecision: number;
  readonly forcedWritesInAll: number;
  readonly source: string;
}

/** One replica as an invariant may see it, the way no replica could: from outside, all at once. */
export interface ReplicaView<State = unknown> {
  readonly id: NodeId;
  readonly up: boolean;
  readonly state: Readonly<State>;
  log(name?: string): Log;
  /** The lowest slot of the main log written or removed in the step just made; `Infinity` where none was. */
  readonly changedFrom: Slot;
  /** The last slot of the main log that would survive a crash now. */
  readonly durableLast: Slot;
}

/** Watches one run of one cluster. May keep history: agreement is over all that was ever decided, not only over what is held now. */
export interface Monitor<State = unknown> {
  /** Called after each step of `replicas[id]`; says what is wrong, or null. Should cost far less than the step itself. */
  afterStep(id: NodeId, replicas: readonly (ReplicaView<State> | undefined)[]): string | null;
  /** Called for each decision of `replicas[id]` as it falls, in the middle of its step. */
  onDecide?(
    id: NodeId,
    slot: Slot,
    outcome: Outcome,
    replicas: readonly (ReplicaView<State> | undefined)[],
  ): string | null;
  /** Called when a replica has restarted with what its disk kept. */
  onRestart?(id: NodeId, replicas: readonly (ReplicaView<State> | undefined)[]): string | null;
}

/** A rule that must hold after every step, with the place in the literature that says so. */
export interface Invariant<State = unknown> {
  readonly name: string;
  readonly source: string;
  monitor(): Monitor<State>;
}

/** What a replica is doing, for drawings and tables. `details` are short label–value pairs in display order. */
export interface Observation {
  readonly role: string;
  readonly epoch: Epoch;
  readonly leader: NodeId | null;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** What a protocol's `create` is given. */
export interface Context<M extends Message, Timer extends string, Durable> {
  readonly id: NodeId;
  readonly members: Membership;
  readonly ports: Ports<M, Timer, Durable>;
  /** Each of the protocol's knobs, resolved. */
  readonly knobs: Readonly<Record<string, number>>;
  /** What `Ports.save` last made durable, or the protocol's `initial`. */
  readonly durable: Durable;
}

/** A protocol as a value: everything the workbench needs to run, check, compare and draw it. */
export interface Protocol<
  M extends Message = Message,
  Timer extends string = string,
  Durable = unknown,
  State = unknown,
> {
  /** As on the command line: `raft`, `two-phase-commit`. */
  readonly name: string;
  readonly title: string;
  readonly family: Family;
  /** The paper that the code follows. */
  readonly source: string;
  readonly assumes: Assumptions;
  readonly guarantees: readonly Guarantee[];
  /** What must be up and connected for progress to be owed. */
  readonly progress: 'majority' | 'all';
  /** How reads are answered; left out where the protocol has none of its own. */
  readonly reads?: ReadMode;
  readonly knobs: Readonly<Record<string, Knob>>;
  readonly invariants: readonly Invariant<State>[];
  costs(n: number): Costs;
  /** The durable state of a replica that has never run. */
  readonly initial: Durable;
  create(context: Context<M, Timer, Durable>): Replica<M, Timer, State>;
  observe(state: Readonly<State>): Observation;
  /** One sentence on a message for a reader of a trace, with its paper section. */
  explain?(message: M, language?: Language): string;
  /** What a reader calls a slot; default: its number. */
  nameSlot?(slot: Slot): string;
}

/** Any protocol, where its own types do not matter to the reader (drivers, simulators, reports). */
// biome-ignore lint/suspicious/noExplicitAny: a protocol is invariant in its type parameters, so no narrower type admits all
export type AnyProtocol = Protocol<any, any, any, any>;

/** A protocol with one planted bug, to see that the checks can say no. Kept under a protocol's `test/mutants`, exported under `./mutants`. */
export interface Mutant {
  readonly name: string;
  /** What was done wrong, and which rule of the paper it breaks. */
  readonly about: string;
  readonly protocol: AnyProtocol;
}

/**
 * Every knob's value: that of `settings` or its default, `ms` ones multiplied by `timeScale`.
 * @throws RangeError on an unknown name, and on what is no number from 0, or above 0 for `ms`
 */
export function resolveKnobs(
  protocol: Pick<AnyProtocol, 'name' | 'knobs'>,
  settings: Readonly<Record<string, number>> = {},
  timeScale = 1,
): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [name, knob] of Object.entries(protocol.knobs)) {
    const value = settings[name] ?? knob.default;
    // A timer that is due at once, again and again, would let simulated time stand still.
    const isRight = Number.isFinite(value) && (knob.unit === 'ms' ? value > 0 : value >= 0);
    if (!isRight) {
      const allowed = knob.unit === 'ms' ? 'a number above 0' : 'a number from 0';
      throw new RangeError(`${protocol.name}: knob "${name}" is ${value}; allowed: ${allowed}`);
    }
    values[name] = knob.unit === 'ms' ? value * timeScale : value;
  }
  for (const name of Object.keys(settings)) {
    if (protocol.knobs[name] === undefined) {
      const known = Object.keys(protocol.knobs).join(', ');
      throw new RangeError(`${protocol.name} has no knob "${name}"; it has: ${known}`);
    }
  }
  return values;
}
