import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstExample, type Package, packages, root } from './workspace.ts';

/*
 * What somebody gets who installs the packages: each is packed, all are installed together into an empty project, and there
 * the compiler and Node, neither of which knows of the workspace or its sources, check and run the example of each README.
 */

/** The example of a package's README, as a module of the empty project. */
const examples = packages.flatMap((one) => {
  const readme = join(one.path, 'README.md');
  const code = existsSync(readme) ? firstExample(readFileSync(readme, 'utf8')) : undefined;
  return code === undefined ? [] : [{ ...one, code }];
});

const project = mkdtempSync(join(tmpdir(), 'quorate-pack-'));
const tarballs = join(project, 'tarballs');

beforeAll(() => {
  run('npm', ['run', 'build'], root);
  mkdirSync(tarballs);
  const folders = packages.map(({ path }) => path);
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', tarballs, ...folders], root);
  const ours = Object.fromEntries(
    packages.map((one) => [one.manifest.name, `file:tarballs/${tarballOf(one)}`]),
  );
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module', dependencies: ours }),
  );
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], project);
  for (const { folder, code } of examples) writeFileSync(join(project, `${folder}.ts`), code);
  for (const one of packages) writeFileSync(join(project, `${one.folder}-all.ts`), importAll(one));
}, 120_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the packages, installed into an empty project', () => {
  it('are all there, with what they export and no tests', () => {
    for (const { manifest } of packages) {
      const installed = join(project, 'node_modules', manifest.name);
      const files = readdirSync(installed);
      expect(files, manifest.name).toContain('README.md');
      expect(files, manifest.name).not.toContain('test');
      // Mutants are kept with the tests, which do not travel; what is built of them does.
      const targets = Object.values(manifest.exports)
        .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
        .filter((target) => !target.startsWith('./test/'));
      for (const target of targets)
        expect(existsSync(join(installed, target)), `${manifest.name}: ${target}`).toBe(true);
    }
  });

  it('type-check: every export, and the example of every README', () => {
    const options = {
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      skipLibCheck: false,
      outDir: 'out',
    };
    const typeRoots = [join(root, 'node_modules/@types')];
    const compilerOptions = {
      ...options,
      types: ['node'],
      typeRoots,
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], project);
  }, 60_000);

  it.each(examples)('$manifest.name runs the example of its README', ({ folder }) => {
    run(process.execPath, [join('out', `${folder}.js`)], project);
  });

  it.each(packages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {})))(
    'the command %s runs',
    (name) => {
      expect(run(join(project, 'node_modules/.bin', name), ['--help'], project)).toContain(name);
    },
  );

  it.each(packages)('$manifest.name has an example in its README', ({ folder }) => {
    expect(examples.map((example) => example.folder)).toContain(folder);
  });
});

/** A module that imports everything a package exports, types included. */
function importAll({ manifest }: Package): string {
  const paths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));
  const lines = paths.map((path, i) => `export * as part${i} from '${manifest.name}${path.slice(1)}';`);
  return `${lines.join('\n')}\n`;
}

function tarballOf({ manifest }: Package): string {
  return `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
}

/** Runs a program and returns what it prints; an error shows that, and what went to stderr. */
function run(program: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe', timeout: 110_000 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
