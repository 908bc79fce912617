import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
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
  trace: [],
  checkers: ['interface'],
  driver: ['interface', 'log', 'trace'],
  simulator: ['checkers', 'driver', 'faults', 'interface', 'log', 'state-machine', 'trace'],
  conformance: ['checkers', 'interface', 'log', 'simulator', 'trace', 'transport'],
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
  report: ['bench', 'faults', 'interface', 'simulator', 'state-machine', 'trace'],
  cli: packages.map(({ folder }) => folder).filter((folder) => folder !== 'cli'),
};

const workspace = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What may be imported without being any package's dependency: the workspace's own tools. */
const tools: readonly string[] = Object.keys(workspace.devDependencies);

const folderOf = (name: string) => name.replace(/^@quorate\//, '').replace(/^quorate$/, 'cli');
const isOurs = (name: string) => name.startsWith('@quorate/') || name === 'quorate';
const referencesOf = (path: string, file = 'tsconfig.json'): string[] =>
  JSON.parse(readFileSync(join(path, file), 'utf8')).references.map((to: { path: string }) => to.path);
const foreign = (specifier: string) => !specifier.startsWith('.') && !specifier.startsWith('node:');

describe.each(packages)('packages/$folder', ({ folder, path, manifest }) => {
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
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

  it('is made like every package: version, licence, module type, exports from source and from dist', () => {
    expect(manifest).toMatchObject({ version: workspace.version, license: 'MIT', type: 'module' });
    expect(manifest.description).toMatch(/\w/);
    for (const name of dependencies.filter(isOurs))
      expect(manifest.dependencies![name]).toBe(workspace.version);
    for (const [name, target] of Object.entries(manifest.exports)) {
      if (typeof target === 'string') continue;
      expect(Object.keys(target).toSorted(), name).toEqual(['@quorate/source', 'default', 'types']);
      expect(existsSync(join(path, target['@quorate/source']!)), target['@quorate/source']).toBe(true);
    }
  });

  it('builds all of its parts, by itself and with the workspace', () => {
    const parts = readdirSync(path).filter((file) => /^tsconfig.*\.json$/.test(file));
    const others = parts.filter((file) => file !== 'tsconfig.json');
    const command = others.length === 0 ? 'tsc -b' : `tsc -b tsconfig.json ${others.join(' ')}`;
    expect(manifest.scripts).toMatchObject({ build: command, typecheck: command });
    const built = referencesOf(root).filter((to) => to.split('/')[1] === folder);
    expect(built).toEqual([`packages/${folder}`, ...others.map((file) => `packages/${folder}/${file}`)]);
  });

  it('names to the compiler the packages that it depends on', () => {
    const parts = readdirSync(path).filter((file) => /^tsconfig.*\.json$/.test(file));
    const named = new Set(
      parts.flatMap((file) => referencesOf(path, file)).filter((to) => to.startsWith('../')),
    );
    const referred = new Set([...named].map((to) => to.split('/').slice(0, 2).join('/')));
    const others = dependencies.filter(isOurs).map((name) => `../${folderOf(name)}`);
    expect([...referred].toSorted()).toEqual(others.toSorted());
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
    const [ours, others] = [referencesOf(root), ['benchmarks']];
    const built = new Set(ours.filter((to) => !others.includes(to)).map((to) => to.split('/')[1]));
    expect([...built].toSorted()).toEqual(packages.map(({ folder }) => folder).toSorted());
    expect(ours).toEqual(expect.arrayContaining(others));
  });

  it('names no package registry and no path of the machine it was written on', () => {
    const forbidden = [/https?:\/\/[^\s"'/]*registry/, /(?<![\w.])\/(?:work|root|home)\/\w/];
    const binary = /\.(png|jpg|ico|woff2?|gz|tgz)$/;
    for (const file of trackedFiles().filter((name) => !binary.test(name))) {
      const text = readFileSync(join(root, file), 'utf8');
      for (const words of forbidden) expect(words.exec(text)?.[0], file).toBeUndefined();
    }
  });

  it('locks what the packages ask for, without the addresses that it was fetched from', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    for (const { folder, manifest } of packages) {
      const locked = JSON.parse(lock).packages[`packages/${folder}`];
      expect(locked.dependencies, `${folder}: run npm install`).toEqual(manifest.dependencies);
    }
    expect(lock).not.toMatch(/"resolved": "(?!packages\/|benchmarks")/);
  });
});
