import type { Operation } from './history.ts';

/**
 * The calls and returns of some operations in order of time, as a linked list from which operations can be taken out and put
 * back in reverse order. Call `i` is event `i`, its return event `count + i`; an operation of unknown outcome has no return.
 */
export class Timeline {
  readonly count: number;
  /** Answered operations by `end`. */
  readonly byEnd: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #answered: Uint8Array;

  /** @param operations sorted by `start` */
  constructor(operations: readonly Operation<unknown, unknown>[]) {
    const count = operations.length;
    this.count = count;
    this.#answered = Uint8Array.from(operations, ({ status }) => (status === 'ok' ? 1 : 0));
    this.#next = new Int32Array(2 * count + 2);
    this.#previous = new Int32Array(2 * count + 2);
    const answered: number[] = [];
    for (let i = 0; i < count; i++) if (this.#answered[i] === 1) answered.push(i);
    answered.sort((a, b) => operations[a]!.end - operations[b]!.end || a - b);
    this.byEnd = Int32Array.from(answered);
    let last = 2 * count;
    const add = (event: number): void => {
      this.#next[last] = event;
      this.#previous[event] = last;
      last = event;
    };
    let call = 0;
    for (const i of this.byEnd) {
      // At equal times calls come first, so that the two operations are concurrent.
      while (call < count && operations[call]!.start <= operations[i]!.end) add(call++);
      add(count + i);
    }
    while (call < count) add(call++);
    add(2 * count + 1);
  }

  /** The first event; `end` where none is left. */
  get first(): number {
    return this.#next[2 * this.count]!;
  }

  get end(): number {
    return 2 * this.count + 1;
  }

  after(event: number): number {
    return this.#next[event]!;
  }

  /** Takes an operation out and returns the event that came after its call. */
  remove(operation: number): number {
    if (this.#answered[operation] === 1) this.#unlink(this.count + operation);
    this.#unlink(operation);
    return this.#next[operation]!;
  }

  /** Puts back the operation that was taken out last. */
  restore(operation: number): void {
    this.#relink(operation);
    if (this.#answered[operation] === 1) this.#relink(this.count + operation);
  }

  #unlink(event: number): void {
    const previous = this.#previous[event]!;
    const next = this.#next[event]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  #relink(event: number): void {
    this.#next[this.#previous[event]!] = event;
    this.#previous[this.#next[event]!] = event;
  }
}
