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
  /** Fifo links: the message that is held back and those that came due behind it, in their order, and until when they wait. */
  readonly #waiting = new Map<number, { readonly messages: number[]; until: number }>();

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
    const queue = this.#waiting.get(link);
    if (queue !== undefined && queue.messages[0] !== message) {
      // Whatever comes due waits until the line before it is through: also what was sent later and is due at the same moment.
      if (!queue.messages.includes(message)) queue.messages.push(message);
      return Math.max(now, queue.until);
    }
    const later = this.#held.get(message);
    if (later !== undefined && !this.#dropped.has(message)) {
      this.#held.delete(message);
      const until = now + later;
      if (queue !== undefined) queue.until = until;
      else if (this.#fifo) this.#waiting.set(link, { messages: [message], until });
      return until;
    }
    queue?.messages.shift();
    if (queue?.messages.length === 0) this.#waiting.delete(link);
    return this.#dropped.has(message) ? LOST : ON_TIME;
  }
}
