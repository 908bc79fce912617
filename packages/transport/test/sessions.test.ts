import { afterEach, beforeEach, expect, test } from 'vitest';
import { FRAME_KINDS } from '../src/index.ts';
import { encodeHello } from '../src/tcp/hello.ts';
import { Bench, members, type Node, pause, until } from './cluster.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

/** What a node saw of its one peer: the numbers that each session brought. Checks that ups and downs alternate around them. */
function sessionsOf(events: readonly (string | number)[], peer: number): number[][] {
  const sessions: number[][] = [];
  let isUp = false;
  for (const event of events) {
    if (typeof event === 'number') {
      expect(isUp).toBe(true);
      sessions.at(-1)!.push(event);
    } else {
      expect(event).toBe(`${isUp ? 'down' : 'up'} ${peer}`);
      isUp = !isUp;
      if (isUp) sessions.push([]);
    }
  }
  return sessions;
}

test('a restarted peer is found again, whichever side dials, at once', async () => {
  for (const restarted of [1, 2]) {
    let nodes = [await bench.node(1, { backoff: { first: 20, most: 20_000 } })];
    nodes.push(await bench.node(2, { backoff: { first: 20, most: 20_000 } }));
    for (const node of nodes) node.transport.connect(members(nodes));
    const stays = nodes.find((node) => node.id !== restarted)!;
    for (let round = 1; round <= 3; round++) {
      await until(() => stays.events.length === 2 * round - 1, 'up');
      const leaves = nodes.find((node) => node !== stays)!;
      await leaves.transport.close();
      await until(() => stays.events.length === 2 * round, 'down');
      // Long enough for the dialler's waits to have grown: without the knock it would not come back soon.
      await pause(100);
      const again = await bench.node(restarted, { listen: leaves.transport.address });
      nodes = [stays, again];
      again.transport.connect(members(nodes));
      await until(() => again.events.length === 1, 'up on the restarted side', 400);
    }
    expect(sessionsOf(stays.events, restarted).length).toBeGreaterThanOrEqual(3);
  }
});

test('over broken sessions, each delivers a prefix of what was sent in it, and nothing of an old one after the new up', async () => {
  const [one, two] = (await bench.cluster(2)) as [Node, Node];
  const upsOf = (node: Node): number => node.events.filter((event) => `${event}`.startsWith('up')).length;
  const accepted: number[][] = [];
  let n = 0;
  const send = (data?: Uint8Array): void => {
    const before = one.transport.statistics.sent;
    one.send(2, ++n, data);
    const session = upsOf(one) - 1;
    accepted[session] ??= [];
    if (one.transport.statistics.sent > before) accepted[session].push(n);
  };
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 200; i++) {
      send(i % 20 === 0 ? new Uint8Array(i * 400) : undefined);
      if (i % 7 === 0) one.transport.flush();
    }
    if (round % 3 === 0) await pause(3);
    const breaker = round % 2 === 0 ? one : two;
    breaker.transport.disconnect(breaker === one ? 2 : 1, 'test');
    if (round % 5 === 0) send();
    await until(() => upsOf(one) === round + 2 && upsOf(two) === round + 2, 'up again');
  }
  send();
  one.transport.flush();
  await until(() => two.numbers.at(-1) === n, 'the last one');
  const got = sessionsOf(two.events, 1);
  expect(got.length).toBe(31);
  for (const [i, numbers] of got.entries()) expect(numbers).toEqual(accepted[i]!.slice(0, numbers.length));
  expect(two.numbers.length).toBeGreaterThan(1000);
  expect(two.numbers.length).toBeLessThan(one.transport.statistics.sent);
  expect(one.transport.statistics.droppedDown + one.transport.statistics.sent).toBe(n);
});

test('callbacks never come from inside a call of the caller', async () => {
  const [one] = (await bench.cluster(2)) as [Node, Node];
  one.events.length = 0;
  one.transport.disconnect(2, 'test');
  one.send(2, 1);
  one.transport.flush();
  expect(one.events).toEqual([]);
  expect(one.transport.statistics.droppedDown).toBe(1);
  await until(() => one.events.length === 2, 'down and up');
  expect(one.events).toEqual(['down 2', 'up 2']);
  one.transport.connect(new Map());
  expect(one.events.length).toBe(2);
  await until(() => one.events.length === 3, 'down');
  await pause(60);
  expect(one.events.at(-1)).toBe('down 2');
});

test('members come and go', async () => {
  const nodes = (await bench.cluster(2)) as [Node, Node];
  const [one, two] = nodes;
  const three = await bench.node(3);
  three.transport.connect(members([...nodes, three]));
  await pause(50);
  expect(three.events).toEqual([]);
  for (const node of nodes) node.transport.connect(members([...nodes, three]));
  await until(() => three.events.length === 2, 'three is in');
  expect([one.events, two.events]).toEqual([
    ['up 2', 'up 3'],
    ['up 1', 'up 3'],
  ]);
  for (const node of nodes) node.transport.connect(members(nodes));
  await until(() => three.events.length >= 4, 'three is out');
  await pause(50);
  expect([one.events, two.events]).toEqual([
    ['up 2', 'up 3', 'down 3'],
    ['up 1', 'up 3', 'down 3'],
  ]);
  expect([...three.events].sort()).toEqual(['down 1', 'down 2', 'up 1', 'up 2']);
});

