import type { Membership, NodeId, Ports, Slot } from '@quorate/interface';
import type { TwoPhaseCommitMessage } from './messages.ts';

/** Kept by `Ports.save`. The rest of the durable state are the records of the two logs. */
export interface Durable {
  /** Counts starts; part of every transaction number, so that none is given twice. */
  readonly incarnation: number;
  /** By coordinator: no record of a transaction below this was kept, or need be (see `Participant.forget`). */
  readonly marks: readonly Slot[];
}

/** The coordinator's log. No record of a transaction means that it aborted, once the coordinator no longer collects its votes. */
export const COORDINATOR_LOG = 'coordinator';
/** All voted; `command` names, one byte each, those who voted yes and must ack. Forced. */
export const COMMIT = 1;
/** All acked; lazy. */
export const END = 2;

/** The participant's log. */
export const PARTICIPANT_LOG = 'participant';
/** Voted yes, in doubt; `command` is the branch. Forced before the vote leaves. */
export const PREPARED = 1;
/** Forced before the ack leaves. */
export const COMMITTED = 2;
/** Told to abort, or a tombstone: this node voted no or aborted by itself. Lazy, unless somebody is told of it. */
export const ABORTED = 3;
/** Voted read-only and left. Forced before the vote leaves. */
export const READONLY = 4;

/** A transaction which this node coordinates. INITIAL is before it, ABORTED and END after it: then there is no record. */
export interface Coordinated {
  phase: 'WAIT' | 'COMMITTED';
  readonly participants: readonly NodeId[];
  /** Who voted yes. A set, in order of arrival: a vote that comes twice counts once. */
  readonly yes: NodeId[];
  /** Who voted read-only. */
  readonly readonly: NodeId[];
  /** COMMITTED: who voted yes and has not acked. */
  unacked: NodeId[];
  /** COMMITTED: how often the decision was sent again. */
  resent: number;
  /** When votes or acks are late, by `Ports.now()`. */
  deadline: number;
}

/** A transaction in which this node takes part and whose outcome it does not know. */
export interface Participation {
  /** WORKING: the local resource has not answered, this node may still abort by itself. PREPARED: voted yes, in doubt. */
  phase: 'WORKING' | 'PREPARED';
  readonly branch: Uint8Array;
  /** `Ports.now()` when the phase began; after a restart, the time of the restart. */
  since: number;
  /** When the resource or the decision is late, by `Ports.now()`. */
  deadline: number;
  /** Rounds of Inquire since the coordinator was last heard to be undecided. */
  inquiries: number;
  /** In doubt for longer than `inquireTimeout`, or since before a restart. */
  overdue: boolean;
}

/** Volatile state; rebuilt by `start` from `Durable` and the logs. Plain data; maps are in insertion order, so deterministic. */
export interface TwoPhaseCommitState {
  incarnation: number;
  /** The last transaction of this incarnation. */
  counter: number;
  /** The first number of this life, which may outlast its incarnation's numbers; 0 until `start` is through. */
  born: Slot;
  /** What `start` forced is known to be durable, so a Prepare may leave early. */
  numbersDurable: boolean;
  /** As coordinator: not yet ended, lowest slot first. */
  coordinating: Map<Slot, Coordinated>;
  /** The first of `coordinating`, or the number that will be given out next. */
  oldestActive: Slot;
  /** As participant: not yet decided, oldest first. */
  participating: Map<Slot, Participation>;
  /** How many of `participating` are PREPARED. */
  inDoubt: number;
  /** How many of these are overdue: what blocking looks like. */
  overdue: number;
  /** As participant: the transaction of which it was told the outcome last. Nothing PREPARED may be decided without (AC3). */
  told: Slot;
  /** As participant, by coordinator: the highest `oldestActive` heard. */
  marks: Slot[];
  /** As participant, by coordinator: commits that are still to be acked. */
  acks: Slot[][];
  ackTimer: boolean;
}

/** `coordinator`: votes or acks may be late. `participant`: a resource or a decision may be. `ack`: acks waited long enough. */
export type TwoPhaseCommitTimer = 'coordinator' | 'participant' | 'ack';

export type TwoPhaseCommitPorts = Ports<TwoPhaseCommitMessage, TwoPhaseCommitTimer, Durable>;

/** Resolved knobs; see `knobs` in protocol.ts. */
export interface Knobs {
  readonly voteTimeout: number;
  readonly inquireTimeout: number;
  readonly resendInterval: number;
  readonly ackDelay: number;
  readonly maxActive: number;
}

/** What the roles of one node share. */
export interface Site {
  readonly id: NodeId;
  readonly members: Membership;
  readonly ports: TwoPhaseCommitPorts;
  readonly knobs: Knobs;
  readonly state: TwoPhaseCommitState;
}

/** The state of a replica before `start`. `capacity`: one more than the highest node id. */
export function initialState(durable: Durable, capacity: number): TwoPhaseCommitState {
  return {
    incarnation: durable.incarnation,
    counter: 0,
    born: 0,
    numbersDurable: false,
    coordinating: new Map(),
    oldestActive: 0,
    participating: new Map(),
    inDoubt: 0,
    overdue: 0,
    told: 0,
    marks: Array.from({ length: capacity }, (_, node) => durable.marks[node] ?? 0),
    acks: Array.from({ length: capacity }, () => []),
    ackTimer: false,
  };
}

/** `interval` doubled for each attempt made, up to eight times. */
export function backoff(interval: number, attempts: number): number {
  return interval * 2 ** Math.min(attempts, 3);
}
