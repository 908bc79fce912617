/**
 * What can be recorded of a run. Each event has a time, a node and up to four numbers; what they mean per kind:
 *
 * | kind | node | a | b | c | d |
 * |---|---|---|---|---|---|
 * | send | from | to | message id | type (name id) | cause |
 * | deliver | to | from | message id | – | cause |
 * | drop | to | from | message id | reason (name id) | – |
 * | write | node | journal sequence | 1 if forced | cause | – |
 * | sync | node | sequence durable now | – | – | – |
 * | timer | node | timer (name id) | key | – | – |
 * | decide | node | slot | 0 committed, 1 aborted, 2 chosen | – | – |
 * | apply | node | slot | – | – | – |
 * | role | node | role (name id) | epoch | leader, -1 if unknown | – |
 * | request | node | client | sequence | cause | – |
 * | respond | node | client | sequence | 0 ok, else refusal (name id) | cause |
 * | invoke | client | operation | node beside which the client is | – | – |
 * | ask | client | operation | node asked | – | – |
 * | answer | client | operation | node that answers | 0 ok, else refusal (name id) | – |
 * | return | client | operation | 0 ok, 1 fail, 2 unknown | – | – |
 * | crash, restart, halt | node | reason (name id) | – | – | – |
 * | fault | – | index in the plan | 1 begin, 0 end, 2 over at once | – | – |
 * | snapshot | node | slot | 0 made, 1 installed | – | – |
 *
 * `ask` and `answer` are at the client: when a request leaves it, again for each retry, and when an answer reaches it.
 * A message's id counts all messages of the run. The cause is the client operation that a message or write descends from, 0 for timers.
 */
export const TRACE_KINDS = [
  'send',
  'deliver',
  'drop',
  'write',
  'sync',
  'timer',
  'decide',
  'apply',
  'role',
  'request',
  'respond',
  'invoke',
  'return',
  'crash',
  'restart',
  'halt',
  'fault',
  'snapshot',
  'ask',
  'answer',
] as const;

export type TraceKind = (typeof TRACE_KINDS)[number];

/** Kinds as small integers, for the hot path: `trace.add(Kind.send, …)`. */
export const Kind = {
  send: 0,
  deliver: 1,
  drop: 2,
  write: 3,
  sync: 4,
  timer: 5,
  decide: 6,
  apply: 7,
  role: 8,
  request: 9,
  respond: 10,
  invoke: 11,
  return: 12,
  crash: 13,
  restart: 14,
  halt: 15,
  fault: 16,
  snapshot: 17,
  ask: 18,
  answer: 19,
} as const satisfies Record<TraceKind, number>;

/** One recorded event; see `TRACE_KINDS` for the meaning of `a` to `d`. `time` is in microseconds from the start of the run. */
export interface TraceEvent {
  readonly time: number;
  readonly kind: TraceKind;
  readonly node: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** `full` keeps every event; `counted` keeps counts and the hash only, at a fraction of the memory. The hash is the same. */
export type TraceMode = 'full' | 'counted';

const STRIDE = 7;
const ROWS_PER_CHUNK = 1 << 14;

/**
 * The one append-only record of a run. Costs, latencies, verdicts and pictures are derived from it. Events are rows of numbers in
 * preallocated chunks, so that recording costs a few stores and makes no garbage.
 */
export class Trace {
  readonly mode: TraceMode;
  /** The time stamped on events, microseconds; set by whoever owns the clock. */
  time = 0;
  /** How many events of each kind were seen. */
  readonly counts = new Float64Array(TRACE_KINDS.length);
  readonly #chunks: Float64Array[] = [];
  #chunk: Float64Array = new Float64Array(0);
  #position = 0;
  #hashA = 0x2545f491;
  #hashB = 0x4f6cdd1d;
  readonly #names: string[] = [];
  readonly #ids = new Map<string, number>();

  constructor(mode: TraceMode = 'counted') {
    this.mode = mode;
  }

