import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raft } from '@quorate/raft';
import { expect, it } from 'vitest';
import { parseMembers, QuorateClient, serveReplica } from '../src/index.ts';
import { freePorts } from '../src/ports.ts';

it("the index's example does what it says", async () => {
  const dataDirectory = fs.mkdtempSync(join(tmpdir(), 'quorate-example-'));
  const [port] = await freePorts(1); // the example's own may be in use here
  const file = '{ "cluster": "demo", "nodes": [{ "id": 1, "host": "127.0.0.1", "port": 7001 }] }';
  const members = parseMembers(file.replace('7001', `${port}`), 'members.json');
  const replica = await serveReplica({ protocol: raft, id: 1, members, dataDirectory });

  const client = new QuorateClient(members);
  await client.put('colour', 'red');
  expect(await client.cas('colour', 'red', 'blue')).toEqual({ swapped: true, found: null });
  expect(await client.get('colour')).toBe('blue');

  await client.close();
  await replica.close();
  fs.rmSync(dataDirectory, { recursive: true });
});
