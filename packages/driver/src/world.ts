import type { Epoch, Membership, Message, NodeId, Refusal, Slot } from '@quorate/interface';

/** What a driver answers a client. */
export type Response =
  | { readonly status: 'ok'; readonly result: Uint8Array }
  | { readonly status: Refusal; readonly leader: NodeId | null };

/** A piece of a snapshot on its way; the driver's own message, beside the protocol's. */
export interface SnapshotChunk extends Message {
  readonly type: 'SnapshotChunk';
  readonly header: Message;
  readonly slot: Slot;
  readonly epoch: Epoch;
  readonly offset: number;
  readonly total: number;
  readonly data: Uint8Array;
}

/** How much of a snapshot has arrived: the sender goes on from `offset`. */
export interface SnapshotProgress extends Message {
  readonly type: 'SnapshotProgress';
  readonly slot: Slot;
  readonly epoch: Epoch;
  readonly offset: number;
}

/**
 * Where a driver lives: the simulator, a process with sockets and a disk, a page. Simulator and cluster differ in this, in
 * their journals, and in who calls the driver.
 */
export interface World {
  /** Puts a message on its way; may buffer it until the burst ends. `cause`: that of the input that it descends from, 0 for timers and disks. */
  transmit(to: NodeId, message: Message, cause: number): void;
  /** Asks for `Driver.onWake` at this replica's time `deadline` in milliseconds, or earlier. Replaces nothing: the earliest asked for counts. */
  wakeAt(deadline: number): void;
  /** Answers the client's request. `cause` came with it. */
  respond(client: number, sequence: number, response: Response, cause: number): void;
  /** The membership changed: keep links with these. */
  connect(members: Membership): void;
  /** This replica's monotonic milliseconds. */
  now(): number;
  random(): number;
  /** The replica has stopped itself: a failed assertion, or a journal that can no longer be trusted. No call on the driver has an effect any more. */
  halted(why: Error, kind: 'assertion' | 'storage'): void;
  /** The replica's role, epoch or known leader changed. */
  announced?(role: string, epoch: Epoch, leader: NodeId | null): void;
  /** A decision has just fallen, before it is applied. */
  decided?(slot: Slot, outcome: 'committed' | 'aborted' | 'chosen'): void;
}
