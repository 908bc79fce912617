import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'quorate-cli-'));
}

export const FIXTURES: string = fileURLToPath(new URL('./fixtures', import.meta.url));
