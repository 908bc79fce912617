import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer, PeerOptions, RunningPeer } from '@quorate/bench';
import { freePorts, takeTemporaryFolder } from '@quorate/cluster';
import { findProgram, moduleUrl, Program, waitFor } from '../program.ts';
import { ZooKeeperClient } from './client.ts';

const JARS = '/usr/share/java';
const JAR = `${JARS}/zookeeper.jar`;
const HOST = '127.0.0.1';
/** As Debian's and ZooKeeper's own start scripts have it. */
const HEAP = '-Xmx1000m';
const CREATES_UNDER_WAY = 500;

/** ZooKeeper as Debian packages it, with its own defaults: forceSync on, a snapshot about every 100,000 transactions. */
export const zooKeeper: Peer = {
  name: 'zookeeper',
  title: 'ZooKeeper',
  install: 'the Debian package zookeeper',
  notes: [
    'ZooKeeper: setData of existing znodes, over four sessions at the leader; forceSync on, other settings are the defaults; heap of 1000 MB.',
  ],
  warmUpMilliseconds: 12_000,
  version,
  start,
};

async function version(): Promise<string | null> {
  if (!existsSync(JAR) || findProgram('java') === null) return null;
  const numbered = readdirSync(JARS).map((file) => /^zookeeper-(\d.*)\.jar$/.exec(file)?.[1]);
  return numbered.find((number) => number !== undefined) ?? 'of unknown version';
}

interface Server {
  readonly id: number;
  readonly folder: string;
  readonly client: number;
  readonly quorum: number;
  readonly election: number;
}

async function start({ nodes, keys, valueBytes }: PeerOptions): Promise<RunningPeer> {
  const { directory, remove } = takeTemporaryFolder(join(tmpdir(), 'quorate-zookeeper-'));
  const ports = await freePorts(3 * nodes);
  const servers = Array.from({ length: nodes }, (_, i): Server => {
    const [client, quorum, election] = ports.slice(3 * i) as [number, number, number];
    return { id: i + 1, folder: join(directory, `server-${i + 1}`), client, quorum, election };
  });
  for (const server of servers) configure(server, servers);
  const programs = servers.map(launch);
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
    remove();
  };
  try {
    const leader = await waitFor('ZooKeeper', programs, () => findLeader(servers));
    await createZnodes(leader.client, keys, '.'.repeat(valueBytes));
    const target = moduleUrl('zookeeper/target.js');
    return {
      target: { module: target, exportName: 'zooKeeperTarget', options: { port: leader.client } },
      pids: programs.map(({ pid }) => pid),
      syncs: () => syncsOf(servers),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configure(server: Server, servers: readonly Server[]): void {
  const lines = [
    'tickTime=2000',
    'initLimit=10',
    'syncLimit=5',
    `dataDir=${server.folder}`,
    `clientPort=${server.client}`,
    `clientPortAddress=${HOST}`,
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr,mntr',
    ...servers.map(({ id, quorum, election }) => `server.${id}=${HOST}:${quorum}:${election}`),
  ];
  mkdirSync(server.folder, { recursive: true });
  writeFileSync(join(server.folder, 'zoo.cfg'), `${lines.join('\n')}\n`);
  writeFileSync(join(server.folder, 'myid'), `${server.id}\n`);
}

function launch({ folder }: Server): Program {
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  const args = [HEAP, '-Djava.net.preferIPv4Stack=true', '-cp', JAR, main, join(folder, 'zoo.cfg')];
  return new Program({ command: 'java', args, cwd: folder });
}

/** A four-letter word's answer. */
function ask(port: number, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ port, host: HOST, timeout: 2_000 }, () => socket.write(word));
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('timeout', () => socket.destroy(new Error(`no answer to ${word}`)));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

/** Null until all servers have found their places. */
async function findLeader(servers: readonly Server[]): Promise<Server | null> {
  const modes = await Promise.all(
    servers.map(async ({ client }) => /^Mode: (\w+)$/m.exec(await ask(client, 'srvr'))?.[1]),
  );
  if (modes.includes(undefined)) return null;
  return servers[modes.findIndex((mode) => mode === 'leader' || mode === 'standalone')] ?? null;
}

async function createZnodes(port: number, keys: number, value: string): Promise<void> {
  const client = new ZooKeeperClient(port);
  await client.ready;
  await new Promise<void>((resolve, reject) => {
    let [next, done] = [0, 0];
    const create = (): void => {
      if (next >= keys) return;
      client.create(`/k${next++}`, value, (ending) => {
        if (ending !== 'ok') reject(new Error(`a znode could not be made: ${ending}`));
        else if (++done === keys) resolve();
        else create();
      });
    };
    for (let i = 0; i < CREATES_UNDER_WAY; i++) create();
  });
  client.close();
}

async function syncsOf(servers: readonly Server[]): Promise<number | null> {
  const counts = await Promise.all(
    servers.map(async ({ client }) => /^zk_cnt_fsynctime\s+(\d+)/m.exec(await ask(client, 'mntr'))?.[1]),
  );
  return counts.includes(undefined) ? null : counts.reduce((sum, count) => sum + Number(count), 0);
}
