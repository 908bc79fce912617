import { type CausalOptions, causalOrder, INITIAL, inWords, UNWRITTEN } from './causal-order.ts';
import type { Operation } from './history.ts';
import type { Verdict } from './verdict.ts';

/**
 * A bad pattern (Bouajjani, Enea, Guerraoui and Hamza 2017) and the operations that form it:
 * - `unwritten`: a read of a value that nobody wrote (ThinAirRead).
 * - `cycle`: operations each of which is a cause of the next, and the last one of the first (CyclicCO).
 * - `initial`: a write, and a read of the initial value of its key of which it is a cause (WriteCOInitRead).
 * - `overwritten`: a write, a later write to the same key, and a read that returned the first, though the second one is its cause
 *   (WriteCORead).
 */
export interface CausalWitness {
  readonly kind: 'unwritten' | 'cycle' | 'initial' | 'overwritten';
  readonly operations: readonly Operation[];
}

export type { CausalOptions } from './causal-order.ts';

const WORDS: Record<CausalWitness['kind'], string> = {
  unwritten: 'nobody wrote what this returned',
  cycle: 'each of these is a cause of the next, and the last one of the first',
  initial: 'the write is a cause of the read, which returned what was there before all writes',
  overwritten: 'the second write comes after the first and is a cause of the read, which returned the first',
};

/**
 * Whether a history of `get` and `put` with unique values per key is causally consistent: every read returns the last write among its
 * causes, in some order that the causes allow. Causes are what a process did before, and the writes that it read. Real time plays no
 * part. The four bad patterns are looked for, which is exact for causal consistency proper; causal memory and causal convergence
 * forbid more. Takes O(operations · sessions) time and memory (a logarithm aside).
 *
 * `unknown` where a value does not tell who wrote it, there are other kinds of operations, or memory would exceed the bound.
 * @throws RangeError on operations whose times make no sense, or reads that are ok without a value
 */
export function checkCausal(
  history: readonly Operation[],
  options: CausalOptions = {},
): Verdict<CausalWitness> {
  const check = 'causal';
  const order = causalOrder(history, options);
  if (typeof order === 'string') return { check, verdict: 'unknown', detail: order };
  const { sessions, clocks } = order;
  const violated = (kind: CausalWitness['kind'], found: readonly number[]): Verdict<CausalWitness> => {
    const operations = found.map((i) => sessions.operations[i]!);
    const detail = `${WORDS[kind]}: ${inWords(operations)}.`;
    return { check, verdict: 'violated', detail, witness: { kind, operations } };
  };
  const unwritten = sessions.source.indexOf(UNWRITTEN);
  if (unwritten >= 0) return violated('unwritten', [unwritten]);
  if (clocks.cycle !== undefined) return violated('cycle', clocks.cycle);
  for (const read of clocks.topological) {
    const source = sessions.source[read]!;
    if (source === read) continue;
    // Of each session the last write among the causes is enough: what an earlier one would violate, the last one does too.
    for (const writes of sessions.writes[sessions.keyOf[read]!]!.values()) {
      const write = clocks.lastBefore(read, writes);
      if (write < 0 || write === source) continue;
      if (source === INITIAL) return violated('initial', [write, read]);
      if (clocks.before(source, write)) return violated('overwritten', [source, write, read]);
    }
  }
  const detail = `${sessions.operations.length} operations in ${sessions.sessions.length} sessions, and no bad pattern among them`;
  return { check, verdict: 'ok', detail };
}
