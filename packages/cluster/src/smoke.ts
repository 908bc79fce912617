import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyProtocol, NodeId } from '@quorate/interface';
import { QuorateClient } from './client.ts';
import type { Members } from './members.ts';
import { freePorts } from './ports.ts';
import { type ServedReplica, serveReplica } from './replica.ts';

/** What a small cluster on real sockets and disks answered. */
export interface SmokeReport {
  /** What was put, … */
  readonly put: string;
  /** … what each node's client read of it, … */
  readonly read: readonly (string | null)[];
  /** … and what was read once every replica had been closed and started again from its folder. */
  readonly readAgain: readonly (string | null)[];
  /** Replicas that stopped themselves. */
  readonly halted: number;
}

const GIVE_UP_MILLISECONDS = 20_000;

/**
 * Three replicas of a protocol in this process, on loopback, each with a folder: put, get, everything down and up again one by one, get.
 * What `conformance` takes as `real`. Leaves nothing behind.
 * @throws Error where the cluster does not answer within 20 s
 */
export async function smokeTest(protocol: AnyProtocol): Promise<SmokeReport> {
  const directory = mkdtempSync(join(tmpdir(), 'quorate-smoke-'));
  const ports = await freePorts(3);
  const members: Members = {
    cluster: 'smoke',
    nodes: ports.map((port, i) => ({ id: i + 1, host: '127.0.0.1', port })),
  };
  const replicas = new Map<NodeId, ServedReplica>();
  let halted = 0;
  const serve = async (id: NodeId) => {
    const replica = await serveReplica({
      protocol,
      id,
      members,
      dataDirectory: join(directory, `node-${id}`),
    });
    void replica.stopped.then((why) => {
      if (why !== null) halted++;
    });
    replicas.set(id, replica);
  };
  const options = { retryWrites: true, giveUpMilliseconds: GIVE_UP_MILLISECONDS };
  const clients = members.nodes.map(() => new QuorateClient(members, options));
  const readAll = () => Promise.all(clients.map((client) => client.get('colour')));
  try {
    for (const { id } of members.nodes) await serve(id);
    await untilDone(() => clients[0]!.put('colour', 'red'));
    const read = await readAll();
    for (const { id } of members.nodes) {
      await replicas.get(id)!.close();
      await serve(id);
    }
    return { put: 'red', read, readAgain: await readAll(), halted };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([...replicas.values()].map((replica) => replica.close()));
    rmSync(directory, { recursive: true, force: true });
  }
}

/** While replicas still find each other an atomic commitment may abort, so what failed is asked again until the time is up. */
async function untilDone(act: () => Promise<void>): Promise<void> {
  const end = performance.now() + GIVE_UP_MILLISECONDS;
  for (;;) {
    try {
      await act();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}
