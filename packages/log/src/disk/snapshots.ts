import { crc32 } from 'node:zlib';
import { readU32, writeU32 } from '@quorate/interface';
import type { Snapshot, SnapshotStore } from '../journal.ts';
import { SnapshotCorruptError } from './errors.ts';
import { type Io, nodeIo, OPEN, readFile, syncDirectory, writeAll } from './io.ts';

/* File: 8 bytes magic, u32 version, u32 CRC-32 of all behind it, f64 slot, f64 epoch, f64 length of the state, the state. */
const MAGIC = [0x51, 0x55, 0x4f, 0x52, 0x53, 0x4e, 0x41, 0x50]; // QUORSNAP
const VERSION = 2;
const HEADER_BYTES = 40;

/** Keeps a replica's newest snapshot in a folder, which may be its journal's (that one's lock guards it). */
export class DiskSnapshotStore implements SnapshotStore {
  newest: Snapshot | undefined;
  onFailure: (error: Error) => void = () => {};

  private readonly io: Io;
  private readonly directory: string;
  private number = 0;
  private readonly waiting: { snapshot: Snapshot; done: () => void }[] = [];
  private busy = false;
  private stopped = false;

  /**
   * Opens the store in `directory`, which is made if need be. @throws SnapshotCorruptError where the newest snapshot is damaged: the
   * journal may rely on it, so an older one will not do.
   */
  static open(directory: string, options: { readonly io?: Io } = {}): DiskSnapshotStore {
    return new DiskSnapshotStore(directory, options.io ?? nodeIo);
  }

  private constructor(directory: string, io: Io) {
    this.io = io;
    this.directory = directory;
    io.makeDirectory(directory);
    const numbers: number[] = [];
    for (const name of io.list(directory)) {
      const match = /^snapshot-(\d{10})(\.new)?$/.exec(name);
      if (match === null) continue;
      if (match[2] === undefined) numbers.push(Number(match[1]));
      else io.unlink(`${directory}/${name}`);
    }
    numbers.sort((a, b) => a - b);
    const newest = numbers.pop();
    if (newest === undefined) return;
    this.newest = decode(this.path(newest), readFile(io, this.path(newest)));
    this.number = newest;
    for (const older of numbers) io.unlink(this.path(older));
  }

  /** Saves one after another; each, once durable, replaces its predecessor. One that is not newer than that is not saved. */
  save(snapshot: Snapshot, done: () => void): void {
    if (this.stopped) return;
    this.waiting.push({ snapshot, done });
    if (!this.busy) this.begin();
  }

  private begin(): void {
    const { snapshot, done } = this.waiting.shift()!;
    const { io, newest } = this;
    if (newest !== undefined && snapshot.slot <= newest.slot) {
      this.busy = true;
      queueMicrotask(() => this.next(done));
      return;
    }
    const path = this.path(this.number + 1);
    const bytes = encode(snapshot);
    this.busy = true;
    let fd: number;
    try {
      fd = io.open(`${path}.new`, OPEN.create);
    } catch (error) {
      this.fail(error);
      return;
    }
    writeAll(io, fd, bytes, 0, bytes.length, 0, (error) => {
      if (error !== null) this.fail(error, fd);
      else
        io.sync(fd, (failure) =>
          failure === null ? this.install(fd, path, snapshot, done) : this.fail(failure, fd),
        );
    });
  }

  /** The file's content is durable: now its name, then the old one may go. */
  private install(fd: number, path: string, snapshot: Snapshot, done: () => void): void {
    const { io } = this;
    try {
      io.close(fd);
      io.rename(`${path}.new`, path);
      syncDirectory(io, this.directory);
      if (this.newest !== undefined) io.unlink(this.path(this.number));
    } catch (error) {
      this.fail(error);
      return;
    }
    this.number++;
    this.newest = snapshot;
    this.next(done);
  }

  private next(done: () => void): void {
    this.busy = false;
    if (this.waiting.length > 0) this.begin();
    done();
  }

  private fail(cause: unknown, fd?: number): void {
    this.stopped = true;
    if (fd !== undefined) this.io.close(fd);
    const error = cause instanceof Error ? cause : new Error(String(cause));
    queueMicrotask(() => this.onFailure(error));
  }

  private path(number: number): string {
    return `${this.directory}/snapshot-${String(number).padStart(10, '0')}`;
  }
}

function encode({ slot, epoch, bytes }: Snapshot): Uint8Array {
  const file = new Uint8Array(HEADER_BYTES + bytes.length);
  const view = new DataView(file.buffer);
  file.set(MAGIC);
  writeU32(file, 8, VERSION);
  view.setFloat64(16, slot, true);
  view.setFloat64(24, epoch, true);
  view.setFloat64(32, bytes.length, true);
  file.set(bytes, HEADER_BYTES);
  writeU32(file, 12, crc32(file.subarray(16)));
  return file;
}

function decode(path: string, file: Uint8Array): Snapshot {
  if (file.length < HEADER_BYTES) throw new SnapshotCorruptError(path, 'it is shorter than a header');
  if (MAGIC.some((byte, i) => file[i] !== byte))
    throw new SnapshotCorruptError(path, 'it does not begin like a snapshot');
  const version = readU32(file, 8);
  if (version !== VERSION)
    throw new SnapshotCorruptError(
      path,
      `it has version ${version} and this program reads version ${VERSION}`,
    );
  const view = new DataView(file.buffer, file.byteOffset);
  const length = view.getFloat64(32, true);
  if (length !== file.length - HEADER_BYTES)
    throw new SnapshotCorruptError(
      path,
      `it should hold ${length} bytes and holds ${file.length - HEADER_BYTES}`,
    );
  if (readU32(file, 12) !== crc32(file.subarray(16)))
    throw new SnapshotCorruptError(path, 'its checksum is wrong');
  return {
    slot: view.getFloat64(16, true),
    epoch: view.getFloat64(24, true),
    bytes: file.subarray(HEADER_BYTES),
  };
}
