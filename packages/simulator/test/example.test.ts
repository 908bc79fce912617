import { single } from '@quorate/interface/single';
import { expect, test } from 'vitest';
import { DEFAULT_WORKLOAD, simulate } from '../src/index.ts';

test('the example of the index runs', () => {
  const result = simulate({
    protocol: single,
    nodes: 3,
    seed: 7,
    milliseconds: 2000,
    workload: { ...DEFAULT_WORKLOAD, clients: 4 },
    faults: {
      version: 1,
      events: [{ at: 500, for: 500, kind: 'crash', node: 'leader', lostWrites: true, tornWrites: false }],
    },
  });
  expect(result.operations.ok).toBeGreaterThan(100);
  expect(result.verdicts.every(({ verdict }) => verdict === 'ok')).toBe(true);
  expect(result.fired).toMatchObject({ crash: 1, 'lost-writes': 1 });
});
