/**
 * Raft as a state machine without I/O: every effect goes through ports, which a driver implements over a simulator or over
 * real sockets and disks. See README.md for the paper's names and where the code deviates.
 *
 * @packageDocumentation
 */
export * from './election.ts';
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
