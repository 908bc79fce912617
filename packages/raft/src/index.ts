/**
 * Raft as a state machine without I/O: every effect goes through ports, which a driver implements over a simulator or over
 * real sockets and disks. Where to begin reading: README.md, then `state.ts`, `replica.ts` and the part it leads to.
 *
 * ```ts
 * import { explain, raft } from '@quorate/raft';
 *
 * raft.costs(5).messagesPerDecision; // 8: AppendEntries to four followers, and their answers
 * raft.knobs.electionTimeout.default; // 150 (ms)
 * explain({ type: 'RequestVote', term: 2, lastLogIndex: 7, lastLogTerm: 1 });
 * // 'Asks for a vote in term 2; its log ends at 7 of term 1 (§5.2, §5.4.1).'
 * ```
 *
 * @packageDocumentation
 */
export * from './election.ts';
export * from './explain.ts';
export * from './follower.ts';
export * from './invariants.ts';
export * from './knobs.ts';
export * from './leader.ts';
export * from './membership.ts';
export * from './messages.ts';
export * from './part.ts';
export * from './progress.ts';
export * from './protocol.ts';
export * from './reads.ts';
export * from './replica.ts';
export * from './snapshots.ts';
export * from './state.ts';
