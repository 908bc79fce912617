import { describe, expect, it } from 'vitest';
import { transactionNumber } from '../src/index.ts';
import { World } from './harness.ts';
import { TestClient } from './node.ts';

/** The messages from one node to another so far, of one type. */
function messages(world: World, from: number, to: number, type: string) {
  return world.sent.filter((one) => one.from === from && one.to === to && one.message.type === type);
}

describe('mistakes that implementations of two-phase commit make, not made here', () => {
  it('a repeated Prepare after a no gets a no, though the resource would now say yes', () => {
    const world = new World(3);
    world.node(2).resource.force = 'no';
    world.write(1, 1, 1);
    world.run(50);
    world.node(2).resource.force = null;
    world.inject(1, 2, messages(world, 1, 2, 'Prepare')[0]!.message);
    expect(world.sent.at(-1)!.message).toMatchObject({ type: 'Vote', vote: 'no' });
  });

  it('a repeated Prepare after a yes gets the same vote and no second record; after the commit it gets none', () => {
    const world = new World(3);
    world.arrives = (_from, _to, { type }) => type !== 'Decision';
    world.write(1, 1, 1);
    world.run(5);
    const prepare = messages(world, 1, 2, 'Prepare')[0]!.message;
    world.inject(1, 2, prepare);
    expect(messages(world, 2, 1, 'Vote')).toHaveLength(2);
    expect(world.node(2).written()).toEqual(['PREPARED!']);
    world.arrives = () => true;
    world.run(1_000);
    world.inject(1, 2, prepare);
    expect(messages(world, 2, 1, 'Vote')).toHaveLength(2);
    expect(world.node(2).resource.locks.size).toBe(0);
  });

  it('a Prepare that its abort has overtaken gets no yes: below the mark no vote at all, above it a no', () => {
    const world = new World(3);
    const overtaken = (key: number) => {
      world.arrives = (_from, to, { type }) => type !== 'Ack' && !(to === 2 && type === 'Prepare');
      world.write(1, key, 1);
      world.run(400);
      world.inject(1, 2, messages(world, 1, 2, 'Prepare').at(-1)!.message);
      expect(world.node(2).resource.locks.size).toBe(0);
    };
    overtaken(1);
    expect(messages(world, 2, 1, 'Vote')).toEqual([]);
    world.write(1, 2, 1, [1, 3]); // will lack an ack, so the mark stays here
    overtaken(3);
    expect(messages(world, 2, 1, 'Vote').map(({ message }) => message)).toMatchObject([{ vote: 'no' }]);
  });

  it('a vote that comes twice counts once', () => {
    const world = new World(3);
    world.arrives = (from) => from !== 3;
    const client = world.write(1, 1, 1);
    world.run(5);
    for (let i = 0; i < 3; i++) world.inject(2, 1, messages(world, 2, 1, 'Vote')[0]!.message);
    expect(client.status).toBe('open');
    expect(world.node(1).written()).not.toContain('COMMIT!');
  });

  it('a vote from an earlier incarnation’s transaction counts for nothing', () => {
    const world = new World(3);
    world.arrives = (from) => from === 1;
    world.write(1, 1, 1);
    world.run(5);
    world.node(1).crash();
    world.node(1).restart();
    world.write(1, 2, 2);
    for (const from of [2, 3]) world.inject(from, 1, messages(world, from, 1, 'Vote')[0]!.message);
    const [transaction] = world.node(1).state.coordinating.values();
    expect(transaction!.yes.filter((node) => node !== 1)).toEqual([]);
  });

  it('a vote from a node that has no part in the transaction stops the coordinator', () => {
    const world = new World(3);
    const { slot } = world.write(1, 1, 1, [1, 2]);
    expect(() => world.inject(3, 1, { type: 'Vote', slot, vote: 'yes', acks: [] })).toThrow(/no part/);
  });

  it('COMMIT is not forgotten after any time-out: a participant that comes back after a day learns it', () => {
    const world = new World(3);
    world.arrives = (_from, to, { type }) => !(to === 3 && type === 'Decision');
    world.write(1, 1, 1);
    world.run(5);
    world.node(3).crash();
    world.run(3_600_000);
    world.node(1).crash();
    world.node(1).restart();
    world.run(3_600_000);
    world.arrives = () => true;
    world.node(3).restart();
    world.run(10);
    expect(world.node(3).resource.values.get(1)).toBe(1);
  });

  it('no client is told "aborted" while its transaction may still commit', () => {
    const world = new World(3);
    const client = world.write(1, 1, 1);
    world.run(1);
    world.node(1).autoSync = false;
    world.run(60_000); // COMMIT is written and not durable: neither outcome is certain
    expect(client.status).toBe('open');
    world.node(1).sync();
    expect(client.status).toBe('ok');
  });

  it('a participant that refused and is told to commit stops, and says why', () => {
    const world = new World(3);
    world.node(2).resource.force = 'no';
    const { slot } = world.write(1, 1, 1);
    world.run(50);
    const commit = { type: 'Decision', slot, outcome: 'committed', oldestActive: slot } as const;
    expect(() => world.inject(1, 2, commit)).toThrow(/never voted yes/);
    const unknown = { ...commit, slot: transactionNumber(1, 99, 1) };
    expect(() => world.inject(1, 3, unknown)).toThrow(/never voted yes/);
  });

  it('a participant that is still asking its resource and is told to commit stops', () => {
    const world = new World(3);
    world.node(2).resource.force = 'waiting';
    const { slot } = world.write(1, 1, 1);
    world.run(5);
    const commit = { type: 'Decision', slot, outcome: 'committed', oldestActive: slot } as const;
    expect(() => world.inject(1, 2, commit)).toThrow(/has not voted/);
  });

  it('a participant that has committed and is told to abort stops; a late presumption of abort it ignores', () => {
    const world = new World(3);
    const { slot } = world.write(1, 1, 1);
    world.run(50);
    world.inject(1, 2, { type: 'InquireReply', slot, answer: 'aborted' });
    expect(world.node(2).resource.values.get(1)).toBe(1);
    const abort = { type: 'Decision', slot, outcome: 'aborted', oldestActive: slot } as const;
    expect(() => world.inject(1, 2, abort)).toThrow(/is committed here/);
  });

  it('only the coordinator decides and prepares; only what it numbered is asked of it', () => {
    const world = new World(3);
    const { slot } = world.write(1, 1, 1);
    world.run(1);
    const abort = { type: 'Decision', slot, outcome: 'aborted', oldestActive: 0 } as const;
    expect(() => world.inject(3, 2, abort)).toThrow(/not its own/);
    expect(() => world.inject(3, 2, messages(world, 1, 2, 'Prepare')[0]!.message)).toThrow(/not its own/);
    expect(() => world.inject(2, 1, { type: 'Inquire', slot: transactionNumber(1, 99, 1) })).toThrow(
      /never given/,
    );
  });

  it('two transactions on one cell: the locks order them, wherever they were begun', () => {
    const world = new World(3);
    const clients = [1, 2, 3].map((node) => world.write(node, 5, node));
    world.run(1_000);
    const committed = clients.filter(({ status }) => status === 'ok');
    expect(clients.every(({ status }) => status === 'ok' || status === 'aborted')).toBe(true);
    for (const id of [1, 2, 3]) {
      expect(world.node(id).resource.applied).toEqual(world.node(1).resource.applied);
      expect(world.node(id).resource.applied).toHaveLength(committed.length);
      expect(world.node(id).resource.locks.size).toBe(0);
    }
  });
});

