import { describe, expect, test } from 'vitest';
import { checkLinearizability, keyValueModel, type Model, type Value } from '../src/index.ts';
import { bruteForce, isLinearization } from './brute.ts';
import { randomHistory, type Shape } from './random-history.ts';

const ALL = ['get', 'put', 'delete', 'cas', 'append'] as const;
const small = { operations: 7, processes: 4, unknown: 20, failed: 5, wrong: 8 };

/** A model without any of the hints: what the search must also do without. */
function bare(model: Model<Value>): Model<Value> {
  const { name, initial, step, describe: inWords } = model;
  return { name, initial, step, describe: inWords };
}

describe('agrees with trying all orders', () => {
  const shapes: Record<string, Shape> = {
    register: { ...small, kinds: ['get', 'put'], values: 2 },
    'register, new values': { ...small, kinds: ['get', 'put'], values: 0 },
    'register, deleted too': { ...small, kinds: ['get', 'put', 'delete'], values: 2 },
    'compare and set': { ...small, kinds: ['get', 'put', 'cas'], values: 2 },
    'compare and set, deleted too': { ...small, kinds: ['get', 'cas', 'delete', 'cas'], values: 3 },
    append: { ...small, kinds: ['get', 'append'], values: 0 },
    'append, few values': { ...small, kinds: ['get', 'append'], values: 1 },
    'append and put': { ...small, kinds: ['get', 'append', 'put'], values: 0 },
    everything: { ...small, kinds: ALL, values: 2 },
    'everything, new values': { ...small, kinds: ALL, values: 0 },
  };
  for (const [name, shape] of Object.entries(shapes)) {
    test(name, () => {
      const counts = { ok: 0, violated: 0, unknown: 0 };
      for (let seed = 1; seed <= 400; seed++) {
        const history = randomHistory(seed, shape);
        const model = keyValueModel();
        const { verdict, witness } = checkLinearizability(history, model);
        counts[verdict]++;
        expect(verdict, `seed ${seed}`).toBe(bruteForce(history, null) ? 'ok' : 'violated');
        expect(checkLinearizability(history, bare(model)).verdict, `seed ${seed}, no hints`).toBe(verdict);
        if (witness?.kind === 'linearizations')
          for (const { order } of witness.parts)
            expect(isLinearization(order, history, null), `witness of seed ${seed}`).toBe(true);
      }
      expect(counts.ok).toBeGreaterThan(40);
      expect(counts.violated).toBeGreaterThan(20);
    });
  }
});
