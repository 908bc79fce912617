import { describe, expect, it } from 'vitest';
import { twoPhaseCommit } from '../src/index.ts';
import { World } from './harness.ts';
import type { TestClient } from './node.ts';

/** A seeded life full of faults, invariants on; then everything heals. */
function live(seed: number): { world: World; clients: TestClient[]; crashes: number } {
  const dice = new World(1, { seed });
  const pick = <T>(values: readonly T[]): T => values[Math.floor(dice.random() * values.length)]!;
  for (let i = 0; i < 5; i++) dice.random();
  const knobs: Record<string, number> = {};
  for (const [name, { draw }] of Object.entries(twoPhaseCommit.knobs)) knobs[name] = pick(draw);
  const world = new World(pick([2, 3, 5]), { seed: seed * 31, knobs });
  world.syncDelay = pick([0, 1, 8]);
  const loss = pick([0, 0.05, 0.3]);
  const twice = pick([0, 0.2]);
  const slowest = pick([1, 10, 200]);
  const faulty = pick([0.002, 0.02]);
  const delay = () => 1 + Math.floor(world.random() * slowest);
  world.delays = () =>
    world.random() < loss ? [] : world.random() < twice ? [delay(), delay() * 5] : [delay()];
  const clients: TestClient[] = [];
  const anyNode = () => world.node(1 + Math.floor(world.random() * world.members.voters.length));
  let crashes = 0;
  for (let step = 0; step < 1_000; step++) {
    const node = anyNode();
    if (node.up && world.random() < 0.3)
      clients.push(world.write(node.id, Math.floor(world.random() * 3), step % 256));
    if (node.up && world.random() < faulty) {
      node.crash(Math.floor(world.random() * 3));
      crashes += 1;
      world.at(Math.floor(world.random() * 400), () => node.restart());
    }
    if (node.up && world.random() < faulty) {
      const cut = node.id;
      const before = world.arrives;
      world.arrives = (from, to, message) =>
        before(from, to, message) && (world.random() < 0.5 || from !== cut);
      world.at(300, () => {
        world.arrives = () => true;
      });
    }
    if (node.up && world.random() < 0.01) node.checkpoint();
    world.run(Math.floor(world.random() * 6));
  }
  world.run(2_000);
  world.delays = () => [1];
  world.arrives = () => true;
  world.run(60_000);
  return { world, clients, crashes };
}

describe('a swarm of seeds, with loss, copies, reordering, crashes and checkpoints', () => {
  const totals = { committed: 0, aborted: 0, open: 0, crashes: 0 };

  it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
    'seed %i: no invariant breaks, and it ends decided and equal',
    (seed) => {
      const { world, clients, crashes } = live(seed);
      totals.crashes += crashes;
      const decided = new Map<number, string>();
      for (const id of world.members.voters)
        for (const [slot, outcome] of world.node(id).decisions) decided.set(slot, outcome);
      for (const id of world.members.voters) {
        const { state, resource } = world.node(id);
        expect(state).toMatchObject({ inDoubt: 0, overdue: 0 });
        expect([state.participating.size, state.coordinating.size, resource.locks.size]).toEqual([0, 0, 0]);
        expect([...resource.values].sort()).toEqual([...world.node(1).resource.values].sort());
      }
      for (const client of clients) {
        const outcome = decided.get(client.slot);
        if (client.status === 'ok') expect(outcome).toBe('committed');
        if (client.status === 'aborted') expect(outcome).toBe('aborted');
        if (outcome === 'committed') totals.committed += 1;
        else if (outcome === 'aborted') totals.aborted += 1;
        else totals.open += 1;
      }
    },
  );

  it('and they are worth their time', () => {
    expect(totals.committed).toBeGreaterThan(1_000);
    expect(totals.aborted).toBeGreaterThan(1_000);
    expect(totals.crashes).toBeGreaterThan(100);
  });
});
