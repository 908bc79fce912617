import fs from 'node:fs';
import { join } from 'node:path';
import type { Message } from '@quorate/interface';
import { DataFolderInUseError, JournalCorruptError, nodeIo } from '@quorate/log/disk';
import { raft } from '@quorate/raft';
import { FRAME_KINDS, frame } from '@quorate/transport';
import { TcpTransport } from '@quorate/transport/tcp';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForeignDataError, greetingOf, type Members, MembersError } from '../src/index.ts';
import { Bench, closed } from './serving.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

/** The journal's file with records in it: the last but the one that each start begins. */
function journalFile(folder: string): string {
  const names = fs.readdirSync(folder).filter((name) => name.startsWith('journal-'));
  const written = names.filter((name) =>
    fs
      .readFileSync(join(folder, name))
      .subarray(512)
      .some((byte) => byte !== 0),
  );
  return join(folder, written.toSorted().at(-1)!);
}

/** One replica which wrote `count` keys and was closed, or, where its process was killed, whose files were put back as they were before. */
async function written(members: Members, count: number, how: 'closed' | 'killed'): Promise<string> {
  const replica = await bench.serve(members, 1);
  const client = bench.client(members);
  for (let i = 0; i < count; i++) await client.put(`k${i}`, `v${i}`);
  await client.close();
  const folder = bench.folder(1);
  const kept = `${folder}-kept`;
  if (how === 'killed') fs.cpSync(folder, kept, { recursive: true });
  await replica.close();
  if (how === 'killed') {
    fs.rmSync(folder, { recursive: true });
    fs.rmSync(join(kept, 'lock'));
    fs.renameSync(kept, folder);
  }
  return folder;
}

describe('one replica', () => {
  it('serves, stops in order, and finds everything again', async () => {
    const members = await bench.members(1);
    await written(members, 5, 'closed');
    const again = await bench.serve(members, 1);
    expect(again.recovery.records).toBeGreaterThan(0);
    expect(again.recovery.torn).toBeNull();
    expect(await bench.client(members).get('k4')).toBe('v4');
    expect(again.stats()).toMatchObject({ role: { role: 'leader', leader: 1 } });
  });

  it('refuses a data folder that is in use, and says by whom', async () => {
    const members = await bench.members(1);
    await bench.serve(members, 1);
    const second = bench.serve({ ...members, nodes: [{ ...members.nodes[0]!, port: 65_000 }] }, 1);
    await expect(second).rejects.toThrow(DataFolderInUseError);
    await expect(second).rejects.toThrow(`${bench.folder(1)} is in use by process ${process.pid}`);
  });

  it('refuses a data folder of another node, cluster or protocol, and leaves it as it was', async () => {
    const members = await bench.members(2);
    const first = await bench.serve(members, 1);
    await first.close();
    const dataDirectory = bench.folder(1);
    const other = bench.serve(members, 2, { dataDirectory });
    await expect(other).rejects.toThrow(ForeignDataError);
    await expect(other).rejects.toThrow(
      'the folder holds node 1 of cluster "test" running raft, not node 2 of cluster "test" running raft',
    );
    await expect(bench.serve({ ...members, cluster: 'other' }, 1)).rejects.toThrow(ForeignDataError);
    await expect(bench.serve(members, 1, {}, twoPhaseCommit)).rejects.toThrow(ForeignDataError);
    await (await bench.serve(members, 1)).close();
  });

  it('refuses an id that is no member, an unknown knob and a port in use, and gives the folder free', async () => {
    const members = await bench.members(1);
    await expect(bench.serve(members, 9)).rejects.toThrow(
      new MembersError('node 9 is no member of cluster "test"; its nodes are 1'),
    );
    await expect(bench.serve(members, 1, { knobs: { electionTimeot: 5 } })).rejects.toThrow(
      /raft has no knob "electionTimeot"; it has: electionTimeout, /,
    );
    const first = await bench.serve(members, 1);
    const dataDirectory = join(bench.directory, 'elsewhere');
    await expect(bench.serve(members, 1, { dataDirectory })).rejects.toThrow(/the port is already in use/);
    await first.close();
    await (await bench.serve(members, 1, { dataDirectory })).close();
  });

  it('reports a torn tail and starts without it', async () => {
    const members = await bench.members(1);
    const folder = await written(members, 5, 'killed');
    const path = journalFile(folder);
    const bytes = fs.readFileSync(path);
    let end = bytes.length;
    while (bytes[end - 1] === 0) end--;
    bytes[end - 2]! ^= 0xff; // inside the last record
    fs.writeFileSync(path, bytes);
    const again = await bench.serve(members, 1);
    expect(again.recovery.torn?.file).toBe(path);
    expect(bench.logged('torn-tail')[0]).toMatch(/what begins at byte \d+ never became durable/);
    expect(await bench.client(members).get('k3')).toBe('v3');
  });

  it('refuses a journal that is cut in half or has a flipped byte in the middle, names the place, and changes nothing', async () => {
    const members = await bench.members(1);
    const folder = await written(members, 20, 'closed');
    const path = journalFile(folder);
    const bytes = fs.readFileSync(path);
    let end = bytes.length;
    while (bytes[end - 1] === 0) end--;
    const flipped = Uint8Array.from(bytes);
    flipped[512 + ((end - 512) >> 1)]! ^= 0x10;
    for (const damaged of [flipped, bytes.subarray(0, 512 + ((end - 512) >> 1))]) {
      fs.writeFileSync(path, damaged);
      const start = bench.serve(members, 1);
      await expect(start).rejects.toThrow(JournalCorruptError);
      await expect(start).rejects.toThrow(`${path} is corrupt at byte `);
      expect(fs.readFileSync(path).equals(damaged)).toBe(true);
    }
    fs.writeFileSync(path, bytes);
    await bench.serve(members, 1);
    expect(await bench.client(members).get('k19')).toBe('v19');
  });

  it('stops itself when its disk fails, and says why', async () => {
    const members = await bench.members(1);
    let broken = false;
    const io: typeof nodeIo = {
      ...nodeIo,
      write(fd, bytes, offset, length, position, done) {
        if (broken) setImmediate(() => done(new Error('EIO: i/o error'), 0));
        else nodeIo.write(fd, bytes, offset, length, position, done);
      },
    };
    const replica = await bench.serve(members, 1, { io });
    await bench.client(members).put('k', 'v');
    broken = true;
    const impatient = bench.client(members, { giveUpMilliseconds: 300 });
    await expect(impatient.put('k', 'w')).rejects.toThrow('what became of put "k" is not known');
    expect((await replica.stopped)?.message).toBe('EIO: i/o error');
    expect(bench.logged('halted')[0]).toMatch(/^storage: Error: EIO/);
    broken = false;
    await bench.serve(members, 1);
    expect(await bench.client(members).get('k')).toMatch(/^[vw]$/);
  });
});

