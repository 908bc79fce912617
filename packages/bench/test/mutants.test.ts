import type { Mutant } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { mutants } from '@quorate/raft/mutants';
import { expect, it } from 'vitest';
import { ackBeforeForce, killMutant } from '../src/index.ts';

it('kills a planted bug, and says by which check and after how many seeds', () => {
  const mutant = mutants.find(({ name }) => name === 'a-vote-is-not-saved')!;
  expect(killMutant(raft, mutant, 20_000)).toMatchObject({
    protocol: 'raft',
    mutant: 'a-vote-is-not-saved',
    killed: true,
    by: 'one vote per term',
  });
});

it('kills any protocol whose messages do not wait for the disk', () => {
  expect(killMutant(raft, ackBeforeForce(raft), 20_000)).toMatchObject({ killed: true, seeds: 1 });
});

it('says that a mutant without a bug survives', () => {
  const sound: Mutant = { name: 'sound', about: 'nothing is wrong', protocol: raft };
  const { killed, by, seeds } = killMutant(raft, sound, 400);
  expect({ killed, by }).toEqual({ killed: false, by: null });
  expect(seeds).toBeGreaterThan(0);
});
