/** Slots of one microsecond on the wheel: what is due within about a quarter of a second needs no heap. */
const SLOTS = 1 << 18;
const MASK = SLOTS - 1;
const NONE = -1;

/**
 * The simulator's event queue, ordered by (time, order of pushing). Times are integer microseconds.
 *
 * A timing wheel: each slot is a queue of the events due in that microsecond, found through two levels of bitmaps; what lies beyond
 * the wheel waits in a binary heap. Events move from heap to wheel the moment the wheel reaches their time, before any handler at that
 * moment can push to the same time, so order of pushing is kept. Fields live in typed arrays: pushing and popping make no garbage.
 *
 * After `next()` returned true, the event is in `time`, `kind`, `a` to `d` and `payload`.
 */
export class EventQueue {
  time = 0;
  kind = 0;
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  payload: unknown = undefined;
  /** Events waiting. */
  size = 0;

  readonly #head = new Int32Array(SLOTS).fill(NONE);
  readonly #tail = new Int32Array(SLOTS);
  readonly #occupied = new Int32Array(SLOTS >> 5);
  readonly #occupiedWords = new Int32Array(SLOTS >> 10);
  #onWheel = 0;

  #times = new Float64Array(1024);
  #kinds = new Uint8Array(1024);
  #as = new Int32Array(1024);
  #bs = new Int32Array(1024);
  #cs = new Float64Array(1024);
  #ds = new Float64Array(1024);
  #nexts = new Int32Array(1024);
  #orders = new Float64Array(1024);
  readonly #payloads: unknown[] = [];
  #free = NONE;
  #used = 0;

  readonly #heap: number[] = [];
  #order = 0;

  push(time: number, kind: number, a: number, b = 0, c = 0, d = 0, payload: unknown = undefined): void {
    if (time < this.time) throw new RangeError(`an event at ${time} µs lies in the past of ${this.time} µs`);
    const event = this.#take();
    this.#times[event] = time;
    this.#kinds[event] = kind;
    this.#as[event] = a;
    this.#bs[event] = b;
    this.#cs[event] = c;
    this.#ds[event] = d;
    this.#payloads[event] = payload;
    this.size++;
    if (time - this.time < SLOTS) this.#toWheel(event, time);
    else this.#toHeap(event);
  }

  /** Takes the next event into the public fields; false where none waits, or none that is due by `limit`. */
  next(limit = Number.POSITIVE_INFINITY): boolean {
    if (this.size === 0) return false;
    if (this.#onWheel === 0) {
      const first = this.#times[this.#heap[0]!]!;
      if (first > limit) return false;
      this.#advance(first);
    }
    const slot = this.#nextSlot();
    const event = this.#head[slot]!;
    const time = this.#times[event]!;
    if (time > limit) return false;
    if (time !== this.time) this.#advance(time);
    const after = this.#nexts[event]!;
    this.#head[slot] = after;
    if (after === NONE) this.#vacate(slot);
    this.#onWheel--;
    this.size--;
    this.kind = this.#kinds[event]!;
    this.a = this.#as[event]!;
    this.b = this.#bs[event]!;
    this.c = this.#cs[event]!;
    this.d = this.#ds[event]!;
    this.payload = this.#payloads[event];
    this.#payloads[event] = undefined;
    this.#nexts[event] = this.#free;
    this.#free = event;
    return true;
  }

  /** When the next event is due; Infinity where none waits. */
  peekTime(): number {
    if (this.size === 0) return Number.POSITIVE_INFINITY;
    if (this.#onWheel === 0) return this.#times[this.#heap[0]!]!;
    return this.#times[this.#head[this.#nextSlot()]!]!;
  }

  #advance(time: number): void {
    this.time = time;
    const heap = this.#heap;
    while (heap.length > 0 && this.#times[heap[0]!]! - time < SLOTS) {
      const event = this.#fromHeap();
      this.#toWheel(event, this.#times[event]!);
    }
  }

  #toWheel(event: number, time: number): void {
    const slot = time & MASK;
    this.#nexts[event] = NONE;
    if (this.#head[slot] === NONE) {
      this.#head[slot] = event;
      this.#occupied[slot >> 5]! |= 1 << (slot & 31);
      this.#occupiedWords[slot >> 10]! |= 1 << ((slot >> 5) & 31);
    } else {
      this.#nexts[this.#tail[slot]!] = event;
    }
    this.#tail[slot] = event;
    this.#onWheel++;
  }

  #vacate(slot: number): void {
    const word = slot >> 5;
    this.#occupied[word]! &= ~(1 << (slot & 31));
    if (this.#occupied[word] === 0) this.#occupiedWords[word >> 5]! &= ~(1 << (word & 31));
  }

  /** The first occupied slot at or after the present time, going round. */
  #nextSlot(): number {
    const slot = this.time & MASK;
    let word = slot >> 5;
    const here = this.#occupied[word]! & (-1 << (slot & 31));
    if (here !== 0) return (word << 5) | lowestBit(here);
    let group = word >> 5;
    const rest = (word & 31) === 31 ? 0 : this.#occupiedWords[group]! & (-1 << ((word & 31) + 1));
    if (rest !== 0) {
      word = (group << 5) | lowestBit(rest);
      return (word << 5) | lowestBit(this.#occupied[word]!);
    }
    const groups = this.#occupiedWords.length;
    do group = group + 1 === groups ? 0 : group + 1;
    while (this.#occupiedWords[group] === 0);
    word = (group << 5) | lowestBit(this.#occupiedWords[group]!);
    return (word << 5) | lowestBit(this.#occupied[word]!);
  }

  #take(): number {
    if (this.#free !== NONE) {
      const event = this.#free;
      this.#free = this.#nexts[event]!;
      return event;
    }
    if (this.#used === this.#times.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const capacity = this.#times.length * 2;
    const grown = <T extends Float64Array | Int32Array | Uint8Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.#times = grown(this.#times, new Float64Array(capacity));
    this.#kinds = grown(this.#kinds, new Uint8Array(capacity));
    this.#as = grown(this.#as, new Int32Array(capacity));
    this.#bs = grown(this.#bs, new Int32Array(capacity));
    this.#cs = grown(this.#cs, new Float64Array(capacity));
    this.#ds = grown(this.#ds, new Float64Array(capacity));
    this.#nexts = grown(this.#nexts, new Int32Array(capacity));
    this.#orders = grown(this.#orders, new Float64Array(capacity));
  }

  #before(x: number, y: number): boolean {
    const difference = this.#times[x]! - this.#times[y]!;
    return difference < 0 || (difference === 0 && this.#orders[x]! < this.#orders[y]!);
  }

  #toHeap(event: number): void {
    this.#orders[event] = ++this.#order;
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(event, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #fromHeap(): number {
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

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
