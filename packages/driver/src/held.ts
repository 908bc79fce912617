import type { Message, NodeId } from '@quorate/interface';

/** Messages that wait for the disk, in the order in which they were sent. What each waits for never falls, so this is a queue. */
export class HeldMessages {
  #sequences: number[] = [];
  #receivers: NodeId[] = [];
  #messages: Message[] = [];
  #causes: number[] = [];
  #head = 0;

  push(sequence: number, to: NodeId, message: Message, cause: number): void {
    this.#sequences.push(sequence);
    this.#receivers.push(to);
    this.#messages.push(message);
    this.#causes.push(cause);
  }

  /** Whether a message to `peer` is waiting. */
  waitsFor(peer: NodeId): boolean {
    return this.#receivers.indexOf(peer, this.#head) >= 0;
  }

  /** Hands out, in order, what waits for nothing beyond `sequence`. */
  releaseUpTo(sequence: number, release: (to: NodeId, message: Message, cause: number) => void): void {
    while (this.#head < this.#sequences.length && this.#sequences[this.#head]! <= sequence) {
      const at = this.#head++;
      release(this.#receivers[at]!, this.#messages[at]!, this.#causes[at]!);
    }
    if (this.#head === this.#sequences.length) {
      if (this.#head === 0) return;
      this.#sequences.length = this.#receivers.length = this.#messages.length = this.#causes.length = 0;
    } else if (this.#head < 1024) {
      return;
    } else {
      this.#sequences = this.#sequences.slice(this.#head);
      this.#receivers = this.#receivers.slice(this.#head);
      this.#messages = this.#messages.slice(this.#head);
      this.#causes = this.#causes.slice(this.#head);
    }
    this.#head = 0;
  }
}
