import { CLIENT_COMMAND, type Message, NO_BYTES } from '@quorate/interface';
import { MemoryDisk } from '@quorate/log/memory';
import { decodeResult, encodeCommand } from '@quorate/state-machine';
import { describe, expect, test } from 'vitest';
import { request, TestWorld } from './world.ts';

const put = (client: number, sequence: number, value: string) =>
  encodeCommand({ client, sequence, operation: { kind: 'put', key: 'k', value } });
const get = (client: number, sequence: number) =>
  encodeCommand({ client, sequence, operation: { kind: 'get', key: 'k' } });

describe('durable before send', () => {
  test('a message sent after a forced write leaves only once it is durable', () => {
    const world = new TestWorld((ports) => ({
      onMessage: () => {
        ports.save({ number: 1 });
        ports.send(2, { type: 'Promise' });
      },
    }));
    world.driver.onMessage(2, { type: 'Prepare' });
    world.driver.settle();
    expect(world.sent).toEqual([]);
    world.diskDone();
    expect(world.sent).toEqual([{ to: 2, message: { type: 'Promise' } }]);
  });

  test('a message sent before the write, or early, does not wait', () => {
    const world = new TestWorld((ports) => ({
      onMessage: () => {
        ports.send(2, { type: 'Before' });
        ports.save({ number: 1 });
        ports.sendEarly(2, { type: 'Early' });
        ports.send(2, { type: 'After' });
      },
    }));
    world.driver.onMessage(2, { type: 'x' });
    world.driver.settle();
    expect(world.sent.map((one) => one.message.type)).toEqual(['Before', 'Early']);
    world.diskDone();
    expect(world.sent.map((one) => one.message.type)).toEqual(['Before', 'Early', 'After']);
  });

  test('on fifo links an early message does not pass a held one to the same peer', () => {
    const world = new TestWorld(
      (ports) => ({
        onMessage: () => {
          ports.save({ number: 1 });
          ports.send(2, { type: 'Held' });
          ports.sendEarly(2, { type: 'Early' });
          ports.sendEarly(3, { type: 'Elsewhere' });
        },
      }),
      { fifo: true },
    );
    world.driver.onMessage(2, { type: 'x' });
    world.driver.settle();
    expect(world.sent.map((one) => one.message.type)).toEqual(['Elsewhere']);
    world.diskDone();
    expect(world.sent.map((one) => one.message.type)).toEqual(['Elsewhere', 'Held', 'Early']);
  });

  test('an appended entry holds a later message back although nobody synced the log', () => {
    const world = new TestWorld((ports) => ({
      onMessage: () => {
        ports.log().append(1, CLIENT_COMMAND, put(1, 1, 'a'));
        ports.send(2, { type: 'Ack' });
      },
    }));
    world.driver.onMessage(2, { type: 'x' });
    world.driver.settle();
    expect(world.sent).toEqual([]);
    world.diskDone();
    expect(world.sent.length).toBe(1);
  });

  test('a write that is not forced holds nothing back', () => {
    const world = new TestWorld((ports) => ({
      onMessage: () => {
        ports.save({ number: 1 }, false);
        ports.send(2, { type: 'Ack' });
      },
    }));
    world.driver.onMessage(2, { type: 'x' });
    world.driver.settle();
    expect(world.sent.length).toBe(1);
  });

  test('one flush covers a whole burst, and what comes meanwhile goes with the next', () => {
    const world = new TestWorld((ports) => ({
      onMessage: (_from, message) => {
        ports.save(message);
        ports.send(2, { type: `for ${message.type}` });
      },
    }));
    for (const type of ['a', 'b', 'c']) world.driver.onMessage(2, { type });
    world.driver.settle();
    expect(world.pendingWrites.length).toBe(1);
    world.driver.onMessage(2, { type: 'd' });
    world.driver.settle();
    world.pendingWrites.shift()!();
    expect(world.sent.map((one) => one.message.type)).toEqual(['for a', 'for b', 'for c']);
    world.diskDone();
    expect(world.sent.length).toBe(4);
  });
});

describe('messages to self', () => {
  test('arrive as inputs once what was forced before them is durable', () => {
    const got: string[] = [];
    const world = new TestWorld((ports) => ({
      onMessage: (from, message) => {
        got.push(`${from} ${message.type}`);
        if (message.type !== 'Go') return;
        ports.save({ number: 1 });
        ports.send(1, { type: 'Own vote' });
      },
    }));
    world.driver.onMessage(2, { type: 'Go' });
    world.driver.settle();
    expect(got).toEqual(['2 Go']);
    world.diskDone();
    expect(got).toEqual(['2 Go', '1 Own vote']);
  });
});

/** A protocol for one: what is asked is appended, and decided once durable. */
const alone = (ports: TestWorld['ports']) => ({
  onRequest: (asked: Parameters<TestWorld['driver']['onRequest']>[0]) => {
    if (asked.kind === 'read') {
      ports.readAt(asked, ports.log().last);
      return;
    }
    const slot = ports.log().append(1, CLIENT_COMMAND, asked.command);
    ports.send(1, { type: 'Durable', data: Uint8Array.of(slot) });
  },
  onMessage: (_from: number, message: Message) => ports.decide(message.data![0]!, 'committed'),
  onSnapshot: (slot: number) => ports.log().forget(slot),
});

