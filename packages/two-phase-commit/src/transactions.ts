import type { NodeId, Slot } from '@quorate/interface';
import { fail } from './fail.ts';

/*
 * A transaction's number is its slot: one safe integer, never given twice, made of three fields,
 *
 *    bit 52 … 37        36 … 8       7 … 0
 *    incarnation(16)  counter(29)  node(8)
 *
 * so that the numbers of one coordinator grow as it gives them out, across restarts too: the low-water mark
 * (`oldestActive`) is a plain comparison. Between coordinators the order means nothing but serves wait-die,
 * which needs only that every node sees the same one.
 */
const NODES = 2 ** 8;
const COUNTERS = 2 ** 29;
const INCARNATIONS = 2 ** 16;

/** The highest node id that fits a transaction number (and one byte of a participant list). */
export const MAX_NODE_ID: NodeId = NODES - 1;
/** How many transactions one incarnation of a coordinator may number. */
export const COUNTER_LIMIT: number = COUNTERS;

/** The slot of transaction `counter` of `incarnation` of `node`. @throws Error where a field does not fit. */
export function transactionNumber(incarnation: number, counter: number, node: NodeId): Slot {
  if (incarnation >= INCARNATIONS) fail(`node ${node} has used up its ${INCARNATIONS} incarnations`);
  if (counter >= COUNTERS || node > MAX_NODE_ID) fail(`no transaction number for ${counter} of node ${node}`);
  return (incarnation * COUNTERS + counter) * NODES + node;
}

/** The node which coordinates transaction `slot`. */
export function coordinatorOf(slot: Slot): NodeId {
  return slot & 0xff; // ToInt32 is exact modulo 2^32, so the low byte is right for any safe integer
}

/** The incarnation of the coordinator that gave out `slot`. */
export function incarnationOf(slot: Slot): number {
  return Math.floor(slot / (COUNTERS * NODES));
}

/** What a reader calls a transaction: `T2.7` is the seventh of node 2, `T2.1.7` the seventh after its first restart. */
export function transactionName(slot: Slot): string {
  const restarts = incarnationOf(slot) - 1;
  const counter = Math.floor(slot / NODES) % COUNTERS;
  return `T${coordinatorOf(slot)}.${restarts > 0 ? `${restarts}.` : ''}${counter}`;
}

/**
 * What a participant is asked to prepare: the client's command, then one byte for each participant, then their count in
 * one byte. Encoded once at the coordinator; Prepare carries these bytes and each participant's PREPARED record is these
 * bytes. The list stands behind the command so that a command's session header stays at the record's start.
 */
export function encodeBranch(command: Uint8Array, participants: readonly NodeId[]): Uint8Array {
  const branch = new Uint8Array(command.length + participants.length + 1);
  branch.set(command);
  for (let i = 0; i < participants.length; i++) branch[command.length + i] = participants[i]!;
  branch[branch.length - 1] = participants.length;
  return branch;
}

/** The client's command in `branch`, as a view. */
export function commandOf(branch: Uint8Array): Uint8Array {
  return branch.subarray(0, branch.length - 1 - branch[branch.length - 1]!);
}

/** All participants of `branch`, the coordinator too where it is one. */
export function participantsOf(branch: Uint8Array): NodeId[] {
  const end = branch.length - 1;
  return Array.from(branch.subarray(end - branch[end]!, end));
}
