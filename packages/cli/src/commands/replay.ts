import {
  optionsOf,
  type RunFile,
  RunFileError,
  readRunFile,
  type SimulationOptions,
  simulate,
} from '@quorate/simulator';
import { readJson } from '../files.ts';
import type { Flags } from '../flags.ts';
import { exitCodeOf, type Io, UsageError } from '../io.ts';
import { findProtocol, messageOf } from '../protocols.ts';

/** `quorate replay`: runs a found failure again, and says whether it is the same to the byte. */
export async function runReplay(flags: Flags, io: Io): Promise<number> {
  const file = flags.text('failure')!;
  const run = readFailure(file, io.cwd);
  const { options, traceHash } = run;
  const { protocol } = await findProtocol(run.protocol, io.cwd);
  const result = runAgain(file, optionsOf(run, protocol));
  const broken = result.verdicts.filter(({ verdict }) => verdict !== 'ok');
  io.out(
    `${protocol.name}, ${options.nodes} nodes, seed ${options.seed}, ${options.faults?.events.length ?? 0} faults\n`,
  );
  for (const { check, verdict, detail } of broken) io.out(`${check} ${verdict}: ${detail}\n`);
  if (broken.length === 0) io.out('every check is ok\n');
  io.out(
    result.traceHash === traceHash
      ? `trace hash ${traceHash}, the same as when it was found\n`
      : `trace hash ${result.traceHash}; when it was found it was ${traceHash}: the code is not the same\n`,
  );
  return exitCodeOf(broken.map(({ verdict }) => verdict));
}

function readFailure(file: string, cwd: string): RunFile {
  try {
    return readRunFile(readJson('failure', file, cwd));
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    const needed = 'needed: a run that quorate hunt or the page of quorate play wrote';
    throw new UsageError(`failure: "${file}": ${error.message}; ${needed}`, { cause: error });
  }
}

function runAgain(file: string, options: SimulationOptions) {
  try {
    return simulate(options);
  } catch (error) {
    throw new UsageError(`failure: "${file}" cannot be run: ${messageOf(error)}`, { cause: error });
  }
}
