import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './workspace.ts';

describe('the linter', () => {
  /** A file with a fault in it, and the rules which must object to it; none: must be accepted. */
  const planted: readonly [file: string, code: string, rules: readonly string[]][] = [
    ['packages/raft/src/a.ts', "export { a } from '@quorate/log';", ['noRestrictedImports']],
    [
      'packages/raft/src/b.ts',
      "export type { a } from '@quorate/two-phase-commit';",
      ['noRestrictedImports'],
    ],
    ['packages/raft/src/c.ts', "export { a } from 'msgpackr';", ['noRestrictedImports']],
    ['packages/raft/src/d.ts', "export { a } from 'node:fs';", ['noNodejsModules', 'noRestrictedImports']],
    ['packages/raft/src/e.ts', "export { a } from '@quorate/interface';\nexport { b } from './b.ts';", []],
    ['packages/zab/src/a.ts', "export { a } from '@quorate/faults';", ['noRestrictedImports']],
    ['packages/driver/src/a.ts', "export { a } from '@quorate/raft';", ['noRestrictedImports']],
    ['packages/bench/src/a.ts', "export { a } from '@quorate/raft/mutants';", ['noRestrictedImports']],
    ['packages/cli/src/a.ts', "export { a } from '@quorate/raft';", []],
    ['packages/log/src/memory/a.ts', "export { a } from 'node:fs';", ['noNodejsModules']],
    ['packages/log/src/disk/a.ts', "export { a } from 'node:fs';", []],
    ['packages/transport/src/a.ts', 'export const a = Buffer.alloc(1);', ['noRestrictedGlobals']],
    ['packages/checkers/src/a.ts', 'export const a = process.pid;', ['noProcessGlobal']],
    ['packages/simulator/src/a.ts', 'export const a = Date.now();', ['noRestrictedGlobals']],
    ['packages/simulator/src/b.ts', 'export const a = Math.random();', ['noJsRestrictedProperties']],
    ['packages/faults/src/a.ts', 'export const a = Math.log(2);', ['noJsRestrictedProperties']],
    ['packages/report/src/a.ts', 'export const a = Math.log(2);', []],
  ];
  const folder = mkdtempSync(join(tmpdir(), 'quorate-lint-'));
  const objections = new Map<string, Set<string>>(planted.map(([file]) => [file, new Set()]));

  beforeAll(() => {
    for (const name of ['biome.json', '.gitignore']) copyFileSync(join(root, name), join(folder, name));
    for (const [file, code] of planted) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), `${code}\n`);
    }
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    for (const { category, location } of lint(biome, folder)) {
      objections.get(location.path)?.add(category.split('/').at(-1)!);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(planted)('%s: %s', (file, _, rules) => {
    expect([...objections.get(file)!].toSorted()).toEqual(rules);
  });
});

interface Objection {
  readonly category: string;
  readonly location: { readonly path: string };
}

/** Runs the linter over a folder and returns what it objects to; it ends with 1 where it objects. */
function lint(biome: string, folder: string): Objection[] {
  const command = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
  try {
    execFileSync(process.execPath, command, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [];
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout).diagnostics;
  }
}
