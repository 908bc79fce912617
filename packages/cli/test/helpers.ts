import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { main } from '../src/main.ts';

/** What a command line did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function quorate(
  argv: readonly string[],
  options: { cwd?: string; signal?: AbortSignal } = {},
): Promise<Outcome> {
  let out = '';
  let err = '';
  const code = await main(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    terminal: false,
    columns: 100,
    cwd: options.cwd ?? emptyFolder(),
    interruptible: () => options.signal ?? new AbortController().signal,
  });
  return { code, out, err };
}

/** Folders that the tests of the present file have made. */
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own for a test, removed when its file's tests are over. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-cli-'));
  folders.push(folder);
  return folder;
}

export const FIXTURES: string = fileURLToPath(new URL('./fixtures', import.meta.url));
