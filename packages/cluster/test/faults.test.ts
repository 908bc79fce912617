import { checkLinearizability, keyValueModel } from '@quorate/checkers';
import { FaultState, PlanError } from '@quorate/faults';
import { nodeIo } from '@quorate/log/disk';
import { afterEach, describe, expect, it } from 'vitest';
import { ReplicaClock } from '../src/clock.ts';
import { faultyIo } from '../src/disk-faults.ts';
import { Load, LocalCluster, ReplicaFaults } from '../src/index.ts';
import { linkFaults } from '../src/link-faults.ts';

const RAFT = { module: '@quorate/raft', exportName: 'raft' };
const MESSAGE = { type: 'M' };

let cluster: LocalCluster | undefined;
afterEach(() => cluster?.stop());

describe('faults of links', () => {
  const draws = (...numbers: number[]) => {
    let i = 0;
    return () => numbers[i++]!;
  };

  it('let messages pass, lose, delay and double them as the plan says', () => {
    const state = new FaultState([1, 2, 3]);
    const fate = (to: number, ...random: number[]) =>
      linkFaults(1, state, () => 400, draws(...random)).outgoing!(to, MESSAGE);
    expect(fate(2)).toEqual([0]);
    state.begin(0, { at: 0, kind: 'cut', from: [1], to: [2] });
    expect(fate(2)).toEqual([]);
    expect(fate(3, 0.5, 0.5, 0.5, 0.5)).toEqual([0]);
    state.end(0);
    state.begin(1, { at: 0, kind: 'loss', probability: 0.3 });
    expect(fate(2, 0.29)).toEqual([]);
    expect(fate(2, 0.31, 0.5, 0.5, 0.5)).toEqual([0]);
    state.begin(2, { at: 0, kind: 'delay', milliseconds: 10, jitterMilliseconds: 4 });
    expect(fate(2, 0.9, 0.25, 0.5, 0.5)).toEqual([11]);
    state.begin(3, { at: 0, kind: 'duplicate', probability: 0.5, delayMilliseconds: 100 });
    expect(fate(2, 0.9, 0, 0.5, 0.4, 0.2)).toEqual([10, 30]);
    state.begin(4, { at: 0, kind: 'reorder', probability: 0.5, byMilliseconds: 50 });
    expect(fate(2, 0.9, 0, 0.4, 0.5, 0.9)).toEqual([35]);
    state.begin(5, { at: 100, for: 1000, kind: 'clog' });
    expect(fate(2, 0.9, 0, 0.9, 0.9)).toEqual([700]);
    state.begin(6, { at: 100, kind: 'clog' });
    expect(fate(2, 0.9, 0, 0.9)).toEqual([]);
  });
});

describe('a faulty clock', () => {
  it('runs at its rate and leaps ahead', () => {
    const clock = new ReplicaClock();
    clock.setRate(1000);
    const before = clock.now();
    const real = performance.now();
    while (performance.now() - real < 2);
    expect(clock.now() - before).toBeGreaterThan(1900);
    expect(clock.until(clock.now() + 1000)).toBeLessThan(1.5);
    clock.setRate(1);
    const now = clock.now();
    clock.jump(5000);
    expect(clock.now() - now).toBeGreaterThanOrEqual(5000);
    expect(clock.now() - now).toBeLessThan(5100);
  });

  it("is a replica's own only", () => {
    const faults = new ReplicaFaults(1, [1, 2]);
    let changes = 0;
    faults.onClock = () => changes++;
    faults.begin(0, { at: 0, kind: 'clock-skew', node: 2, rate: 2 }, 0);
    faults.begin(1, { at: 0, kind: 'clock-jump', node: 2, milliseconds: 5 }, 0);
    expect([faults.clock.rate, changes]).toEqual([1, 0]);
    faults.begin(2, { at: 0, kind: 'clock-skew', node: 1, rate: 2 }, 0);
    expect([faults.clock.rate, changes]).toEqual([2, 1]);
    faults.end(2);
    faults.begin(3, { at: 0, kind: 'clock-jump', node: 1, milliseconds: 5 }, 0);
    expect([faults.clock.rate, changes]).toEqual([1, 3]);
  });
});

