import { parsePlan } from '@quorate/faults';
import { type SimulationOptions, simulate } from '@quorate/simulator';
import { readJson } from '../files.ts';
import type { Flags } from '../flags.ts';
import { exitCodeOf, type Io, UsageError } from '../io.ts';
import { findProtocol, messageOf } from '../protocols.ts';

/** What `hunt` writes of a failing run: enough to run it again anywhere. */
interface Failure {
  readonly protocol: string;
  readonly traceHash: string;
  readonly options: Omit<SimulationOptions, 'protocol'>;
}

/** `quorate replay`: runs a found failure again, and says whether it is the same to the byte. */
export async function runReplay(flags: Flags, io: Io): Promise<number> {
  const file = flags.text('failure')!;
  const { protocol: name, traceHash, options } = readFailure(file, io.cwd);
  const { protocol } = await findProtocol(name, io.cwd);
  const result = runAgain(file, { ...options, protocol });
  const broken = result.verdicts.filter(({ verdict }) => verdict !== 'ok');
  io.out(
    `${protocol.name}, ${options.nodes} nodes, seed ${options.seed}, ${options.faults?.events.length ?? 0} faults\n`,
  );
  for (const { check, verdict, detail } of broken) io.out(`${check} ${verdict}: ${detail}\n`);
  if (broken.length === 0) io.out('every check is ok: the failure is gone\n');
  io.out(
    result.traceHash === traceHash
      ? `trace hash ${traceHash}, the same as when it was found\n`
      : `trace hash ${result.traceHash}; when it was found it was ${traceHash}: the code is not the same\n`,
  );
  return exitCodeOf(broken.map(({ verdict }) => verdict));
}

function readFailure(file: string, cwd: string): Failure {
  const json = readJson('failure', file, cwd);
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  for (const [field, type] of [
    ['protocol', 'string'],
    ['traceHash', 'string'],
    ['options', 'object'],
  ] as const) {
    if (fields[field] === undefined || fields[field] === null || typeof fields[field] !== type) {
      throw new UsageError(`failure: "${file}" has no ${field}; needed: a file that quorate hunt wrote`);
    }
  }
  const options = fields.options as Record<string, unknown>;
  try {
    if (options.faults !== undefined) parsePlan(options.faults);
  } catch (error) {
    throw new UsageError(`failure: "${file}": its options.faults: ${messageOf(error)}`, { cause: error });
  }
  return fields as unknown as Failure;
}

function runAgain(file: string, options: SimulationOptions) {
  try {
    return simulate(options);
  } catch (error) {
    throw new UsageError(`failure: "${file}" cannot be run: ${messageOf(error)}`, { cause: error });
  }
}
