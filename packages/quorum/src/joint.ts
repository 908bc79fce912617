import { committedIndex, hasMajority, type VoteResult, voteResult } from './majority.ts';

/**
 * Joint consensus (Raft §6): while a cluster moves from one set of voters to another, agreement needs separate majorities of
 * both. An empty `outgoing` makes each of these functions equal to its plain namesake.
 */
export function committedIndexJoint(
  incoming: readonly number[],
  outgoing: readonly number[],
  indexByNode: readonly number[],
): number {
  return Math.min(committedIndex(incoming, indexByNode), committedIndex(outgoing, indexByNode));
}

/** The result of a vote that both halves must win; lost as soon as one half has lost it. */
export function voteResultJoint(
  incoming: readonly number[],
  outgoing: readonly number[],
  votesByNode: readonly (boolean | null | undefined)[],
): VoteResult {
  const a = voteResult(incoming, votesByNode);
  const b = voteResult(outgoing, votesByNode);
  if (a === b) return a;
  return a === 'lost' || b === 'lost' ? 'lost' : 'pending';
}

/** Whether `flagByNode` is set for a majority of both halves. */
export function hasMajorityJoint(
  incoming: readonly number[],
  outgoing: readonly number[],
  flagByNode: readonly (boolean | undefined)[],
): boolean {
  return hasMajority(incoming, flagByNode) && hasMajority(outgoing, flagByNode);
}
