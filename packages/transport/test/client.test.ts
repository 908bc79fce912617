import { type Request, SESSION_HEADER_BYTES, writeU32 } from '@quorate/interface';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FRAME_KINDS, frame } from '../src/index.ts';
import { encodeHello } from '../src/tcp/hello.ts';
import { type ClientConnection, type Status, TcpClient, type TcpClientOptions } from '../src/tcp/index.ts';
import { Bench, members, type Node, pause, until } from './cluster.ts';

let bench: Bench;
let clients: TcpClient[];
beforeEach(() => {
  bench = new Bench();
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await bench.close();
  const left = () => process.getActiveResourcesInfo().filter((one) => /^TCP/.test(one));
  await until(() => left().length === 0, 'no socket and no server is left'); // closing takes a turn of the loop or two
});

function command(client: number, sequence: number, operation: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(SESSION_HEADER_BYTES + operation.length);
  writeU32(bytes, 0, client);
  writeU32(bytes, 4, sequence);
  bytes.set(operation, SESSION_HEADER_BYTES);
  return bytes;
}

async function clientOf(node: Node, options: Partial<TcpClientOptions> = {}): Promise<TcpClient> {
  const client = new TcpClient({
    address: node.transport.address,
    pingMilliseconds: 100,
    backoff: { first: 5, most: 40 },
    ...options,
  });
  clients.push(client);
  await until(() => client.node !== null, 'connected');
  return client;
}

test('requests of many sessions, pipelined over one connection, each get their own answer', async () => {
  const node = await bench.node(1);
  const requests: Request[] = [];
  let waiting: [ClientConnection, Request][] = [];
  node.transport.clients.onRequest = (connection, request) => {
    requests.push(request);
    waiting.push([connection, request]);
  };
  node.transport.onBurstEnd = () => {
    for (const [connection, { client, sequence, command }] of waiting.reverse())
      connection.reply(client, sequence, 'ok', 3, command.subarray(SESSION_HEADER_BYTES));
    waiting = [];
    node.transport.flush();
  };
  const client = await clientOf(node, { expects: 1, cluster: 'test' });
  expect(client.node).toBe(1);
  const answers = new Map<number, unknown>();
  const kinds = ['write', 'read', 'admin'] as const;
  for (let session = 1; session <= 300; session++) {
    const isSent = client.request(
      kinds[session % 3]!,
      command(session, session + 7, [session, session >> 8]),
      (status, leader, result) => answers.set(session, [status, leader, [...result]]),
      session % 10 === 0 ? [session, 2 ** 32 - 1] : [],
    );
    expect(isSent).toBe(true);
  }
  expect(client.outstanding).toBe(300);
  await until(() => answers.size === 300, 'answers');
  for (let session = 1; session <= 300; session++) {
    expect(answers.get(session)).toEqual(['ok', 3, [session & 255, session >> 8]]);
    const { kind, client: id, sequence, participants } = requests[session - 1]!;
    const expected = session % 10 === 0 ? [session, 2 ** 32 - 1] : [];
    expect([kind, id, sequence, participants]).toEqual([kinds[session % 3], session, session + 7, expected]);
  }
  expect(client.statistics.writes).toBeLessThan(5);
  expect(client.outstanding).toBe(0);
});

test('every status and a missing leader arrive as they were given', async () => {
  const node = await bench.node(1);
  const all: Status[] = ['ok', 'not-leader', 'busy', 'aborted', 'stopped', 'unsupported', 'unknown'];
  node.transport.clients.onRequest = (connection, { client, sequence }) => {
    connection.reply(client, sequence, all[client - 1]!, client === 2 ? 0 : null);
    node.transport.flush();
  };
  const client = await clientOf(node);
  const got: [Status, number | null][] = [];
  for (const id of all.keys())
    client.request('write', command(id + 1, 1), (status, leader) => got.push([status, leader]));
  await until(() => got.length === all.length, 'answers');
  expect(got).toEqual(all.map((status, i) => [status, i === 1 ? 0 : null]));
});

test("a client's own mistakes are told at once", async () => {
  const node = await bench.node(1);
  const client = await clientOf(node);
  const done = (): void => {};
  expect(() => client.request('write', new Uint8Array(7), done)).toThrow('without its session header');
  expect(() => client.request('write', command(0, 1), done)).toThrow('clients count from 1');
  expect(() => client.request('write', command(1, 1), done, new Array(256).fill(1))).toThrow(
    '256 participants',
  );
  client.request('write', command(1, 1), done);
  expect(() => client.request('write', command(1, 2), done)).toThrow('session 1 has a request outstanding');
  client.abandon(1);
  expect(client.request('write', command(1, 2), done)).toBe(true);
});

test('when the connection ends, what was outstanding ends as unknown, once; then the client is back', async () => {
  const node = await bench.node(1);
  const held: [ClientConnection, Request][] = [];
  node.transport.clients.onRequest = (connection, request) => held.push([connection, request]);
  let gone = 0;
  node.transport.clients.onGone = () => gone++;
  const client = await clientOf(node);
  const links: string[] = [];
  client.onLink = (up, reason) => links.push(`${up} ${reason}`);
  const got: Status[] = [];
  for (let id = 1; id <= 5; id++) client.request('write', command(id, 1), (status) => got.push(status));
  await until(() => held.length === 5, 'requests there');
  await node.transport.close();
  await until(() => got.length === 5, 'all ended');
  expect(got).toEqual(new Array(5).fill('unknown'));
  expect(client.request('write', command(9, 1), () => {})).toBe(false);

  const again = await bench.node(1, { listen: node.transport.address });
  again.transport.clients.onRequest = (connection, { client, sequence }) => {
    // An answer to a request that was given up must not be taken for the answer to this one.
    connection.reply(client, sequence - 1, 'aborted');
    connection.reply(client, sequence, 'ok');
    again.transport.flush();
  };
  await until(() => client.node === 1, 'back');
  client.request('write', command(1, 2), (status) => got.push(status));
  await until(() => got.length === 6, 'answer');
  expect(got[5]).toBe('ok');
  expect(links[0]).toBe('false closed by the other end');
  expect(links.at(-1)).toBe('true ');
  // Replies to a connection that is gone do nothing.
  held[0]![0].reply(1, 1, 'ok');
  expect([held[0]![0].gone, gone]).toEqual([true, 0]);
});

