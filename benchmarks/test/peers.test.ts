import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { LoadProcess, useOf } from '@quorate/cluster';
import { describe, expect, it } from 'vitest';
import { PEERS } from '../peers/index.ts';
import { AnswerQueue } from '../peers/lanes.ts';
import { Program, waitFor } from '../peers/program.ts';

const QUICK = ['floor'];
const folders = (): string[] =>
  readdirSync(tmpdir()).filter((name) =>
    /^quorate-(floor|etcd|zookeeper|postgresql|coordinator)-/.test(name),
  );

describe.each(PEERS)('$name', (peer) => {
  it('says what it is', () => {
    for (const text of [peer.title, peer.install, ...peer.notes]) expect(text).toMatch(/\w/);
    expect(peer.notes.length).toBeGreaterThan(0);
  });

  it('starts, carries out a load through its client, and leaves nothing behind', async ({ skip }) => {
    if (!QUICK.includes(peer.name) && process.env.QUORATE_LONG === undefined)
      skip('takes long: QUORATE_LONG=1 runs it');
    if ((await peer.version()) === null) skip(`not installed here; needed: ${peer.install}`);
    const before = folders();
    const running = await peer.start({ nodes: 3, keys: 100, valueBytes: 128 });
    const { pids } = running;
    try {
      const load = await LoadProcess.start(running.target);
      const syncs = await running.syncs();
      const reads = peer.name === 'floor' ? 0 : 0.2;
      const result = await load.run({ clients: 20, keys: 100, reads, milliseconds: 500 });
      expect(result.timeline.completed.reduce((sum, count) => sum + count)).toBeGreaterThan(0);
      expect(result.unknown).toBe(0);
      expect(result.loadCpuSeconds).toBeGreaterThan(0);
      expect(await running.syncs()).toBeGreaterThan(syncs!);
      expect(useOf(pids)!.memoryBytes).toBeGreaterThan(1e6);
      await load.stop();
    } finally {
      await running.stop();
    }
    for (const pid of pids) expect(existsSync(`/proc/${pid}`), `process ${pid}`).toBe(false);
    expect(folders().filter((name) => !before.includes(name))).toEqual([]);
  }, 60_000);
});

describe('a program', () => {
  const node = (code: string) =>
    new Program({ command: process.execPath, args: ['-e', code], cwd: tmpdir() });

  it('is waited for, with its last words where it ends instead', async () => {
    const fine = node('setInterval(() => {}, 1000)');
    let asked = 0;
    expect(await waitFor('it', [fine], async () => (++asked > 2 ? 'here' : null))).toBe('here');
    await fine.stop();
    expect(fine.up).toBe(false);
    const broken = node('console.error("no such disk"); process.exit(3)');
    await expect(waitFor('it', [broken], async () => null)).rejects.toThrow('it ended: no such disk');
    const missing = new Program({ command: '/nowhere/at/all', args: [], cwd: tmpdir() });
    await expect(waitFor('it', [missing], async () => null)).rejects.toThrow(/it ended: .*nowhere/);
  });

  it('is given up when it does not answer in time', async () => {
    const silent = node('setInterval(() => {}, 1000)');
    await expect(waitFor('it', [silent], async () => null, 200)).rejects.toThrow(
      'does not answer within 0.2 s',
    );
    await silent.stop();
  });
});

describe('AnswerQueue', () => {
  it('keeps the order through any growth', () => {
    const queue = new AnswerQueue();
    const got: number[] = [];
    let [next, expected] = [0, 0];
    for (let round = 1; round < 40; round++) {
      for (let i = 0; i < round * 7; i++) {
        const n = next++;
        queue.push(() => got.push(n));
      }
      for (let i = 0; i < round * 5; i++) queue.shift()('ok', new Uint8Array());
      expected += round * 5;
      expect(queue.length).toBe(next - expected);
    }
    queue.abandon();
    expect(got).toEqual(Array.from({ length: next }, (_, i) => i));
    expect(() => queue.shift()).toThrow('nobody asked');
  });
});
