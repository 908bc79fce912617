import type { Message, NodeId } from '@quorate/interface';

/**
 * Messages that wait for the disk, in the order in which they were sent. What each waits for never falls, so this is a queue; its
 * places are used again, since it runs empty with almost every flush.
 */
export class HeldMessages {
  readonly #sequences: number[] = [];
  readonly #receivers: NodeId[] = [];
  readonly #messages: (Message | undefined)[] = [];
  readonly #causes: number[] = [];
  #head = 0;
  #tail = 0;

  push(sequence: number, to: NodeId, message: Message, cause: number): void {
    const at = this.#tail++;
    this.#sequences[at] = sequence;
    this.#receivers[at] = to;
    this.#messages[at] = message;
    this.#causes[at] = cause;
  }

  /** Whether a message to `peer` is waiting. */
  waitsFor(peer: NodeId): boolean {
    for (let at = this.#head; at < this.#tail; at++) if (this.#receivers[at] === peer) return true;
    return false;
  }

  /** Hands out, in order, what waits for nothing beyond `sequence`. */
  releaseUpTo(sequence: number, release: (to: NodeId, message: Message, cause: number) => void): void {
    while (this.#head < this.#tail && this.#sequences[this.#head]! <= sequence) {
      const at = this.#head++;
      const message = this.#messages[at]!;
      this.#messages[at] = undefined;
      release(this.#receivers[at]!, message, this.#causes[at]!);
    }
    if (this.#head === this.#tail) this.#head = this.#tail = 0;
    else if (this.#head >= 1024) this.#moveToFront();
  }

  #moveToFront(): void {
    const head = this.#head;
    for (const column of [this.#sequences, this.#receivers, this.#messages, this.#causes])
      column.copyWithin(0, head, this.#tail);
    this.#tail -= head;
    this.#head = 0;
    this.#messages.fill(undefined, this.#tail);
  }
}
