import type { Operation } from './history.ts';
import { IMPOSSIBLE, type Model } from './models.ts';
import { type Budget, Search } from './search.ts';

/** The shortest beginning of a part that cannot be explained, which is all up to one return. */
export interface Unexplained<I, O> {
  readonly key: string;
  /** The operation whose return cannot be explained, though all before it can. */
  readonly operation: Operation<I, O>;
  /** An order that explains all operations that had returned before; some that were under way may be in it too. */
  readonly before: readonly Operation<I, O>[];
  /** The object's state after that order, as text. */
  readonly state: string;
  /** What else was under way when the operation returned. */
  readonly concurrent: readonly Operation<I, O>[];
}

/** Model steps for each of the searches that look for the shortest beginning. */
const STEPS = 2_000_000;
const SHOWN = 6;

/**
 * Explains a violation: finds, by halving, the first return up to which the part is not linearizable. (What is not yet returned
 * then counts as unknown. Beginnings of linearizable histories are linearizable, so halving is right.) Where a search reaches its
 * bounds the beginning may be longer than it need be.
 * @param operations the part, which is violated, sorted by `start`
 * @param violatedBy a time by which it is so, if known: then the looking begins there and goes back, further each time
 */
export function explain<State, I, O>(
  key: string,
  operations: readonly Operation<I, O>[],
  model: Model<State, I, O>,
  { memory, expired }: Budget,
  violatedBy: number,
): { detail: string; unexplained: Unexplained<I, O> } {
  const searchUntil = (time: number, included: boolean) => {
    const all = until(operations, time, included);
    const part = model.relevant?.(all) ?? all;
    const decided = model.decide?.(part);
    if (decided instanceof Int32Array) {
      const before = Array.from(decided, (i) => part[i]!);
      return { found: 'ok', before, state: stateAfter(before, model) };
    }
    if (decided !== undefined) return { found: 'violated', before: [], state: model.initial };
    const budget: Budget = { steps: STEPS, memory, expired };
    const search = new Search(model, part, budget);
    const found = search.run();
    return { found, before: search.placed.map((i) => part[i]!), state: search.state };
  };
  const returns = operations.filter(({ status }) => status === 'ok').sort((a, b) => a.end - b.end);
  let low = 0;
  let high = returns.length - 1; // the part up to `returns[high]` is violated
  let back = Infinity;
  if (violatedBy < Infinity) {
    high = Math.max(
      0,
      returns.findLastIndex((one) => one.end <= violatedBy),
    );
    back = 1;
  }
  while (low < high) {
    const middle = Math.max((low + high) >>> 1, high - back);
    back *= 2;
    if (searchUntil(returns[middle]!.end, true).found === 'violated') high = middle;
    else low = middle + 1;
  }
  const operation = returns[high]!;
  const last = searchUntil(operation.end, false);
  const { before } = last;
  const concurrent = operations.filter(
    (one) =>
      one !== operation && one.start <= operation.end && !(one.status === 'ok' && one.end <= operation.end),
  );
  const state = `${JSON.stringify(last.state) ?? last.state}`;
  const unexplained = { key, operation, before, state, concurrent };
  return {
    detail: inWords(unexplained, returns.filter((one) => one.end < operation.end).length, model),
    unexplained,
  };
}

function stateAfter<State, I, O>(order: readonly Operation<I, O>[], model: Model<State, I, O>): State {
  let state = model.initial;
  for (const { input, output, status } of order) {
    const next = model.step(state, input, status === 'ok' ? output : undefined);
    if (next !== IMPOSSIBLE) state = next;
  }
  return state;
}

/** The history as it stood at `time`, the returns at that very time included or not; what had not returned is unknown. */
function until<I, O>(
  operations: readonly Operation<I, O>[],
  time: number,
  included: boolean,
): Operation<I, O>[] {
  const part: Operation<I, O>[] = [];
  for (const one of operations) {
    if (one.start > time) break;
    const returned = one.status === 'ok' && (included ? one.end <= time : one.end < time);
    part.push(returned || one.status === 'unknown' ? one : { ...one, status: 'unknown' });
  }
  return part;
}

function inWords<State, I, O>(
  unexplained: Unexplained<I, O>,
  returned: number,
  model: Model<State, I, O>,
): string {
  const { key, operation, before, state, concurrent } = unexplained;
  const words = (one: Operation<I, O>): string => {
    const output = one.status === 'ok' ? one.output : undefined;
    return `process ${one.process}: ${model.describe(one.input, output)} [${one.start}, ${one.end}]`;
  };
  const shown = before.slice(-SHOWN).map(words).join('; ');
  const parts = [
    `${key === '' ? 'No' : `Key ${JSON.stringify(key)}: no`} order explains ${words(operation)}.`,
    returned === 0
      ? 'Nothing had returned before it.'
      : `The ${returned} operations that had returned before it can be ordered, for instance so that they end with: ${shown}; which leaves ${state}.`,
  ];
  if (concurrent.length > 0) {
    const more = concurrent.length > SHOWN ? `; and ${concurrent.length - SHOWN} more` : '';
    parts.push(`Under way at its return: ${concurrent.slice(0, SHOWN).map(words).join('; ')}${more}.`);
  }
  return parts.join(' ');
}
