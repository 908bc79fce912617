import { afterEach, beforeEach, expect, test } from 'vitest';
import { FRAME_KINDS, frame, MessageEncoder } from '../src/index.ts';
import { encodeHello, type Hello } from '../src/tcp/hello.ts';
import { TcpTransport } from '../src/tcp/index.ts';
import { Bench, members, type Node, pause, until } from './cluster.ts';
import { type AnyMessage, concat } from './messages.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(async () => {
  await bench.close();
  const left = () => process.getActiveResourcesInfo().filter((one) => /^TCP/.test(one));
  await until(() => left().length === 0, 'no socket and no server is left'); // closing takes a turn of the loop or two
});

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const PING = frame(FRAME_KINDS.ping, new Uint8Array(0));

function hello(changes: Partial<Hello> = {}): Uint8Array {
  const usual: Hello = {
    role: 'peer',
    node: 1,
    expects: 2,
    incarnation: 77,
    cluster: 'test',
    protocol: 'echo',
  };
  return encodeHello(FRAME_KINDS.hello, { ...usual, ...changes });
}

/** Checks that two nodes still talk to each other, in a session that never broke. */
async function stillWell(one: Node, two: Node): Promise<void> {
  const before = two.numbers.length;
  one.send(two.id, 424_242);
  one.transport.flush();
  await until(() => two.numbers.length > before, 'message through');
  expect(two.numbers.at(-1)).toBe(424_242);
  expect([...one.logged('link-down'), ...two.logged('link-down')]).toEqual([]);
}

test('messages of all sizes arrive once, in order, on every link, in few writes and few bursts', async () => {
  const nodes = await bench.cluster(3);
  for (const from of nodes)
    for (const to of nodes) {
      if (from === to) continue;
      for (const n of range(1, 500))
        from.send(to.id, n, n % 50 === 0 ? new Uint8Array(n * 300).fill(n) : undefined);
    }
  for (const node of nodes) {
    expect(node.transport.statistics.writes).toBeLessThan(10);
    node.transport.flush();
  }
  await until(() => nodes.every((node) => node.numbers.length === 1000), 'all arrived');
  for (const node of nodes) {
    const { sent, received, writes, droppedDown, droppedFull } = node.transport.statistics;
    expect([sent, received, droppedDown, droppedFull]).toEqual([1000, 1000, 0, 0]);
    expect(writes).toBeLessThan(20);
    expect(node.bursts).toBeLessThan(500);
    expect([...node.numbers].sort((a, b) => a - b)).toEqual(range(1, 500).flatMap((n) => [n, n]));
  }
});

test('a message to several peers is encoded once and is theirs to keep', async () => {
  const [one, two, three] = (await bench.cluster(3)) as [Node, Node, Node];
  const got: Uint8Array[] = [];
  for (const node of [two, three])
    node.transport.onMessage = (_from, message) => got.push(message.data as Uint8Array);
  for (let n = 0; n < 20; n++) {
    const message: AnyMessage = { type: 'M', n, data: new Uint8Array(40_000).fill(n) };
    one.transport.send(2, message);
    one.transport.send(3, message);
    one.transport.flush();
  }
  await until(() => got.length === 40, 'all arrived');
  expect(got.every((data) => data.constructor === Uint8Array && data.length === 40_000)).toBe(true);
  expect(got.map((data) => data[39_999]).sort((a, b) => a! - b!)).toEqual(range(0, 39).map((i) => i >> 1));
});

test('with burst: turn, one burst ends for all that came in together', async () => {
  const nodes = await bench.cluster(3, { burst: 'turn' });
  const [one] = nodes as [Node];
  one.bursts = 0;
  for (const node of nodes.slice(1)) {
    for (const n of range(1, 100)) node.send(1, n);
    node.transport.flush();
  }
  await until(() => one.numbers.length === 200, 'all arrived');
  await pause(5);
  expect(one.bursts).toBeGreaterThan(0);
  expect(one.bursts).toBeLessThan(5);
});