describe('a faulty disk', () => {
  const fine = { diskFactor: 1, diskMilliseconds: 0, diskFull: false, diskFailing: false };
  const quick = {
    ...nodeIo,
    write: (...[, , , length, , done]: Parameters<typeof nodeIo.write>) => done(null, length),
  };
  const write = (faults: Partial<typeof fine>): Promise<[string | undefined, number]> =>
    new Promise((resolve) => {
      const since = performance.now();
      const io = faultyIo(() => ({ ...fine, ...faults }), quick);
      io.write(0, new Uint8Array(1), 0, 1, 0, (error) =>
        resolve([error?.message, performance.now() - since]),
      );
    });

  it('is slow, full or failing', async () => {
    expect((await write({}))[0]).toBeUndefined();
    const [error, lasted] = await write({ diskMilliseconds: 20 });
    expect(error).toBeUndefined();
    expect(lasted).toBeGreaterThan(18);
    expect((await write({ diskFull: true }))[0]).toBe('ENOSPC: no space left on device');
    expect((await write({ diskFailing: true }))[0]).toBe('EIO: i/o error');
    const full = faultyIo(() => ({ ...fine, diskFull: true }), quick);
    expect(() => full.writeNow(0, new Uint8Array(1), 0, 1, 0)).toThrow('ENOSPC');
    const failing = faultyIo(() => ({ ...fine, diskFailing: true }), quick);
    expect(() => failing.syncNow(0)).toThrow('EIO');
  });
});

describe('a plan on real processes', () => {
  it('is refused where the cluster was not started for it', async () => {
    cluster = await LocalCluster.start({ protocol: RAFT, nodes: 1 });
    const carryOut = (event: object) => () => cluster!.carryOut({ version: 1, events: [event] } as never);
    const crash = { at: 0, kind: 'crash', node: 1, lostWrites: false, tornWrites: false };
    expect(carryOut({ ...crash, lostWrites: true })).toThrow(
      new PlanError('events[0].lostWrites: real processes lose writes only in a cluster started as lossy'),
    );
    expect(carryOut({ ...crash, tornWrites: true })).toThrow(/^events\[0\]\.tornWrites: real processes/);
    expect(carryOut({ at: 0, kind: 'clog' })).toThrow(
      new PlanError('events[0].kind: clog needs a cluster started with faults'),
    );
    expect(carryOut({ at: 0, kind: 'drop-message', message: 7 })).toThrow(
      /^events\[0\]\.kind: drop-message means something only in the simulator/,
    );
  });

  it('splits, loses, delays, doubles, skews clocks and fills disks, and the history stays linearizable', async () => {
    cluster = await LocalCluster.start({ protocol: RAFT, nodes: 3, faults: true });
    await cluster.ready();
    const first = await cluster.leader();
    const load = new Load({
      members: cluster.members,
      clients: 16,
      keys: 200,
      valueBytes: 16,
      reads: 0.4,
      writes: 'mixed',
      history: true,
      finalReads: true,
      attemptMilliseconds: 250,
    });
    const steps: string[] = [];
    const runner = cluster.carryOut(
      {
        version: 1,
        events: [
          { at: 100, for: 700, kind: 'partition', groups: [[first]] },
          { at: 200, for: 1200, kind: 'loss', probability: 0.1 },
          { at: 300, for: 1000, kind: 'duplicate', probability: 0.2, delayMilliseconds: 20 },
          { at: 400, for: 800, kind: 'delay', milliseconds: 2, jitterMilliseconds: 5 },
          { at: 500, for: 800, kind: 'clock-skew', node: 'follower', rate: 1.3 },
          { at: 600, kind: 'clock-jump', node: 'leader', milliseconds: 400 },
          { at: 1000, for: 600, kind: 'disk-full', node: 'follower' },
          { at: 1100, kind: 'disk-slow', node: 'leader', milliseconds: 3 },
        ],
      },
      { onStep: (phase, { kind }) => steps.push(`${phase} ${kind}`) },
    );
    // however long the others take to elect one of them: that a split may end before hangs on the machine
    await expect.poll(() => cluster!.leader(), { timeout: 20_000 }).not.toBe(first);
    await runner.done;
    await runner.heal();
    await cluster.ready();
    const result = await load.stop();
    const aimed = ['partition', 'loss', 'duplicate', 'delay', 'clock-skew', 'disk-full'];
    for (const kind of aimed)
      expect(steps.filter((step) => step.endsWith(` ${kind}`))).toEqual([`begin ${kind}`, `end ${kind}`]);
    // what aims at the leader is left out while nobody leads, and how long that is hangs on the machine
    const rest = steps.filter((step) => !aimed.some((kind) => step.endsWith(` ${kind}`)));
    const possible = ['begin clock-jump', 'begin disk-slow', 'end disk-slow'];
    expect(possible.filter((step) => rest.includes(step))).toEqual(rest);
    expect(cluster.failures).toEqual([
      { id: expect.any(Number), reason: expect.stringContaining('ENOSPC: no space left on device') },
    ]);
    expect(cluster.up).toEqual([1, 2, 3]);
    expect(result.ok).toBeGreaterThan(400);
    expect(checkLinearizability(result.history!, keyValueModel())).toMatchObject({ verdict: 'ok' });
  });
});