describe('three replicas', () => {
  it('go on when a stranger, or a peer, sends what is not to be sent', async () => {
    const members = await bench.members(3);
    const [one] = await bench.serveAll({ ...members, nodes: members.nodes }, {});
    const client = bench.client(members);
    await client.put('k', 'v');
    const oversized = frame(FRAME_KINDS.hello, new Uint8Array(4));
    oversized[3] = 0x7f; // a length of two thousand million bytes
    const version = frame(FRAME_KINDS.hello, new Uint8Array(4));
    version[4] = 99;
    const bad = [oversized, version, Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)];
    for (const bytes of bad) {
      const socket = await bench.raw(one!.address);
      socket.write(bytes);
      await closed(socket);
    }
    expect(bench.logged('bad-frame').slice(0, 2)).toEqual([
      expect.stringMatching(/^oversized: frame of \d+ bytes/),
      expect.stringMatching(/^version: frame of wire version 99/),
    ]);
    expect(bench.logged('bad-frame')).toHaveLength(3);
    await client.put('k', 'w');
    expect(await client.get('k')).toBe('w');
  });

  it('go on when a member sends messages that make no sense, though what it talks to may stop', async () => {
    const members = await bench.members(3);
    await bench.serve(members, 1);
    await bench.serve(members, 2);
    const client = bench.client(members);
    await client.put('k', 'v');
    const third = await TcpTransport.listen<Message>({
      id: 3,
      cluster: members.cluster,
      protocol: greetingOf(raft),
      listen: members.nodes[2]!,
    });
    third.onLink = (peer, up) => {
      if (up) third.send(peer, { type: 'Nonsense' });
      third.flush();
    };
    third.connect(new Map(members.nodes.map((node) => [node.id, node])));
    for (let i = 0; i < 20; i++) await client.put('k', `v${i}`);
    expect(await client.get('k')).toBe('v19');
    expect(bench.logged('halted')).toEqual([]);
    await third.close();
  });
});
