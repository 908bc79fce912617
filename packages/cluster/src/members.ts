import type { Membership, NodeId } from '@quorate/interface';

/** One replica and where it listens, for its peers and for clients alike. */
export interface Member {
  /** 1 to 65,535, never given to another machine. */
  readonly id: NodeId;
  readonly host: string;
  readonly port: number;
}

/** A cluster as its members file describes it. All replicas and clients are given the same file. */
export interface Members {
  /** Replicas and clients of another cluster are refused. */
  readonly cluster: string;
  readonly nodes: readonly Member[];
}

/** A members file that cannot be used. The message begins with the file and the path inside it: `members.json: nodes[2].id: 1 is also the id of nodes[0]`. */
export class MembersError extends Error {
  override readonly name = 'MembersError';
}

/** The highest id of a node. */
export const NODE_ID_MAX = 65_535;
const MAX_CLUSTER_BYTES = 255;

/**
 * Reads a members file: `{ "cluster": "demo", "nodes": [ { "id": 1, "host": "127.0.0.1", "port": 7001 }, … ] }`.
 * @param text the file's content
 * @param fileName what errors call it
 * @throws MembersError which names the file, the path in it, what stands there and what is allowed
 */
export function parseMembers(text: string, fileName: string): Members {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new MembersError(`${fileName}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
  try {
    return readMembers(json);
  } catch (error) {
    if (error instanceof MembersError)
      throw new MembersError(`${fileName}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The replicas as protocols are told of them: all are voters. */
export function membershipOf(members: Members): Membership {
  return { voters: members.nodes.map(({ id }) => id), learners: [], observers: [] };
}

function readMembers(json: unknown): Members {
  const { cluster, nodes } = readObject(json, 'the file', '', ['cluster', 'nodes']);
  const name = readText(cluster, 'cluster');
  if (Buffer.byteLength(name) > MAX_CLUSTER_BYTES)
    throw new MembersError(`cluster: is longer than ${MAX_CLUSTER_BYTES} bytes`);
  if (nodes === undefined) throw new MembersError('nodes: is missing');
  if (!Array.isArray(nodes)) throw new MembersError(`nodes: ${show(nodes)} is not a list`);
  if (nodes.length === 0) throw new MembersError('nodes: is empty');
  const read: Member[] = [];
  for (const [i, node] of nodes.entries()) {
    const member = readMember(node, `nodes[${i}]`);
    const sameId = read.findIndex(({ id }) => id === member.id);
    if (sameId >= 0)
      throw new MembersError(`nodes[${i}].id: ${member.id} is also the id of nodes[${sameId}]`);
    const sameAddress = read.findIndex(({ host, port }) => host === member.host && port === member.port);
    if (sameAddress >= 0)
      throw new MembersError(
        `nodes[${i}]: ${member.host}:${member.port} is also the address of nodes[${sameAddress}]`,
      );
    read.push(member);
  }
  return { cluster: name, nodes: read };
}

function readMember(json: unknown, path: string): Member {
  const { id, host, port } = readObject(json, path, `${path}.`, ['id', 'host', 'port']);
  return {
    id: readWhole(id, `${path}.id`, NODE_ID_MAX),
    host: readText(host, `${path}.host`),
    port: readWhole(port, `${path}.port`, 65_535),
  };
}

function readObject(
  value: unknown,
  what: string,
  prefix: string,
  known: readonly string[],
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MembersError(`${what}: ${show(value)} is not an object`);
  for (const name of Object.keys(value)) {
    if (!known.includes(name))
      throw new MembersError(`${prefix}${name}: is unknown; allowed are ${known.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

function readText(value: unknown, path: string): string {
  if (value === undefined) throw new MembersError(`${path}: is missing`);
  if (typeof value !== 'string') throw new MembersError(`${path}: ${show(value)} is not a text`);
  if (value === '') throw new MembersError(`${path}: is empty`);
  return value;
}

function readWhole(value: unknown, path: string, most: number): number {
  if (value === undefined) throw new MembersError(`${path}: is missing`);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new MembersError(`${path}: ${show(value)} is not a whole number from 1 to ${most}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
