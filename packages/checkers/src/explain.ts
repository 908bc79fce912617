import { readsFromEdges, realTimeEdges } from './edges.ts';
import type { Operation } from './history.ts';
import type { Model } from './models.ts';
import { type Budget, Search } from './search.ts';
import { smallest } from './smallest.ts';
import type { Contradiction } from './verdict.ts';

/** Bounds of the looking for a small part: model steps of one search, of all of them, and operations given to all of them. */
const SEARCH_STEPS = 20_000;
const ALL_STEPS = 1_000_000;
const WORK = 1_000_000;
const SHOWN = 6;

/**
 * Explains a violation. First the shortest beginning that is violated is found, by halving: all up to the return of one operation, what
 * is not yet returned counting as unknown. (Beginnings of linearizable histories are linearizable, so halving is right.) Then as many
 * of the others as possible are taken for unknown too, which only allows more; those that nobody could notice are left out. Where the
 * searches reach their bounds the part may be larger than it need be.
 * @param operations the part, which is violated, sorted by `start`
 */
export function explain<State, I, O>(
  key: string | null,
  operations: readonly Operation<I, O>[],
  model: Model<State, I, O>,
  budget: Budget,
): { detail: string; witness: Contradiction<Operation<I, O>> } {
  const explainer = new Explainer(operations, model, budget);
  const returned = explainer.shortestBeginning();
  const culprit = returned.pop()!;
  const needed = smallest(returned, (some) => explainer.isViolated([...some, culprit]), WORK);
  const { ordered, state } = explainer.order(needed);
  const others = explainer.mayMatter([...needed, culprit]).filter((one) => !ordered.includes(one));
  const items = [...ordered, ...others.filter((one) => one !== culprit), culprit];
  const unsure = [...items.keys()].filter((i) => items[i] !== culprit && !needed.includes(items[i]!));
  const edges = [...realTimeEdges(items), ...readsFromEdges(items, model)];
  return {
    detail: inWords(key, items, unsure, ordered.length, state, model),
    witness: { kind: 'contradiction', pattern: 'unexplained', key, items, edges, unsure },
  };
}

/** Asks whether a part stays violated if only some answers in it are believed. */
class Explainer<State, I, O> {
  readonly #operations: readonly Operation<I, O>[];
  readonly #model: Model<State, I, O>;
  readonly #budget: Budget;
  #steps: number;
  /** Operations that never change the state: they can be left out if they are not believed. */
  readonly #idle = new Set<Operation<I, O>>();
  /** Of those the ones that do not tell which state they met. */
  readonly #vague = new Set<Operation<I, O>>();
  /** Operations as if their outcome was unknown; and back. */
  readonly #disbelieved = new Map<Operation<I, O>, Operation<I, O>>();
  readonly #original = new Map<Operation<I, O>, Operation<I, O>>();

  constructor(operations: readonly Operation<I, O>[], model: Model<State, I, O>, budget: Budget) {
    this.#operations = operations;
    this.#model = model;
    this.#budget = budget;
    this.#steps = ALL_STEPS + 100 * operations.length;
    model.hints?.(operations).forEach(({ needs, leaves }, i) => {
      if (leaves !== 'unchanged') return;
      this.#idle.add(operations[i]!);
      if (needs === undefined) this.#vague.add(operations[i]!);
    });
  }

  /** As few answers as must be believed, if they are believed in the order in which they came. */
  shortestBeginning(): Operation<I, O>[] {
    const returns = this.#operations.filter(({ status }) => status === 'ok').sort((a, b) => a.end - b.end);
    let low = 1;
    let high = returns.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isViolated(returns.slice(0, middle))) high = middle;
      else low = middle + 1;
    }
    // What tells little comes first, to be left out first if there is a choice.
    const shortest = returns.slice(0, high - 1);
    const vague = shortest.filter((one) => this.#vague.has(one));
    return [...vague, ...shortest.filter((one) => !this.#vague.has(one)), returns[high - 1]!];
  }

  /** Whether the part is violated though only these answers are believed; false too where the bounds are reached. */
  isViolated(believed: readonly Operation<I, O>[]): boolean {
    const part = this.#part(believed);
    const decided = this.#model.decide?.(part);
    if (decided !== undefined) return !(decided instanceof Int32Array);
    return this.#search(part).found === 'violated';
  }

  /** An order of the believed and what unknown ones it takes, and the state that it leaves. */
  order(believed: readonly Operation<I, O>[]): { ordered: Operation<I, O>[]; state: State } {
    const part = this.#part(believed);
    const { search } = this.#search(part);
    return { ordered: search.placed.map((i) => this.#asItWas(part[i]!)), state: search.state };
  }

  /** The operations that are left once only these are believed. */
  mayMatter(believed: readonly Operation<I, O>[]): Operation<I, O>[] {
    return this.#part(believed).map((one) => this.#asItWas(one));
  }

  #part(believed: readonly Operation<I, O>[]): readonly Operation<I, O>[] {
    const kept = new Set(believed);
    const end = believed.reduce((latest, one) => Math.max(latest, one.end), -Infinity);
    const part: Operation<I, O>[] = [];
    for (const one of this.#operations) {
      if (one.start > end) break;
      if (kept.has(one) || one.status === 'unknown') part.push(one);
      else if (!this.#idle.has(one)) part.push(this.#unknown(one));
    }
    return this.#model.relevant?.(part) ?? part;
  }

  #unknown(one: Operation<I, O>): Operation<I, O> {
    const known = this.#disbelieved.get(one);
    if (known !== undefined) return known;
    const unknown: Operation<I, O> = { ...one, status: 'unknown' };
    this.#disbelieved.set(one, unknown);
    this.#original.set(unknown, one);
    return unknown;
  }

  #asItWas(one: Operation<I, O>): Operation<I, O> {
    return this.#original.get(one) ?? one;
  }

  #search(part: readonly Operation<I, O>[]) {
    const steps = Math.min(this.#steps, SEARCH_STEPS + 20 * part.length);
    const budget: Budget = { ...this.#budget, steps };
    const search = new Search(this.#model, part, budget);
    const found = steps > 0 ? search.run() : 'unknown';
    this.#steps -= steps - budget.steps;
    return { search, found };
  }
}

function inWords<State, I, O>(
  key: string | null,
  items: readonly Operation<I, O>[],
  unsure: readonly number[],
  ordered: number,
  state: State,
  model: Model<State, I, O>,
): string {
  const words = (one: Operation<I, O>): string => {
    const output = one.status === 'ok' ? one.output : undefined;
    return `process ${one.process}: ${model.describe(one.input, output)} [${one.start}, ${one.status === 'ok' ? one.end : 'unknown'}]`;
  };
  const list = (some: readonly Operation<I, O>[]): string => {
    const more = some.length > SHOWN ? `${some.length - SHOWN} more; ` : '';
    return more + some.slice(-SHOWN).map(words).join('; ');
  };
  const parts = [
    `${key === null || key === '' ? 'No' : `Key ${JSON.stringify(key)}: no`} order explains ${words(items.at(-1)!)}.`,
  ];
  if (items.length === 1) parts.push('It is wrong by itself.');
  const left = JSON.stringify(state) ?? `${state}`;
  if (ordered > 0)
    parts.push(`Without it there is one, which leaves ${left}: ${list(items.slice(0, ordered))}.`);
  const idle = unsure.filter((i) => i >= ordered).map((i) => items[i]!);
  if (idle.length > 0)
    parts.push(`That is so whenever these happened after they began, or if they never did: ${list(idle)}.`);
  return parts.join(' ');
}