test('a listening port that is taken gives a clear error', async () => {
  const one = await bench.node(1);
  const { port } = one.transport.address;
  const second = TcpTransport.listen({
    id: 2,
    cluster: 'test',
    protocol: 'echo',
    listen: one.transport.address,
  });
  await expect(second).rejects.toThrow(
    `node 2 can't listen on 127.0.0.1:${port}: the port is already in use`,
  );
  const usual = { id: 1, cluster: 'c', protocol: 'p', listen: { host: '127.0.0.1', port: 0 } };
  for (const wrong of [
    { id: -1 },
    { listen: { host: 'x', port: 70_000 } },
    { cluster: 'x'.repeat(300) },
    { pingMilliseconds: 0 },
  ])
    await expect(TcpTransport.listen({ ...usual, ...wrong })).rejects.toThrow(RangeError);
});

test('what is not a proper stream of frames closes its connection with a reason, and harms nothing else', async () => {
  const [one, two] = (await bench.cluster(2)) as [Node, Node];
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + 13) % 251);
  const greeted = hello({ role: 'client' });
  const cases: [Uint8Array, RegExp][] = [
    [noise, /version: frame of wire version/],
    [new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'), /version/],
    [
      Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 1, FRAME_KINDS.hello),
      /oversized: frame of 2147483647 bytes, at most 1024/,
    ],
    [
      Uint8Array.of(1, 0, 0, 0, 2, FRAME_KINDS.hello, 0),
      /version: frame of wire version 2, this is version 1/,
    ],
    [Uint8Array.of(0, 0, 0, 0, 1, 200), /kind: frame of unknown kind 200/],
    [PING, /shape: frame of kind 4 instead of a hello/],
    [frame(FRAME_KINDS.hello, Uint8Array.of(0, 1, 2)), /truncated: greeting ends too soon/],
    [frame(FRAME_KINDS.hello, new Uint8Array(20).fill(9)), /shape: greeting in unknown role 9/],
    [concat([greeted, frame(FRAME_KINDS.message, noise)]), /shape: frame of kind 6 from a client/],
    [
      concat([greeted, frame(FRAME_KINDS.request, Uint8Array.of(0, 0, 1))]),
      /truncated: request without a command/,
    ],
    [
      concat([greeted, frame(FRAME_KINDS.request, Uint8Array.of(9, 0, 1, 0, 0, 0, 1, 0, 0, 0))]),
      /type: request of unknown kind 9/,
    ],
    [
      concat([greeted, frame(FRAME_KINDS.request, Uint8Array.of(0, 255, 1, 0, 0, 0, 1, 0, 0, 0))]),
      /truncated/,
    ],
    [concat([greeted, Uint8Array.of(0, 0, 0, 9, 1, FRAME_KINDS.request)]), /oversized: frame of 150994944/],
  ];
  for (const [bytes, expected] of cases) {
    const before = two.logged('bad-frame').length;
    const raw = await bench.raw(two.transport.address);
    raw.socket.write(bytes);
    await until(() => raw.closed, `closed on ${expected}`);
    expect(two.logged('bad-frame').slice(before)).toEqual([expect.stringMatching(expected)]);
  }
  await stillWell(one, two);
});

