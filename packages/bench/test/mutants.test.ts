import type { Mutant } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { mutants } from '@quorate/raft/mutants';
import { expect, it } from 'vitest';
import { driverMutantsOf, killMutants, type MutantSource, type ProtocolSource } from '../src/index.ts';

const source: ProtocolSource = { protocol: raft, module: '@quorate/raft', exportName: 'raft' };
const planted = (mutant: Mutant): MutantSource => ({
  mutant,
  source: { ...source, protocol: mutant.protocol, mutant: mutant.name },
});
const limits = { milliseconds: 20_000, threads: 0 };

it('kills planted bugs, of the protocol and of the driver, and says by which check and after how many seeds', async () => {
  const voteNotSaved = mutants.find(({ name }) => name === 'vote-not-saved')!;
  const begun: (string | undefined)[] = [];
  const { results, failures } = await killMutants(
    source,
    [...driverMutantsOf(source), planted(voteNotSaved)],
    { ...limits, onBegin: (mutant) => begun.push(mutant?.name) },
  );
  expect(results).toMatchObject([
    { protocol: 'raft', mutant: 'ack-before-fsync', killed: true, by: 'matchIndex is durable', seeds: 1 },
    { protocol: 'raft', mutant: 'vote-not-saved', killed: true, by: 'one vote per term' },
  ]);
  expect(failures).toEqual([]);
  expect(begun).toEqual(['ack-before-fsync', 'vote-not-saved', undefined]);
});

it('says that a mutant without a bug survives', async () => {
  const sound: Mutant = { name: 'sound', about: 'nothing is wrong', protocol: raft };
  const { results } = await killMutants(source, [planted(sound)], { ...limits, milliseconds: 300 });
  expect(results).toMatchObject([{ killed: false, by: null }]);
  expect(results[0]!.seeds).toBeGreaterThan(0);
});

it('believes no check that says no without a bug too', async () => {
  const [driver] = driverMutantsOf(source);
  const broken: ProtocolSource = { ...source, protocol: driver!.mutant.protocol };
  const { results, failures } = await killMutants(broken, [driver!], limits);
  expect(results).toMatchObject([{ killed: false, by: null, seeds: 1 }]);
  expect(failures).toEqual([{ protocol: 'raft', seed: 1, check: 'matchIndex is durable' }]);
});
