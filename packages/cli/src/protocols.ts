import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MutantSource, ProtocolSource } from '@quorate/bench';
import type { AnyProtocol, Mutant } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { UsageError } from './io.ts';
import { faultOf } from './protocol-fault.ts';

/** The protocols that come with the workbench, in the order of tables and pages. */
export const PROTOCOLS: readonly ProtocolSource[] = [
  known(twoPhaseCommit, '@quorate/two-phase-commit', 'twoPhaseCommit'),
  known(raft, '@quorate/raft', 'raft'),
];

function known(protocol: AnyProtocol, specifier: string, exportName: string): ProtocolSource {
  return {
    protocol,
    exportName,
    get module() {
      return import.meta.resolve(specifier); // asked for only where worker threads are
    },
  };
}

/** The planted bugs that each package exports under `./mutants`, by protocol; loaded only where they are asked for. */
const MUTANTS: Readonly<Record<string, () => Promise<{ readonly mutants: readonly Mutant[] }>>> = {
  'two-phase-commit': () => import('@quorate/two-phase-commit/mutants'),
  raft: () => import('@quorate/raft/mutants'),
};

/** The module that exports a protocol's planted bugs, as a package's name or a path; undefined where it brings none. */
export function mutantsModuleOf(source: ProtocolSource): string | undefined {
  if (PROTOCOLS.includes(source)) return `@quorate/${source.protocol.name}/mutants`;
  return BESIDE(fileURLToPath(source.module)).find((one) => existsSync(one));
}

/** What stands beside a protocol's file with its planted bugs in it, the first that exists: `mutants` is exported there. */
const BESIDE = (path: string) => [
  path.replace(/\.([cm]?js)$/, '.mutants.$1'),
  join(dirname(path), 'mutants', 'index.js'),
];

/**
 * A protocol's planted bugs: of a known protocol those that its package exports, of one given by path those in `NAME.mutants.js` or
 * `mutants/index.js` beside it.
 * @throws UsageError where such a file exports no list of mutants
 */
export async function mutantsOf(source: ProtocolSource): Promise<readonly MutantSource[]> {
  const { name } = source.protocol;
  const path = mutantsModuleOf(source);
  if (path === undefined) return [];
  if (PROTOCOLS.includes(source)) {
    const { mutants } = await MUTANTS[name]!();
    return mutants.map((mutant) => mutantSource(mutant, () => import.meta.resolve(path)));
  }
  const module = pathToFileURL(path).href;
  const { mutants } = (await import(module)) as { readonly mutants?: readonly Mutant[] };
  const isMutant = (one: Mutant) => typeof one?.name === 'string' && faultOf(one.protocol) === null;
  if (!Array.isArray(mutants) || !mutants.every(isMutant))
    throw new UsageError(
      `${path}: exports no mutants; needed: a list "mutants" of { name, about, protocol }`,
    );
  return mutants.map((mutant) => mutantSource(mutant, () => module));
}

function mutantSource(mutant: Mutant, resolve: () => string): MutantSource {
  const source: ProtocolSource = {
    protocol: mutant.protocol,
    exportName: 'mutants',
    mutant: mutant.name,
    get module() {
      return resolve(); // asked for only where worker threads are
    },
  };
  return { mutant, source };
}

/**
 * Finds protocols by name or by path; all known ones where none is named.
 * @throws UsageError on an unknown name, a file that holds no protocol, or two protocols of one name
 */
export async function findProtocols(
  names: readonly string[],
  cwd: string,
): Promise<readonly ProtocolSource[]> {
  if (names.length === 0) return PROTOCOLS;
  const found: ProtocolSource[] = [];
  for (const name of names) {
    const one = await findProtocol(name, cwd);
    if (found.some(({ protocol }) => protocol.name === one.protocol.name)) {
      throw new UsageError(`protocol "${one.protocol.name}" is named twice; allowed: each protocol once`);
    }
    found.push(one);
  }
  return found;
}

/** One protocol by its name, or by the path of an ES module that exports it as default or as `protocol`. */
export async function findProtocol(name: string, cwd: string): Promise<ProtocolSource> {
  if (/[/\\]|\.[cm]?js$/.test(name)) return loadFile(name, cwd);
  const found = PROTOCOLS.find(({ protocol }) => protocol.name === name);
  if (found !== undefined) return found;
  const names = PROTOCOLS.map(({ protocol }) => protocol.name).join(', ');
  throw new UsageError(`protocol "${name}" is unknown; allowed: ${names}, or the path of an ES module`);
}

async function loadFile(name: string, cwd: string): Promise<ProtocolSource> {
  const path = resolve(cwd, name);
  if (!existsSync(path)) throw new UsageError(`${name}: there is no such file`);
  const module = pathToFileURL(path).href;
  let exported: Record<string, unknown>;
  try {
    exported = await import(module);
  } catch (error) {
    throw new UsageError(`${name}: cannot be loaded as an ES module: ${messageOf(error)}`, { cause: error });
  }
  const exportName = exported.default !== undefined ? 'default' : 'protocol';
  const protocol = exported[exportName];
  if (protocol === undefined) {
    throw new UsageError(`${name}: exports no protocol; needed: a default export, or one named "protocol"`);
  }
  const wrong = faultOf(protocol);
  if (wrong !== null) throw new UsageError(`${name}: its ${exportName} export is no protocol: ${wrong}`);
  return { protocol: protocol as AnyProtocol, module, exportName };
}

/** An error's message in one line; what a file holds may be quoted in it, and must not steer the terminal. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]!.replace(/\p{Cc}/gu, '\u00b7');
}
