import {
  type CausalOptions,
  Clocks,
  causalOrder,
  INITIAL,
  readsFrom,
  type Sessions,
  UNWRITTEN,
} from './causal-order.ts';
import { causesBetween, contradictionOf, smallestPart, unwritten } from './causal-part.ts';
import type { Operation } from './history.ts';
import type { Verdict } from './verdict.ts';
import { wrongInWords } from './words.ts';

export type { CausalOptions } from './causal-order.ts';

/** The bad patterns besides `unwritten`, and the operations that form them. */
interface Pattern {
  readonly kind: 'cycle' | 'initial' | 'overwritten';
  readonly operations: readonly number[];
}

const WORDS: Record<Pattern['kind'], string> = {
  cycle: 'each of these is a cause of the next, and the last one of the first',
  initial: 'the write is a cause of the read, which returned what was there before all writes',
  overwritten: 'the second write comes after the first and is a cause of the read, which returned the first',
};

/** Operations that all tries for a smaller part may look at. */
const WORK = 100_000;
/** Operations on a circle of causes from which a shorter one is looked for. */
const TRIED = 16;

/**
 * Whether a history of `get` and `put` with unique values per key is causally consistent: every read returns the last write among its
 * causes, in some order that the causes allow. Causes are what a process did before, and the writes that it read. Real time plays no
 * part. Four bad patterns are looked for (Bouajjani, Enea, Guerraoui and Hamza 2017), which is exact for causal consistency proper;
 * causal memory and causal convergence forbid more. Takes O(operations · sessions) time and memory (a logarithm aside).
 *
 * The witness of `ok` is an order in which every operation comes after its causes. It explains each read: take the read's causes in
 * this order, but last of all the write that it returned and what that is a cause of; then that write is the last to the key.
 * The pattern of a contradiction is
 * - `unwritten`: a read of a value that nobody wrote (ThinAirRead).
 * - `cycle`: operations each of which is a cause of the next, and the last one of the first (CyclicCO).
 * - `initial`: a write, and a read of the initial value of its key of which it is a cause (WriteCOInitRead).
 * - `overwritten`: a write, a later write to the same key, and a read that returned the first, though the second one is its cause
 *   (WriteCORead).
 *
 * `unknown` where a value does not tell who wrote it, there are other kinds of operations, or memory would exceed the bound.
 * @throws RangeError on operations whose times make no sense, or reads that are ok without a value
 */
export function checkCausal(
  history: readonly Operation[],
  options: CausalOptions = {},
): Verdict<Operation> & { readonly check: 'causal' } {
  const check = 'causal';
  const order = causalOrder(history, options);
  if (typeof order === 'string') return { check, verdict: 'unknown', detail: order };
  const { sessions, clocks } = order;
  const thinAir = sessions.source.indexOf(UNWRITTEN);
  if (thinAir >= 0) return { check, verdict: 'violated', ...unwritten(sessions, thinAir) };
  const found = findPattern(sessions, clocks);
  if (found !== undefined) {
    const around = withCauses(sessions, found);
    const part = smallestPart(sessions, around, (some) => findPattern(some) !== undefined, WORK);
    const { kind, operations } = findPattern(part)!;
    const detail = wrongInWords(WORDS[kind], part, operations);
    return { check, verdict: 'violated', detail, witness: contradictionOf(part, kind) };
  }
  const detail = `${sessions.operations.length} operations in ${sessions.sessions.length} sessions, and no bad pattern among them`;
  const items = clocks.topological.map((i) => sessions.operations[i]!);
  return { check, verdict: 'ok', detail, witness: { kind: 'order', parts: [{ key: null, items }] } };
}

function findPattern(
  sessions: Sessions,
  clocks: Clocks = new Clocks(sessions, readsFrom(sessions)),
): Pattern | undefined {
  if (clocks.cycle !== undefined) return { kind: 'cycle', operations: shorterCycle(sessions, clocks.cycle) };
  for (const read of clocks.topological) {
    const source = sessions.source[read]!;
    if (source === read) continue;
    // Of each session the last write among the causes is enough: what an earlier one would violate, the last one does too.
    for (const writes of sessions.writes[sessions.keyOf[read]!]!.values()) {
      const write = clocks.lastBefore(read, writes);
      if (write < 0 || write === source) continue;
      if (source === INITIAL) return { kind: 'initial', operations: [write, read] };
      if (clocks.before(source, write)) return { kind: 'overwritten', operations: [source, write, read] };
    }
  }
  return undefined;
}

function shorterCycle(sessions: Sessions, cycle: readonly number[]): readonly number[] {
  return cycle
    .slice(0, TRIED)
    .map((i) => causesBetween(sessions, i, i))
    .reduce((a, b) => (b.length < a.length ? b : a), cycle);
}

/** The operations of a pattern, and those that make one a cause of the next. */
function withCauses(sessions: Sessions, { kind, operations }: Pattern): readonly number[] {
  if (kind === 'cycle') return operations;
  return operations.slice(1).flatMap((to, i) => causesBetween(sessions, operations[i]!, to));
}
