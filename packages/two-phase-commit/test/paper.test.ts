import { describe, expect, it } from 'vitest';
import { coordinatorOf, transactionNumber, twoPhaseCommit } from '../src/index.ts';
import { World } from './harness.ts';

/** Messages of one type sent so far, as `from>to`. */
function routes(world: World, type: string): string[] {
  return world.sent.filter(({ message }) => message.type === type).map(({ from, to }) => `${from}>${to}`);
}

function forced(world: World): number {
  return world.members.voters.reduce(
    (sum, id) =>
      sum +
      world
        .node(id)
        .written()
        .filter((name) => name.endsWith('!')).length,
    0,
  );
}

describe('costs, failure-free (Gray & Lamport 2006; coordinator co-located)', () => {
  it.each([3, 5, 7])('%i nodes: 3(n−1) messages and 2 delays to the decision', (n) => {
    const world = new World(n);
    const { messagesPerDecision, delaysPerDecision } = twoPhaseCommit.costs(n);
    const client = world.write(1, 7, 42);
    world.run(4);
    expect(client).toMatchObject({ status: 'ok', answeredAt: delaysPerDecision });
    expect(world.sent).toHaveLength(messagesPerDecision);
    for (const id of world.members.voters) expect(world.node(id).resource.values.get(7)).toBe(42);
  });

  it.each([3, 5, 7])('%i nodes: n+1 forced writes to the answer, 2n+1 in all', (n) => {
    const world = new World(n);
    const { forcedWritesPerDecision, forcedWritesInAll } = twoPhaseCommit.costs(n);
    for (const id of world.members.voters) world.node(id).autoSync = id === 1;
    const client = world.write(1, 7, 42);
    world.run(1);
    for (const id of world.members.voters) world.node(id).sync(); // the PREPARED records
    world.run(1);
    expect(client.status).toBe('ok');
    // Of the coordinator's own COMMITTED record nothing depends before its ack: it falls in the step of the answer.
    expect(forced(world) - 1).toBe(forcedWritesPerDecision);
    world.run(1);
    expect(forced(world)).toBe(forcedWritesInAll);
  });

  it('acks ride with the next vote: a busy coordinator pays 3(n−1) messages for each decision', () => {
    const world = new World(3);
    let done = 0;
    for (; done < 50; done++) {
      const client = world.write(1, done % 5, done);
      world.run(2);
      expect(client.status).toBe('ok');
    }
    expect(world.sent).toHaveLength(done * 6);
    world.run(100);
    expect(world.count('Ack')).toBe(2); // the last decision's, by the timer
    expect(world.node(1).state.coordinating.size).toBe(0);
    expect(
      world
        .node(1)
        .written()
        .filter((name) => name === 'END'),
    ).toHaveLength(50);
  });
});

describe('presumed abort, force-write table (Mohan, Lindsay & Obermarck 1986)', () => {
  it('commit: COMMIT forced and END lazy at the coordinator, PREPARED and COMMITTED forced at each participant, then acks', () => {
    const world = new World(3);
    world.write(1, 1, 1);
    world.run(100);
    expect(world.node(2).written()).toEqual(['PREPARED!', 'COMMITTED!']);
    expect(world.node(1).written()).toEqual(['PREPARED!', 'COMMIT!', 'COMMITTED!', 'END', 'forget']);
    expect(routes(world, 'Ack')).toEqual(['2>1', '3>1']);
  });

  it('abort: the coordinator writes nothing; who voted yes forces PREPARED, writes ABORTED lazily and does not ack', () => {
    const world = new World(3);
    world.node(3).resource.force = 'no';
    const client = world.write(1, 1, 1);
    world.run(100);
    expect(client.status).toBe('aborted');
    expect(world.node(1).written()).toEqual(['PREPARED!', 'ABORTED']);
    expect(world.node(2).written()).toEqual(['PREPARED!', 'ABORTED']);
    expect(world.count('Ack')).toBe(0);
    expect(world.node(2).resource.locks.size).toBe(0);
  });

  it('abort: who voted no forces nothing and is not told', () => {
    const world = new World(3);
    world.node(3).resource.force = 'no';
    world.write(1, 1, 1);
    world.run(100);
    expect(world.node(3).written()).toEqual(['ABORTED']);
    expect(routes(world, 'Decision')).toEqual(['1>2']);
  });

  it('a read-only participant leaves phase two: no decision, no second record', () => {
    const world = new World(3);
    world.node(3).resource.force = 'readonly';
    const client = world.write(1, 1, 1);
    world.run(100);
    expect(client.status).toBe('ok');
    expect(routes(world, 'Decision')).toEqual(['1>2']);
    expect(world.node(3).written()).toEqual(['READONLY!']); // forced: the deviation that README.md names
    expect(world.node(1).state.coordinating.size).toBe(0);
  });

  it('all read-only: the coordinator logs nothing', () => {
    const world = new World(3);
    for (const id of [1, 2, 3]) world.node(id).resource.force = 'readonly';
    const client = world.write(1, 1, 1);
    world.run(100);
    expect(client.status).toBe('ok');
    expect(world.node(1).written()).toEqual(['READONLY!']);
    expect(world.count('Decision')).toBe(0);
  });

  it('a coordinator that is read-only itself, or no participant at all, still answers its client after COMMIT is durable', () => {
    const world = new World(3);
    world.node(1).resource.force = 'readonly';
    const one = world.write(1, 1, 1);
    world.run(100);
    world.node(1).autoSync = false;
    const other = world.write(1, 2, 2, [2, 3]);
    world.run(100);
    expect([one.status, other.status]).toEqual(['ok', 'open']);
    expect(world.node(2).resource.values.has(2)).toBe(false);
    world.node(1).sync();
    expect(other.status).toBe('ok');
    world.run(100);
    expect(world.node(2).resource.values.get(2)).toBe(2);
    expect(world.node(1).state.coordinating.size).toBe(0);
  });

  it('a coordinator that is no participant tells its client of an abort, once', () => {
    const world = new World(3);
    world.node(3).resource.force = 'no';
    const client = world.write(1, 2, 2, [2, 3]);
    world.run(100);
    expect(client.status).toBe('aborted');
    expect(world.node(1).decisions).toHaveLength(1);
  });
});