test('a client that is refused hears why', async () => {
  const node = await bench.node(1);
  const reasons: string[] = [];
  const client = new TcpClient({
    address: node.transport.address,
    cluster: 'other',
    backoff: { first: 5, most: 20 },
  });
  clients.push(client);
  client.onLink = (up, reason) => reasons.push(`${up}: ${reason}`);
  await until(() => reasons.length > 1, 'refused');
  expect(reasons[0]).toBe('false: refused: this is cluster "test", not "other"');
});

test('while a client does not read its responses, its requests are not read; others are served', async () => {
  const limit = 256 * 1024;
  const node = await bench.node(1, { clientBufferBytes: limit, pingMilliseconds: 20, idleMilliseconds: 200 });
  const result = new Uint8Array(50_000);
  let served = 0;
  node.transport.clients.onRequest = (connection, { client, sequence }) => {
    served++;
    connection.reply(client, sequence, 'ok', null, result);
  };
  node.transport.onBurstEnd = () => node.transport.flush();
  const raw = await bench.raw(node.transport.address);
  raw.socket.write(
    encodeHello(FRAME_KINDS.hello, {
      role: 'client',
      node: 0,
      expects: 0,
      incarnation: 0,
      cluster: '',
      protocol: '',
    }),
  );
  await until(() => raw.received.length > 0, 'welcome');
  raw.socket.pause();
  const request = frame(FRAME_KINDS.request, Uint8Array.of(0, 0, ...command(1, 1)));
  const wanted = 600;
  for (let i = 0; i < wanted; i++) {
    raw.socket.write(request);
    if (i % 2 === 0) await pause(1);
  }
  await pause(300);
  // Neither all served, nor cut off as idle though nothing was read from it for long.
  const stuckAt = served;
  expect(stuckAt).toBeLessThan(wanted);
  expect(raw.closed).toBe(false);
  const client = await clientOf(node);
  let isAnswered = false;
  client.request('read', command(2, 1), () => {
    isAnswered = true;
  });
  await until(() => isAnswered, 'others are served');
  raw.socket.resume();
  await until(() => served === wanted + 1, 'the rest is served once it reads');
});

test('one whose responses grow far beyond the limit is cut off', async () => {
  const node = await bench.node(1, { clientBufferBytes: 50_000, peerBufferBytes: 500_000 });
  node.transport.clients.onRequest = (connection, { client, sequence }) => {
    for (let i = 0; i < 100; i++) connection.reply(client, sequence, 'ok', null, new Uint8Array(20_000));
  };
  let gone = 0;
  node.transport.clients.onGone = () => gone++;
  const client = await clientOf(node);
  const got: Status[] = [];
  client.request('read', command(1, 1), (status) => got.push(status));
  await until(() => gone === 1, 'cut off');
  expect(node.logged('client-closed')).toEqual(['responses are not read']);
  await until(() => got.length === 1, 'and hears of it');
});

test('a busy server stops reading requests, of one client or of all, until it goes on', async () => {
  const node = await bench.node(1, { pingMilliseconds: 20, idleMilliseconds: 100 });
  const server = node.transport.clients;
  const seen: number[] = [];
  const connections: ClientConnection[] = [];
  server.onOpen = (connection) => connections.push(connection);
  server.onRequest = (_connection, request) => seen.push(request.client);
  const [a, b] = [await clientOf(node), await clientOf(node)];
  expect([server.size, connections.map((one) => one.id)]).toEqual([2, [1, 2]]);
  connections[0]!.pause();
  a.request('write', command(1, 1), () => {});
  b.request('write', command(2, 1), () => {});
  await until(() => seen.length > 0, 'the other is served');
  await pause(200);
  expect(seen).toEqual([2]);
  server.pause();
  connections[0]!.resume();
  b.request('write', command(3, 1), () => {});
  await pause(30);
  expect(seen).toEqual([2]);
  server.resume();
  await until(() => seen.length === 3, 'all served');
  expect([...seen].sort()).toEqual([1, 2, 3]);
  expect([a.node, b.node]).toEqual([1, 1]);
});

test('a client that asks too much at once is told no, and loses nothing', async () => {
  const nodes = await bench.cluster(2);
  const node = nodes[0]!;
  node.transport.clients.onRequest = (connection, { client, sequence }) =>
    connection.reply(client, sequence, 'ok');
  node.transport.onBurstEnd = () => node.transport.flush();
  node.transport.connect(members(nodes));
  const client = await clientOf(node, { bufferBytes: 100_000 });
  const operation = new Array(1000).fill(1);
  let accepted = 0;
  let ended = 0;
  for (let id = 1; id <= 500; id++)
    if (client.request('write', command(id, 1, operation), () => ended++)) accepted++;
  expect(accepted).toBeGreaterThan(50);
  expect(accepted).toBeLessThan(110);
  await until(() => ended === accepted, 'all accepted are answered');
});
