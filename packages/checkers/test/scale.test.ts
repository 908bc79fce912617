import { describe, expect, test } from 'vitest';
import { checkLinearizability, keyValueModel } from '../src/index.ts';
import { randomHistory, type Shape } from './random-history.ts';

const ALL = ['get', 'put', 'delete', 'cas', 'append'] as const;
const hot: Shape = {
  operations: 10_000,
  processes: 32,
  kinds: ALL,
  values: 0,
  unknown: 1,
  failed: 1,
  wrong: 0,
};

// Without zones, so that reads and writes are searched too.
const { decide: _, ...searched } = keyValueModel();

// Steps, not times: the same on every machine. All are within a small multiple of the operations.
describe('stays near-linear on correct histories', () => {
  const shapes: Record<string, Shape> = {
    'a hot key, reads and writes': { ...hot, kinds: ['get', 'put'] },
    'a hot key, compare and set': { ...hot, kinds: ['get', 'put', 'cas'] },
    'a hot key, appends': { ...hot, operations: 2000, kinds: ['get', 'append'] },
    'a hot key, everything': hot,
    'a hot key, few values': { ...hot, kinds: ['get', 'put', 'cas'], values: 3, processes: 8 },
    'a thousand keys, everything': { ...hot, operations: 50_000, processes: 128, keys: 1000 },
  };
  for (const [name, shape] of Object.entries(shapes))
    test(name, () => {
      const { verdict, steps } = checkLinearizability(randomHistory(1, shape), searched);
      expect(verdict).toBe('ok');
      expect(steps).toBeLessThan(100 * shape.operations);
    });
});
