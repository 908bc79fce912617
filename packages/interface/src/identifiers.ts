/** A replica. Small and never reused after a removal, so that per-peer state can live in arrays. */
export type NodeId = number;

/**
 * A place where one decision is taken: a log index (Raft), an instance (Paxos), a transaction number (2PC, 3PC), a
 * position in ZAB's history (its zxid is derived from slot and epoch). The first slot of a replicated log is 1.
 */
export type Slot = number;

/** A reign: Raft's term, Paxos's round, ZAB's epoch. 0 where a protocol has none. Below 2^48. */
export type Epoch = number;

/** Who takes part. `voters` count in quorums; `learners` and `observers` receive entries and never count. */
export interface Membership {
  readonly voters: readonly NodeId[];
  readonly learners: readonly NodeId[];
  readonly observers: readonly NodeId[];
}

/** What was decided on a slot: `committed` (replicated logs and atomic commitment), `aborted`, or `chosen` (single decree). */
export type Outcome = 'committed' | 'aborted' | 'chosen';

/** A participant's answer in atomic commitment. `readonly`: nothing to commit here, leave me out of phase two. */
export type Vote = 'yes' | 'no' | 'readonly';
