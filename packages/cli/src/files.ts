import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './io.ts';
import { messageOf } from './protocols.ts';

/** Makes a folder and those above it. @param flag how the error calls it: `--out` */
export function makeFolder(flag: string, path: string, cwd: string): string {
  const full = resolve(cwd, path);
  try {
    mkdirSync(full, { recursive: true });
  } catch (error) {
    throw new UsageError(`${flag}: the folder "${path}" cannot be made: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return full;
}

/** Writes a file, and makes the folder that it is in. */
export function writeText(flag: string, path: string, cwd: string, text: string | Iterable<string>): string {
  const full = resolve(cwd, path);
  try {
    mkdirSync(dirname(full), { recursive: true });
    if (typeof text === 'string') writeFileSync(full, text);
    else writeLines(full, text);
  } catch (error) {
    throw new UsageError(`${flag}: "${path}" cannot be written: ${messageOf(error)}`, { cause: error });
  }
  return full;
}

const LINES_AT_ONCE = 10_000;

/** Writes many lines without holding all of them as one text. */
function writeLines(path: string, lines: Iterable<string>): void {
  writeFileSync(path, '');
  let some: string[] = [];
  const flush = () => {
    writeFileSync(path, some.join(''), { flag: 'a' });
    some = [];
  };
  for (const line of lines) {
    some.push(`${line}\n`);
    if (some.length === LINES_AT_ONCE) flush();
  }
  flush();
}

/** Reads a file. @throws UsageError that names it, where there is none */
export function readText(flag: string, path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    throw new UsageError(`${flag}: "${path}" cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Reads a JSON file. @throws UsageError that names it, where there is none or it is no JSON */
export function readJson(flag: string, path: string, cwd: string): unknown {
  const text = readText(flag, path, cwd);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${flag}: "${path}" is no JSON: ${messageOf(error)}`, { cause: error });
  }
}
