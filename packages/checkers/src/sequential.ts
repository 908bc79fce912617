import {
  boundedSessions,
  type CausalOptions,
  Clocks,
  INITIAL,
  readsFrom,
  type Sessions,
  UNWRITTEN,
} from './causal-order.ts';
import { contradictionOf, smallestPart, unwritten } from './causal-part.ts';
import type { Operation } from './history.ts';
import { Interleaving, type SearchBounds } from './interleaving.ts';
import { type Verdict, withEvidence } from './verdict.ts';
import { inWords, wrongInWords } from './words.ts';

export interface SequentialOptions extends CausalOptions {
  /** Operations placed by the search, and operations looked at by the inference before it. Default 20 million. */
  readonly steps?: number;
  /** Asked from time to time; true ends the check with `unknown`. For a bound on time, where the verdict may depend on the machine. */
  readonly expired?: () => boolean;
}

export interface SequentialVerdict extends Verdict<Operation> {
  readonly check: 'sequential';
  readonly steps: number;
}

/** Operations that all tries for a smaller part may look at, and steps of each. */
const WORK = 1_000_000;
const STEPS = 50_000;

/**
 * Whether a history of `get` and `put` with unique values per key is sequentially consistent (Lamport 1979): one order of all
 * operations explains every read and keeps the order of each process. Real time plays no part, and keys are judged together, for
 * histories that are sequential key by key need not be so as a whole.
 *
 * The problem is NP-complete even with unique values. First what any such order must contain is inferred, until nothing new follows;
 * a cycle in it is a violation. Then a search looks for the order within what was inferred. `ok` and `violated` are proofs; where
 * the bound on steps or memory is reached the verdict is `unknown`, as it is where a value does not tell who wrote it or there
 * are other kinds of operations.
 *
 * The witness of `ok` is that order. The pattern of a contradiction is
 * - `unwritten`: a read of a value that nobody wrote.
 * - `cycle`: among the operations are some each of which must come before the next, and the last one before the first.
 * - `exhausted`: a search tried all orders of the operations.
 * @throws RangeError on operations whose times make no sense, or reads that are ok without a value
 */
export function checkSequential(
  history: readonly Operation[],
  options: SequentialOptions = {},
): SequentialVerdict {
  const check = 'sequential';
  const { steps: bound = 20_000_000, memory = 2 ** 30, expired = () => false } = options;
  const sessions = boundedSessions(history, options);
  if (typeof sessions === 'string') return { check, verdict: 'unknown', detail: sessions, steps: 0 };
  const thinAir = sessions.source.indexOf(UNWRITTEN);
  if (thinAir >= 0) return { check, verdict: 'violated', ...unwritten(sessions, thinAir), steps: 0 };
  const { verdict, order, steps } = decide(sessions, { steps: bound, memory, expired });
  if (verdict === 'unknown')
    return { check, verdict, detail: `no answer within ${bound} steps or the memory or time given`, steps };
  if (verdict === 'violated')
    return withEvidence({ check, verdict, steps }, () => explain(sessions, memory, expired));
  const items = order.map((i) => sessions.operations[i]!);
  const detail = `${items.length} operations in ${sessions.sessions.length} sessions, and an order that explains them`;
  return { check, verdict, detail, witness: { kind: 'order', parts: [{ key: null, items }] }, steps };
}

interface Decision extends Inferred {
  readonly verdict: 'ok' | 'violated' | 'unknown';
  readonly order: readonly number[];
}

function decide(sessions: Sessions, bounds: SearchBounds): Decision {
  const inferred = infer(sessions, bounds);
  if (inferred.cycle !== undefined) return { ...inferred, verdict: 'violated', order: [] };
  const search = new Interleaving(sessions, inferred.before, {
    ...bounds,
    steps: bounds.steps - inferred.steps,
  });
  const verdict = search.run();
  return { ...inferred, verdict, order: search.placed, steps: inferred.steps + search.steps };
}

function explain(sessions: Sessions, memory: number, expired: () => boolean) {
  const judge = (part: Sessions) =>
    decide(part, { steps: STEPS + 20 * part.operations.length, memory, expired });
  const all = sessions.operations.keys();
  const part = smallestPart(sessions, all, (some) => judge(some).verdict === 'violated', WORK);
  const { before, cycle } = judge(part);
  const forced = before.flatMap((firsts, second) =>
    firsts.filter((first) => isForced(part, first, second)).map((first) => [first, second] as const),
  );
  const detail =
    cycle === undefined
      ? `no order explains all of these: ${inWords(part.operations)}.`
      : wrongInWords(
          'each of these must come before the next, and the last one before the first',
          part,
          cycle,
        );
  return { detail, witness: contradictionOf(part, cycle === undefined ? 'exhausted' : 'cycle', forced) };
}

/** Whether it takes more than the order of a session, or who read from whom, to see that `first` comes before `second`. */
function isForced({ source, sessionOf, placeOf }: Sessions, first: number, second: number): boolean {
  if (source[second] === first) return false;
  return sessionOf[first] !== sessionOf[second] || placeOf[first]! > placeOf[second]!;
}

interface Inferred {
  /** Per operation what must come before it, its session aside. */
  readonly before: readonly (readonly number[])[];
  readonly cycle?: readonly number[];
  readonly steps: number;
}

/**
 * Infers what comes before what in every order that explains the reads, to a fixed point: a read of `v` comes after the write of `v`;
 * another write to the key that comes before the read comes before the write of `v`, and one that comes after the write of `v`
 * comes after the read. Of each session the last, or first, such write is enough.
 */
function infer(sessions: Sessions, bounds: SearchBounds): Inferred {
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
    if (!added || steps > bounds.steps / 2 || bounds.expired()) return { before, steps };
  }
}