test('a peer at a new address is dialled there', async () => {
  const one = await bench.node(1);
  const two = await bench.node(2);
  const nowhere = await bench.node(9);
  const old = nowhere.transport.address;
  await nowhere.transport.close();
  one.transport.connect(new Map([[2, old]]));
  two.transport.connect(new Map([[1, old]]));
  await until(() => one.logged('dial-failed').length > 0, 'failed');
  await pause(100);
  expect(one.logged('dial-failed')).toEqual([expect.stringContaining('ECONNREFUSED')]);
  one.transport.connect(members([one, two]));
  await until(() => one.events.length === 1, 'up');
});

test('a second process with a node id that is in use is refused until the first is gone', async () => {
  const [one, two] = (await bench.cluster(2)) as [Node, Node];
  const double = await bench.node(1);
  double.transport.connect(members([double, two]));
  await until(() => double.logged('refused-by').length > 0, 'refused');
  await pause(100);
  expect([one.events, two.events, double.events]).toEqual([['up 2'], ['up 1'], []]);
  await one.transport.close();
  await until(() => double.events.length === 1, 'the second is let in');
  expect(two.events).toEqual(['up 1', 'down 1', 'up 1']);
});

test('a new connection of the same process replaces one that has not yet been seen to be dead', async () => {
  const two = await bench.node(2);
  two.transport.connect(new Map([[1, two.transport.address]]));
  const hello = encodeHello(FRAME_KINDS.hello, {
    role: 'peer',
    node: 1,
    expects: 2,
    incarnation: 5,
    cluster: 'test',
    protocol: 'echo',
  });
  const first = await bench.raw(two.transport.address);
  first.socket.write(hello);
  await until(() => two.events.length === 1, 'up');
  const second = await bench.raw(two.transport.address);
  second.socket.write(hello);
  await until(() => two.events.length === 3, 'replaced');
  expect(two.events).toEqual(['up 1', 'down 1', 'up 1']);
  await until(() => first.closed, 'the first is closed');
  expect(second.closed).toBe(false);
});

for (const overflow of ['drop', 'disconnect'] as const)
  test(`a peer that does not read: memory is bounded, and what is too much is counted (${overflow})`, async () => {
    const limit = 2 * 1024 * 1024;
    const two = await bench.node(2, { peerBufferBytes: limit, overflow });
    two.transport.connect(new Map([[1, two.transport.address]]));
    const slow = await bench.raw(two.transport.address);
    slow.socket.write(
      encodeHello(FRAME_KINDS.hello, {
        role: 'peer',
        node: 1,
        expects: 2,
        incarnation: 5,
        cluster: 'test',
        protocol: 'echo',
      }),
    );
    await until(() => two.events.length === 1, 'up');
    slow.socket.pause();
    const data = new Uint8Array(50_000);
    for (let n = 1; n <= 1000; n++) {
      two.send(1, n, data);
      if (n % 5 === 0) two.transport.flush();
      if (n % 50 === 0) await pause(1);
    }
    const { sent, droppedFull, droppedDown } = two.transport.statistics;
    expect(sent + droppedFull + droppedDown).toBe(1000);
    if (overflow === 'drop') {
      expect(droppedFull).toBeGreaterThan(500);
      expect(two.events).toEqual(['up 1']);
      // It reads again: what was accepted arrives, and so do new messages.
      const before = slow.received.length;
      slow.socket.resume();
      await until(() => slow.received.length > before, 'reads again');
      await until(() => Buffer.concat(slow.received).length > sent * 50_000, 'all that was accepted');
      two.send(1, 1001, data);
      two.transport.flush();
      expect(two.transport.statistics.sent).toBe(sent + 1);
    } else {
      expect(droppedFull).toBe(1);
      expect(droppedDown).toBeGreaterThan(500);
      expect(two.events).toEqual(['up 1', 'down 1']);
      expect(two.logged('link-down')).toEqual([`more than ${limit} bytes were not read`]);
    }
  });

test('what is sent before the sender was told of a session is not sent in it', async () => {
  const one = await bench.node(1);
  let early = 0;
  const two: Node = await bench.node(2, {
    // The log hears of a session before `onLink` does: as any other event of the same turn might come before it.
    onLog: ({ event }) => {
      if (event === 'link-up') two.send(1, ++early);
    },
  });
  for (const node of [one, two]) node.transport.connect(members([one, two]));
  await until(() => two.events.length === 1 && one.events.length === 1, 'up');
  two.transport.disconnect(1, 'test');
  await until(() => two.events.length === 3 && one.events.length === 3, 'up again');
  two.send(1, 100);
  two.transport.flush();
  await until(() => one.numbers.length > 0, 'message');
  expect([early, one.numbers, two.transport.statistics.droppedDown]).toEqual([2, [100], 2]);
});