describe('reads, at any node', () => {
  it('wait while a transaction in doubt holds the key: never new at one node, then old at another', () => {
    const world = new World(3);
    world.arrives = (_from, to, { type }) => !(to === 2 && type === 'Decision');
    const write = world.write(1, 1, 42);
    world.run(4);
    expect(write.status).toBe('ok');
    expect(world.read(3, 1)).toMatchObject({ status: 'ok', value: 42 });
    const read = world.read(2, 1);
    const elsewhere = world.read(2, 2);
    expect([read.status, elsewhere.status]).toEqual(['open', 'ok']);
    world.arrives = () => true;
    world.run(200);
    expect(read).toMatchObject({ status: 'ok', value: 42 });
  });

  it('wait also after a restart that took the COMMITTED record', () => {
    const world = new World(3);
    world.write(1, 1, 42);
    world.run(1);
    world.node(2).autoSync = false;
    world.run(2);
    expect(world.read(2, 1)).toMatchObject({ value: 42 });
    world.node(1).crash();
    world.node(2).crash();
    world.node(2).autoSync = true;
    world.node(2).restart();
    const read = world.read(2, 1);
    expect(read.status).toBe('open');
    world.node(1).restart();
    world.run(5);
    expect(read).toMatchObject({ status: 'ok', value: 42 });
  });
});

describe('requests', () => {
  it('above maxActive, clients are told to wait', () => {
    const world = new World(3, { knobs: { maxActive: 2 } });
    const statuses = [1, 2, 3].map((key) => world.write(1, key, 1).status);
    expect(statuses).toEqual(['open', 'open', 'busy']);
    world.run(100);
    expect(world.write(1, 3, 1).status).toBe('open');
  });

  it('participants that do not exist, or twice, and administration are refused', () => {
    const world = new World(3);
    expect(world.write(1, 1, 1, [1, 4]).status).toBe('unsupported');
    expect(world.write(1, 1, 1, [1, 1]).status).toBe('unsupported');
    expect(world.request(1, new TestClient('admin', 9, 0, 0, [])).status).toBe('unsupported');
  });

  it('a transaction may have any participants: the others take no part', () => {
    const world = new World(5);
    const client = world.write(1, 1, 7, [2, 4]);
    world.run(100);
    expect(client.status).toBe('ok');
    expect([1, 2, 3, 4, 5].map((id) => world.node(id).resource.values.get(1))).toEqual([
      undefined,
      7,
      undefined,
      7,
      undefined,
    ]);
  });
});
