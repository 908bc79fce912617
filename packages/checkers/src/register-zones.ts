import { readsFromEdges, realTimeEdges } from './edges.ts';
import { type Operation, partitionHistory, type Value } from './history.ts';
import { keyValueModel } from './models.ts';
import type { OrderedPart, Verdict } from './verdict.ts';
import { inWords } from './words.ts';
import { type Conflict, decideByZones } from './zones.ts';

export interface ZonesVerdict extends Verdict<Operation> {
  readonly check: 'linearizable';
  /** Operations in the history, failed ones included. */
  readonly operations: number;
  /** Keys. */
  readonly parts: number;
}

/**
 * Whether registers with `get` and `put` are linearizable, key by key in O(n log n), however many operations are concurrent. Every
 * value must be written at most once per key, and never the initial one; where that is not so and no other key is violated, the
 * verdict is `unknown`, as it is where there are other kinds of operations. `ok` and `violated` are proofs.
 *
 * Writes of unknown outcome count from their start on if somebody saw their value, else not at all; reads of unknown outcome and
 * failed operations are left out. A contradiction's `pattern` is a `Conflict`'s reason.
 * @param initial what every key holds at first, by default null
 * @throws RangeError on operations whose times make no sense, or reads that are ok without a value
 */
export function registerZones(history: readonly Operation[], initial: Value = null): ZonesVerdict {
  const model = keyValueModel(initial);
  for (const operation of history) if (operation.status !== 'fail') model.validate!(operation);
  const parts = partitionHistory(history, model.partition!);
  const base = { check: 'linearizable', operations: history.length, parts: parts.size } as const;
  const explained: OrderedPart[] = [];
  let unsuited: string | undefined;
  for (const [key, part] of parts) {
    const decision = decideByZones(part, initial);
    if (decision.kind === 'conflict') {
      const items = decision.conflict.operations;
      const witness = {
        kind: 'contradiction',
        pattern: decision.conflict.reason,
        key,
        items,
        edges: [...realTimeEdges(items), ...readsFromEdges(items, model)],
        unsure: [...items.keys()].filter((i) => items[i]!.status === 'unknown'),
      } as const;
      const detail = describe(decision.conflict);
      return { ...base, verdict: 'violated', detail, witness };
    }
    if (decision.kind === 'order')
      explained.push({ key, items: Array.from(decision.order, (i) => part[i]!) });
    else unsuited ??= `zones cannot tell about key ${JSON.stringify(key)}: ${decision.why}`;
  }
  if (unsuited !== undefined) return { ...base, verdict: 'unknown', detail: unsuited };
  const detail = `${history.length} operations on ${parts.size} keys, each with an order that explains it`;
  return { ...base, verdict: 'ok', detail, witness: { kind: 'order', parts: explained } };
}

function describe({ reason, values, operations }: Conflict): string {
  const shown = inWords(operations);
  const [a, b] = values.map((value) => JSON.stringify(value));
  switch (reason) {
    case 'unwritten':
      return `nobody wrote what this returned: ${shown}.`;
    case 'future':
      return `a read ended before the write of its value began: ${shown}.`;
    case 'overlap':
      return `${a} and ${b} must each have been there both before and after the other: ${shown}.`;
    case 'within':
      return `${b} was there only at a time when ${a} must have been: ${shown}.`;
  }
}
