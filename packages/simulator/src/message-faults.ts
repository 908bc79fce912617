import type { NodeId } from '@quorate/interface';

/** The message is lost. */
export const LOST = -1;
/** It arrives when it is due. */
export const ON_TIME = 0;

/** Single messages that a plan drops or holds back, by their number in the run. */
export class MessageFaults {
  /** Whether any message is touched; else there is nothing to ask. */
  active = false;
  readonly #fifo: boolean;
  readonly #dropped = new Set<number>();
  readonly #held = new Map<number, number>();
  /** Fifo links: the message for which those behind it wait, and its time. */
  readonly #blocking = new Map<number, { readonly message: number; readonly until: number }>();

  constructor(fifo: boolean) {
    this.#fifo = fifo;
  }

  drop(message: number): void {
    this.active = true;
    this.#dropped.add(message);
  }

  /** @param microseconds how much later it is to arrive */
  hold(message: number, microseconds: number): void {
    this.active = true;
    this.#held.set(message, microseconds);
  }

  /** What becomes of a message that is due now: `LOST`, `ON_TIME`, or the virtual time at which it is due instead. */
  dueAt(message: number, from: NodeId, to: NodeId, now: number): number {
    const link = from * 0x1_0000 + to;
    const blocking = this.#blocking.get(link);
    if (blocking !== undefined && blocking.message !== message) return blocking.until; // it comes in behind it there
    this.#blocking.delete(link);
    if (this.#dropped.has(message)) return LOST;
    const later = this.#held.get(message);
    if (later === undefined) return ON_TIME;
    this.#held.delete(message);
    const until = now + later;
    if (this.#fifo) this.#blocking.set(link, { message, until });
    return until;
  }
}
