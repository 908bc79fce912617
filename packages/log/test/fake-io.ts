import { type Io, OPEN } from '../src/disk/index.ts';

/** Smaller than a real sector, so that small records are torn. */
const SECTOR_BYTES = 64;

interface FakeFile {
  /** What readers see: the page cache. */
  data: Uint8Array;
  /** What the platter has. */
  durable: Uint8Array;
}

interface Waiting {
  readonly file: FakeFile;
  readonly bytes: Uint8Array;
  readonly position: number;
  readonly log: boolean;
  readonly done: () => void;
}

/** A file system in memory with a page cache that a power cut empties, and asynchronous writes that finish when told to. */
export class FakeIo implements Io {
  names = new Map<string, FakeFile>();
  durableNames = new Map<string, FakeFile>();
  waiting: Waiting[] = [];
  /** After this many operations the process is killed: this one and all later ones fail. */
  fuse = Number.POSITIVE_INFINITY;
  private readonly fds = new Map<number, { file: FakeFile | null; log: boolean }>();
  private nextFd = 3;

  get killed(): boolean {
    return this.fuse < 0;
  }

  /** Lets an asynchronous write finish; 0 is the oldest. */
  step(which = 0): boolean {
    if (this.killed) return false;
    const [write] = this.waiting.splice(which % Math.max(1, this.waiting.length), 1);
    if (write === undefined) return false;
    put(write.file, write.bytes, write.position, write.log);
    write.done();
    return true;
  }

  /** Kills the process; `lostWrites`: and cuts the power, which keeps any sectors of what was not durable. */
  crash(random: () => number, lostWrites: boolean): void {
    for (const { file, bytes, position } of this.waiting) {
      const kept = random() < 0.3 ? bytes : bytes.subarray(0, Math.floor(random() * bytes.length));
      put(file, kept, position, false);
    }
    this.waiting = [];
    this.fds.clear();
    this.fuse = Number.POSITIVE_INFINITY;
    if (lostWrites) this.cutPower(random);
    for (const name of this.names.keys()) if (name.endsWith('/lock')) this.names.delete(name);
  }

  private cutPower(random: () => number): void {
    if (random() < 0.5) this.names = new Map(this.durableNames);
    for (const file of new Set([...this.names.values(), ...this.durableNames.values()])) {
      loseSectors(file, random);
      file.durable = file.data.slice();
    }
    this.durableNames = new Map(this.names);
  }

  private tick(): void {
    if (--this.fuse < 0) throw new Error('killed');
  }

  open(path: string, flags: number): number {
    this.tick();
    let file = this.names.get(path) ?? null;
    const isDirectory = path === '/data';
    if (flags === OPEN.create) {
      if (file !== null) throw Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' });
      file = { data: new Uint8Array(0), durable: new Uint8Array(0) };
      this.names.set(path, file);
    } else if (file === null && !isDirectory)
      throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    this.fds.set(this.nextFd, { file, log: flags === OPEN.log });
    return this.nextFd++;
  }

  close(fd: number): void {
    if (!this.fds.delete(fd)) throw new Error(`EBADF: ${fd}`);
  }

  size(fd: number): number {
    return this.file(fd).data.length;
  }

  read(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
    this.tick();
    const part = this.file(fd).data.subarray(position, position + length);
    bytes.set(part, offset);
    return part.length;
  }

  writeNow(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
    this.tick();
    put(this.file(fd), bytes.slice(offset, offset + length), position, this.fds.get(fd)!.log);
    return length;
  }

  write(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, written: number) => void,
  ): void {
    this.tick();
    const copy = bytes.slice(offset, offset + length);
    const { log } = this.fds.get(fd)!;
    this.waiting.push({ file: this.file(fd), bytes: copy, position, log, done: () => done(null, length) });
  }

  syncNow(fd: number): void {
    this.tick();
    const { file } = this.fds.get(fd)!;
    if (file === null) this.durableNames = new Map(this.names);
    else file.durable = file.data.slice();
  }

  sync(fd: number, done: (error: Error | null) => void): void {
    this.tick();
    const file = this.file(fd);
    const none = { file, bytes: new Uint8Array(0), position: 0, log: false };
    this.waiting.push({
      ...none,
      done: () => {
        file.durable = file.data.slice();
        done(null);
      },
    });
  }

  truncate(fd: number, size: number): void {
    this.tick();
    const file = this.file(fd);
    const data = new Uint8Array(size);
    data.set(file.data.subarray(0, size));
    file.data = data;
  }

  rename(from: string, to: string): void {
    this.tick();
    const file = this.names.get(from);
    if (file === undefined) throw Object.assign(new Error(`ENOENT: ${from}`), { code: 'ENOENT' });
    this.names.delete(from);
    this.names.set(to, file);
  }

  unlink(path: string): void {
    this.tick();
    if (!this.names.delete(path)) throw new Error(`ENOENT: ${path}`);
  }

  list(directory: string): string[] {
    return [...this.names.keys()].map((path) => path.slice(directory.length + 1));
  }

  makeDirectory(): void {}

  private file(fd: number): FakeFile {
    return this.fds.get(fd)!.file!;
  }
}

function put(file: FakeFile, bytes: Uint8Array, position: number, durable: boolean): void {
  file.data = over(file.data, bytes, position);
  if (durable) file.durable = over(file.durable, bytes, position);
}

function over(old: Uint8Array, bytes: Uint8Array, position: number): Uint8Array {
  const end = position + bytes.length;
  const target = end > old.length ? new Uint8Array(end) : old;
  if (target !== old) target.set(old);
  target.set(bytes, position);
  return target;
}

function loseSectors(file: FakeFile, random: () => number): void {
  const { data, durable } = file;
  for (let at = 0; at < data.length; at += SECTOR_BYTES) {
    const end = Math.min(data.length, at + SECTOR_BYTES);
    const old = durable.subarray(at, Math.min(end, durable.length));
    const same = old.length === end - at && old.every((byte, i) => byte === data[at + i]);
    if (same || random() < 0.5) continue;
    data.fill(0, at, end);
    data.set(old, at);
  }
}
