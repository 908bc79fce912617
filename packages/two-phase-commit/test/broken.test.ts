import { simulate, swarmOptions } from '@quorate/simulator';
import { expect, test } from 'vitest';
import { twoPhaseCommit } from '../src/index.ts';
import { mutants } from './mutants/index.ts';

test('the swarm finds a 2PC that aborts alone after a yes; without that, the same seed is well', () => {
  const { protocol: broken } = mutants.find(({ name }) => name === 'unilateral-abort-in-doubt')!;
  for (let seed = 1; seed <= 50; seed++) {
    const violated = simulate(swarmOptions(broken, seed, 60_000)).verdicts.find(
      ({ check, verdict }) => verdict === 'violated' && check !== 'assertion',
    );
    if (violated === undefined) continue;
    console.log(`unilateral abort after yes: found with seed ${seed}: ${violated.check}: ${violated.detail}`);
    const well = simulate(swarmOptions(twoPhaseCommit, seed, 60_000)).verdicts;
    expect(well.every(({ verdict }) => verdict === 'ok')).toBe(true);
    return;
  }
  expect.fail('50 seeds found nothing');
});
