/**
 * Majorities, joint majorities and vote counting, as pure functions over arrays indexed by node.
 *
 * ```ts
 * import { committedIndex, voteResult } from '@quorate/quorum';
 *
 * const voters = [1, 2, 3];
 * const matchIndex = [0, 7, 5, 2]; // by node: 1 holds 7 entries, 2 holds 5, 3 holds 2
 * committedIndex(voters, matchIndex); // 5: nodes 1 and 2 are a majority, and both hold 5
 * voteResult(voters, [null, true, false, null]); // 'pending': node 3 decides
 * ```
 * @packageDocumentation
 */
export * from './joint.ts';
export * from './majority.ts';
