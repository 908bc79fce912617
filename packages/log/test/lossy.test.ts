import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskJournal, DiskSnapshotStore, dropUnsynced, lossyIo, OPEN } from '../src/disk/index.ts';
import { JournaledLog } from '../src/index.ts';
import { seeded } from './worlds.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'quorate-lossy-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

const text = (name: string) => fs.readFileSync(join(directory, name), 'latin1');
const bytes = (value: string) => Buffer.from(value, 'latin1');

describe('a disk that loses what was not made durable', () => {
  it('takes back writes that no sync followed', () => {
    const io = lossyIo();
    const path = join(directory, 'file');
    fs.writeFileSync(path, 'abcdefgh');
    const fd = io.open(path, OPEN.update);
    io.writeNow(fd, bytes('XY'), 0, 2, 1);
    io.syncNow(fd);
    io.writeNow(fd, bytes('ZZZ'), 0, 3, 2);
    io.writeNow(fd, bytes('longer'), 0, 6, 6);
    io.truncate(fd, 3);
    expect(text('file')).toBe('aXZ');
    expect(dropUnsynced(directory)).toBe(3);
    expect(text('file')).toBe('aXYdefgh');
    expect(dropUnsynced(directory)).toBe(0);
  });

  it('keeps what an O_DSYNC write has finished, and takes back one on its way', async () => {
    const io = lossyIo();
    const path = join(directory, 'file');
    fs.writeFileSync(path, 'abcdefgh');
    const fd = io.open(path, OPEN.log);
    io.writeNow(fd, bytes('12'), 0, 2, 0);
    const pending: (() => void)[] = [];
    const half = lossyIo({ ...io, write: (...call) => pending.push(() => call[5](null, 2)) });
    const other = half.open(path, OPEN.log);
    half.write(other, bytes('34'), 0, 2, 2, () => {});
    fs.writeFileSync(path, '1234efgh');
    expect(dropUnsynced(directory)).toBe(1);
    expect(text('file')).toBe('12cdefgh');
    await new Promise<void>((resolve) => io.write(fd, bytes('56'), 0, 2, 6, () => resolve()));
    expect(dropUnsynced(directory)).toBe(0);
    expect(text('file')).toBe('12cdef56');
  });

  it('takes back names unless their folder was synced', () => {
    const io = lossyIo();
    for (const name of ['old', 'kept', 'target']) fs.writeFileSync(join(directory, name), name);
    const change = () => {
      const fd = io.open(join(directory, 'new'), OPEN.create);
      io.writeNow(fd, bytes('fresh'), 0, 5, 0);
      io.syncNow(fd);
      io.close(fd);
      io.rename(join(directory, 'new'), join(directory, 'target'));
      io.rename(join(directory, 'old'), join(directory, 'older'));
      io.unlink(join(directory, 'kept'));
    };
    const names = () => io.list(directory).sort();
    change();
    expect([names(), text('target')]).toEqual([['older', 'target'], 'fresh']);
    dropUnsynced(directory);
    expect([names(), text('target'), text('kept')]).toEqual([['kept', 'old', 'target'], 'target', 'kept']);
    const again = lossyIo();
    Object.assign(io, again);
    change();
    const folder = io.open(directory, OPEN.read);
    io.syncNow(folder);
    expect(dropUnsynced(directory)).toBe(0);
    expect([names(), text('target')]).toEqual([['older', 'target'], 'fresh']);
  });
});

describe('a process killed at any moment on such a disk', () => {
  it('has lost nothing that it reported durable', async () => {
    const program = join(directory, 'writer.mjs');
    await build({
      entryPoints: [new URL('./fixtures/writer.ts', import.meta.url).pathname],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@quorate/source'],
      external: ['msgpackr-extract'],
      logLevel: 'error',
    });
    const random = seeded(11);
    let reported = 0;
    let taken = 0;
    for (let round = 0; round < 5; round++) {
      reported = Math.max(reported, await runAndKill(program, 8 + Math.floor(random() * 30)));
      for (const folder of ['journal', 'snapshots'])
        taken += dropUnsynced(join(directory, folder), round % 2 === 0 ? undefined : random);
      const snapshots = DiskSnapshotStore.open(join(directory, 'snapshots'));
      const journal = DiskJournal.open(join(directory, 'journal'), { segmentBytes: 8192 });
      const log = new JournaledLog('main', 'sequence', journal);
      for (const record of journal.recover()) log.replay(record);
      expect(log.last).toBeGreaterThanOrEqual(reported);
      expect(snapshots.newest?.slot ?? 0).toBeGreaterThanOrEqual(log.first - 1);
      for (let slot = log.first; slot <= log.last; slot++) {
        const { command } = log.entryAt(slot)!;
        expect(new DataView(command.buffer, command.byteOffset).getUint32(0)).toBe(slot);
      }
      await journal.close();
    }
    expect(reported).toBeGreaterThan(400);
    expect(taken).toBeGreaterThan(5);
  });

  /** Runs the writer until it has reported `lines` times, kills it, and returns the last slot that it reported. */
  function runAndKill(program: string, lines: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (data) => {
        output += data;
        if (output.split('\n').length > lines) child.kill('SIGKILL');
      });
      child.on('error', reject);
      child.on('close', (_code, signal) => {
        const last = output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1);
        if (signal === 'SIGKILL') resolve(Number(last));
        else reject(new Error('the writer ended by itself'));
      });
    });
  }
});
