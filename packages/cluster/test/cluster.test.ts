import { existsSync } from 'node:fs';
import { checkLinearizability, keyValueModel } from '@quorate/checkers';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Load,
  type LoadOptions,
  LocalCluster,
  type LocalClusterOptions,
  type ProtocolModule,
  QuorateClient,
  runRealLoad,
} from '../src/index.ts';

const RAFT: ProtocolModule = { module: '@quorate/raft', exportName: 'raft' };
const TWO_PHASE_COMMIT: ProtocolModule = {
  module: '@quorate/two-phase-commit',
  exportName: 'twoPhaseCommit',
};

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let running: LocalCluster[] = [];
afterEach(async () => {
  await Promise.all(running.map((cluster) => cluster.stop()));
  running = [];
});

async function start(options: Partial<LocalClusterOptions> = {}): Promise<LocalCluster> {
  const cluster = await LocalCluster.start({ protocol: RAFT, nodes: 3, ...options });
  running.push(cluster);
  await cluster.ready();
  return cluster;
}

const HISTORY: Pick<LoadOptions, 'history' | 'finalReads' | 'reads' | 'writes' | 'valueBytes' | 'keys'> = {
  history: true,
  finalReads: true,
  reads: 0.3,
  writes: 'mixed',
  valueBytes: 32,
  keys: 1000,
};

/** Kills the leader under load, round after round, then all at once, and has every acknowledged write looked for at the end. */
async function killLeaders(cluster: LocalCluster, rounds: number, between: number) {
  const load = new Load({ ...HISTORY, members: cluster.members, clients: 32 });
  const killed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await pause(between);
    const leader = await cluster.leader();
    killed.push(leader);
    await cluster.kill(leader, { random: round % 2 === 0 ? undefined : Math.random });
    await cluster.leader();
    await pause(between / 2);
    await cluster.restart(leader);
  }
  await Promise.all(cluster.ids.map((id) => cluster.kill(id)));
  await Promise.all(cluster.ids.map((id) => cluster.restart(id)));
  await cluster.ready();
  await pause(between);
  const result = await load.stop();
  expect(cluster.failures).toEqual([]);
  return { result, verdict: checkLinearizability(result.history!, keyValueModel()) };
}

/** `QUORATE_LONG=1` runs the full ten rounds. */
const long = process.env.QUORATE_LONG !== undefined;
const rounds = long ? 10 : 2;
const between = long ? 2000 : 200;

describe('three Raft processes', () => {
  it('serve, survive the death of a follower and of the leader, and leave nothing behind', async () => {
    const cluster = await start();
    const client = new QuorateClient(cluster.members);
    await client.put('a', '1');
    const leader = await cluster.leader();
    const follower = cluster.holderOf('follower')!;
    await cluster.kill(follower);
    await client.put('a', '2');
    await cluster.restart(follower);
    await cluster.kill(leader);
    await client.put('a', '3');
    expect(await client.get('a')).toBe('3');
    expect(await cluster.leader()).not.toBe(leader);
    await client.close();
    const pids = cluster.up.map((id) => cluster.pidOf(id)!);
    await cluster.stop();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(existsSync(cluster.directory)).toBe(false);
  });

  it.each([
    ['a killed process', false],
    ['a power cut that loses or tears what was not durable', true],
  ])('lose no acknowledged write by %s', { timeout: 120_000 }, async (_, lossy) => {
    const cluster = await start({ lossy, snapshotEvery: 500 });
    const { result, verdict } = await killLeaders(cluster, rounds, between);
    expect(verdict).toMatchObject({ verdict: 'ok' });
    expect(result.ok).toBeGreaterThan(500);
    expect(result.history!.filter(({ input }) => input.kind === 'get').length).toBeGreaterThan(1000);
  });

  it('go on without a leader that stands still', async () => {
    const cluster = await start();
    const leader = await cluster.leader();
    cluster.pause(leader);
    const client = new QuorateClient(cluster.members, { attemptMilliseconds: 200 });
    await client.put('a', '1');
    const successor = await cluster.leader();
    expect(successor).not.toBe(leader);
    cluster.resume(leader);
    await client.put('a', '2');
    expect(await client.get('a')).toBe('2');
    await client.close();
  });
});

describe('three processes of two-phase commit', () => {
  it('serve, block while one is away, and go on when it is back, linearizably', async () => {
    const cluster = await start({ protocol: TWO_PHASE_COMMIT });
    const load = new Load({ ...HISTORY, members: cluster.members, clients: 8, giveUpMilliseconds: 1000 });
    await pause(400);
    await cluster.kill(2);
    await pause(300);
    await cluster.restart(2);
    const before = load.completed;
    await cluster.ready();
    await pause(300);
    const result = await load.stop();
    expect(load.completed).toBeGreaterThan(before);
    expect(result.ok).toBeGreaterThan(100);
    expect(cluster.failures).toEqual([]);
    expect(checkLinearizability(result.history!, keyValueModel())).toMatchObject({ verdict: 'ok' });
  });
});

describe('runRealLoad', () => {
  it('carries out a plan under an open loop and tells what happened when', async () => {
    const result = await runRealLoad({
      protocol: RAFT,
      nodes: 3,
      rate: 300,
      seconds: 1.5,
      warmUpMilliseconds: 200,
      columns: true,
      ...HISTORY,
      plan: {
        version: 1,
        events: [
          { at: 500, for: 500, kind: 'crash', node: 'leader', lostWrites: false, tornWrites: false },
          { at: 1200, for: 100, kind: 'pause', node: 'follower' },
        ],
      },
    });
    const labels = result.events.map(({ label, kind }) => `${kind}: ${label}`);
    expect(labels[0]).toMatch(/^fault: node \d crashes$/);
    expect(labels).toContainEqual(expect.stringMatching(/^role: node \d leads, epoch \d+$/));
    expect(labels).toContainEqual(expect.stringMatching(/^heal: over: node \d stands still$/));
    expect(result.latency.samples).toBe(result.ok);
    expect(result.ok + result.failed + result.unknown).toBeGreaterThan(300);
    expect(result.latency.max).toBeGreaterThan(100_000); // those that were meant to start while nobody led
    expect(result.timeline.completed.slice(0, 17).reduce((sum, n) => sum + n)).toBeGreaterThan(300);
    expect(Math.max(...result.timeline.oldestPendingMilliseconds)).toBeGreaterThan(100);
    expect(result.columns!.intended).toHaveLength(result.columns!.status.length);
    expect(result.replicas.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(result.failures).toEqual([]);
    expect(checkLinearizability(result.history!, keyValueModel())).toMatchObject({ verdict: 'ok' });
  });
});
