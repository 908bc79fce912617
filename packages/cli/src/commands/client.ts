import { ClusterError, QuorateClient } from '@quorate/cluster';
import type { Flags } from '../flags.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { readMembers } from './serve.ts';

/** What each operation needs behind its name. */
const OPERATIONS = {
  get: 'get KEY',
  put: 'put KEY VALUE',
  delete: 'delete KEY',
  append: 'append KEY VALUE',
  cas: 'cas KEY EXPECTED VALUE (EXPECTED empty: the key must be absent)',
} as const;

type Name = keyof typeof OPERATIONS;

/** `quorate client`: one operation on a served cluster. */
export async function runClient(flags: Flags, io: Io): Promise<number> {
  const members = readMembers('members', flags.text('members')!, io.cwd);
  const [name, ...rest] = flags.words('operation');
  if (name === undefined || !Object.hasOwn(OPERATIONS, name)) {
    const allowed = Object.values(OPERATIONS).join('; ');
    throw new UsageError(
      `operation: ${name === undefined ? 'is missing' : `"${name}" is unknown`}; allowed: ${allowed}`,
    );
  }
  const needed = OPERATIONS[name as Name];
  const count = name === 'cas' ? 3 : name === 'put' || name === 'append' ? 2 : 1;
  if (rest.length !== count)
    throw new UsageError(`operation: ${name} has ${rest.length} arguments; allowed: ${needed}`);
  const client = new QuorateClient(members);
  try {
    return await perform(client, name as Name, rest, io);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    io.err(`quorate: ${error.message}\n`);
    return EXIT.failed;
  } finally {
    await client.close();
  }
}

async function perform(
  client: QuorateClient,
  name: Name,
  [key = '', ...values]: string[],
  io: Io,
): Promise<number> {
  switch (name) {
    case 'get': {
      const value = await client.get(key);
      if (value === null) io.err(`quorate: there is no key "${key}"\n`);
      else io.out(`${value}\n`);
      return value === null ? EXIT.failed : EXIT.ok;
    }
    case 'put':
      await client.put(key, values[0]!);
      break;
    case 'append':
      await client.append(key, values[0]!);
      break;
    case 'delete':
      await client.delete(key);
      break;
    case 'cas': {
      const { swapped, found } = await client.cas(key, values[0] === '' ? null : values[0]!, values[1]!);
      if (swapped) break;
      io.err(
        `quorate: not swapped: ${found === null ? 'there is no such key' : `the value is "${found}"`}\n`,
      );
      return EXIT.failed;
    }
    default:
      name satisfies never;
  }
  io.out('ok\n');
  return EXIT.ok;
}
