import type { Message, NodeId } from '@quorate/interface';

/** Where a node listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Counted since the transport was made. */
export interface TransportStatistics {
  /** Messages accepted by `send`, and so on their way. */
  readonly sent: number;
  /** Messages given to `onMessage`. */
  readonly received: number;
  /** Messages not sent because there was no session with the peer. */
  readonly droppedDown: number;
  /** Messages not sent because the peer's buffer was full. */
  readonly droppedFull: number;
  /** Bytes, with frames' headers and handshakes, clients' included; 0 where nothing is encoded (in memory). */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Bursts written, each to one connection. */
  readonly writes: number;
}

/**
 * Messages between replicas. Time is divided into sessions, one per pair of nodes, from `onLink(peer, true)` to
 * `onLink(peer, false)`; ups and downs alternate. Within a session messages arrive in order, each once, and without
 * a gap unless some were dropped because a buffer was full (and then only where that is allowed). What was under way when
 * a session ended is lost, and nothing of it arrives after the next `up`: not even what was sent before `onLink` told of the end.
 *
 * All calls are synchronous; callbacks never come from inside a call of `send` or `flush`, and none comes after `close`.
 */
export interface Transport<M extends Message> {
  /** Buffers a message until `flush`. Dropped, and counted, when there is no session with `to` or its buffer is full. */
  send(to: NodeId, message: M): void;
  /** Sends off everything buffered: one write per connection. */
  flush(): void;
  onMessage: (from: NodeId, message: M) => void;
  /** Called after each group of callbacks, such as all the messages of one chunk: here the driver settles. */
  onBurstEnd: () => void;
  onLink: (peer: NodeId, up: boolean) => void;
  /** Whom to keep sessions with. Replaces what an earlier call said: sessions with others end. An entry for this node itself is ignored. */
  connect(members: ReadonlyMap<NodeId, Address>): void;
  /** Ends the session with a peer, if there is one; a new one is sought as after any failure. `onLink` follows later. */
  disconnect(peer: NodeId, reason: string): void;
  readonly statistics: TransportStatistics;
  close(): Promise<void>;
}

/** The counters behind `TransportStatistics`, for those who count. */
export class Counters implements TransportStatistics {
  sent = 0;
  received = 0;
  droppedDown = 0;
  droppedFull = 0;
  bytesSent = 0;
  bytesReceived = 0;
  writes = 0;
}