describe('AC4: nothing is told before its record is durable', () => {
  it('a yes vote waits for PREPARED', () => {
    const world = new World(3);
    world.node(2).autoSync = false;
    world.write(1, 1, 1);
    world.run(50);
    expect(routes(world, 'Vote')).toEqual(['3>1']);
    world.node(2).sync();
    expect(routes(world, 'Vote')).toEqual(['3>1', '2>1']);
  });

  it('the decision waits for COMMIT, and so does the client', () => {
    const world = new World(3);
    const client = world.write(1, 1, 1);
    world.run(1);
    world.node(1).autoSync = false; // its PREPARED record is durable, COMMIT will not be
    world.run(50);
    expect(world.node(1).written()).toContain('COMMIT!');
    expect([world.count('Decision'), client.status]).toEqual([0, 'open']);
    world.node(1).sync();
    expect(client.status).toBe('ok');
    expect(routes(world, 'Decision')).toEqual(['1>2', '1>3']);
  });

  it('an ack waits for COMMITTED', () => {
    const world = new World(3);
    world.write(1, 1, 1);
    world.run(2);
    world.node(2).autoSync = false;
    world.run(60);
    expect(world.node(2).written()).toEqual(['PREPARED!', 'COMMITTED!']);
    expect(routes(world, 'Ack')).toEqual(['3>1']);
    world.node(2).sync();
    expect(routes(world, 'Ack')).toEqual(['3>1', '2>1']);
  });

  it('no Prepare leaves before the incarnation in its number is durable; later ones need not wait for the disk', () => {
    const world = new World(3);
    world.node(1).crash();
    world.node(1).autoSync = false;
    world.node(1).restart();
    world.write(1, 1, 1);
    expect(world.count('Prepare')).toBe(0);
    world.node(1).sync();
    expect(world.count('Prepare')).toBe(2);
    world.node(1).sync();
    world.run(5); // the own vote has come back from the disk
    world
      .node(1)
      .log('participant')
      .put({ slot: 1, epoch: 0, tag: 3, command: new Uint8Array(0) }, true);
    world.write(1, 2, 2);
    expect(world.count('Prepare')).toBe(4);
  });
});

describe('timeouts', () => {
  it('coordinator in WAIT: abort', () => {
    const world = new World(3);
    world.node(3).crash();
    const client = world.write(1, 1, 1);
    world.run(299);
    expect(client.status).toBe('open');
    world.run(2);
    expect(client.status).toBe('aborted');
    expect(world.node(2).resource.locks.size).toBe(0);
    expect(world.node(2).state.inDoubt).toBe(0);
  });

  it('coordinator in COMMITTED without acks: repeats the decision forever, ever less often', () => {
    const world = new World(3);
    world.arrives = (from, _to, { type }) => !(from === 3 && type === 'Ack');
    world.write(1, 1, 1);
    world.run(60_000);
    const repeated = routes(world, 'Decision').filter((route) => route === '1>3').length;
    expect(repeated).toBeGreaterThan(40);
    expect(repeated).toBeLessThan(60); // every 1.2 s
    world.arrives = () => true;
    world.run(2_000);
    expect(world.node(1).state.coordinating.size).toBe(0);
  });

  it('participant in WORKING: aborts by itself, durably; a later Prepare gets a no', () => {
    const world = new World(3);
    world.node(2).resource.force = 'waiting';
    const client = world.write(1, 1, 1, [1, 2]);
    world.run(1);
    world.node(1).crash();
    const { message } = world.sent.find(({ to }) => to === 2)!;
    world.run(601);
    expect(world.node(2).written()).toEqual(['ABORTED!']);
    expect(world.node(2).decisions).toEqual([[client.slot, 'aborted']]); // the waiting resource is set free
    world.node(2).crash();
    world.node(2).restart();
    world.inject(1, 2, message);
    world.run(0);
    expect(world.sent.at(-1)).toMatchObject({ from: 2, to: 1, message: { type: 'Vote', vote: 'no' } });
  });

  it('participant in PREPARED: asks the coordinator, then the peers too, and never decides alone', () => {
    const world = new World(3);
    world.write(1, 1, 1);
    world.run(1);
    world.node(1).crash();
    world.run(150);
    expect(routes(world, 'Inquire')).toEqual(['2>1', '3>1']);
    world.run(150);
    expect(routes(world, 'Inquire').slice(2)).toEqual(['2>1', '2>3', '3>1', '3>2']);
    world.run(3_600_000);
    for (const id of [2, 3]) {
      expect(world.node(id).state.inDoubt).toBe(1);
      expect(world.node(id).resource.locks.size).toBe(1);
      expect(world.node(id).decisions).toEqual([]);
    }
    expect(world.count('Inquire')).toBeLessThan(4 * 3_000 + 20); // every 1.2 s
  });
});

