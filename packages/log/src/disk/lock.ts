import fs from 'node:fs';
import { DataFolderInUseError } from './errors.ts';
import { type Io, OPEN, readFile, writeFully } from './io.ts';

/** Who has a folder. `started` tells a process from a later one with the same number, where the system says. */
interface Owner {
  readonly pid: number;
  readonly started: string;
}

/**
 * Takes a folder for this process by a file `lock` that names it. One left behind by a dead process is taken over.
 * @returns how to give it free. @throws DataFolderInUseError
 */
export function lockFolder(io: Io, directory: string): () => void {
  const path = `${directory}/lock`;
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Owner);
  while (!create(io, path, mine)) {
    const owner = readOwner(io, path);
    if (owner !== undefined && isAlive(owner)) throw new DataFolderInUseError(directory, owner.pid);
    takeAway(io, directory, path);
  }
  return () => io.unlink(path);
}

/** Of several processes that find the same stale lock, one succeeds in moving it; nobody moves a fresh one for good. */
function takeAway(io: Io, directory: string, path: string): void {
  const aside = `${directory}/lock.stale.${process.pid}`;
  try {
    io.rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readOwner(io, aside);
  if (moved !== undefined && isAlive(moved)) {
    io.rename(aside, path);
    throw new DataFolderInUseError(directory, moved.pid);
  }
  io.unlink(aside);
}

function create(io: Io, path: string, text: string): boolean {
  let fd: number;
  try {
    fd = io.open(path, OPEN.create);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeFully(io, fd, Buffer.from(text), 0);
  } finally {
    io.close(fd);
  }
  return true;
}

/** Undefined where the file is gone or says nothing: its writer died while it wrote. */
function readOwner(io: Io, path: string): Owner | undefined {
  try {
    const owner = JSON.parse(Buffer.from(readFile(io, path)).toString());
    return typeof owner?.pid === 'number' ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const now = startOf(pid);
  return now === '' || started === '' || now === started;
}

/** When a process began, in the system's own words; empty where it does not say. */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold blanks; the start is the 20th field behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
