import { expect, test } from 'vitest';
import { packBatch, resolveKnobs, unpackBatch } from '../src/index.ts';

test('the example of the index runs', () => {
  const command = Uint8Array.of(1, 2, 3);
  const batch = packBatch([{ slot: 7, epoch: 2, tag: 0, command }]);
  expect(unpackBatch(batch)).toEqual([{ slot: 7, epoch: 2, tag: 0, command }]);
  const knobs = { electionTimeout: { default: 150, unit: 'ms', draw: [], about: '' } } as const;
  expect(resolveKnobs({ name: 'raft', knobs }, {}, 8)).toEqual({ electionTimeout: 1200 });
});