describe('recovery', () => {
  it('coordinator, COMMIT without END: the decision is sent again until all acked', () => {
    const world = new World(3);
    world.arrives = (_from, _to, { type }) => type !== 'Decision';
    const client = world.write(1, 1, 1);
    world.run(10);
    expect(client.status).toBe('ok');
    world.node(1).crash();
    world.arrives = () => true;
    world.run(1_000);
    expect(world.node(2).state.inDoubt).toBe(1);
    world.node(1).restart();
    world.run(50);
    for (const id of [1, 2, 3]) expect(world.node(id).resource.values.get(1)).toBe(1);
    expect(world.node(1).state.coordinating.size).toBe(0);
  });

  it('coordinator, END: nothing is sent again', () => {
    const world = new World(3);
    world.write(1, 1, 1);
    world.run(100);
    world.node(1).crash(Number.POSITIVE_INFINITY); // lazy records happen to survive
    const before = world.sent.length;
    world.node(1).restart();
    world.run(1_000);
    expect(world.sent).toHaveLength(before);
  });

  it('coordinator, END lost: participants that have the outcome ack again, and decide nothing twice', () => {
    const world = new World(3);
    world.write(1, 1, 1);
    world.run(100);
    world.node(1).crash();
    world.node(1).restart();
    expect(world.node(1).state.coordinating.size).toBe(1);
    world.run(100);
    expect(world.node(1).state.coordinating.size).toBe(0);
    expect(world.node(2).decisions).toHaveLength(1);
  });

  it('coordinator, no record: presumed abort, no record means abort', () => {
    const world = new World(3);
    const client = world.write(1, 1, 1);
    world.run(1);
    world.node(1).crash();
    world.run(10);
    world.node(1).restart();
    world.run(200);
    for (const id of [1, 2, 3]) expect(world.node(id).decisions).toEqual([[client.slot, 'aborted']]);
    expect(client.status).toBe('open'); // nobody told it anything: its answer died with the coordinator
  });

  it('participant, no PREPARED: it has promised nothing', () => {
    const world = new World(3);
    world.node(2).autoSync = false;
    const client = world.write(1, 1, 1);
    world.run(1);
    world.node(2).crash();
    world.node(2).autoSync = true;
    world.node(2).restart();
    expect(world.node(2).state.participating.size).toBe(0);
    world.run(1_000);
    expect(client.status).toBe('aborted');
  });

  it('participant, PREPARED: locks first, in doubt, asks at once', () => {
    const world = new World(3);
    world.arrives = (_from, to, { type }) => !(to === 2 && type === 'Decision');
    world.write(1, 1, 1);
    world.run(5);
    world.node(2).crash();
    world.arrives = () => true;
    world.node(2).restart();
    expect(world.node(2).resource.locks.size).toBe(1);
    expect(world.node(2).state.inDoubt).toBe(1);
    expect(world.node(2).roles.at(-1)).toBe('in doubt');
    world.run(2); // one round trip
    expect(world.node(2).resource.values.get(1)).toBe(1);
    expect(world.node(2).roles.at(-1)).toBe('ready');
  });

  it('participant, COMMITTED: carried out again, in the order in which the outcomes fell', () => {
    const world = new World(3);
    for (let i = 0; i < 6; i++) {
      world.write((i % 3) + 1, i % 2, i);
      world.run(10);
    }
    const { applied } = world.node(2).resource;
    world.node(2).crash();
    world.node(2).restart();
    expect(world.node(2).resource.applied).toEqual(applied);
    expect(world.node(2).resource.values).toEqual(world.node(1).resource.values);
    expect(world.node(2).resource.locks.size).toBe(0);
  });

  it('numbers are never given twice: the incarnation is in them, and forced at every start', () => {
    const world = new World(3);
    const slots = new Set<number>();
    for (let life = 1; life <= 5; life++) {
      const { slot } = world.write(2, 1, life);
      expect(slot).toBe(transactionNumber(life, 1, 2));
      expect(coordinatorOf(slot)).toBe(2);
      slots.add(slot);
      world.run(1); // dies with votes on their way
      world.node(2).crash();
      world.node(2).restart();
    }
    expect(slots.size).toBe(5);
    world.run(2_000);
    expect(world.node(2).resource.values.size).toBe(0);
  });
});
