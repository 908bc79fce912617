import { describe, expect, it } from 'vitest';
import { transactionNumber } from '../src/index.ts';
import { World } from './harness.ts';

/** Three nodes; a transaction of node 1 whose coordinator is gone, node 2 in doubt; `first` runs when the Prepares have arrived. */
function orphaned(
  first: (world: World) => void,
  knobs: Record<string, number> = {},
): { world: World; slot: number } {
  const world = new World(3, { knobs });
  const { slot } = world.write(1, 1, 1);
  world.run(1);
  first(world);
  world.node(1).crash();
  return { world, slot };
}

describe('cooperative termination (Bernstein, Hadzilacos & Goodman 1987, ch. 7)', () => {
  it('COMMITTED at a peer: commit', () => {
    const world = new World(3);
    world.arrives = (_from, to, { type }) => !(to === 2 && type === 'Decision');
    world.write(1, 1, 1);
    world.run(3);
    world.node(1).crash();
    world.run(400);
    expect(world.node(2).resource.values.get(1)).toBe(1);
    expect(world.node(2).resource.locks.size).toBe(0);
    world.arrives = () => true;
    world.node(1).restart(); // its COMMIT ends all the same: node 2 acks the coordinator
    world.run(400);
    expect(world.node(1).state.coordinating.size).toBe(0);
  });

  it('ABORTED at a peer, which was told: abort', () => {
    const world = new World(3);
    world.arrives = (from, to, { type }) =>
      !(to === 2 && type === 'Decision') && !(from === 2 && type === 'Vote');
    const { slot } = world.write(1, 1, 1);
    world.run(310); // the coordinator gave up
    world.node(1).crash();
    expect(world.node(3).decisions).toEqual([[slot, 'aborted']]);
    world.arrives = () => true;
    world.run(400);
    expect(world.node(2).decisions).toEqual([[slot, 'aborted']]);
  });

  it('ABORTED at a peer whose no is only a lazy record: it is forced before the answer leaves', () => {
    const world = new World(3);
    world.node(3).resource.force = 'no';
    world.arrives = (from) => from !== 3;
    const { slot } = world.write(1, 1, 1);
    world.run(2);
    world.node(1).crash();
    expect(world.node(3).written()).toEqual(['ABORTED']);
    world.node(3).autoSync = false;
    world.arrives = () => true;
    world.run(400);
    expect(world.node(3).written()).toEqual(['ABORTED', 'ABORTED!']);
    expect(world.node(2).state.inDoubt).toBe(1);
    world.node(3).sync();
    world.run(2);
    expect(world.node(2).decisions).toEqual([[slot, 'aborted']]);
  });

  it('a peer that has not voted: it aborts durably, answers abort, and votes no on a Prepare that comes later', () => {
    const world = new World(3);
    world.arrives = (_from, to) => to !== 3;
    const { slot } = world.write(1, 1, 1);
    world.run(1);
    world.node(1).crash();
    world.arrives = () => true;
    world.node(3).autoSync = false;
    world.run(400);
    expect(world.node(3).written()).toEqual(['ABORTED!']);
    expect(world.node(2).state.inDoubt).toBe(1);
    world.node(3).sync();
    world.node(3).autoSync = true;
    world.run(2);
    expect(world.node(2).decisions).toEqual([[slot, 'aborted']]);
    world.node(3).crash();
    world.node(3).restart();
    world.inject(1, 3, world.sent.find(({ to }) => to === 3)!.message);
    world.run(0);
    expect(world.sent.at(-1)!.message).toMatchObject({ type: 'Vote', slot, vote: 'no' });
  });

  it('a peer that waits for locks has not voted either: it aborts, and its late locks change nothing', () => {
    const world = new World(3);
    world.node(3).resource.force = 'waiting';
    const { slot } = world.write(1, 1, 1);
    world.run(1);
    world.node(1).crash();
    world.run(320);
    for (const id of [2, 3]) expect(world.node(id).decisions).toEqual([[slot, 'aborted']]);
    world.node(3).voted(slot, 'yes');
    expect(world.node(3).state.inDoubt).toBe(0);
    expect(world.node(3).written()).toEqual(['ABORTED!']);
  });

  it('PREPARED at all peers that can be reached: no information, it blocks; the state says how many and since when', () => {
    const { world, slot } = orphaned(() => {});
    world.run(60_000);
    for (const id of [2, 3]) {
      const { state, roles } = world.node(id);
      expect(state).toMatchObject({ inDoubt: 1, overdue: 1 });
      expect(state.participating.get(slot)).toMatchObject({ phase: 'PREPARED', since: 1, overdue: true });
      expect(roles).toEqual(['ready', 'in doubt']);
    }
    world.node(1).restart();
    world.run(2_000);
    for (const id of [2, 3]) {
      expect(world.node(id).state).toMatchObject({ inDoubt: 0, overdue: 0 });
      expect(world.node(id).roles).toEqual(['ready', 'in doubt', 'ready']);
    }
  });

  it('an unreachable peer that has the decision: it blocks until that peer is back, then at once', () => {
    const world = new World(3);
    world.arrives = (_from, to, { type }) => !(to === 2 && type === 'Decision');
    world.write(1, 1, 1);
    world.run(3);
    world.node(1).crash();
    world.node(3).crash();
    world.run(60_000);
    expect(world.node(2).state.inDoubt).toBe(1);
    world.node(3).restart();
    world.node(2).step((replica) => replica.onLink(3, true));
    world.run(2);
    expect(world.node(2).resource.values.get(1)).toBe(1);
  });

  it('a read-only peer knows nothing, also after a restart, and must not pose as one that has not voted', () => {
    const world = new World(3);
    world.node(3).resource.force = 'readonly';
    world.arrives = (_from, to, { type }) => !(to === 2 && type === 'Decision');
    world.write(1, 1, 1);
    world.run(5);
    world.node(1).crash();
    world.node(3).crash();
    world.node(3).restart();
    world.run(60_000);
    expect(world.node(2).state.inDoubt).toBe(1);
    world.arrives = () => true;
    world.node(1).restart();
    world.run(10);
    expect(world.node(2).resource.values.get(1)).toBe(1);
  });

  it('a coordinator that still collects votes answers undecided, and then the peers are left alone', () => {
    const world = new World(3, { knobs: { voteTimeout: 100_000 } });
    world.node(3).resource.force = 'waiting';
    const client = world.write(1, 1, 1);
    world.run(20_000);
    expect(world.count('Inquire')).toBeGreaterThan(10);
    expect(world.sent.filter(({ to, message }) => to === 3 && message.type === 'Inquire')).toEqual([]);
    world.node(3).voted(client.slot, 'yes');
    world.run(5);
    expect(client.status).toBe('ok');
  });

  it('retries when a link comes up: the in-doubt ask, the coordinator repeats its commits', () => {
    const world = new World(3, { knobs: { inquireTimeout: 1e6, resendInterval: 1e6 } });
    world.arrives = (_from, to, { type }) => !(to !== 1 && type === 'Decision');
    world.write(1, 1, 1);
    world.run(10);
    world.arrives = () => true;
    world.node(2).step((replica) => replica.onLink(1, false));
    world.node(2).step((replica) => replica.onLink(1, true));
    world.node(1).step((replica) => replica.onLink(3, true));
    world.run(2);
    for (const id of [2, 3]) expect(world.node(id).resource.values.get(1)).toBe(1);
  });
});

