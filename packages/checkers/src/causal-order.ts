import { type Operation, partitionHistory, type Value } from './history.ts';

/** What a read returned where that is no write's value: the initial one, or one that nobody wrote. */
export const INITIAL = -1;
export const UNWRITTEN = -2;

/** The writes of one session to one key: their operations, and their places in the session, both ascending. */
export interface OwnWrites {
  readonly session: number;
  readonly operations: readonly number[];
  readonly places: readonly number[];
}

/** The operations of a history of `get` and `put` that say something, by session, and who read from whom. */
export interface Sessions {
  /** What every key holds at first. */
  readonly initial: Value;
  readonly operations: readonly Operation[];
  /** Per session its operations in the order in which it asked. */
  readonly sessions: readonly (readonly number[])[];
  /** Per operation its session and its place there. */
  readonly sessionOf: Int32Array;
  readonly placeOf: Int32Array;
  /** Per read the write whose value it returned, or `INITIAL` or `UNWRITTEN`; of a write, itself. */
  readonly source: Int32Array;
  /** Per operation the number of its key. */
  readonly keyOf: Int32Array;
  /** Per key the writes, by session. */
  readonly writes: readonly ReadonlyMap<number, OwnWrites>[];
}

/**
 * Sorts a history into sessions. Failed operations and reads of unknown outcome are left out; so are writes of unknown outcome
 * whose value nobody read. A process whose operation ended unknown begins a new session, since that operation may happen later.
 * @returns why it cannot be done, as text, where a value does not tell who wrote it or there are other kinds of operations
 * @throws RangeError on operations whose times make no sense, or reads that are ok without a value
 */
export function toSessions(history: readonly Operation[], initial: Value): Sessions | string {
  const sorted = partitionHistory(history, () => '').get('') ?? [];
  const keys = new Map<string, number>();
  const writers: Map<Value, number>[] = [];
  const seen = new Uint8Array(sorted.length);
  const keyed = sorted.map(({ key = '' }) => {
    const known = keys.get(key);
    if (known !== undefined) return known;
    writers.push(new Map());
    keys.set(key, keys.size);
    return keys.size - 1;
  });
  for (const [i, { input }] of sorted.entries()) {
    if (input.kind === 'get') continue;
    if (input.kind !== 'put')
      return `some writes are no puts (${input.kind}), and only gets and puts can be judged`;
    const writer = writers[keyed[i]!]!;
    if (writer.has(input.value) || input.value === initial)
      return `${JSON.stringify(input.value)} does not tell who wrote it: ${input.value === initial ? 'the initial value is written' : 'it is written twice'}`;
    writer.set(input.value, i);
  }
  const sourceAt = (i: number): number => {
    const { input, output, status } = sorted[i]!;
    if (input.kind !== 'get') return i;
    if (status !== 'ok') return UNWRITTEN;
    if (output?.value === undefined)
      throw new RangeError('a get that is ok must have an output with a value');
    return output.value === initial ? INITIAL : (writers[keyed[i]!]!.get(output.value) ?? UNWRITTEN);
  };
  const sources = sorted.map((_, i) => sourceAt(i));
  sorted.forEach(({ input }, i) => {
    if (input.kind === 'get' && sources[i]! >= 0) seen[sources[i]!] = 1;
  });
  const kept = [...sorted.keys()].filter((i) => sorted[i]!.status === 'ok' || seen[i] === 1);
  const position = new Int32Array(sorted.length).fill(-1);
  kept.forEach((i, at) => {
    position[i] = at;
  });
  const source = Int32Array.from(kept, (i) => (sources[i]! < 0 ? sources[i]! : position[sources[i]!]!));
  const keyOf = Int32Array.from(kept, (i) => keyed[i]!);
  return arrange(
    initial,
    kept.map((i) => sorted[i]!),
    source,
    keyOf,
    keys.size,
  );
}

function arrange(
  initial: Value,
  operations: readonly Operation[],
  source: Int32Array,
  keyOf: Int32Array,
  keys: number,
): Sessions {
  const sessions: number[][] = [];
  const current = new Map<number, number>();
  const sessionOf = new Int32Array(operations.length);
  const placeOf = new Int32Array(operations.length);
  interface Growing extends OwnWrites {
    readonly operations: number[];
    readonly places: number[];
  }
  const writes = Array.from({ length: keys }, () => new Map<number, Growing>());
  operations.forEach(({ process, status }, i) => {
    let session = current.get(process);
    if (session === undefined) {
      session = sessions.length;
      sessions.push([]);
      current.set(process, session);
    }
    sessionOf[i] = session;
    placeOf[i] = sessions[session]!.push(i) - 1;
    if (status === 'unknown') current.delete(process);
    if (source[i] !== i) return;
    let mine = writes[keyOf[i]!]!.get(session);
    if (mine === undefined) {
      mine = { session, operations: [], places: [] };
      writes[keyOf[i]!]!.set(session, mine);
    }
    mine.operations.push(i);
    mine.places.push(placeOf[i]!);
  });
  return { initial, operations, sessions, sessionOf, placeOf, source, keyOf, writes };
}

