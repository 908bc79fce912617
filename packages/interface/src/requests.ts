import type { NodeId } from './identifiers.ts';

/** What a client asks of a replica. `command` holds the client's session (client, sequence) too and is opaque to protocols. */
export interface Request {
  readonly kind: 'write' | 'read' | 'admin';
  /** The client's session, 1 to 2^32 - 1. One request at a time is outstanding in a session. */
  readonly client: number;
  /** Counts the session's requests from 1; a retry has the number of what it repeats. */
  readonly sequence: number;
  readonly command: Uint8Array;
  /** Atomic commitment: the nodes whose resources the command touches. Empty: all voters. */
  readonly participants: readonly NodeId[];
}

/**
 * Why a replica did not carry out a request. After each of these except `unknown` the request has had no effect and never
 * will through this replica, so a client may safely send it again, here or elsewhere:
 * - `not-leader`: ask the leader named, if one is.
 * - `busy`: queues are full or a leader is not ready yet; wait, then retry.
 * - `aborted`: atomic commitment decided to abort.
 * - `stopped`: this replica is shutting down or has halted on a failed assertion or disk.
 * - `unsupported`: the protocol does not offer this kind of request.
 * - `unknown`: given up with the outcome open; it may have happened or may still happen.
 */
export type Refusal = 'not-leader' | 'busy' | 'aborted' | 'stopped' | 'unsupported' | 'unknown';
