import { readdirSync, readFileSync, statSync } from 'node:fs';

/** What processes have used since they began, and what they hold now. */
export interface ProcessUse {
  /** Processor time of all threads, and of children that have ended. Known to 10 ms for each process. */
  readonly cpuSeconds: number;
  /** Memory resident now; what processes share (code, shared buffers) counts once, by its proportional share. */
  readonly memoryBytes: number;
  /** Files, sockets and pipes open now; null where the system does not tell (another user's processes). */
  readonly descriptors: number | null;
}

/** The unit of `/proc/<pid>/stat`, on every Linux machine that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Positions in `/proc/<pid>/stat` behind the command's name, as proc(5) counts them less three. */
const STAT = { parent: 1, firstTime: 11, lastTime: 14 } as const;

/**
 * What processes and their descendants use, as Linux's `/proc` tells.
 * @returns null where there is no `/proc`; a process that is gone counts as nothing
 */
export function useOf(pids: readonly number[]): ProcessUse | null {
  const stats = readStats();
  if (stats === null) return null;
  let ticks = 0;
  let memoryBytes = 0;
  let descriptors: number | null = 0;
  for (const pid of withDescendants(pids, stats)) {
    const fields = stats.get(pid);
    if (fields === undefined) continue;
    for (let i = STAT.firstTime; i <= STAT.lastTime; i++) ticks += Number(fields[i]);
    memoryBytes += memoryOf(pid);
    const own = descriptorsOf(pid);
    descriptors = descriptors === null || own === null ? null : descriptors + own;
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, memoryBytes, descriptors };
}

/** Position in a block device's `stat`, and its unit, whatever the device's own sectors are. */
const SECTORS_WRITTEN = 6;
const SECTOR_BYTES = 512;

/**
 * Bytes that were written to the disk under a folder so far, by everybody, the file system's own included; null where Linux's `/sys` does not
 * tell. A process's own count (`/proc/<pid>/io`) is of pages made dirty, and with large pages that is many times what is written.
 */
export function bytesWrittenUnder(folder: string): number | null {
  const { dev } = statSync(folder);
  const major = ((dev >>> 8) & 0xfff) | 0;
  const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00);
  const text = read(`/sys/dev/block/${major}:${minor}/stat`);
  return text === null ? null : Number(text.trim().split(/\s+/)[SECTORS_WRITTEN]) * SECTOR_BYTES;
}

/** The fields behind the name in each process's `stat`, by pid. */
function readStats(): Map<number, readonly string[]> | null {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return null;
  }
  const stats = new Map<number, readonly string[]>();
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const text = read(`/proc/${name}/stat`);
    if (text !== null) stats.set(Number(name), text.slice(text.lastIndexOf(')') + 2).split(' '));
  }
  return stats.size === 0 ? null : stats;
}

function withDescendants(
  pids: readonly number[],
  stats: ReadonlyMap<number, readonly string[]>,
): Set<number> {
  const found = new Set(pids);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [pid, fields] of stats) if (found.has(Number(fields[STAT.parent]))) found.add(pid);
  }
  return found;
}

function memoryOf(pid: number): number {
  const shares = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '');
  const resident = shares ?? /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '');
  return resident === null ? 0 : Number(resident[1]) * 1024;
}

function descriptorsOf(pid: number): number | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return null;
  }
}

/** A file's text, or null where it can't be read: the process may just have ended. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