test('a bad message in a session ends that session with a reason, and a new one begins', async () => {
  const two = await bench.node(2);
  const other = { host: '127.0.0.1', port: two.transport.address.port };
  two.transport.connect(new Map([[1, other]]));
  const encoder = new MessageEncoder<AnyMessage>();
  const good = encoder.encode({ type: 'M', n: 1 });
  const bad: [Uint8Array, RegExp][] = [
    [frame(FRAME_KINDS.message, Uint8Array.of(0x4f)), /structure: record of structure 15/],
    [
      frame(FRAME_KINDS.structures, Uint8Array.of(5, 0, 1, 0)),
      /structure: structures from 5 on were told where 1 are known/,
    ],
    [frame(FRAME_KINDS.request, Uint8Array.of(1)), /shape: frame of kind 7 from a peer/],
  ];
  for (const [bytes, expected] of bad) {
    two.events.length = 0;
    two.lines.length = 0;
    const raw = await bench.raw(two.transport.address);
    raw.socket.write(concat([hello(), encoder.structures(0), good, bytes, good]));
    await until(() => raw.closed, 'closed');
    await pause(5);
    expect(two.events).toEqual(['up 1', 1, 'down 1']);
    expect(two.logged('bad-frame')).toEqual([expect.stringMatching(expected)]);
  }
});

test('a greeting that is wrong is refused, with a reason at both ends', async () => {
  const [one, two] = (await bench.cluster(2)) as [Node, Node];
  const cases: [Partial<Hello>, string][] = [
    [{ cluster: 'other' }, 'this is cluster "test", not "other"'],
    [{ protocol: 'raft' }, 'this node runs "echo", not "raft"'],
    [{ expects: 3 }, 'this is node 2, not 3'],
    [{ node: 9 }, 'node 9 is not a member'],
    [{ node: 2 }, 'this is node 2 itself'],
    [{ role: 'client', cluster: 'other' }, 'this is cluster "test", not "other"'],
    [{ role: 'client', node: 0, expects: 5 }, 'this is node 2, not 5'],
    [{}, 'node 1 is connected already, from another process'],
  ];
  for (const [changes, reason] of cases) {
    const raw = await bench.raw(two.transport.address);
    raw.socket.write(hello(changes));
    await until(() => raw.closed, reason);
    expect(two.logged('refused').at(-1)).toContain(reason);
    expect(Buffer.concat(raw.received).toString('latin1')).toContain(reason);
  }
  const upwards = await bench.raw(one.transport.address);
  upwards.socket.write(hello({ node: 2, expects: 1 }));
  await until(() => upwards.closed, 'closed');
  expect(one.logged('refused').at(-1)).toBe('node 1 dials node 2, not the other way round');
  await stillWell(one, two);

  // A real node that is wrong: it hears of it, goes on asking, and says so once.
  const stranger = await bench.node(1, { protocol: 'raft' });
  stranger.transport.connect(members([two]));
  await pause(150);
  expect(stranger.logged('refused-by')).toEqual(['this node runs "echo", not "raft"']);
  expect(stranger.events).toEqual([]);
});

test('half a greeting, half a frame, and silence: each is cut off in time', async () => {
  const two = await bench.node(2, { pingMilliseconds: 20, idleMilliseconds: 100 });
  two.transport.connect(new Map([[1, two.transport.address]]));
  const halfHello = await bench.raw(two.transport.address);
  halfHello.socket.write(hello().slice(0, 9));
  const halfFrame = await bench.raw(two.transport.address);
  halfFrame.socket.write(concat([hello(), frame(FRAME_KINDS.message, new Uint8Array(50)).slice(0, 20)]));
  const silent = await bench.raw(two.transport.address);
  silent.socket.write(hello({ role: 'client' }));
  await until(() => halfHello.closed && halfFrame.closed && silent.closed, 'all cut off', 1500);
  expect(two.logged('bad-frame')).toEqual(['no greeting in time']);
  expect(two.logged('link-down')).toEqual(['silent in the middle of a frame']);
  expect(two.logged('client-closed')).toEqual(['silent for too long']);
  // The server pinged those that it knew.
  expect(Buffer.concat(silent.received).includes(Buffer.from(PING))).toBe(true);
});

test('idle sessions stay up by pings', async () => {
  const nodes = await bench.cluster(2, { pingMilliseconds: 20, idleMilliseconds: 100 });
  await pause(400);
  expect(nodes.map((node) => node.events)).toEqual([['up 2'], ['up 1']]);
});
