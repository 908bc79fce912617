import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskSnapshotStore, type Io, nodeIo, SnapshotCorruptError } from '../src/disk/index.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'quorate-snapshots-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

const snapshot = (slot: number) => ({ slot, epoch: 3, bytes: new Uint8Array(5000).fill(slot) });
const saved = (store: DiskSnapshotStore, slot: number) =>
  new Promise<void>((resolve, reject) => {
    store.onFailure = reject;
    store.save(snapshot(slot), resolve);
  });

describe('a snapshot store on disk', () => {
  it('keeps the newest and nothing else', async () => {
    const store = DiskSnapshotStore.open(directory);
    expect(store.newest).toBeUndefined();
    await saved(store, 1);
    await Promise.all([saved(store, 2), saved(store, 3)]);
    expect(store.newest).toEqual(snapshot(3));
    expect(fs.readdirSync(directory)).toHaveLength(1);
    expect(DiskSnapshotStore.open(directory).newest).toEqual(snapshot(3));
  });

  it('keeps the one of the highest slot, whichever is asked for last', async () => {
    const store = DiskSnapshotStore.open(directory);
    await Promise.all([saved(store, 7), saved(store, 5), saved(store, 7), saved(store, 6)]);
    expect(store.newest).toEqual(snapshot(7));
    await saved(store, 8);
    expect(DiskSnapshotStore.open(directory).newest).toEqual(snapshot(8));
  });

  it('never answers at once', () => {
    const store = DiskSnapshotStore.open(directory);
    let done = false;
    const saving = new Promise<void>((resolve) => {
      store.save(snapshot(1), () => {
        done = true;
        resolve();
      });
    });
    expect([done, store.newest]).toEqual([false, undefined]);
    return saving;
  });

  it('goes by the newest complete one after a crash', async () => {
    await saved(DiskSnapshotStore.open(directory), 1);
    const [name] = fs.readdirSync(directory);
    fs.copyFileSync(join(directory, name!), join(directory, 'snapshot-0000000007'));
    fs.writeFileSync(join(directory, 'snapshot-0000000008.new'), 'half');
    const store = DiskSnapshotStore.open(directory);
    expect(store.newest).toEqual(snapshot(1));
    expect(fs.readdirSync(directory)).toEqual(['snapshot-0000000007']);
    await saved(store, 2);
    expect(fs.readdirSync(directory)).toEqual(['snapshot-0000000008']);
  });

  it('refuses a damaged newest, even where an older one is left', async () => {
    await saved(DiskSnapshotStore.open(directory), 1);
    const good = join(directory, fs.readdirSync(directory)[0]!);
    const bytes = fs.readFileSync(good);
    const newest = join(directory, 'snapshot-0000000005');
    const attempt = (damaged: Uint8Array) => {
      fs.writeFileSync(newest, damaged);
      return () => DiskSnapshotStore.open(directory);
    };
    for (const i of [13, 17, 30, 41, bytes.length - 1]) {
      const flipped = Buffer.from(bytes);
      flipped[i]! ^= 4;
      expect(attempt(flipped)).toThrow(SnapshotCorruptError);
    }
    expect(attempt(bytes.subarray(0, 10))).toThrow(`${newest} is corrupt: it is shorter than a header`);
    expect(attempt(bytes.subarray(0, 100))).toThrow(/should hold 5000 bytes and holds 60/);
    expect(attempt(Buffer.from(bytes).fill(0, 0, 4))).toThrow(/does not begin like a snapshot/);
    expect(attempt(Buffer.from(bytes).fill(9, 8, 9))).toThrow(/version 9/);
    expect(fs.existsSync(good)).toBe(true);
  });

  it.each(['write', 'sync', 'rename'])('stops for good when the disk fails to %s', async (operation) => {
    const io = { ...nodeIo };
    await saved(DiskSnapshotStore.open(directory), 1);
    const store = DiskSnapshotStore.open(directory, { io });
    const error = new Error('ENOSPC: no space left');
    const failing: Partial<Io> = {
      write: (_fd, _bytes, _offset, _length, _position, done) => setImmediate(() => done(error, 0)),
      sync: (_fd, done) => setImmediate(() => done(error)),
      rename: () => {
        throw error;
      },
    };
    Object.assign(io, { [operation]: failing[operation as keyof Io] });
    await expect(saved(store, 2)).rejects.toThrow('ENOSPC');
    store.save(snapshot(3), () => expect.unreachable());
    expect(store.newest).toEqual(snapshot(1));
    expect(DiskSnapshotStore.open(directory).newest).toEqual(snapshot(1));
  });
});
