import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  firstExample,
  importsOf,
  packageOf,
  packages,
  protocols,
  root,
  sources,
  trackedFiles,
} from './workspace.ts';

/** Which package may know which, by folder; ARCHITECTURE.md draws the same. A protocol may know interface and quorum. */
const mayKnow: Readonly<Record<string, readonly string[]>> = {
  interface: [],
  quorum: [],
  log: ['interface'],
  transport: ['interface'],
  faults: ['interface'],
  'state-machine': ['interface'],
  trace: ['interface'],
  checkers: ['interface'],
  driver: ['interface', 'log', 'trace'],
  simulator: ['checkers', 'driver', 'faults', 'interface', 'log', 'state-machine', 'trace'],
  cluster: ['checkers', 'driver', 'faults', 'interface', 'log', 'state-machine', 'trace', 'transport'],
  bench: [
    'checkers',
    'cluster',
    'driver',
    'faults',
    'interface',
    'quorum',
    'simulator',
    'state-machine',
    'trace',
  ],
  report: ['bench', 'trace'],
  cli: packages.map(({ folder }) => folder).filter((folder) => folder !== 'cli'),
};

/** What may be imported without being any package's dependency: the workspace's own tools. */
const tools: readonly string[] = Object.keys(
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies,
);

const folderOf = (name: string) => name.replace(/^@quorate\//, '').replace(/^quorate$/, 'cli');
const isOurs = (name: string) => name.startsWith('@quorate/') || name === 'quorate';
const foreign = (specifier: string) => !specifier.startsWith('.') && !specifier.startsWith('node:');

describe.each(packages)('packages/$folder', ({ folder, path, manifest }) => {
  const dependencies = Object.keys(manifest.dependencies ?? {});
  const code = sources(path, 'src');
  const used = new Set(code.flatMap(importsOf).filter(foreign).map(packageOf));

  it('is called what its folder is called', () => {
    expect(folderOf(manifest.name)).toBe(folder);
  });

  it('knows only what it may know', () => {
    const allowed = protocols.includes(folder) ? ['interface', 'quorum'] : mayKnow[folder];
    expect(allowed, 'a new package needs a row in mayKnow').toBeDefined();
    for (const name of dependencies.filter(isOurs)) expect(allowed).toContain(folderOf(name));
  });

  it('declares what it imports, and imports what it declares', () => {
    used.delete(manifest.name);
    expect(dependencies.toSorted()).toEqual([...used].toSorted());
  });

  it('names to the compiler the packages that it depends on', () => {
    const { references } = JSON.parse(readFileSync(join(path, 'tsconfig.json'), 'utf8'));
    const named = references
      .map((reference: { path: string }) => reference.path)
      .filter((to: string) => to.startsWith('../'));
    const others = dependencies.filter(isOurs).map((name) => `../${folderOf(name)}`);
    for (const other of others)
      expect(
        named.some((to: string) => to === other || to.startsWith(`${other}/`)),
        other,
      ).toBe(true);
    for (const to of named) expect(others).toContain(to.split('/').slice(0, 2).join('/'));
  });

  it('declares what its tests import', () => {
    const development = Object.keys(manifest.devDependencies ?? {});
    const known = [...dependencies, ...development, ...tools, manifest.name];
    for (const file of sources(path, 'test')) {
      for (const specifier of importsOf(file).filter(foreign)) {
        expect(known, `${relative(root, file)} imports ${specifier}`).toContain(packageOf(specifier));
      }
    }
  });

  it('imports no other package by path', () => {
    for (const file of code) {
      for (const specifier of importsOf(file).filter((name) => name.startsWith('.'))) {
        const target = relative(join(path, 'src'), join(dirname(file), specifier));
        expect(target.startsWith('..'), `${relative(root, file)} imports ${specifier}`).toBe(false);
      }
    }
  });

  it('has a README, an index with an example, and a test that runs it', () => {
    for (const file of ['README.md', 'src/index.ts', 'test/example.test.ts']) {
      expect(existsSync(join(path, file)), file).toBe(true);
    }
    const index = readFileSync(join(path, 'src/index.ts'), 'utf8');
    expect(index).toContain('@packageDocumentation');
    expect(firstExample(index, ' * '), 'a ts fence in the index').toMatch(/\S/);
    expect(firstExample(readFileSync(join(path, 'README.md'), 'utf8')), 'a ts fence in the README').toMatch(
      /\S/,
    );
  });
});

describe.each(packages.filter(({ folder }) => protocols.includes(folder)))(
  'the protocol $folder',
  ({ path }) => {
    it('has the files that every protocol has', () => {
      const common = ['index', 'messages', 'state', 'replica', 'invariants', 'protocol'];
      for (const name of common)
        expect(existsSync(join(path, `src/${name}.ts`)), `src/${name}.ts`).toBe(true);
      for (const name of ['paper', 'conformance']) {
        expect(existsSync(join(path, `test/${name}.test.ts`)), `test/${name}.test.ts`).toBe(true);
      }
      const traces = existsSync(join(path, 'test/traces')) ? readdirSync(join(path, 'test/traces')) : [];
      expect(
        traces.filter((file) => file.endsWith('.txt')).length,
        'transcripts in test/traces',
      ).toBeGreaterThan(0);
    });
  },
);

describe('the workspace', () => {
  it('has no circle of dependencies, those of tests included', () => {
    const open = new Set<string>();
    const done = new Set<string>();
    const visit = (name: string, way: readonly string[]) => {
      expect(open.has(name), [...way, name].join(' -> ')).toBe(false);
      const found = packages.find(({ manifest }) => manifest.name === name);
      if (found === undefined || done.has(name)) return;
      open.add(name);
      const { dependencies, devDependencies } = found.manifest;
      for (const next of Object.keys({ ...dependencies, ...devDependencies })) visit(next, [...way, name]);
      open.delete(name);
      done.add(name);
    };
    for (const { manifest } of packages) visit(manifest.name, []);
    expect(done.size).toBe(packages.length);
  });

  it('builds every package', () => {
    const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
    const built = new Set(references.map((reference: { path: string }) => reference.path.split('/')[1]));
    expect([...built].toSorted()).toEqual(packages.map(({ folder }) => folder).toSorted());
  });

  it('names no package registry and no path of the machine it was written on', () => {
    const forbidden = [/https?:\/\/[^\s"'/]*registry/, /(?<![\w.])\/(?:work|root|home)\/\w/];
    const binary = /\.(png|jpg|ico|woff2?|gz|tgz)$/;
    for (const file of trackedFiles().filter((name) => !binary.test(name))) {
      const text = readFileSync(join(root, file), 'utf8');
      for (const words of forbidden) expect(words.exec(text)?.[0], file).toBeUndefined();
    }
  });

  it('locks versions without the address that they were fetched from', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved": "(?!packages\/|benchmarks")/);
  });
});

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
