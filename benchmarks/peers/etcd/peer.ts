import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer, PeerOptions, RunningPeer } from '@quorate/bench';
import { freePorts, takeTemporaryFolder } from '@quorate/cluster';
import { findProgram, moduleUrl, outputOf, Program, waitFor } from '../program.ts';
import { EtcdClient } from './client.ts';

const HOST = '127.0.0.1';
/** Beyond this a put does not fit into what a stream takes at first. */
const LARGEST_VALUE = 60_000;

/** etcd as Debian packages it, with its own defaults: every write is on the disks of a majority before it is answered. */
export const etcd: Peer = {
  name: 'etcd',
  title: 'etcd',
  install: 'the Debian package etcd-server',
  notes: ['etcd: KV/Put over four HTTP/2 connections to the leader; all settings are the defaults.'],
  warmUpMilliseconds: 3_000,
  version,
  start,
};

async function version(): Promise<string | null> {
  if (findProgram('etcd') === null) return null;
  return /etcd Version: (\S+)/.exec((await outputOf('etcd', ['--version'])) ?? '')?.[1] ?? null;
}

interface Member {
  readonly name: string;
  readonly client: number;
  readonly peer: number;
}

async function start({ nodes, valueBytes }: PeerOptions): Promise<RunningPeer> {
  if (valueBytes > LARGEST_VALUE)
    throw new RangeError(`values of ${valueBytes} bytes; this client's go up to ${LARGEST_VALUE}`);
  const { directory, remove } = takeTemporaryFolder(join(tmpdir(), 'quorate-etcd-'));
  const ports = await freePorts(2 * nodes);
  const members = Array.from({ length: nodes }, (_, i): Member => {
    return { name: `member-${i + 1}`, client: ports[2 * i]!, peer: ports[2 * i + 1]! };
  });
  const programs = members.map((member) => launch(member, members, directory));
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
    remove();
  };
  try {
    const leader = await waitFor('etcd', programs, () => findLeader(members));
    const target = moduleUrl('etcd/target.js');
    return {
      target: { module: target, exportName: 'etcdTarget', options: { port: leader.client } },
      pids: programs.map(({ pid }) => pid),
      syncs: () => syncsOf(members),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch({ name, client, peer }: Member, members: readonly Member[], directory: string): Program {
  const url = (port: number) => `http://${HOST}:${port}`;
  const cluster = members.map((one) => `${one.name}=${url(one.peer)}`).join(',');
  const args = [
    ...['--name', name, '--data-dir', join(directory, name)],
    ...['--listen-client-urls', url(client), '--advertise-client-urls', url(client)],
    ...['--listen-peer-urls', url(peer), '--initial-advertise-peer-urls', url(peer)],
    ...['--initial-cluster', cluster, '--initial-cluster-state', 'new', '--log-level', 'error'],
  ];
  return new Program({ command: 'etcd', args, cwd: directory });
}

/** Null until all members know who leads. */
async function findLeader(members: readonly Member[]): Promise<Member | null> {
  const leads = await Promise.all(
    members.map(async ({ client }) => {
      const asked = new EtcdClient(client);
      try {
        await asked.ready;
        return await asked.leads();
      } finally {
        asked.close();
      }
    }),
  );
  return leads.includes(null) ? null : (members[leads.indexOf(true)] ?? null);
}

/** Of the write-ahead logs and of the databases behind them. */
async function syncsOf(members: readonly Member[]): Promise<number | null> {
  let sum = 0;
  for (const { client } of members) {
    const response = await fetch(`http://${HOST}:${client}/metrics`);
    const text = await response.text();
    for (const name of [
      'etcd_disk_wal_fsync_duration_seconds_count',
      'etcd_disk_backend_commit_duration_seconds_count',
    ]) {
      const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text);
      if (found === null) return null;
      sum += Number(found[1]);
    }
  }
  return sum;
}
