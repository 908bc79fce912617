import { committedIndex, hasMajority, type VoteResult, voteResult } from '@quorate/quorum';
import type { RaftState } from './state.ts';

/*
 * Every question that is put to a quorum. All of Raft's safety rests on the answers overlapping: any two majorities share a
 * server (§5.2). Membership is static so far; with joint consensus (§6) only these answers change.
 */

/** The highest value that a quorum has reached, of `byNode` (matchIndex, or echoed rounds). */
export function quorumReached(state: RaftState, byNode: readonly number[]): number {
  return committedIndex(state.voters, byNode);
}

/** How this server's election stands. */
export function electionResult(state: RaftState): VoteResult {
  return voteResult(state.voters, state.votesReceived);
}

/** Whether a quorum has answered the leader since its last check. */
export function quorumActive(state: RaftState): boolean {
  return hasMajority(state.voters, state.recentActive);
}

/** Whether this server counts in quorums, and so may campaign. */
export function isVoter(state: RaftState): boolean {
  return state.voters.includes(state.id);
}
