import type { AnyProtocol } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { describe, expect, it } from 'vitest';
import { hunt } from '../src/hunt.ts';
import type { HuntedSeed } from '../src/hunt-seed.ts';
import { addSeed, emptyTally } from '../src/tally.ts';

const source = (protocol: AnyProtocol) => ({ protocol, module: '', exportName: '' });

describe('a hunt', () => {
  it('gives every protocol every seed, and counts what happened', async () => {
    const protocols = [source(twoPhaseCommit), source(raft)];
    const tallies = new Map(protocols.map(({ protocol: { name } }) => [name, emptyTally()]));
    const seeds = new Map(protocols.map(({ protocol: { name } }) => [name, [3, 4]]));
    const next = (name: string) => seeds.get(name)!.shift();
    const order: string[] = [];
    const onSeed = (name: string) => order.push(name);
    await hunt({ protocols, next, tallies, milliseconds: 10_000, threads: 0, onSeed });
    expect(order).toEqual(['two-phase-commit', 'raft', 'two-phase-commit', 'raft']);
    for (const tally of tallies.values()) {
      expect(tally.seeds).toBe(2);
      expect(tally.decided).toBeGreaterThan(20);
      expect(tally.virtualSeconds).toBeGreaterThanOrEqual(20);
      expect(Object.keys(tally.fired)).toEqual(Object.keys(tally.firedSeeds));
      expect(Object.keys(tally.fired).length).toBeGreaterThan(0);
      expect(tally.groups).toEqual([]);
      expect(tally.verdicts).toMatchObject({ violated: 0 });
    }
  });

  it('finds a Raft that forgets its vote, and says with which configuration', async () => {
    const broken = {
      ...raft,
      name: 'forgetful',
      create: (context: Parameters<typeof raft.create>[0]) => {
        const { ports } = context;
        const save: typeof ports.save = (durable) => ports.save({ ...durable, votedFor: null }, false);
        // The driver's own methods need their own `this`: hide one, hand the others on.
        return raft.create({
          ...context,
          ports: new Proxy(ports, { get: (target, name) => (name === 'save' ? save : bound(target, name)) }),
        });
      },
    };
    const controller = new AbortController();
    const tally = emptyTally();
    let failure: HuntedSeed | undefined;
    let seed = 0;
    await hunt({
      protocols: [source(broken)],
      next: () => (seed < 150 ? ++seed : undefined),
      tallies: new Map([['forgetful', tally]]),
      milliseconds: 20_000,
      threads: 0,
      signal: controller.signal,
      onSeed: (_, found, group) => {
        if (group === null) return;
        failure = found;
        controller.abort();
      },
    });
    expect(failure).toBeDefined();
    expect(failure!.options!.faults!.events.length).toBe(failure!.faults);
    expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
    expect(tally.groups).toMatchObject([{ count: 1, firstSeed: failure!.seed, seeds: [failure!.seed] }]);
  });
});

it('a tally counts knobs by value where that is not the default, and joins failures of one class', () => {
  const found = (seed: number, faults: number, detail: string): HuntedSeed => ({
    seed,
    nodes: 3,
    traceHash: '',
    virtualSeconds: 1,
    decided: 2,
    operations: { ok: 1, failed: 0, unknown: 0 },
    faults,
    fired: { crash: 2 },
    knobs: { preVote: 0, maxInflight: 256 },
    drawn: { nodes: 3, clients: 2, keys: 1, snapshotEvery: 0 },
    remarks: [{ check: 'agreement', verdict: 'violated', detail }],
  });
  const tally = emptyTally();
  addSeed(tally, found(4, 5, 'slot 3: node 1 differs (node 1, at 3 ms)'), raft);
  addSeed(tally, found(9, 2, 'slot 88: node 2 differs (node 2, at 4.5 ms)'), raft);
  addSeed(tally, found(10, 1, 'another thing'), raft);
  expect(tally.knobs).toEqual({ preVote: { 0: 3 } });
  expect(tally.drawn.nodes).toEqual({ 3: 3 });
  expect([tally.fired.crash, tally.firedSeeds.crash, tally.faults]).toEqual([6, 3, 8]);
  expect(tally.groups.map(({ count, firstSeed, smallest }) => [count, firstSeed, smallest.seed])).toEqual([
    [2, 4, 9],
    [1, 10, 10],
  ]);
});

function bound<T extends object>(target: T, name: string | symbol): unknown {
  const value = Reflect.get(target, name, target);
  return typeof value === 'function' ? value.bind(target) : value;
}
