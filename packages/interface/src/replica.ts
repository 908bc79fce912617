import type { NodeId, Slot, Vote } from './identifiers.ts';
import type { Message } from './messages.ts';
import type { Request } from './requests.ts';

/** One replica of a protocol: a state machine that is told of inputs and acts through its ports. All calls are synchronous. */
export interface Replica<M extends Message, Timer extends string, State> {
  /** Plain data without functions or cycles: cloned, hashed, checked, drawn. The same object for the replica's whole life, changed in place. */
  readonly state: Readonly<State>;
  /** Called once, before any other input, with durable state and logs already recovered. */
  start(): void;
  /** One switch over the message union that ends in `satisfies never`, one method per message. */
  onMessage(from: NodeId, message: M): void;
  onTimer(timer: Timer, key: number): void;
  onRequest(request: Request): void;
  /** Atomic commitment: the local resource's answer to `Ports.prepare`. */
  onPrepared(slot: Slot, vote: Vote): void;
  /** Fifo links: a session with `peer` delivers a prefix of what was sent, and nothing of it after the next `up`. */
  onLink(peer: NodeId, up: boolean): void;
  /** The driver has made a durable snapshot of everything up to `slot`, which may be forgotten from the log. */
  onSnapshot(slot: Slot): void;
  /** Called after each burst of inputs: here one batch is sent, not one per input. */
  settle(): void;
}
