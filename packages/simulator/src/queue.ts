import { Heap } from '@quorate/driver';

/** Slots of one microsecond on the wheel: what is due within 16 ms needs no heap. More would not stay in the processor's cache. */
const SLOTS = 1 << 14;
const MASK = SLOTS - 1;
const NONE = -1;

/** Where an event's numbers stand behind its place in `#events`. */
const FIELDS = 8;
const TIME = 0;
const KIND = 1;
const A = 2;
const B = 3;
const C = 4;
const D = 5;
/** The next event of the same slot, or the next free place. */
const NEXT = 6;
/** Order of pushing, for the heap. */
const ORDER = 7;

/**
 * The simulator's event queue, ordered by (time, order of pushing). Times are integer microseconds; any other than a finite one that is not past
 * is a RangeError.
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

  /** The waiting events, `FIELDS` numbers each, so that one event is one line of the processor's cache. */
  #events = new Float64Array(1024 * FIELDS);
  readonly #payloads: unknown[] = [];
  #free = NONE;
  #used = 0;

  readonly #heap = new Heap<number>((x, y) => this.#before(x, y));
  #order = 0;

  push(time: number, kind: number, a: number, b = 0, c = 0, d = 0, payload: unknown = undefined): void {
    // Put so that NaN is refused too: it has no place in the order, and time would stand still.
    if (!(time >= this.time && time < Number.POSITIVE_INFINITY))
      throw new RangeError(`an event at ${time} µs does not lie after ${this.time} µs`);
    const event = this.#take();
    const events = this.#events;
    const at = event * FIELDS;
    events[at + TIME] = time;
    events[at + KIND] = kind;
    events[at + A] = a;
    events[at + B] = b;
    events[at + C] = c;
    events[at + D] = d;
    this.#payloads[event] = payload;
    this.size++;
    if (time - this.time < SLOTS) this.#toWheel(event, time);
    else {
      events[at + ORDER] = ++this.#order;
      this.#heap.push(event);
    }
  }

  /** Takes the next event into the public fields; false where none waits, or none that is due by `limit`. */
  next(limit = Number.POSITIVE_INFINITY): boolean {
    if (this.size === 0) return false;
    if (this.#onWheel === 0) {
      const first = this.#timeOf(this.#heap.top!);
      if (first > limit) return false;
      this.#advance(first);
    }
    const slot = this.#nextSlot();
    const event = this.#head[slot]!;
    const events = this.#events;
    const at = event * FIELDS;
    const time = events[at + TIME]!;
    if (time > limit) return false;
    if (time !== this.time) this.#advance(time);
    const after = events[at + NEXT]!;
    this.#head[slot] = after;
    if (after === NONE) this.#vacate(slot);
    this.#onWheel--;
    this.size--;
    this.kind = events[at + KIND]!;
    this.a = events[at + A]!;
    this.b = events[at + B]!;
    this.c = events[at + C]!;
    this.d = events[at + D]!;
    this.payload = this.#payloads[event];
    this.#payloads[event] = undefined;
    events[at + NEXT] = this.#free;
    this.#free = event;
    return true;
  }

  /** When the next event is due; Infinity where none waits. */
  peekTime(): number {
    if (this.size === 0) return Number.POSITIVE_INFINITY;
    if (this.#onWheel === 0) return this.#timeOf(this.#heap.top!);
    return this.#timeOf(this.#head[this.#nextSlot()]!);
  }

  /** Moves on to a time before which nothing is due, so that what its owner does then comes before all that is due at it. */
  advance(time: number): void {
    if (time < this.time || this.peekTime() < time)
      throw new RangeError(`cannot advance from ${this.time} to ${time} µs: something is due before`);
    if (time > this.time) this.#advance(time);
  }

  #advance(time: number): void {
    this.time = time;
    const heap = this.#heap;
    while (heap.size > 0 && this.#timeOf(heap.top!) - time < SLOTS) {
      const event = heap.pop()!;
      this.#toWheel(event, this.#timeOf(event));
    }
  }

  #toWheel(event: number, time: number): void {
    const slot = time & MASK;
    this.#events[event * FIELDS + NEXT] = NONE;
    if (this.#head[slot] === NONE) {
      this.#head[slot] = event;
      this.#occupied[slot >> 5]! |= 1 << (slot & 31);
      this.#occupiedWords[slot >> 10]! |= 1 << ((slot >> 5) & 31);
    } else {
      this.#events[this.#tail[slot]! * FIELDS + NEXT] = event;
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
      this.#free = this.#events[event * FIELDS + NEXT]!;
      return event;
    }
    if (this.#used * FIELDS === this.#events.length) this.#grow();
    return this.#used++;
  }

  #grow(): void {
    const grown = new Float64Array(this.#events.length * 2);
    grown.set(this.#events);
    this.#events = grown;
  }

  #timeOf(event: number): number {
    return this.#events[event * FIELDS + TIME]!;
  }

  #before(x: number, y: number): boolean {
    const difference = this.#timeOf(x) - this.#timeOf(y);
    if (difference !== 0) return difference < 0;
    return this.#events[x * FIELDS + ORDER]! < this.#events[y * FIELDS + ORDER]!;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
