interface Armed {
  readonly timer: string;
  readonly key: number;
  /** When it is due; Infinity once cleared. */
  deadline: number;
  /** When its heap node comes up; at or before `deadline` (a timer set again later keeps its node). */
  scheduled: number;
  /** Order of setting, so that equal deadlines fire in the order in which they were set. */
  order: number;
}

/**
 * One replica's timers in its own milliseconds. Setting a timer again to a later time, which protocols do with each heartbeat, moves no
 * heap node: the old node comes up, finds the later deadline and goes back.
 */
export class Timers {
  readonly #heap: Armed[] = [];
  readonly #byName = new Map<string, Map<number, Armed>>();
  #order = 0;

  set(timer: string, key: number, deadline: number): void {
    let keys = this.#byName.get(timer);
    if (keys === undefined) {
      keys = new Map();
      this.#byName.set(timer, keys);
    }
    const armed = keys.get(key);
    if (armed !== undefined) {
      armed.order = ++this.#order;
      armed.deadline = deadline;
      if (deadline >= armed.scheduled) return;
      armed.deadline = Number.POSITIVE_INFINITY; // its node is too late: it is left to expire, and a new one takes over
    }
    const fresh: Armed = { timer, key, deadline, scheduled: deadline, order: ++this.#order };
    keys.set(key, fresh);
    this.#push(fresh);
  }

  clear(timer: string, key: number): void {
    const keys = this.#byName.get(timer);
    const armed = keys?.get(key);
    if (armed === undefined) return;
    armed.deadline = Number.POSITIVE_INFINITY;
    keys!.delete(key);
  }

  /** When something may be due: at or before the earliest deadline; Infinity without timers. */
  get next(): number {
    return this.#heap.length === 0 ? Number.POSITIVE_INFINITY : this.#heap[0]!.scheduled;
  }

  /** Takes the next timer due at `now`, or returns undefined. */
  takeDue(now: number): { readonly timer: string; readonly key: number } | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.scheduled <= now) {
      const armed = this.#pop();
      if (armed.deadline === Number.POSITIVE_INFINITY) continue;
      if (armed.deadline > now) {
        armed.scheduled = armed.deadline;
        this.#push(armed);
        continue;
      }
      this.#byName.get(armed.timer)!.delete(armed.key);
      return armed;
    }
    return undefined;
  }

  #before(a: Armed, b: Armed): boolean {
    return a.scheduled < b.scheduled || (a.scheduled === b.scheduled && a.order < b.order);
  }

  #push(armed: Armed): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(armed);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(armed, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = armed;
  }

  #pop(): Armed {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
