import {
  closeSync,
  constants,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Preflight } from './results.ts';

const BLOCK = 4096;
const WRITES = 200;
const DISK_MILLISECONDS = 1_000;
const IDLE_MILLISECONDS = 300;
const SPIN_MILLISECONDS = 300;
/** A loop that does nothing but look at the clock was away if the clock has gone on by this much, milliseconds. */
const AWAY = 0.1;

/** File systems by the numbers that `statfs` gives them; those in memory keep nothing through a power cut. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  16914836: 'tmpfs',
  2240043254: 'ramfs',
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  801189825: 'zfs',
  2035054128: 'overlay',
  26985: 'nfs',
};
const IN_MEMORY = ['tmpfs', 'ramfs'];

/** Limits beyond which a result can't be trusted. */
const LIMITS = {
  /** A forced write that is quicker than this did not go to any disk, microseconds. */
  fastestSync: 15,
  /** p99 of forced writes over their median. */
  syncSpread: 20,
  busyShare: 0.1,
  stolenShare: 0.02,
  awayShare: 0.05,
};

/**
 * Looks, for two seconds or so, at what real runs will stand on: the disk under a folder and the processors. Blocks this thread for a part of it.
 * @param folder where the systems' data will be
 */
export async function preflight(folder: string): Promise<Preflight> {
  const before = processorTimes();
  await sleep(IDLE_MILLISECONDS);
  const after = processorTimes();
  const share = (name: 'busy' | 'stolen'): number | null =>
    before === null || after === null
      ? null
      : (after[name] - before[name]) / Math.max(1, after.all - before.all);
  const measured = {
    fileSystem: fileSystemOf(folder),
    ...forcedWrites(folder),
    busyShare: share('busy'),
    stolenShare: share('stolen'),
    awayShare: spin(),
  };
  return { ...measured, warnings: warningsOf(measured) };
}

function fileSystemOf(folder: string): string | null {
  try {
    const { type } = statfsSync(folder);
    return FILE_SYSTEMS[type] ?? `of type 0x${type.toString(16)}`;
  } catch {
    return null;
  }
}

/** How long a 4 KiB write takes until it is durable: into a file made beforehand (O_DSYNC), and at the end of a growing one (fdatasync). */
function forcedWrites(folder: string): Pick<Preflight, 'inPlaceMicroseconds' | 'growingMicroseconds'> {
  const own = mkdtempSync(join(folder, 'quorate-preflight-'));
  const block = new Uint8Array(BLOCK);
  try {
    const file = join(own, 'file');
    const growing = openSync(file, 'wx');
    const growingTimes = timed((at) => {
      writeSync(growing, block, 0, BLOCK, at);
      fdatasyncSync(growing);
    });
    closeSync(growing);
    const inPlace = openSync(file, constants.O_RDWR | constants.O_DSYNC);
    const inPlaceTimes = timed((at) =>
      writeSync(inPlace, block, 0, BLOCK, at % (BLOCK * growingTimes.length)),
    );
    closeSync(inPlace);
    return { inPlaceMicroseconds: percentiles(inPlaceTimes), growingMicroseconds: percentiles(growingTimes) };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function timed(write: (at: number) => void): number[] {
  const times: number[] = [];
  const end = performance.now() + DISK_MILLISECONDS / 2;
  for (let i = 0; i < WRITES && (i < 10 || performance.now() < end); i++) {
    const began = performance.now();
    write(i * BLOCK);
    times.push((performance.now() - began) * 1000);
  }
  return times;
}

function percentiles(times: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return { p50: at(0.5), p99: at(0.99) };
}

/** The share of its time in which a loop that never waits did not run. */
function spin(): number {
  const began = performance.now();
  let away = 0;
  let last = began;
  while (last < began + SPIN_MILLISECONDS) {
    const now = performance.now();
    if (now - last > AWAY) away += now - last;
    last = now;
  }
  return away / (last - began);
}

/** All processors' time since the machine began, in whatever unit; null where Linux's `/proc` does not tell. */
function processorTimes(): { readonly all: number; readonly busy: number; readonly stolen: number } | null {
  try {
    const [, line] = /^cpu\s+(.+)$/m.exec(readFileSync('/proc/stat', 'utf8'))!;
    const [user, nice, system, idle, waiting, interrupts, soft, stolen] = line!.split(' ').map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const busy = user + nice + system + interrupts + soft;
    return { all: busy + idle + waiting + stolen, busy, stolen };
  } catch {
    return null;
  }
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** What makes results doubtful, in sentences. */
export function warningsOf(
  found: Omit<Preflight, 'warnings'>,
  cores: number = availableParallelism(),
): string[] {
  const { fileSystem, inPlaceMicroseconds: sync, busyShare, stolenShare, awayShare } = found;
  const warnings: string[] = [];
  if (fileSystem !== null && IN_MEMORY.includes(fileSystem))
    warnings.push(
      `The temporary folder is in memory (${fileSystem}): nothing is durable there, and forced writes cost nothing. Set TMPDIR to a folder on a disk.`,
    );
  else if (sync.p50 < LIMITS.fastestSync)
    warnings.push(
      `A forced write takes ${sync.p50} µs: the disk does not seem to wait for anything durable.`,
    );
  if (sync.p99 > LIMITS.syncSpread * sync.p50)
    warnings.push(
      `One forced write in a hundred takes ${sync.p99} µs, the median ${sync.p50} µs: the disk is busy, or shared.`,
    );
  if (busyShare !== null && busyShare > LIMITS.busyShare)
    warnings.push(`Other programs use ${percent(busyShare)} of this machine's processors.`);
  if (stolenShare !== null && stolenShare > LIMITS.stolenShare)
    warnings.push(
      `${percent(stolenShare)} of the processors' time is given to other machines on the same host.`,
    );
  if (awayShare > LIMITS.awayShare)
    warnings.push(`A loop that never waits did not run for ${percent(awayShare)} of its time.`);
  if (cores < 2) warnings.push('There is one processor for all replicas and their clients.');
  return warnings;
}
