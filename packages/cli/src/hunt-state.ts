import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { emptyTally, type HuntTally } from '@quorate/bench';
import { readJson } from './files.ts';
import { UsageError } from './io.ts';
import { messageOf } from './protocols.ts';
import { VERSION } from './version.ts';

/** A smaller run that fails in the same way, in a file of its own. */
export interface ShrunkNote {
  readonly class: string;
  readonly file: string;
  readonly seed: number;
  readonly nodes: number;
  readonly faults: number;
  /** Client operations; null where the load could not be written out. */
  readonly operations: number | null;
  readonly milliseconds: number;
  readonly tries: number;
}

/** What a hunt knows of one protocol: where to go on, and what was found up to there. */
export interface HuntRecord {
  /** `fingerprintOf` the protocol when this was found. */
  readonly fingerprint: string;
  /** Virtual time of each seed. */
  readonly milliseconds: number;
  /** All seeds below are done. */
  next: number;
  /** Seeds from `next` on that are done too: threads end in no order. */
  readonly beyond: number[];
  /** Wall time of all runs together. */
  wallSeconds: number;
  readonly tally: HuntTally;
  readonly shrunk: ShrunkNote[];
}

/** What `hunt.json` holds. */
export interface HuntState {
  readonly version: 1;
  readonly quorateVersion: string;
  readonly protocols: Record<string, HuntRecord>;
}

export const STATE_FILE = 'hunt.json';

export function newRecord(fingerprint: string, milliseconds: number, from: number): HuntRecord {
  const tally = emptyTally();
  return { fingerprint, milliseconds, next: from, beyond: [], wallSeconds: 0, tally, shrunk: [] };
}

export function emptyState(): HuntState {
  return { version: 1, quorateVersion: VERSION, protocols: {} };
}

/** What an earlier hunt left in a folder. @throws UsageError where that cannot be used */
export function readState(folder: string, cwd: string): HuntState {
  const path = `${folder}/${STATE_FILE}`;
  if (!existsSync(resolve(cwd, path))) return emptyState();
  const state = readJson('--out', path, cwd) as Partial<HuntState> | null;
  const wrong =
    state?.version !== 1 ? `version ${JSON.stringify(state?.version)} is not 1` : faultOf(state.protocols);
  if (wrong !== null)
    throw new UsageError(
      `--out: "${path}" is not what a hunt of this version left: ${wrong}; delete it to start over, or name another folder`,
    );
  return state as HuntState;
}

function faultOf(protocols: unknown): string | null {
  if (typeof protocols !== 'object' || protocols === null) return 'protocols is missing';
  for (const [name, record] of Object.entries(protocols) as [string, Partial<HuntRecord> | null][]) {
    const fits =
      typeof record?.fingerprint === 'string' &&
      Number.isSafeInteger(record.next) &&
      Array.isArray(record.beyond) &&
      Array.isArray(record.shrunk) &&
      Object.keys(emptyTally()).every((field) => field in (record.tally ?? {}));
    if (!fits) return `protocols.${name} lacks fields`;
  }
  return null;
}

/** Replaces the file in one step, so that whatever happens it is whole. */
export function writeState(folder: string, cwd: string, state: HuntState): void {
  const path = resolve(cwd, folder, STATE_FILE);
  try {
    writeFileSync(`${path}.new`, `${JSON.stringify({ ...state, quorateVersion: VERSION }, null, 2)}\n`);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new UsageError(`--out: "${folder}/${STATE_FILE}" cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Notes that a seed is done. */
export function done(record: HuntRecord, seed: number): void {
  record.beyond.push(seed);
  for (let at = record.beyond.indexOf(record.next); at >= 0; at = record.beyond.indexOf(record.next)) {
    record.beyond.splice(at, 1);
    record.next++;
  }
}
