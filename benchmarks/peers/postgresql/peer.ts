import { execFile } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Peer, PeerOptions, RunningPeer } from '@quorate/bench';
import { freePorts, takeTemporaryFolder } from '@quorate/cluster';
import { moduleUrl, outputOf, Program, waitFor } from '../program.ts';
import { PgConnection } from './connection.ts';
import type { CoordinatorOptions } from './coordinator.ts';
import { PREPARED_MAX } from './participant.ts';

const run = promisify(execFile);
/** Where Debian keeps one folder for each version. */
const VERSIONS = '/usr/lib/postgresql';
const ROLE = 'postgres';
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  max_prepared_transactions: String(2 * PREPARED_MAX),
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
};
/** Counts are passed on by connections that have had nothing to do for a moment. */
const COUNTED_MILLISECONDS = 300;

/** PostgreSQL servers as participants of two-phase commit, which Quorate's own coordinator leads. */
export const postgresql: Peer = {
  name: 'postgresql',
  title: 'PostgreSQL (two-phase commit)',
  caveat:
    'PostgreSQL’s forced writes leave out the log of its coordinator, which is Quorate’s own and runs within the load’s process: its processor ' +
    'time counts as the load’s.',
  install: 'the Debian package postgresql',
  notes: [
    'PostgreSQL: BEGIN, UPDATE of a row that exists and PREPARE TRANSACTION on every server, then COMMIT PREPARED; over 32 and 16 connections to ' +
      'each; fsync and synchronous_commit on, max_prepared_transactions raised, other settings are the defaults. Quorate’s own coordinator leads it ' +
      'from within the load’s process and answers once its decision is on its disk; its processor time is the load’s, and its forced writes are ' +
      'not among those counted.',
  ],
  warmUpMilliseconds: 3_000,
  version,
  start,
};

/** The folder with the newest version's programs, or null. */
function programs(): string | null {
  if (!existsSync(VERSIONS)) return null;
  const found = readdirSync(VERSIONS)
    .filter((name) => existsSync(join(VERSIONS, name, 'bin/initdb')))
    .sort((a, b) => Number(b) - Number(a));
  return found.length === 0 ? null : join(VERSIONS, found[0]!, 'bin');
}

async function version(): Promise<string | null> {
  const folder = programs();
  if (folder === null) return null;
  const text = await outputOf(join(folder, 'postgres'), ['--version']);
  return /\(PostgreSQL\) (\S+)/.exec(text ?? '')?.[1] ?? null;
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package has made for it. */
function whoRuns(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (line === null) throw new Error('PostgreSQL does not run as root, and there is no user postgres');
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

async function start({ nodes, keys, valueBytes }: PeerOptions): Promise<RunningPeer> {
  const folder = programs()!;
  const user = whoRuns();
  const { directory, remove } = takeTemporaryFolder(join(tmpdir(), 'quorate-postgresql-'));
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  const ports = await freePorts(nodes);
  const servers: Program[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    remove();
  };
  try {
    const data = ports.map((_, i) => join(directory, `server-${i + 1}`));
    const initial = ['--auth=trust', `--username=${ROLE}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
    await Promise.all(
      data.map((path) =>
        run(join(folder, 'initdb'), [...initial, '--pgdata', path], { ...user, cwd: directory }),
      ),
    );
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    for (const [i, port] of ports.entries()) {
      const args = ['-D', data[i]!, '-p', String(port), ...settings];
      servers.push(
        new Program({
          command: join(folder, 'postgres'),
          args,
          cwd: directory,
          user,
          stopSignal: 'SIGQUIT',
        }),
      );
    }
    await Promise.all(ports.map((port) => fill(port, servers, keys, valueBytes)));
    const { directory: journal, remove: removeJournal } = takeTemporaryFolder(
      join(tmpdir(), 'quorate-coordinator-'),
    );
    const options: CoordinatorOptions = { ports, user: ROLE, directory: journal };
    return {
      target: { module: moduleUrl('postgresql/target.js'), exportName: 'postgresTarget', options },
      pids: servers.map(({ pid }) => pid),
      syncs: () => syncsOf(ports),
      stop: () => stop().then(removeJournal),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits until a server answers, and makes the rows that will be written. */
async function fill(
  port: number,
  servers: readonly Program[],
  keys: number,
  valueBytes: number,
): Promise<void> {
  const connection = await waitFor('PostgreSQL', servers, async () => {
    const made = new PgConnection(port, ROLE);
    await made.ready;
    return made;
  });
  try {
    await connection.query('CREATE TABLE kv (k text PRIMARY KEY, v text NOT NULL)');
    await connection.query(
      `INSERT INTO kv SELECT 'k' || i, repeat('.', ${valueBytes}) FROM generate_series(0, ${keys - 1}) AS i`,
    );
    await connection.query('VACUUM ANALYZE kv');
    await connection.query('CHECKPOINT');
  } finally {
    connection.close();
  }
}

async function syncsOf(ports: readonly number[]): Promise<number | null> {
  await new Promise((resolve) => setTimeout(resolve, COUNTED_MILLISECONDS));
  let sum = 0;
  for (const port of ports) {
    const connection = new PgConnection(port, ROLE);
    try {
      await connection.ready;
      const { column } = await connection.query('SELECT wal_sync FROM pg_stat_wal');
      if (column === null) return null;
      sum += Number(column);
    } finally {
      connection.close();
    }
  }
  return sum;
}
