import { Heap } from './heap.ts';

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
  readonly #heap = new Heap<Armed>(
    (a, b) => a.scheduled < b.scheduled || (a.scheduled === b.scheduled && a.order < b.order),
  );
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
    this.#heap.push(fresh);
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
    return this.#heap.top?.scheduled ?? Number.POSITIVE_INFINITY;
  }

  /** Takes the next timer due at `now`, or returns undefined. */
  takeDue(now: number): { readonly timer: string; readonly key: number } | undefined {
    while (this.next <= now) {
      const armed = this.#heap.pop()!;
      if (armed.deadline === Number.POSITIVE_INFINITY) continue;
      if (armed.deadline > now) {
        armed.scheduled = armed.deadline;
        this.#heap.push(armed);
        continue;
      }
      this.#byName.get(armed.timer)!.delete(armed.key);
      return armed;
    }
    return undefined;
  }
}