/** Commits `count` transactions of `coordinator`, on changing cells. */
function commit(world: World, coordinator: number, count: number): void {
  for (let i = 0; i < count; i++) {
    expect(world.write(coordinator, i % 3, i).status).toBe('open');
    world.run(3);
  }
  world.run(60);
}

describe('forgetting, below the low-water mark `oldestActive`', () => {
  it('outcomes are kept until their coordinator says that nobody can ask, then dropped at the next checkpoint', () => {
    const world = new World(3);
    commit(world, 1, 200);
    const log = world.node(2).log('participant');
    expect(log.held.size).toBe(200);
    expect(log.ended.size).toBeGreaterThan(100);
    world.node(2).checkpoint();
    expect(log.held.size).toBeLessThan(100);
    world.node(2).crash();
    world.node(2).restart();
    expect(world.node(2).resource.values).toEqual(world.node(1).resource.values);
  });

  it('a mark does not pass a commit that lacks an ack, so a peer still knows it', () => {
    const world = new World(3);
    world.arrives = (_from, to, { type }) => !(to === 3 && type === 'Decision');
    const { slot } = world.write(1, 9, 9);
    world.run(10);
    world.arrives = (_from, to) => to !== 3;
    for (let i = 0; i < 200; i++) {
      world.write(1, i % 3, i, [1, 2]);
      world.run(3);
    }
    expect(world.node(1).state.oldestActive).toBe(slot);
    expect(world.node(2).log('participant').ended.size).toBe(0);
  });

  it('a forgotten commit is not mistaken for a transaction never voted on, also after a restart', () => {
    const world = new World(3);
    commit(world, 1, 200);
    world.node(2).checkpoint();
    const { message: prepare } = world.sent.find(({ to }) => to === 2)!;
    const slot = transactionNumber(1, 1, 1);
    for (let life = 0; life < 2; life++) {
      expect(world.node(2).log('participant').tagAt(slot)).toBe(-1);
      const before = world.sent.length;
      world.inject(1, 2, prepare); // late: no vote, no lock
      world.run(0);
      expect(world.sent.length).toBe(before);
      world.inject(1, 2, { type: 'Decision', slot, outcome: 'committed', oldestActive: slot }); // END was lost: acked again
      world.run(30);
      expect(world.sent.at(-1)!.message).toEqual({ type: 'Ack', slots: [slot] });
      world.node(2).crash();
      world.node(2).restart();
      world.run(0);
    }
  });

  it('an Inquire below the mark is answered abort: its sender would have had to ack a commit', () => {
    const world = new World(3);
    commit(world, 1, 200);
    world.node(2).checkpoint();
    const before = world.node(2).written().length;
    world.inject(3, 2, { type: 'Inquire', slot: transactionNumber(1, 1, 1) });
    expect(world.sent.at(-1)!.message).toMatchObject({ type: 'InquireReply', answer: 'aborted' });
    expect(world.node(2).written()).toHaveLength(before); // a presumption, not an act
    world.run(1);
  });

  it('marks hold across the coordinator’s incarnations: its numbers only grow, and old commits pull the mark back', () => {
    const world = new World(3);
    world.arrives = (_from, to, { type }) => !(to === 3 && type === 'Decision');
    const first = world.write(1, 9, 9);
    world.run(10);
    world.node(1).crash();
    world.node(1).restart();
    expect(world.node(1).state.oldestActive).toBe(first.slot);
    const second = world.write(1, 1, 1, [1, 2]);
    expect(second.slot).toBeGreaterThan(first.slot);
    world.run(10);
    expect(world.node(2).state.marks[1]).toBe(first.slot);
    world.arrives = () => true;
    world.run(1_000);
    world.write(1, 2, 2);
    world.run(2);
    expect(world.node(2).state.marks[1]).toBeGreaterThan(second.slot);
  });
});
