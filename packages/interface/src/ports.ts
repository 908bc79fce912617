import type { Epoch, Membership, NodeId, Outcome, Slot } from './identifiers.ts';
import type { Log } from './log.ts';
import type { Message } from './messages.ts';
import type { Refusal, Request } from './requests.ts';

/**
 * Everything a protocol can do to the world. Each call is synchronous and only records; the driver acts when the step returns.
 */
export interface Ports<M extends Message, Timer extends string, Durable> {
  /**
   * Leaves once everything forced before this call is durable, so a vote, promise or acknowledgement cannot overtake what it
   * promises. `to` may be this replica itself: then it arrives as an input once durable, so that the own disk is one vote
   * like any other.
   */
  send(to: NodeId, message: M): void;
  /**
   * May leave before this replica's own disk is done. For messages that promise nothing on this replica's behalf: a leader's
   * entries (Raft dissertation §10.2.1), heartbeats. On fifo links an early message never passes a held one.
   */
  sendEarly(to: NodeId, message: M): void;
  /** `send` to each of `to`; the message is encoded once. The list is the caller's: joint quorums, learners, observers. */
  broadcast(to: readonly NodeId[], message: M): void;
  /** Sets a timer in milliseconds of this replica's clock; setting it again replaces it. `key`: one timer per transaction, say. Default 0. */
  setTimer(timer: Timer, milliseconds: number, key?: number): void;
  clearTimer(timer: Timer, key?: number): void;
  /** Replaces the small durable state: term and vote, promised ballot, epochs. `forced` false: its loss is allowed, it holds back no send. */
  save(durable: Readonly<Durable>, forced?: boolean): void;
  /** A log over the replica's one journal; always the same object for the same name. Several where roles need it (2PC: coordinator, participant). */
  log(name?: string): Log;
  /**
   * The output that all families share: `slot` is committed, aborted or chosen. Replicated logs decide in slot order. Acts
   * at once, so a decision that rests on this replica's own disk is first sent to self.
   */
  decide(slot: Slot, outcome: Outcome): void;
  /** Atomic commitment: asks the local resource, which may wait for locks; answered by `Replica.onPrepared`, never within this call. */
  prepare(slot: Slot, command: Uint8Array): void;
  /** Atomic commitment, at restart: takes an in-doubt transaction's locks again, before new work. */
  hold(slot: Slot, command: Uint8Array): void;
  /** Answers a read once `slot` is applied here. */
  readAt(request: Request, slot: Slot): void;
  /** Atomic commitment: answers a read once no in-doubt transaction holds what it reads. */
  readLocked(request: Request): void;
  /**
   * Ties a client's request to the slot that will decide it, so that the driver answers the client when that slot is applied
   * here. Replicated logs need not call it: their driver finds the client in the command.
   */
  assign(request: Request, slot: Slot): void;
  refuse(request: Request, why: Refusal, leader: NodeId | null): void;
  /** Sends `header`, and with it the newest snapshot's state: the driver streams it, resumes it, and delivers `header` to the peer's replica once all of it is staged there. */
  sendSnapshot(to: NodeId, header: M): void;
  /** Replaces this replica's state by the snapshot whose `header` was just delivered; `slot` and `epoch` are the last that it covers. */
  installSnapshot(slot: Slot, epoch: Epoch): void;
  /** Whom to keep links with. The driver begins with the membership that it was created with. */
  connect(members: Membership): void;
  /** Tells the world, for traces, drawings and clients' hints, that this replica's role, epoch or known leader changed. */
  announce(role: string, epoch: Epoch, leader: NodeId | null): void;
  /** Milliseconds of this replica's monotonic clock. Clocks of different replicas have nothing to do with one another. */
  now(): number;
  /** A number in [0, 1); seeded in simulation. */
  random(): number;
}
