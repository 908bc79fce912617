import { readFileSync } from 'node:fs';
import { optionsOf, readRunFile, simulate } from '@quorate/simulator';
import { expect, test } from 'vitest';
import { raft } from '../src/index.ts';
import { mutants } from './mutants/index.ts';

/*
 * Figure 8, as the swarm found it in a Raft that commits entries of earlier terms by counting, made as small as it gets. A run of this
 * file is the same on every machine.
 */
const failure = JSON.parse(readFileSync(new URL('./failures/figure-8.json', import.meta.url), 'utf8'));
const { traceHash, options } = readRunFile({
  protocol: 'raft',
  traceHash: failure.traceHash,
  options: failure.options,
});
const { protocol: broken } = mutants.find(({ name }) => name === failure.mutant)!;

test('Figure 8: the run is small', () => {
  expect(options.nodes).toBeLessThanOrEqual(5);
  expect(options.faults!.events.length).toBeLessThanOrEqual(6);
  expect(options.workload.clients).toBe(0);
  expect(options.requests!.length).toBeLessThanOrEqual(4);
});

test('Figure 8: committing an entry of an earlier term by counting is found, to the same hash each time', () => {
  for (let time = 0; time < 2; time++) {
    const result = simulate(optionsOf({ protocol: 'raft', traceHash, options }, broken));
    expect(result.verdicts).toContainEqual({
      check: failure.check,
      verdict: 'violated',
      detail: failure.detail,
    });
    expect(result.traceHash).toBe(traceHash);
  }
});

test('§5.4.2: Raft waits for an entry of its own term, and the same run is well', () => {
  const { verdicts } = simulate(optionsOf({ protocol: 'raft', traceHash, options }, raft));
  expect(verdicts.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
});
