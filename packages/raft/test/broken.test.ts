import { simulate, swarmOptions } from '@quorate/simulator';
import { expect, test } from 'vitest';
import { raft } from '../src/index.ts';
import { mutants } from './mutants/index.ts';

test('the swarm finds a Raft that does not save its vote; with it saved, the same seed is well', () => {
  const { protocol: broken } = mutants.find(({ name }) => name === 'vote-not-saved')!;
  for (let seed = 1; seed <= 50; seed++) {
    const violated = simulate(swarmOptions(broken, seed, 60_000)).verdicts.find(
      ({ verdict }) => verdict === 'violated',
    );
    if (violated === undefined) continue;
    console.log(`vote not saved: found with seed ${seed}: ${violated.check}: ${violated.detail}`);
    expect(simulate(swarmOptions(raft, seed, 60_000)).verdicts.every(({ verdict }) => verdict === 'ok')).toBe(
      true,
    );
    return;
  }
  expect.fail('50 seeds found nothing');
});
