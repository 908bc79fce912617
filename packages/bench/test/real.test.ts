import { raft } from '@quorate/raft';
import { expect, it } from 'vitest';
import { type Peer, type Progress, realRunner, runComparison, SCENARIOS } from '../src/index.ts';

const peer = (name: string, parts: Partial<Peer>): Peer => ({
  name,
  title: name.toUpperCase(),
  install: `the package ${name}`,
  notes: [],
  warmUpMilliseconds: 0,
  version: async () => '1.0',
  start: async () => {
    throw new Error('no free ports');
  },
  ...parts,
});

it('real runs take turns; peers that are missing say what to install, and the rest runs', async () => {
  const progress: Progress[] = [];
  const results = await runComparison({
    protocols: [{ protocol: raft, module: '@quorate/raft', exportName: 'raft' }],
    peers: [peer('absent', { version: async () => null }), peer('broken', {})],
    scenarios: SCENARIOS.filter(({ name }) => name === 'steady'),
    mode: 'real',
    settings: { quick: true, seeds: 2, valueBytes: 16, keys: 100, clients: [1, 8] },
    real: realRunner,
    quorateVersion: '0',
    command: '',
    onProgress: (one) => progress.push(one),
  });
  const rows = results.experiments.map(({ protocol, clients, seeds }) => [protocol, clients, seeds.length]);
  expect(rows).toEqual([
    ['raft', 1, 1],
    ['absent', 1, 0],
    ['broken', 1, 0],
    ['raft', 8, 1],
  ]);
  const [measured, absent, broken] = results.experiments;
  const { operationsPerSecond, loadCpuShare, syncsPerOperation } = measured!.metrics as Record<
    string,
    { value: number }
  >;
  expect(operationsPerSecond!.value).toBeGreaterThanOrEqual(0); // a machine may stand still for a quarter of a second
  expect(loadCpuShare!.value).toBeGreaterThan(0);
  expect(syncsPerOperation!.value).toBeGreaterThan(0);
  expect(measured!.verdicts).toMatchObject([{ check: 'linearizable', verdict: 'ok' }]);
  expect(absent).toMatchObject({
    mode: 'real',
    nodes: 3,
    verdicts: [],
    metrics: { operationsPerSecond: null },
  });
  expect(absent!.notes).toEqual(['ABSENT: not installed here; needed: the package absent.']);
  expect(broken!.notes).toEqual(['BROKEN: did not start: no free ports.']);
  expect(results.comparisons).toEqual([]);
  expect(results.machine.preflight).toBeUndefined(); // a smoke test is not meant to be trusted
  expect(progress.at(-1)!.done).toBeLessThan(progress[0]!.total);
});
