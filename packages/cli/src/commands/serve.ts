import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Members, MembersError, NODE_ID_MAX, parseMembers, serveReplica } from '@quorate/cluster';
import { makeFolder } from '../files.ts';
import type { Flags } from '../flags.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { findProtocol, messageOf } from '../protocols.ts';

/** `quorate serve`: one replica on real sockets and disk, until it is interrupted. */
export async function runServe(flags: Flags, io: Io): Promise<number> {
  const { protocol } = await findProtocol(flags.text('protocol')!, io.cwd);
  const id = flags.whole('id', 1, NODE_ID_MAX);
  const data = flags.text('data');
  const file = flags.text('members');
  if (id === undefined)
    throw new UsageError('--id: is missing; needed: which of the members this replica is');
  if (file === undefined) throw new UsageError('--members: is missing; needed: a members file (see --help)');
  if (data === undefined) throw new UsageError("--data: is missing; needed: this replica's own data folder");
  const members = readMembers('--members', file, io.cwd);
  if (!members.nodes.some((node) => node.id === id)) {
    const ids = members.nodes.map((node) => node.id).join(', ');
    throw new UsageError(`--id: ${id} is no member in ${file}; allowed: ${ids}`);
  }
  const signal = io.interruptible();
  const replica = await serveReplica({
    protocol,
    id,
    members,
    dataDirectory: makeFolder('--data', data, io.cwd),
    onLog: (line) => io.err(`${JSON.stringify(line)}\n`),
  });
  const { host, port } = replica.address;
  io.out(`${protocol.name} node ${id} serves ${members.cluster} on ${host}:${port}\n`);
  signal.addEventListener('abort', () => void replica.close());
  const why = await replica.stopped;
  if (why === null) return EXIT.ok;
  io.err(`quorate: the replica has stopped itself: ${why.message}\n`);
  return EXIT.failed;
}

/** @throws UsageError that names the file, and the place in it */
export function readMembers(what: string, file: string, cwd: string): Members {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${what}: "${file}" cannot be read: ${messageOf(error)}`, { cause: error });
  }
  try {
    return parseMembers(text, file);
  } catch (error) {
    if (error instanceof MembersError) throw new UsageError(`${what}: ${error.message}`, { cause: error });
    throw error;
  }
}