  /** The number that stands for a name (message type, timer, role, reason) in this trace. */
  id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#names.length;
    this.#names.push(name);
    this.#ids.set(name, id);
    for (let i = 0; i < name.length; i++) this.#mix(name.charCodeAt(i), id, 0, 0, 0, 0);
    return id;
  }

  /** The name behind an id. */
  name(id: number): string {
    return this.#names[id] ?? `#${id}`;
  }

  /** Every name that has an id, in the order of their ids. */
  get names(): readonly string[] {
    return this.#names;
  }

  add(kind: number, node: number, a = 0, b = 0, c = 0, d = 0): void {
    this.counts[kind]!++;
    this.#mix(kind | (node << 8), this.time, a, b, c, d);
    if (this.mode === 'full') this.#store(kind, node, a, b, c, d);
  }

  /** Sixteen hexadecimal digits over all events so far, in order. Equal runs have equal hashes, whatever the mode. */
  hash(): string {
    const hex = (n: number) => (n >>> 0).toString(16).padStart(8, '0');
    return hex(this.#hashA ^ (this.#hashB >>> 15)) + hex(this.#hashB);
  }

  /** Events recorded; 0 in `counted` mode. */
  get length(): number {
    const filled = this.#chunks.length === 0 ? 0 : (this.#chunks.length - 1) * ROWS_PER_CHUNK;
    return filled + this.#position / STRIDE;
  }

  /** The event at `index`, 0 to `length - 1`. */
  at(index: number): TraceEvent {
    if (index < 0 || index >= this.length)
      throw new RangeError(`no event ${index} in a trace of ${this.length}`);
    const chunk = this.#chunks[Math.floor(index / ROWS_PER_CHUNK)]!;
    const row = (index % ROWS_PER_CHUNK) * STRIDE;
    return {
      time: chunk[row]!,
      kind: TRACE_KINDS[chunk[row + 1]!]!,
      node: chunk[row + 2]!,
      a: chunk[row + 3]!,
      b: chunk[row + 4]!,
      c: chunk[row + 5]!,
      d: chunk[row + 6]!,
    };
  }

  /** The recorded events in order. */
  *[Symbol.iterator](): Generator<TraceEvent> {
    const length = this.length;
    for (let i = 0; i < length; i++) yield this.at(i);
  }

  #store(kind: number, node: number, a: number, b: number, c: number, d: number): void {
    if (this.#position === this.#chunk.length) {
      this.#chunk = new Float64Array(ROWS_PER_CHUNK * STRIDE);
      this.#chunks.push(this.#chunk);
      this.#position = 0;
    }
    const chunk = this.#chunk;
    const at = this.#position;
    chunk[at] = this.time;
    chunk[at + 1] = kind;
    chunk[at + 2] = node;
    chunk[at + 3] = a;
    chunk[at + 4] = b;
    chunk[at + 5] = c;
    chunk[at + 6] = d;
    this.#position = at + STRIDE;
  }

  /** Two multiply-rotate lanes over the words of an event; numbers beyond 31 bits give their high parts too. */
  #mix(head: number, time: number, a: number, b: number, c: number, d: number): void {
    let x = Math.imul(this.#hashA ^ head ^ a, 0x9e3779b1);
    let y = Math.imul(this.#hashB ^ time ^ Math.imul(b, 0x27d4eb2f), 0x85ebca6b);
    x = ((x << 13) | (x >>> 19)) ^ c;
    y = ((y << 17) | (y >>> 15)) ^ Math.imul(d, 0x165667b1);
    if (time > SMALL || a > SMALL || b > SMALL || c > SMALL || d > SMALL) {
      y = Math.imul(y ^ ((time + 3 * a + 7 * b + 13 * c + 29 * d) / 0x1_0000_0000), 0x7feb352d);
    }
    this.#hashA = Math.imul(x, 0xc2b2ae35) ^ y;
    this.#hashB = y;
  }
}

/** Numbers up to here have no high part. */
const SMALL = 0x7fff_ffff;
