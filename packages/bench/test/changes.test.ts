import { describe, expect, it } from 'vitest';
import { changesOf } from '../src/changes.ts';
import type { Experiment, Results } from '../src/results.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

function experiment(more: Partial<Experiment>): Experiment {
  return {
    scenario: 'wan',
    protocol: 'raft',
    mode: 'sim',
    nodes: 5,
    clients: 0,
    seeds,
    metrics: {},
    verdicts: [],
    notes: [],
    reproduce: 'quorate compare raft --mode sim --scenario wan --nodes 5 --seeds 8 --keys 100',
    method: '',
    ...more,
  };
}

function file(...experiments: Experiment[]): Results {
  const machine = { cpu: '', cores: 1, memoryGiB: 1, os: '', node: '', syncMicroseconds: null };
  const about = { createdAt: '', quorateVersion: '', command: '' };
  return { version: 1, ...about, machine, protocols: [], experiments, comparisons: [] };
}

const measured = (p50Microseconds: readonly (number | null)[], more: Partial<Experiment> = {}) =>
  file(experiment({ samples: { p50Microseconds }, ...more }));

describe('before and after', () => {
  const before = [100, 110, 90, 105, 95, 102, 98, 104];

  it('is a ratio of pairs by seed, whatever the order of the seeds', () => {
    const after = measured(before.map((value) => value * 2).reverse(), { seeds: seeds.toReversed() });
    const [changes] = changesOf([measured(before), after]);
    expect(changes).toMatchObject({ before: 0, after: 1, unpaired: [] });
    expect(changes!.rows).toEqual([
      {
        scenario: 'wan',
        protocol: 'raft',
        mode: 'sim',
        nodes: 5,
        clients: 0,
        metric: 'p50Microseconds',
        better: 'lower',
        before: 101,
        after: 202,
        ratio: { value: 2, low: 2, high: 2 },
        significant: true,
        identical: false,
        runs: 8,
      },
    ]);
  });

  it('is no significant difference where runs go both ways, or are too few', () => {
    const both = before.map((value, i) => value * (i % 2 === 0 ? 1.1 : 0.9));
    expect(changesOf([measured(before), measured(both)])[0]!.rows[0]).toMatchObject({
      significant: false,
      identical: false,
    });
    const few = { seeds: [1, 2] };
    const [changes] = changesOf([measured([1, 1], few), measured([5, 5], few)]);
    expect(changes!.rows[0]).toMatchObject({ significant: false, runs: 2, ratio: { value: 5 } });
  });

  it('says where nothing changed at all, and where there is no ratio', () => {
    const [same] = changesOf([measured(before), measured(before)]);
    expect(same!.rows[0]).toMatchObject({ identical: true, significant: false, ratio: { value: 1 } });
    const [zero] = changesOf([measured(before.map(() => 0)), measured(before)]);
    expect(zero!.rows[0]).toMatchObject({ ratio: null, significant: false, before: 0, after: 101 });
  });

  it('pairs only what both have, and leaves out runs without a number', () => {
    const [changes] = changesOf([
      measured(before),
      measured([null, 110, 120, 130], {
        seeds: [2, 3, 4, 9],
        reproduce: experiment({}).reproduce.replace('8', '4'),
      }),
    ]);
    expect(changes!.rows[0]).toMatchObject({ runs: 2, before: 97.5, after: 115 });
  });

  it('names what cannot be paired', () => {
    const other = experiment({ scenario: 'cost' });
    const reason = (a: Results, b: Results) => changesOf([a, b])[0]!.unpaired.map(({ why }) => why);
    expect(reason(file(experiment({}), other), file(experiment({})))).toEqual(['only-before']);
    expect(reason(file(other), file(experiment({}), other))).toEqual(['only-after']);
    expect(reason(measured([1]), measured([1], { reproduce: 'quorate compare raft --keys 7' }))).toEqual([
      'settings',
    ]);
    expect(reason(measured([1], { seeds: [1] }), measured([1], { seeds: [2] }))).toEqual(['seeds']);
  });

  it('holds every later file against the first', () => {
    const changes = changesOf([measured(before), measured(before), measured(before)]);
    expect(changes.map(({ before: from, after }) => [from, after])).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(changesOf([measured(before)])).toEqual([]);
  });
});
