import type { Operation } from './history.ts';
import type { Model } from './models.ts';
import type { Edge } from './verdict.ts';

/** What ended before what began, without what follows from other such edges. */
export function realTimeEdges<I, O>(items: readonly Operation<I, O>[]): Edge[] {
  const edges: Edge[] = [];
  items.forEach((later, to) => {
    const earlier = [...items.keys()].filter((i) => endOf(items[i]!) < later.start);
    const latestStart = earlier.reduce((latest, i) => Math.max(latest, items[i]!.start), -Infinity);
    for (const from of earlier)
      if (endOf(items[from]!) >= latestStart) edges.push({ from, to, reason: 'real-time' });
  });
  return edges;
}

/** Who returned or relied on what whom wrote, where the model tells of an operation which state it needs, and only one item leaves it. */
export function readsFromEdges<State, I, O>(
  items: readonly Operation<I, O>[],
  { hints, identify, initial }: Model<State, I, O>,
): Edge[] {
  const identityOf = (state: State) => (identify === undefined ? state : identify(state));
  const told = hints?.(items) ?? [];
  const edges: Edge[] = [];
  told.forEach(({ needs }, to) => {
    if (needs === undefined || items[to]!.status !== 'ok') return;
    const needed = identityOf(needs);
    if (needed === identityOf(initial)) return;
    const writers = [...told.keys()].filter((i) => {
      const { leaves } = told[i]!;
      return i !== to && Array.isArray(leaves) && leaves.some((state) => identityOf(state) === needed);
    });
    if (writers.length === 1) edges.push({ from: writers[0]!, to, reason: 'reads-from' });
  });
  return edges;
}

function endOf({ status, end }: Operation<unknown, unknown>): number {
  return status === 'ok' ? end : Infinity;
}