/**
 * An order that contains the order of each session, given edges between operations and what follows from both, as vector clocks:
 * for each operation, how many of each session's operations come before it or are it.
 */
export class Clocks {
  /** The operations on a cycle, each before the next and the last before the first; undefined where there is none. */
  readonly cycle: readonly number[] | undefined;
  /** All operations, each after those before it. Only some where there is a cycle. */
  readonly topological: readonly number[];
  readonly #sessions: Sessions;
  readonly #width: number;
  readonly #clocks: Int32Array;

  /** @param before per operation the operations that come before it, besides its session's */
  constructor(sessions: Sessions, before: readonly (readonly number[])[]) {
    this.#sessions = sessions;
    this.#width = sessions.sessions.length;
    const count = sessions.operations.length;
    this.#clocks = new Int32Array(count * this.#width);
    const previous = (i: number): number => {
      const place = sessions.placeOf[i]!;
      return place === 0 ? -1 : sessions.sessions[sessions.sessionOf[i]!]![place - 1]!;
    };
    const waiting = new Int32Array(count);
    const after: number[][] = Array.from({ length: count }, () => []);
    for (let i = 0; i < count; i++) {
      const all = previous(i) < 0 ? before[i]! : [previous(i), ...before[i]!];
      waiting[i] = all.length;
      for (const one of all) after[one]!.push(i);
    }
    const topological = [...waiting.keys()].filter((i) => waiting[i] === 0);
    for (let at = 0; at < topological.length; at++) {
      const i = topological[at]!;
      if (previous(i) >= 0) this.#join(i, previous(i));
      for (const one of before[i]!) this.#join(i, one);
      this.#clocks[i * this.#width + sessions.sessionOf[i]!] = sessions.placeOf[i]! + 1;
      for (const next of after[i]!) if (--waiting[next]! === 0) topological.push(next);
    }
    this.topological = topological;
    if (topological.length === count) return;
    // Each operation left waits for another one left: going back from one to the next comes round.
    const path = [waiting.findIndex((left) => left > 0)];
    const at = new Map([[path[0]!, 0]]);
    for (;;) {
      const last = path.at(-1)!;
      const cause = [previous(last), ...before[last]!].find((one) => one >= 0 && waiting[one]! > 0)!;
      const known = at.get(cause);
      if (known !== undefined) {
        this.cycle = path.slice(known).reverse();
        return;
      }
      at.set(cause, path.length);
      path.push(cause);
    }
  }

  /** Whether `a` comes before `b`. */
  before(a: number, b: number): boolean {
    return a !== b && this.upTo(b, this.#sessions.sessionOf[a]!) > this.#sessions.placeOf[a]!;
  }

  /** How many operations of a session come before the operation or are it. */
  upTo(operation: number, session: number): number {
    return this.#clocks[operation * this.#width + session]!;
  }

  /** The last of a session's writes to a key that comes before the operation (or is it); or -1. */
  lastBefore(operation: number, writes: OwnWrites): number {
    const limit = this.upTo(operation, writes.session);
    let low = 0;
    let high = writes.places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (writes.places[middle]! < limit) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : writes.operations[low - 1]!;
  }

  /** The first of a session's writes to a key that comes after the operation; or -1. */
  firstAfter(operation: number, writes: OwnWrites): number {
    let low = 0;
    let high = writes.operations.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.before(operation, writes.operations[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low === writes.operations.length ? -1 : writes.operations[low]!;
  }

  #join(into: number, from: number): void {
    const width = this.#width;
    const clocks = this.#clocks;
    for (let s = 0; s < width; s++) {
      const known = clocks[from * width + s]!;
      if (known > clocks[into * width + s]!) clocks[into * width + s] = known;
    }
  }
}

/** Bounds of the checks that need the causal order. */
export interface CausalOptions {
  /** What every key holds at first, by default null. */
  readonly initial?: Value;
  /** Bytes for vector clocks, four per operation and session. Default 1 GiB. Where they need more, the verdict is `unknown`. */
  readonly memory?: number;
}

/** A history's sessions, or as text why they cannot be had within the bounds. */
export function boundedSessions(
  history: readonly Operation[],
  { initial = null, memory = 2 ** 30 }: CausalOptions,
): Sessions | string {
  const sessions = toSessions(history, initial);
  if (typeof sessions === 'string') return sessions;
  const { length } = sessions.operations;
  if (4 * length * sessions.sessions.length <= memory) return sessions;
  return `${length} operations in ${sessions.sessions.length} sessions need more memory than the bound`;
}

/** A history's sessions and causal order, or as text why there is none. */
export function causalOrder(
  history: readonly Operation[],
  options: CausalOptions,
): { readonly sessions: Sessions; readonly clocks: Clocks } | string {
  const sessions = boundedSessions(history, options);
  if (typeof sessions === 'string') return sessions;
  return { sessions, clocks: new Clocks(sessions, readsFrom(sessions)) };
}

/** Per operation the write that it read from, as edges. */
export function readsFrom({ operations, source }: Sessions): number[][] {
  return operations.map((_, i) => (source[i]! >= 0 && source[i] !== i ? [source[i]!] : []));
}
