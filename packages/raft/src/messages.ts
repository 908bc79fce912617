import type { EntryBatch, Epoch, Message, Slot } from '@quorate/interface';

/*
 * Figure 2's RPCs as messages, with its argument names. Deviations:
 * - A request and its answer are separate messages; neither waits for the other.
 * - candidateId and leaderId are left out: each message arrives with its sender.
 * - AppendEntries carries readRound, which its answer echoes (see reads.ts).
 * - AppendEntriesResponse says how far the logs match, since several AppendEntries may be under way and one answer may speak
 *   for several; a refusal carries a hint for fast back-off (end of §5.3).
 * - InstallSnapshot is only a header: the driver has streamed the state behind it already, which replaces offset, data and done.
 *   It is answered by an AppendEntriesResponse, which says what the leader wants to know: up to where the logs match now.
 */

/** RequestVote RPC, arguments (§5.2, §5.4.1). */
export interface RequestVote extends Message {
  readonly type: 'RequestVote';
  /** Candidate's term. */
  readonly term: Epoch;
  /** Index of candidate's last log entry. */
  readonly lastLogIndex: Slot;
  /** Term of candidate's last log entry. */
  readonly lastLogTerm: Epoch;
}

/** RequestVote RPC, results. */
export interface RequestVoteResponse extends Message {
  readonly type: 'RequestVoteResponse';
  /** currentTerm, for candidate to update itself. */
  readonly term: Epoch;
  readonly voteGranted: boolean;
}

/** Would you vote for me in the term after mine? (Dissertation §9.6.) Changes nothing at either end. */
export interface PreVote extends Message {
  readonly type: 'PreVote';
  /** Sender's currentTerm, which it has not incremented. */
  readonly term: Epoch;
  readonly lastLogIndex: Slot;
  readonly lastLogTerm: Epoch;
}

export interface PreVoteResponse extends Message {
  readonly type: 'PreVoteResponse';
  /** currentTerm of the answering server. */
  readonly term: Epoch;
  readonly voteGranted: boolean;
  /** The term of the PreVote which this answers, so that no old grant counts in a later round. */
  readonly askedTerm: Epoch;
}

/** AppendEntries RPC, arguments (§5.3). Without entries: a heartbeat. */
export interface AppendEntries extends Message {
  readonly type: 'AppendEntries';
  /** Leader's term. */
  readonly term: Epoch;
  /** Index of log entry immediately preceding the new ones. */
  readonly prevLogIndex: Slot;
  /** Term of the entry at prevLogIndex. */
  readonly prevLogTerm: Epoch;
  /** Log entries to store, the first on prevLogIndex + 1. */
  readonly entries: EntryBatch;
  /** Leader's commitIndex. */
  readonly leaderCommit: Slot;
  /** The leader's newest round of read confirmations in this term; 0 before the first. */
  readonly readRound: number;
}

/** AppendEntries RPC, results. */
export interface AppendEntriesResponse extends Message {
  readonly type: 'AppendEntriesResponse';
  /** currentTerm, for leader to update itself. An answer counts only in this very term. */
  readonly term: Epoch;
  /** True if the follower's log contained an entry matching prevLogIndex and prevLogTerm. */
  readonly success: boolean;
  /** Success: the follower's log is durable and equal to the leader's up to here. Otherwise 0. */
  readonly matchIndex: Slot;
  /** Refusal: prevLogIndex of the refused message. Otherwise 0. */
  readonly prevLogIndex: Slot;
  /** Refusal: the follower's last entry which may still match, its index and … Otherwise 0. */
  readonly hintIndex: Slot;
  /** … its term. */
  readonly hintTerm: Epoch;
  /** Highest readRound heard from this leader in this term. */
  readonly readRound: number;
}

/** InstallSnapshot RPC, arguments (§7): delivered once the snapshot's state is staged durably at the receiver. */
export interface InstallSnapshot extends Message {
  readonly type: 'InstallSnapshot';
  /** Leader's term. */
  readonly term: Epoch;
  /** The snapshot replaces all entries up through and including this index. */
  readonly lastIncludedIndex: Slot;
  /** Term of lastIncludedIndex. */
  readonly lastIncludedTerm: Epoch;
}

/** All that Raft servers say to one another. */
export type RaftMessage =
  | RequestVote
  | RequestVoteResponse
  | PreVote
  | PreVoteResponse
  | AppendEntries
  | AppendEntriesResponse
  | InstallSnapshot;
