import fs from 'node:fs';

/**
 * The file operations that the journal and the snapshot store use, and no others, so that a test can put a failing, full or lossy disk
 * in their place. Errors are thrown, or handed to `done`, as by `node:fs`.
 */
export interface Io {
  open(path: string, flags: number): number;
  close(fd: number): void;
  /** The file's length in bytes. */
  size(fd: number): number;
  read(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  writeNow(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  /** May write less than asked; calls `done` later, never at once. */
  write(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, written: number) => void,
  ): void;
  syncNow(fd: number): void;
  sync(fd: number, done: (error: Error | null) => void): void;
  truncate(fd: number, size: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** The names in a directory, in any order. */
  list(directory: string): string[];
  makeDirectory(directory: string): void;
}

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = fs.constants;

/** Flags for `Io.open`. `log`: each write is durable when it is done (O_DSYNC; where a system lacks it, O_SYNC). */
export const OPEN = {
  read: O_RDONLY,
  update: O_RDWR,
  create: O_RDWR | O_CREAT | O_EXCL,
  log: O_RDWR | (fs.constants.O_DSYNC ?? fs.constants.O_SYNC),
} as const;

/** Writes up to this long are small: one or two commands of some hundred bytes. */
const SMALL_BYTES = 512;
/** After so many small ones without a longer one between, there is nobody whom a write from this thread would keep waiting. */
const SMALL_IN_A_ROW = 16;
let smallInARow = 0;

/**
 * A write, by a thread of the pool; where all writes have been small for a while, by this one, in the next turn of the event loop, after
 * what is to be sent has gone. Two hand-overs between threads are then saved, which is what a lonely client's latency is made of beside
 * the disk. Under load groups are longer, and this thread has better things to do than wait for a disk.
 */
function write(
  fd: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number,
  done: (error: Error | null, written: number) => void,
): void {
  smallInARow = length <= SMALL_BYTES ? smallInARow + 1 : 0;
  if (smallInARow < SMALL_IN_A_ROW) {
    fs.write(fd, bytes, offset, length, position, done);
    return;
  }
  setImmediate(() => {
    let written = 0;
    try {
      written = fs.writeSync(fd, bytes, offset, length, position);
    } catch (error) {
      done(error as Error, 0);
      return;
    }
    done(null, written);
  });
}

/** The real files. */
export const nodeIo: Io = {
  open: (path, flags) => fs.openSync(path, flags),
  close: (fd) => fs.closeSync(fd),
  size: (fd) => fs.fstatSync(fd).size,
  read: (fd, bytes, offset, length, position) => fs.readSync(fd, bytes, offset, length, position),
  writeNow: (fd, bytes, offset, length, position) => fs.writeSync(fd, bytes, offset, length, position),
  write,
  syncNow: (fd) => fs.fsyncSync(fd),
  sync: (fd, done) => fs.fsync(fd, done),
  truncate: (fd, size) => fs.ftruncateSync(fd, size),
  rename: (from, to) => fs.renameSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
  list: (directory) => fs.readdirSync(directory),
  makeDirectory: (directory) => {
    fs.mkdirSync(directory, { recursive: true });
  },
};

/** Makes a directory's own changes (files created, renamed, removed) durable. */
export function syncDirectory(io: Io, directory: string): void {
  const fd = io.open(directory, OPEN.read);
  try {
    io.syncNow(fd);
  } finally {
    io.close(fd);
  }
}

/** A whole file. */
export function readFile(io: Io, path: string): Uint8Array {
  const fd = io.open(path, OPEN.read);
  try {
    const bytes = new Uint8Array(io.size(fd));
    let at = 0;
    while (at < bytes.length) {
      const count = io.read(fd, bytes, at, bytes.length - at, at);
      if (count === 0) return bytes.subarray(0, at);
      at += count;
    }
    return bytes;
  } finally {
    io.close(fd);
  }
}

/** Writes all of `bytes` at `position`, however many pieces it takes. */
export function writeFully(io: Io, fd: number, bytes: Uint8Array, position: number): void {
  let at = 0;
  while (at < bytes.length) {
    const count = io.writeNow(fd, bytes, at, bytes.length - at, position + at);
    if (count === 0) throw new Error('a write came to nothing');
    at += count;
  }
}

/** Writes `length` bytes from `offset` of `bytes` at `position`, however many pieces it takes, and calls `done` later. */
export function writeAll(
  io: Io,
  fd: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number,
  done: (error: Error | null) => void,
): void {
  io.write(fd, bytes, offset, length, position, (error, count) => {
    if (error !== null) done(error);
    else if (count === length) done(null);
    else if (count === 0) done(new Error('a write came to nothing'));
    else writeAll(io, fd, bytes, offset + count, length - count, position + count, done);
  });
}
