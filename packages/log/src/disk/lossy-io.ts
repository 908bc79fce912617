import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { type Io, nodeIo, OPEN } from './io.ts';

/** The side journal's folder, inside the folder whose files it is about. */
const UNDO_FOLDER = '.unsynced';
const SECTOR_BYTES = 512;

/**
 * How to take one change back. Files are known by inode, as they may be renamed meanwhile; `old` bytes of previous content stand
 * behind the description in the undo file.
 */
type Undo =
  | { readonly op: 'write'; readonly inode: number; readonly offset: number; readonly size: number }
  | { readonly op: 'create'; readonly path: string }
  | { readonly op: 'rename'; readonly from: string; readonly to: string }
  | { readonly op: 'unlink'; readonly path: string; readonly inode: number };

/** The changes in one folder that a power cut would take back. */
class UndoFolder {
  readonly folder: string;
  private next = 1;
  private readonly pending = new Map<number, Undo>();

  constructor(directory: string) {
    this.folder = join(directory, UNDO_FOLDER);
    fs.mkdirSync(this.folder, { recursive: true });
    for (const number of undoNumbers(this.folder)) {
      this.pending.set(number, readUndo(this.folder, number).undo);
      this.next = number + 1;
    }
  }

  /** Notes how to take a change back, before it is made. Whole or not at all, should the process be killed here. */
  add(undo: Undo, old: Uint8Array = new Uint8Array(0)): number {
    const number = this.next++;
    const temporary = join(this.folder, 'new');
    fs.writeFileSync(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(undo)}\n`), old]));
    fs.renameSync(temporary, undoPath(this.folder, number));
    this.pending.set(number, undo);
    return number;
  }

  /** A change is durable. */
  forget(number: number): void {
    const undo = this.pending.get(number);
    if (undo === undefined) return;
    this.pending.delete(number);
    fs.unlinkSync(undoPath(this.folder, number));
    if (undo.op !== 'unlink') return;
    fs.unlinkSync(asidePath(this.folder, number));
    // The inode's number may be given to another file now.
    for (const other of this.writesTo(undo.inode)) this.forget(other);
  }

  writesTo(inode: number): number[] {
    return [...this.pending]
      .filter(([, undo]) => undo.op === 'write' && undo.inode === inode)
      .map(([n]) => n);
  }

  nameChanges(): number[] {
    return [...this.pending].filter(([, undo]) => undo.op !== 'write').map(([n]) => n);
  }
}

/**
 * Real files on a disk that loses, at a power cut, all that was not made durable. A process may be killed at any moment; `dropUnsynced`
 * then takes back what a power cut would have taken: writes that no sync followed (nor O_DSYNC finished), and files created, renamed or
 * removed without a sync of their folder. For tests; slow.
 */
export function lossyIo(io: Io = nodeIo): Io {
  const folders = new Map<string, UndoFolder>();
  const files = new Map<number, { path: string; folder: UndoFolder; inode: number; durable: boolean }>();
  const folderOf = (directory: string): UndoFolder => {
    let folder = folders.get(directory);
    if (folder === undefined) {
      folder = new UndoFolder(directory);
      folders.set(directory, folder);
    }
    return folder;
  };
  /** Notes what a write will cover. */
  const before = (fd: number, length: number, position: number): number => {
    const { folder, inode } = files.get(fd)!;
    const size = io.size(fd);
    const old = new Uint8Array(Math.max(0, Math.min(size, position + length) - position));
    const count = old.length === 0 ? 0 : io.read(fd, old, 0, old.length, position);
    return folder.add({ op: 'write', inode, offset: position, size }, old.subarray(0, count));
  };
  const afterSync = (fd: number): (() => void) => {
    const { folder, inode } = files.get(fd)!;
    const durable = inode === 0 ? folder.nameChanges() : folder.writesTo(inode);
    return () => {
      for (const number of durable) folder.forget(number);
    };
  };

  return {
    ...io,
    open(path, flags) {
      if (flags === OPEN.create && !fs.existsSync(path)) folderOf(dirname(path)).add({ op: 'create', path });
      const fd = io.open(path, flags);
      const stat = fs.fstatSync(fd);
      const folder = folderOf(stat.isDirectory() ? path : dirname(path));
      files.set(fd, { path, folder, inode: stat.isDirectory() ? 0 : stat.ino, durable: flags === OPEN.log });
      return fd;
    },
    close(fd) {
      files.delete(fd);
      io.close(fd);
    },
    writeNow(fd, bytes, offset, length, position) {
      const number = before(fd, length, position);
      const count = io.writeNow(fd, bytes, offset, length, position);
      const { folder, durable } = files.get(fd)!;
      if (durable) folder.forget(number);
      return count;
    },
    write(fd, bytes, offset, length, position, done) {
      const number = before(fd, length, position);
      const { folder, durable } = files.get(fd)!;
      io.write(fd, bytes, offset, length, position, (error, count) => {
        if (durable && error === null) folder.forget(number);
        done(error, count);
      });
    },
    syncNow(fd) {
      const synced = afterSync(fd);
      io.syncNow(fd);
      synced();
    },
    sync(fd, done) {
      const synced = afterSync(fd);
      io.sync(fd, (error) => {
        if (error === null) synced();
        done(error);
      });
    },
    truncate(fd, size) {
      const now = io.size(fd);
      before(fd, Math.max(0, now - size), Math.min(size, now));
      io.truncate(fd, size);
    },
    rename(from, to) {
      const folder = folderOf(dirname(to));
      if (fs.existsSync(to)) this.unlink(to);
      folder.add({ op: 'rename', from, to });
      io.rename(from, to);
    },
    unlink(path) {
      const folder = folderOf(dirname(path));
      const number = folder.add({ op: 'unlink', path, inode: fs.statSync(path).ino });
      fs.renameSync(path, asidePath(folder.folder, number));
    },
    list: (directory) => io.list(directory).filter((name) => name !== UNDO_FOLDER),
  };
}

/**
 * The power cut: brings the files in `directory`, whose process was killed, back to what was durable. Given `random`, each sector of an
 * unsynced write is lost or kept by itself, an even chance each, so that writes are torn too.
 * @returns how many changes were taken back.
 */
export function dropUnsynced(directory: string, random?: () => number): number {
  const folder = join(directory, UNDO_FOLDER);
  if (!fs.existsSync(folder)) return 0;
  const numbers = undoNumbers(folder).reverse();
  for (const number of numbers) {
    const { undo, old } = readUndo(folder, number);
    if (undo.op === 'write') undoWrite(directory, folder, undo, old, random);
    // A change that was noted and then not made, as the process was killed in between, is no longer there to be taken back.
    else if (undo.op === 'create') fs.rmSync(undo.path, { force: true });
    else if (undo.op === 'rename') moveBack(undo.to, undo.from);
    else moveBack(asidePath(folder, number), undo.path);
    fs.unlinkSync(undoPath(folder, number));
  }
  return numbers.length;
}

function moveBack(from: string, to: string): void {
  if (fs.existsSync(from) && !fs.existsSync(to)) fs.renameSync(from, to);
}

function undoWrite(
  directory: string,
  folder: string,
  { inode, offset, size }: Extract<Undo, { op: 'write' }>,
  old: Uint8Array,
  random: (() => number) | undefined,
): void {
  const path = [directory, folder]
    .flatMap((place) => fs.readdirSync(place).map((name) => join(place, name)))
    .find((candidate) => fs.statSync(candidate).ino === inode);
  if (path === undefined) return;
  const fd = fs.openSync(path, 'r+');
  for (let at = 0; at < old.length; ) {
    const end = Math.min(old.length, at + SECTOR_BYTES - ((offset + at) % SECTOR_BYTES));
    if (random === undefined || random() < 0.5) fs.writeSync(fd, old, at, end - at, offset + at);
    at = end;
  }
  fs.ftruncateSync(fd, size);
  fs.closeSync(fd);
}

function undoNumbers(folder: string): number[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.undo'));
  return names.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b);
}

function readUndo(folder: string, number: number): { undo: Undo; old: Uint8Array } {
  const bytes = fs.readFileSync(undoPath(folder, number));
  const end = bytes.indexOf('\n');
  return { undo: JSON.parse(bytes.subarray(0, end).toString()), old: bytes.subarray(end + 1) };
}

function undoPath(folder: string, number: number): string {
  return join(folder, `${number}.undo`);
}

function asidePath(folder: string, number: number): string {
  return join(folder, `${number}.removed`);
}
