import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './results.ts';
import { median } from './statistics.ts';

const WRITES = 40;

/** This machine, for a result file. @param folder where to time durable writes; left out, they are not timed */
export function describeMachine(folder?: string): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    os: `${type()} ${release()}`,
    node: process.version,
    syncMicroseconds: folder === undefined ? null : syncTime(folder),
  };
}

/** Median time of one small durable write, microseconds; null where the folder cannot be written to. */
function syncTime(folder: string): number | null {
  const file = join(folder, `.sync-${process.pid}`);
  const block = new Uint8Array(512);
  const times: number[] = [];
  try {
    const handle = openSync(file, 'wx');
    try {
      for (let i = 0; i < WRITES; i++) {
        const began = performance.now();
        writeSync(handle, block);
        fdatasyncSync(handle);
        times.push((performance.now() - began) * 1000);
      }
    } finally {
      closeSync(handle);
      unlinkSync(file);
    }
  } catch {
    return null; // a measurement that is nice to have must not stop a comparison
  }
  return Math.round(median(times));
}
