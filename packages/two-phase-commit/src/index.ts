/**
 * Two-phase commit with presumed abort: a state machine without I/O, to be run by a simulator, a real cluster or your own loop.
 *
 * ```ts
 * import { coordinatorOf, transactionNumber, twoPhaseCommit } from '@quorate/two-phase-commit';
 *
 * twoPhaseCommit.costs(3).messagesPerDecision; // 6: Prepare, Vote and Decision, to or from two others
 * twoPhaseCommit.costs(3).forcedWritesPerDecision; // 4: three PREPARED and one COMMIT
 * twoPhaseCommit.progress; // 'all': one node away, and nothing commits
 *
 * const slot = transactionNumber(1, 17, 3); // first incarnation, seventeenth transaction, of node 3
 * coordinatorOf(slot); // 3
 * twoPhaseCommit.explain?.({ type: 'InquireReply', slot, answer: 'undecided' }); // 'no information on …'
 * ```
 * @packageDocumentation
 */
export { Coordinator } from './coordinator.ts';
export { invariants } from './invariants.ts';
export type * from './messages.ts';
export { Participant } from './participant.ts';
export { twoPhaseCommit } from './protocol.ts';
export { ROLES, type Roles, TwoPhaseCommit } from './replica.ts';
export * from './state.ts';
export { Termination } from './termination.ts';
export * from './transactions.ts';
