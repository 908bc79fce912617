import { explain } from './explain.ts';
import { type Operation, partitionHistory } from './history.ts';
import type { Model } from './models.ts';
import { type Budget, Search } from './search.ts';
import { type OrderedPart, type Verdict, withEvidence } from './verdict.ts';

/** Bounds of a check. All but `expired` are deterministic: the same history and bounds give the same verdict on any machine. */
export interface LinearizabilityOptions {
  /** Model steps for the whole history. Default 50 million, which is some seconds. */
  readonly steps?: number;
  /** Bytes for dead ends remembered, about. Default 256 MiB. Without room a search forgets and takes more steps. */
  readonly memory?: number;
  /** Asked from time to time; true ends the check with `unknown`. For a bound on time, where the verdict may depend on the machine. */
  readonly expired?: () => boolean;
}

export interface LinearizabilityVerdict<I, O> extends Verdict<Operation<I, O>> {
  readonly check: 'linearizable';
  /** Operations in the history, failed ones included. */
  readonly operations: number;
  /** Independent parts. */
  readonly parts: number;
  /** Model steps taken; parts that the model decides outright take none. */
  readonly steps: number;
}

/**
 * Whether every operation can be taken to have happened at one instant between its call and its return (Herlihy and Wing 1990).
 * Parts that the model holds independent are checked one by one, which is enough (locality), the short ones first.
 * `ok` and `violated` are proofs; when the bounds are reached and no part is violated, the verdict is `unknown`.
 * Where a part of a value model has only gets, and puts of different values, zones decide it (see `registerZones`), without bounds.
 *
 * The witness of `ok` is an order for each part; some operations of unknown outcome may be left out. That of `violated` is a small part
 * of the history that has none. Its last item is the operation whose return cannot be explained, the items before it are in an order
 * that explains them, and those of no use to it come in between.
 * @throws RangeError on operations whose times make no sense or which the model does not have.
 */
export function checkLinearizability<State, I, O>(
  history: readonly Operation<I, O>[],
  model: Model<State, I, O>,
  options: LinearizabilityOptions = {},
): LinearizabilityVerdict<I, O> {
  const steps = options.steps ?? 50_000_000;
  const budget: Budget = {
    steps,
    memory: options.memory ?? 2 ** 28,
    expired: options.expired ?? (() => false),
  };
  for (const operation of history) if (operation.status !== 'fail') model.validate?.(operation);
  const parts = [...partitionHistory(history, (one) => model.partition?.(one) ?? '')];
  parts.sort(([a, x], [b, y]) => x.length - y.length || (a < b ? -1 : 1));
  const base = { check: 'linearizable', operations: history.length, parts: parts.length } as const;
  const explained: OrderedPart<Operation<I, O>>[] = [];
  const undecided: string[] = [];
  for (const [key, part] of parts) {
    const operations = model.relevant?.(part) ?? part;
    const decided = model.decide?.(operations);
    if (decided instanceof Int32Array) {
      explained.push({ key, items: Array.from(decided, (i) => operations[i]!) });
      continue;
    }
    const search = decided === undefined ? new Search(model, operations, budget) : undefined;
    const found = search === undefined ? 'violated' : budget.steps > 0 ? search.run() : 'unknown';
    if (found === 'violated') {
      const taken = steps - budget.steps;
      const small = decided?.contradiction.toSorted((a, b) => a.start - b.start);
      const violated = { ...base, verdict: 'violated', steps: taken } as const;
      return withEvidence(violated, () => explain(key, small ?? operations, model, budget));
    }
    if (found === 'unknown') undecided.push(key);
    else explained.push({ key, items: search!.placed.map((i) => operations[i]!) });
  }
  const taken = steps - budget.steps;
  if (undecided.length > 0) {
    const detail = `no answer within the bounds for ${undecided.length} of ${parts.length} parts, the first ${nameOf(undecided[0]!)}`;
    return { ...base, verdict: 'unknown', detail, steps: taken };
  }
  const detail = `${history.length} operations in ${parts.length} independent parts, each with an order that explains it`;
  const witness = { kind: 'order', parts: explained } as const;
  return { ...base, verdict: 'ok', detail, witness, steps: taken };
}

function nameOf(key: string): string {
  return key === '' ? 'being the only one' : `being key ${JSON.stringify(key)}`;
}
