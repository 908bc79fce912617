import {
  boundedSessions,
  type CausalOptions,
  Clocks,
  INITIAL,
  inWords,
  readsFrom,
  type Sessions,
  UNWRITTEN,
} from './causal-order.ts';
import type { Operation } from './history.ts';
import { Interleaving } from './interleaving.ts';
import type { Verdict } from './verdict.ts';

export interface SequentialOptions extends CausalOptions {
  /** Operations placed by the search, and operations looked at by the inference before it. Default 20 million. */
  readonly steps?: number;
}

/**
 * - `order` (ok): all operations that matter, in one order that explains every read and keeps the order of each process.
 * - `unwritten` (violated): a read of a value that nobody wrote.
 * - `cycle` (violated): operations each of which must come before the next, and the last one before the first.
 * - `stuck` (violated): the search tried all. `order` is the longest that it found, `next` what each process would do then.
 */
export type SequentialWitness =
  | { readonly kind: 'order'; readonly order: readonly Operation[] }
  | { readonly kind: 'unwritten' | 'cycle'; readonly operations: readonly Operation[] }
  | { readonly kind: 'stuck'; readonly order: readonly Operation[]; readonly next: readonly Operation[] };

export interface SequentialVerdict extends Verdict<SequentialWitness> {
  readonly check: 'sequential';
  readonly steps: number;
}

/**
 * Whether a history of `get` and `put` with unique values per key is sequentially consistent (Lamport 1979): one order of all
 * operations explains every read and keeps the order of each process. Real time plays no part, and keys are judged together, for
 * histories that are sequential key by key need not be so as a whole.
 *
 * The problem is NP-complete even with unique values. First what any such order must contain is inferred, until nothing new follows;
 * a cycle in it is a violation. Then a search looks for the order within what was inferred. `ok` and `violated` are proofs; where
 * the bound on steps or memory is reached the verdict is `unknown`, as it is where a value does not tell who wrote it or there
 * are other kinds of operations.
 * @throws RangeError on operations whose times make no sense, or reads that are ok without a value
 */
export function checkSequential(
  history: readonly Operation[],
  options: SequentialOptions = {},
): SequentialVerdict {
  const check = 'sequential';
  const bound = options.steps ?? 20_000_000;
  const sessions = boundedSessions(history, options);
  if (typeof sessions === 'string') return { check, verdict: 'unknown', detail: sessions, steps: 0 };
  const shown = (found: readonly number[]): Operation[] => found.map((i) => sessions.operations[i]!);
  const unwritten = sessions.source.indexOf(UNWRITTEN);
  if (unwritten >= 0) {
    const witness = { kind: 'unwritten', operations: shown([unwritten]) } as const;
    const detail = `nobody wrote what this returned: ${inWords(witness.operations)}.`;
    return { check, verdict: 'violated', detail, witness, steps: 0 };
  }
  const { before, cycle, steps: inferred } = saturate(sessions, bound);
  if (cycle !== undefined) {
    const witness = { kind: 'cycle', operations: shown(cycle) } as const;
    const detail = `each of these must come before the next, and the last one before the first: ${inWords(witness.operations)}.`;
    return { check, verdict: 'violated', detail, witness, steps: inferred };
  }
  const search = new Interleaving(sessions, before, bound - inferred, options.memory ?? 2 ** 30);
  const verdict = search.run();
  const steps = inferred + search.steps;
  if (verdict === 'unknown')
    return { check, verdict, detail: `no answer within ${bound} steps or the memory given`, steps };
  const order = shown(search.best);
  if (verdict === 'ok') {
    const detail = `${order.length} operations in ${sessions.sessions.length} sessions, and an order that explains them`;
    return { check, verdict, detail, witness: { kind: 'order', order }, steps };
  }
  const next = shown(search.nextOfBest);
  const detail = `no order explains all. The longest has ${order.length} of ${sessions.operations.length} operations, and then none of these can follow: ${inWords(next)}.`;
  return { check, verdict, detail, witness: { kind: 'stuck', order, next }, steps };
}

/**
 * Infers what comes before what in every order that explains the reads, to a fixed point: a read of `v` comes after the write of `v`;
 * another write to the key that comes before the read comes before the write of `v`, and one that comes after the write of `v`
 * comes after the read. Of each session the last, or first, such write is enough.
 */
function saturate(
  sessions: Sessions,
  bound: number,
): { before: readonly (readonly number[])[]; cycle?: readonly number[]; steps: number } {
  const before = readsFrom(sessions);
  const reads = [...sessions.source.keys()].filter((i) => sessions.source[i] !== i);
  for (const read of reads)
    if (sessions.source[read] === INITIAL)
      for (const { operations } of sessions.writes[sessions.keyOf[read]!]!.values())
        before[operations[0]!]!.push(read);
  let steps = 0;
  for (;;) {
    const clocks = new Clocks(sessions, before);
    steps += sessions.operations.length;
    if (clocks.cycle !== undefined) return { before, cycle: clocks.cycle, steps };
    let added = false;
    const add = (first: number, second: number): void => {
      if (clocks.before(first, second)) return;
      before[second]!.push(first);
      added = true;
    };
    for (const read of reads) {
      const source = sessions.source[read]!;
      if (source === INITIAL) continue;
      for (const writes of sessions.writes[sessions.keyOf[read]!]!.values()) {
        const last = clocks.lastBefore(read, writes);
        if (last >= 0 && last !== source) add(last, source);
        const first = clocks.firstAfter(source, writes);
        if (first >= 0) add(read, first);
      }
    }
    // What is inferred so far is right even if there would be more, so a bound that is reached ends only this.
    if (!added || steps > bound / 2) return { before, steps };
  }
}
