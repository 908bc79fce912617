import fs from 'node:fs';
import os, { tmpdir } from 'node:os';
import path, { join } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';
import * as disk from '../src/disk/index.ts';
import * as log from '../src/index.ts';
import * as memory from '../src/memory/index.ts';

const MODULES = {
  '@quorate/log': log,
  '@quorate/log/memory': memory,
  '@quorate/log/disk': disk,
  'node:fs': fs,
  'node:os': os,
  'node:path': path,
};

/** Runs the first `ts` fence of a file; a line `expression; // value` is checked. */
async function run(file: string, names: Record<string, unknown> = {}): Promise<number> {
  const text = fs.readFileSync(new URL(file, import.meta.url), 'utf8').replaceAll(/^ \* ?/gm, '');
  const fence = /```ts\n([\s\S]*?)```/.exec(text)![1]!;
  let checks = 0;
  const code = fence
    .replaceAll(/^import (\{.*\}) from '(.*)';$/gm, "const $1 = modules['$2'];")
    .replaceAll(/^([\w.()]+); \/\/ (\S+)$/gm, (_line, expression, value) => {
      checks++;
      return `expect(${expression}).toBe(${value});`;
    });
  const { code: plain } = transformSync(`async function example() {\n${code}\n}`, { loader: 'ts' });
  const values = { modules: MODULES, expect, ...names };
  await new Function(...Object.keys(values), `${plain}\nreturn example();`)(...Object.values(values));
  return checks;
}

it('the example of the index does what it says', async () => {
  expect(await run('../src/index.ts')).toBe(2);
});

it('the example of the journal on disk does what it says', async () => {
  const directory = fs.mkdtempSync(join(tmpdir(), 'quorate-example-'));
  try {
    await run('../src/disk/index.ts', { directory });
    const journal = disk.DiskJournal.open(directory);
    expect(journal.report).toMatchObject({ records: 1, torn: null });
    await journal.close();
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
});

it('the example of the README does what it says', async () => {
  expect(await run('../README.md')).toBe(1);
});
