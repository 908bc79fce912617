import { createServer } from 'node:net';
import type { Request } from '@quorate/interface';
import { decodeCommand, encodeResult } from '@quorate/state-machine';
import { type ClientConnection, type Status, TcpTransport } from '@quorate/transport/tcp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AbortedError,
  ClosedError,
  type Members,
  OutcomeUnknownError,
  UnavailableError,
  UnsupportedError,
} from '../src/index.ts';
import { Bench } from './serving.ts';

type Answer = (connection: ClientConnection, request: Request) => void;

let bench: Bench;
let servers: TcpTransport[];
beforeEach(() => {
  bench = new Bench();
  servers = [];
});
afterEach(async () => {
  await bench.close();
  await Promise.all(servers.map((server) => server.close()));
});

/** Nodes that answer requests as a test says, each by its own function. */
async function answering(members: Members, protocol: string, ...answers: Answer[]): Promise<void> {
  for (const [i, answer] of answers.entries()) {
    const { id, host, port } = members.nodes[i]!;
    const server = await TcpTransport.listen({
      id,
      cluster: members.cluster,
      protocol,
      listen: { host, port },
    });
    server.clients.onRequest = answer;
    server.onBurstEnd = () => server.flush();
    servers.push(server);
  }
}

const say =
  (status: Status, leader: number | null = null, seen: Request[] = []): Answer =>
  (connection, request) => {
    seen.push(request);
    const value = encodeResult({ status: 'ok', value: null });
    connection.reply(request.client, request.sequence, status, leader, status === 'ok' ? value : undefined);
  };

const REPLICATED = 'replicated-log/raft';
const ATOMIC = 'atomic-commit/two-phase-commit';

describe('a client of three Raft replicas', () => {
  it('puts, gets, swaps, appends and deletes', async () => {
    const members = await bench.members(3);
    await bench.serveAll(members);
    const client = bench.client(members);
    expect(await client.get('a')).toBeNull();
    await client.put('a', 'größe 🦉');
    expect(await client.get('a')).toBe('größe 🦉');
    expect(await client.cas('a', 'x', 'y')).toEqual({ swapped: false, found: 'größe 🦉' });
    expect(await client.cas('a', 'größe 🦉', 'b')).toEqual({ swapped: true, found: null });
    await client.append('a', 'c');
    expect(await client.get('a')).toBe('bc');
    await client.delete('a');
    expect(await client.get('a')).toBeNull();
    const many = Array.from({ length: 600 }, (_, i) => `k${i}`);
    await Promise.all(many.map((key) => client.put(key, key)));
    expect(await Promise.all(many.map((key) => client.get(key)))).toEqual(many);
    await expect(client.put('x'.repeat(70_000), '')).rejects.toThrow('a key has at most 65535 bytes');
    expect(await client.get('k1')).toBe('k1');
  });
});

describe('a client', () => {
  it('asks the leader that it was told of, first from then on', async () => {
    const members = await bench.members(3);
    const seen: Request[][] = [[], [], []];
    await answering(
      members,
      REPLICATED,
      say('not-leader', 3, seen[0]),
      say('not-leader', 3, seen[1]),
      say('ok', null, seen[2]),
    );
    const client = bench.client(members);
    for (let i = 0; i < 5; i++) await client.put('k', 'v');
    expect(seen.map((requests) => requests.length)).toEqual([1, 0, 5]);
  });

  it('looks further where the leader that it was told of is not to be reached', async () => {
    const members = await bench.members(3);
    const mute = createServer().listen(members.nodes[1]!.port, '127.0.0.1');
    await answering(members, REPLICATED, say('not-leader', 2));
    const third = { ...members, nodes: [members.nodes[2]!] };
    await answering(third, REPLICATED, say('ok'));
    await bench.client(members, { giveUpMilliseconds: 2000 }).put('k', 'v');
    mute.close();
  });

  it('sends a write that got no answer again under the same number, in a replicated log', async () => {
    const members = await bench.members(2);
    const seen: Request[] = [];
    await answering(members, REPLICATED, (_, request) => seen.push(request), say('ok', null, seen));
    await bench.client(members, { attemptMilliseconds: 50 }).put('k', 'v');
    const [first, second] = seen;
    expect([second!.client, second!.sequence]).toEqual([first!.client, first!.sequence]);
    expect(decodeCommand(second!.command)).toEqual(decodeCommand(first!.command));
  });

  it('does not send it again in atomic commitment, where it says that the outcome is unknown', async () => {
    const members = await bench.members(2);
    const seen: Request[] = [];
    const silent: Answer = (_, request) => seen.push(request);
    await answering(members, ATOMIC, silent, silent);
    const client = bench.client(members, { attemptMilliseconds: 20, giveUpMilliseconds: 150 });
    await expect(client.put('k', 'v')).rejects.toThrow(OutcomeUnknownError);
    expect(seen).toHaveLength(1);
    await expect(client.get('k')).rejects.toThrow(UnavailableError); // reads may always be asked again
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.at(-1)!.client).not.toBe(seen[0]!.client); // nor is the session used again
  });

  it('does not know the outcome when the connection breaks in atomic commitment', async () => {
    const members = await bench.members(1);
    await answering(members, ATOMIC, () => servers[0]!.close());
    await expect(bench.client(members).put('k', 'v')).rejects.toThrow(OutcomeUnknownError);
  });

  it('says that nobody serves, without effect, where all refuse or nobody is there', async () => {
    const members = await bench.members(2);
    await answering(members, REPLICATED, say('busy'), say('not-leader', 2));
    const client = bench.client(members, { giveUpMilliseconds: 100 });
    await expect(client.put('k', 'v')).rejects.toThrow(
      new UnavailableError('no replica served put "k" in time'),
    );
    const nobody = bench.client(await bench.members(2), { giveUpMilliseconds: 100 });
    await expect(nobody.put('k', 'v')).rejects.toThrow(UnavailableError);
  });

  it('passes on what was decided: aborted, not offered', async () => {
    const members = await bench.members(1);
    await answering(members, ATOMIC, (connection, request) => {
      const status = decodeCommand(request.command).operation.key === 'a' ? 'aborted' : 'unsupported';
      connection.reply(request.client, request.sequence, status);
    });
    const client = bench.client(members);
    await expect(client.put('a', '')).rejects.toThrow(new AbortedError('put "a" was aborted'));
    await expect(client.put('b', '')).rejects.toThrow(UnsupportedError);
  });

  it('goes on under a new session where the old one was forgotten', async () => {
    const members = await bench.members(1);
    const clients: number[] = [];
    await answering(members, REPLICATED, (connection, { client, sequence }) => {
      clients.push(client);
      const status = clients.length === 2 ? 'expired' : 'ok';
      connection.reply(client, sequence, 'ok', null, encodeResult({ status, value: null }));
    });
    const client = bench.client(members);
    await client.put('k', '1');
    await client.put('k', '2');
    expect(clients).toHaveLength(3);
    expect(clients[1]).toBe(clients[0]);
    expect(clients[2]).not.toBe(clients[1]);
  });

  it('rejects what is under way when it is closed, and everything afterwards', async () => {
    const members = await bench.members(1);
    await answering(members, REPLICATED, () => {});
    const client = bench.client(members, { outstanding: 1 });
    const pending = [client.put('k', 'v'), client.get('k')].map((one) => one.catch((error) => error));
    await client.close();
    for (const one of pending) expect(await one).toBeInstanceOf(ClosedError);
    await expect(client.get('k')).rejects.toThrow(new ClosedError('the client is closed'));
  });
});
