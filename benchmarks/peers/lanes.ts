import type { EndHandler, LoadClient, LoadTarget } from '@quorate/cluster';
import type { Operation } from '@quorate/state-machine';

/** A connection that carries any number of operations at once. */
export interface Lane {
  /** `done` is called once, later. */
  ask(operation: Operation, done: EndHandler): void;
  close(): void;
}

export const NO_RESULT = new Uint8Array(0);
/** An operation that finds its connection gone fails after so long, so that a closed loop does not spin. */
const GONE_MILLISECONDS = 100;

/** Ends an operation that can't be sent. */
export function failLater(done: EndHandler): void {
  setTimeout(() => done('unavailable', NO_RESULT), GONE_MILLISECONDS);
}

/** Clients spread over connections, as a load's target. */
export function lanesTarget(lanes: readonly Lane[]): LoadTarget {
  const clients: LaneClient[] = [];
  return {
    client(index) {
      clients[index] ??= new LaneClient(lanes[index % lanes.length]!);
      return clients[index];
    },
    async close() {
      for (const lane of lanes) lane.close();
    },
  };
}

class LaneClient implements LoadClient {
  readonly home = 0;
  busy = false;
  readonly #lane: Lane;
  #done: EndHandler | undefined;

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  ask(operation: Operation, done: EndHandler): void {
    this.busy = true;
    this.#done = done;
    this.#lane.ask(operation, this.#ended);
  }

  readonly #ended: EndHandler = (ending, result) => {
    this.busy = false;
    this.#done!(ending, result);
  };
}

/** What is answered in the order in which it was asked: a queue that reuses its room. */
export class AnswerQueue {
  #waiting: (EndHandler | undefined)[] = new Array(64).fill(undefined);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(done: EndHandler): void {
    if (this.#length === this.#waiting.length) this.#grow();
    this.#waiting[(this.#head + this.#length) & (this.#waiting.length - 1)] = done;
    this.#length++;
  }

  /** @throws Error where nothing is waiting: an answer that nobody asked for */
  shift(): EndHandler {
    if (this.#length === 0) throw new Error('an answer came that nobody asked for');
    const done = this.#waiting[this.#head]!;
    this.#waiting[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#waiting.length - 1);
    this.#length--;
    return done;
  }

  /** Ends all that waits: nobody knows what became of it. */
  abandon(): void {
    while (this.#length > 0) this.shift()('unknown', NO_RESULT);
  }

  #grow(): void {
    const size = this.#waiting.length;
    const grown: (EndHandler | undefined)[] = new Array(2 * size).fill(undefined);
    for (let i = 0; i < size; i++) grown[i] = this.#waiting[(this.#head + i) & (size - 1)];
    this.#waiting = grown;
    this.#head = 0;
  }
}
