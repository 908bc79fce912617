import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root: string = fileURLToPath(new URL('..', import.meta.url));

/** The protocols, built or to be built: what these rules call a protocol. */
export const protocols = [
  'two-phase-commit',
  'three-phase-commit',
  'primary-backup',
  'basic-paxos',
  'multi-paxos',
  'raft',
  'zab',
];

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One package of the workspace, read from disk. */
export interface Package {
  /** The folder's name, which is the name without `@quorate/`. */
  readonly folder: string;
  readonly path: string;
  readonly manifest: Manifest;
}

export const packages: readonly Package[] = readdirSync(join(root, 'packages'))
  .filter((folder) => existsSync(join(root, 'packages', folder, 'package.json')))
  .map((folder) => {
    const path = join(root, 'packages', folder);
    return { folder, path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) };
  });

/** The files that git tracks or would track, relative to the root. */
export function trackedFiles(): string[] {
  const list = execFileSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  );
  return list.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

/** The TypeScript files under a folder of a package, as absolute paths; none where there is no such folder. */
export function sources(path: string, folder: string): string[] {
  const top = join(path, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(top, file));
}

/** What a file imports, re-exports, or imports dynamically. */
export function importsOf(file: string): string[] {
  const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found = code.matchAll(
    /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm,
  );
  return Array.from(found, (match) => (match[1] ?? match[2])!);
}

/** The package that an import names: `@quorate/log/disk` is of `@quorate/log`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The first ts fence of a text; `prefix` is what each line begins with, in a comment. */
export function firstExample(text: string, prefix = ''): string | undefined {
  const start = text.indexOf(`${prefix}\`\`\`ts\n`);
  if (start < 0) return undefined;
  const lines = text.slice(start).split('\n').slice(1);
  const end = lines.findIndex((line) => line.trimEnd() === `${prefix}\`\`\``);
  return lines
    .slice(0, end)
    .map((line) => line.slice(prefix.length))
    .join('\n');
}
