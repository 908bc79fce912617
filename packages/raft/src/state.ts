import type { Epoch, Membership, NodeId, Ports, Request, Slot } from '@quorate/interface';
import type { RaftMessage } from './messages.ts';
import { idleProgress, type Progress } from './progress.ts';

/** §5.1, and the pre-candidate of the dissertation's §9.6: it asks whether it could win before it becomes a candidate. */
export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

/** `election`: no leader heard for too long; at a leader: time to count who is there. `heartbeat`: leaders only. */
export type RaftTimer = 'election' | 'heartbeat';

export type RaftPorts = Ports<RaftMessage, RaftTimer, RaftDurable>;

/** Tags of log entries. A client's command must have the interface's `CLIENT_COMMAND`, 0. */
export const TAG_COMMAND = 0;
/** The empty entry with which each leader begins its term (§8). */
export const TAG_NOOP = 1;

/** Figure 2, persistent state on all servers, "updated on stable storage before responding to RPCs". `log[]` is `Ports.log()`. */
export interface RaftDurable {
  /** Latest term this server has seen; 0 at first boot. */
  readonly currentTerm: Epoch;
  /** Whom this server voted for in currentTerm; null if nobody. */
  readonly votedFor: NodeId | null;
}

/** Reads that one round confirms together (§8). */
export interface ReadRound {
  readonly round: number;
  /** The leader's commitIndex when the round began. */
  readonly readIndex: Slot;
  readonly requests: readonly Request[];
}

/** Figure 2's state, in its order and with its names; arrays are indexed by node. Plain data. */
export interface RaftState {
  readonly id: NodeId;

  // Membership. Static so far: whom quorums are counted over, and everyone else who receives entries.
  voters: readonly NodeId[];
  peers: readonly NodeId[];

  // Persistent state on all servers: the current copy of RaftDurable.
  currentTerm: Epoch;
  votedFor: NodeId | null;

  // Volatile state on all servers. (lastApplied is the driver's: it applies what is decided.)
  /** Index of highest log entry known to be committed. */
  commitIndex: Slot;
  role: Role;
  /** The leader of currentTerm, where known. */
  leader: NodeId | null;
  /** When this server last heard its leader, voted for another or began an election; milliseconds of its own clock. */
  heardAt: number;
  /** Drawn from [T, 2T): an election begins this long after heardAt. */
  patience: number;
  /** The newest snapshot's lastIncludedIndex and lastIncludedTerm (§7); 0 before the first. */
  snapshotIndex: Slot;
  snapshotTerm: Epoch;

  // Followers: the one answer that this burst of AppendEntries will get, sent by settle(). -1: none owed.
  owedMatchIndex: Slot;
  /** The highest readRound heard from the leader of currentTerm. */
  heardReadRound: number;

  // Candidates and pre-candidates: votesReceived[v] is v's answer in this election, null before it.
  votesReceived: (boolean | null)[];

  // Volatile state on leaders, reinitialized after election.
  /** Index of the next log entry to send to each server. */
  nextIndex: number[];
  /** Index of highest log entry known to be replicated, durably, on each server. */
  matchIndex: number[];
  /** How far, and how boldly, each server is being sent entries. */
  progress: Progress[];
  /** Who has answered since the leader last checked for a quorum. */
  recentActive: boolean[];
  /** Index of this term's no-op, the first entry of the leader's own term. */
  termStart: Slot;
  /** Log index up to which the leader has sent itself an AppendEntriesResponse. */
  selfAckSent: Slot;
  /** The heartbeat timer has fired: settle() owes everyone a message. */
  heartbeatDue: boolean;
  /** Number of the newest round of read confirmations in this term, and the highest that each server has echoed. */
  readRound: number;
  echoedRound: number[];
  /** Reads that no round covers yet, and those whose round is under way, oldest first. */
  waitingReads: Request[];
  confirmingReads: ReadRound[];
  /** Reads in both. */
  pendingReads: number;
}

/** The state of a server that has just started, from what its disk kept. */
export function initialState(id: NodeId, members: Membership, durable: RaftDurable): RaftState {
  const everyone = [...members.voters, ...members.learners, ...members.observers];
  const size = Math.max(id, ...everyone) + 1;
  const fill = <T>(value: T): T[] => new Array<T>(size).fill(value);
  return {
    id,
    voters: members.voters,
    peers: everyone.filter((node) => node !== id),
    currentTerm: durable.currentTerm,
    votedFor: durable.votedFor,
    commitIndex: 0,
    role: 'follower',
    leader: null,
    heardAt: 0,
    patience: 0,
    snapshotIndex: 0,
    snapshotTerm: 0,
    owedMatchIndex: -1,
    heardReadRound: 0,
    votesReceived: fill<boolean | null>(null),
    nextIndex: fill(1),
    matchIndex: fill(0),
    progress: Array.from({ length: size }, idleProgress),
    recentActive: fill(false),
    termStart: 0,
    selfAckSent: 0,
    heartbeatDue: false,
    readRound: 0,
    echoedRound: fill(0),
    waitingReads: [],
    confirmingReads: [],
    pendingReads: 0,
  };
}
