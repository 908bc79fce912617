import { readdirSync, readFileSync } from 'node:fs';

/** What one process held at one time. */
export interface Reading {
  /** From the beginning of the load. */
  readonly seconds: number;
  readonly residentBytes: number;
  /** Open files, sockets and pipes. */
  readonly descriptors: number;
}

/** One process over the whole run. */
export interface Watched {
  readonly name: string;
  /** How often it was started anew. */
  restarts: number;
  readonly readings: Reading[];
}

/** Whether a process grew. */
export interface Growth {
  readonly name: string;
  readonly restarts: number;
  /** Medians of the early and the late part of the run; null where it was not up then. */
  readonly early: Omit<Reading, 'seconds'> | null;
  readonly late: Omit<Reading, 'seconds'> | null;
  /** Late resident memory over early, less 1. */
  readonly change: number | null;
  /** Null for a process that was started anew, and where the run was too short: its memory says nothing. */
  readonly verdict: 'steady' | 'grew' | 'leaks descriptors' | null;
}

/** Of ten minutes: the third to the fifth, and the last two. Shorter and longer runs are divided alike. */
export const EARLY: readonly [from: number, to: number] = [0.2, 0.5];
export const LATE: readonly [from: number, to: number] = [0.8, 1];
/** Resident memory may differ by this share. */
export const TOLERANCE = 0.1;
/** A process takes a while to have all the memory that it needs, so a shorter run does not tell. */
export const SHORTEST_SECONDS = 240;
/** Connections come and go; descriptors that leak do so with every fault. */
const DESCRIPTORS_MORE = 3;

/** Reads a process from Linux's `/proc`; null where it is gone. */
export function read(pid: number, seconds: number): Reading | null {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    return { seconds, residentBytes: Number(kilobytes) * 1024, descriptors };
  } catch {
    return null;
  }
}

/** @param seconds how long the load lasted */
export function growthOf({ name, restarts, readings }: Watched, seconds: number): Growth {
  const early = medianOf(readings, EARLY, seconds);
  const late = medianOf(readings, LATE, seconds);
  const change = early === null || late === null ? null : late.residentBytes / early.residentBytes - 1;
  return {
    name,
    restarts,
    early,
    late,
    change,
    verdict: restarts > 0 ? null : verdictOf(early, late, change),
  };
}

function verdictOf(early: Growth['early'], late: Growth['late'], change: number | null): Growth['verdict'] {
  if (early === null || late === null || change === null) return 'grew'; // it is not there: that is no steadiness
  if (Math.abs(change) > TOLERANCE) return 'grew';
  return late.descriptors > early.descriptors + DESCRIPTORS_MORE ? 'leaks descriptors' : 'steady';
}

function medianOf(
  readings: readonly Reading[],
  [from, to]: readonly [number, number],
  seconds: number,
): Omit<Reading, 'seconds'> | null {
  const own = readings.filter((one) => one.seconds >= from * seconds && one.seconds <= to * seconds);
  if (own.length === 0) return null;
  const middle = (pick: (one: Reading) => number): number =>
    own.map(pick).sort((a, b) => a - b)[own.length >> 1]!;
  return { residentBytes: middle((one) => one.residentBytes), descriptors: middle((one) => one.descriptors) };
}
