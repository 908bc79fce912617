import type { NodeId } from '@quorate/interface';

/**
 * What a log line is about:
 * - `listening`, `closed`: the port.
 * - `link-up`, `link-down`: a session with a peer began or ended.
 * - `dial-failed`: a peer could not be reached, or did not greet properly; said once until it changes.
 * - `refused`: this node refused a connection. `refused-by`: a peer refused this node's.
 * - `bad-frame`: a connection was closed for what it sent.
 * - `client-closed`: a client's connection was closed for another reason than its own wish.
 */
export type LogEvent =
  | 'listening'
  | 'closed'
  | 'link-up'
  | 'link-down'
  | 'dial-failed'
  | 'refused'
  | 'refused-by'
  | 'bad-frame'
  | 'client-closed';

/** One line of a transport's log. */
export interface LogLine {
  readonly event: LogEvent;
  /** Whose log it is. */
  readonly node: NodeId;
  /** The peer concerned, where it is known. */
  readonly peer?: NodeId;
  /** The other end's address, where there is one. */
  readonly remote?: string;
  /** For people. */
  readonly reason?: string;
}

/** Where a transport's log lines go. */
export type Logger = (line: LogLine) => void;
