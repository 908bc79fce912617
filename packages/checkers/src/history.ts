/** A value as clients see it; null: absent. */
export type Value = string | number | null;

/** What a client asked of a key. `cas` sets `value` if `expected` is there; `append` adds to the end, an absent value counts as empty. */
export type Input =
  | { readonly kind: 'get' }
  | { readonly kind: 'put'; readonly value: Value }
  | { readonly kind: 'delete' }
  | { readonly kind: 'cas'; readonly expected: Value; readonly value: Value }
  | { readonly kind: 'append'; readonly value: string };

/**
 * What the client was told. `mismatch` is the answer to a `cas` that changed nothing. `value` is what a `get` returned, or what a
 * mismatched `cas` found (leave it out where that is not known); elsewhere it is ignored.
 */
export interface Output {
  readonly status: 'ok' | 'mismatch';
  readonly value?: Value;
}

/**
 * One operation of one client.
 *
 * `start` and `end` are event numbers or times of one clock, and only their order counts. A comes before B if A's `end` is
 * less than B's `start`; equal ones count as concurrent, which can only make a check milder. Number the events where possible.
 */
export interface Operation<I = Input, O = Output> {
  /** Who asked: one operation at a time; a new number after an operation whose outcome is unknown. */
  readonly process: number;
  /** The object operated on; operations on different keys do not influence one another. */
  readonly key?: string;
  readonly input: I;
  readonly output?: O;
  readonly start: number;
  /** When the answer came; `Infinity` where none did. */
  readonly end: number;
  /**
   * - `ok`: answered; took effect between `start` and `end`. A mismatched `cas` is `ok` too.
   * - `fail`: surely had no effect.
   * - `unknown`: may have taken effect at any time after `start`, or may yet, or never will. Its `end` and `output` are ignored.
   */
  readonly status: 'ok' | 'fail' | 'unknown';
}

/**
 * The parts of a history that can be checked by themselves, by key, each sorted by `start`. Failed operations are left out.
 * @throws RangeError on times that are no numbers, an end before its start, or an answered operation without an end.
 */
export function partitionHistory<I, O>(
  history: readonly Operation<I, O>[],
  partition: (operation: Operation<I, O>) => string,
): Map<string, Operation<I, O>[]> {
  const parts = new Map<string, Operation<I, O>[]>();
  for (const operation of history) {
    const { start, end, status } = operation;
    if (Number.isNaN(start) || Number.isNaN(end) || end < start)
      throw new RangeError(`an operation cannot last from ${start} to ${end}`);
    if (status === 'ok' && end === Number.POSITIVE_INFINITY)
      throw new RangeError(`the operation of process ${operation.process} at ${start} is ok but never ended`);
    if (status === 'fail') continue;
    const key = partition(operation);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [operation]);
    else part.push(operation);
  }
  for (const part of parts.values()) part.sort((a, b) => a.start - b.start);
  return parts;
}
