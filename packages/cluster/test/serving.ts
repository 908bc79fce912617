import fs from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyProtocol, NodeId } from '@quorate/interface';
import { raft } from '@quorate/raft';
import {
  type ClientOptions,
  type Member,
  type Members,
  QuorateClient,
  type ReplicaLogLine,
  type ReplicaOptions,
  type ServedReplica,
  serveReplica,
} from '../src/index.ts';
import { freePorts } from '../src/ports.ts';

/** Replicas that run in the test's own process, each with a folder, all cleaned up at the end. */
export class Bench {
  readonly directory = fs.mkdtempSync(join(tmpdir(), 'quorate-test-'));
  readonly lines: ReplicaLogLine[] = [];
  readonly #replicas: ServedReplica[] = [];
  readonly #clients: QuorateClient[] = [];
  readonly #sockets: Socket[] = [];

  async members(count: number): Promise<Members> {
    const ports = await freePorts(count);
    const nodes = ports.map((port, i): Member => ({ id: i + 1, host: '127.0.0.1', port }));
    return { cluster: 'test', nodes };
  }

  folder(id: NodeId): string {
    return join(this.directory, `node-${id}`);
  }

  async serve(
    members: Members,
    id: NodeId,
    options: Partial<ReplicaOptions> = {},
    protocol: AnyProtocol = raft,
  ): Promise<ServedReplica> {
    const replica = await serveReplica({
      protocol,
      id,
      members,
      dataDirectory: this.folder(id),
      onLog: (line) => this.lines.push(line),
      ...options,
    });
    this.#replicas.push(replica);
    return replica;
  }

  /** All members' replicas. */
  serveAll(members: Members, options: Partial<ReplicaOptions> = {}): Promise<ServedReplica[]> {
    return Promise.all(members.nodes.map(({ id }) => this.serve(members, id, options)));
  }

  client(members: Members, options: ClientOptions = {}): QuorateClient {
    const client = new QuorateClient(members, options);
    this.#clients.push(client);
    return client;
  }

  /** A connection on which a test may say what it likes. */
  async raw({ host, port }: { host: string; port: number }): Promise<Socket> {
    const socket = connect(port, host);
    this.#sockets.push(socket);
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket;
  }

  logged(event: ReplicaLogLine['event']): string[] {
    return this.lines.filter((line) => line.event === event).map((line) => line.reason ?? '');
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#clients.map((client) => client.close()));
    await Promise.all(this.#replicas.map((replica) => replica.close()));
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.once('close', () => resolve());
    socket.resume();
  });
}