describe('decisions', () => {
  test('are applied in order and answered, and reads wait for their slot', () => {
    const world = new TestWorld(alone);
    world.driver.onRequest(request('write', put(7, 1, 'a')));
    world.driver.onRequest(request('read', get(8, 1)));
    world.driver.settle();
    expect(world.replies).toEqual([]);
    world.diskDone();
    expect(world.replies.map(({ client }) => client)).toEqual([7, 8]);
    const { response } = world.replies[1]!;
    expect(response.status === 'ok' && decodeResult(response.result).value).toBe('a');
  });

  test('out of order stop the replica', () => {
    const world = new TestWorld((ports) => ({ onMessage: () => ports.decide(5, 'committed') }));
    world.driver.onMessage(2, { type: 'x' });
    expect(world.haltedWith).toMatchObject({
      kind: 'assertion',
      why: { message: expect.stringContaining('slot order') },
    });
  });

  test("the protocol's own entries are not applied", () => {
    const world = new TestWorld((ports) => ({
      onMessage: () => {
        ports.log().append(1, 9, NO_BYTES);
        ports.decide(1, 'committed');
      },
    }));
    world.driver.onMessage(2, { type: 'x' });
    world.driver.settle();
    expect(world.haltedWith).toBeUndefined();
    expect(world.driver.applied).toBe(1);
  });
});

describe('restart', () => {
  test('a driver over the same disk recovers what was durable and answers a repeated request from the session', () => {
    const disk = new MemoryDisk();
    const before = new TestWorld(alone, { disk, settings: { snapshotEvery: 2 } });
    for (let sequence = 1; sequence <= 5; sequence++) {
      before.driver.onRequest(request('write', put(7, sequence, `v${sequence}`)));
      before.driver.settle();
      before.diskDone();
    }
    expect(before.replies.length).toBe(5);
    disk.crash(() => 0.1, { lostWrites: true, tornWrites: true });
    let recovered: unknown;
    const after = new TestWorld(
      (ports) => ({
        ...alone(ports),
        onSnapshot: (slot) => {
          recovered = slot;
        },
      }),
      { disk },
    );
    expect(recovered).toBe(4);
    expect(after.driver.mainLog.last).toBe(5);
    expect(after.driver.mainLog.first).toBe(5);
    expect(after.driver.applied).toBe(4);
  });
});

describe('halting', () => {
  test('an exception in a step stops the replica for good', () => {
    let inputs = 0;
    const world = new TestWorld(() => ({
      onMessage: () => {
        inputs++;
        throw new Error('match beyond last');
      },
    }));
    world.driver.onMessage(2, { type: 'x' });
    world.driver.onMessage(2, { type: 'x' });
    expect(inputs).toBe(1);
    expect(world.haltedWith).toMatchObject({ kind: 'assertion', why: { message: 'match beyond last' } });
  });

  test('a failed sync stops the replica, and what waited for it never leaves', () => {
    const world = new TestWorld((ports) => ({
      onMessage: () => {
        ports.save({ number: 1 });
        ports.send(2, { type: 'Promise' });
      },
    }));
    world.driver.onMessage(2, { type: 'x' });
    world.driver.settle();
    world.diskDone(new Error('sync failed'));
    world.driver.onMessage(2, { type: 'x' });
    world.driver.settle();
    expect(world.sent).toEqual([]);
    expect(world.haltedWith?.kind).toBe('storage');
  });
});

describe('snapshot streams', () => {
  test('go chunk by chunk, resume, and deliver the header once all is durable', () => {
    const settings = { snapshotEvery: 3, snapshotChunkBytes: 10, snapshotRetryMilliseconds: 5 };
    const from = new TestWorld(
      (ports) => ({ ...alone(ports), onLink: () => ports.sendSnapshot(2, { type: 'Header' }) }),
      {
        settings,
      },
    );
    for (let sequence = 1; sequence <= 3; sequence++) {
      from.driver.onRequest(request('write', put(7, sequence, `v${sequence}`)));
      from.driver.settle();
      from.diskDone();
    }
    const headers: Message[] = [];
    const to = new TestWorld((ports) => ({
      onMessage: (_from, message) => {
        headers.push(message);
        ports.installSnapshot(3, 1);
      },
    }));
    from.driver.onLink(2, true);
    let lost = 0;
    for (let round = 0; round < 200 && headers.length === 0; round++) {
      for (const { message } of from.sent.splice(0)) {
        if (++lost % 3 === 0) continue; // every third chunk is lost
        to.driver.onMessage(1, message);
      }
      to.diskDone();
      for (const { message } of to.sent.splice(0)) from.driver.onMessage(2, message);
      from.time += 5;
      from.driver.onWake();
    }
    expect(headers).toEqual([{ type: 'Header' }]);
    expect(to.driver.applied).toBe(3);
    to.driver.onRequest(request('read', get(9, 1)));
  });
});
