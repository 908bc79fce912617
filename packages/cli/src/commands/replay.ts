import { driverMutantsOf, type Story, storyOf } from '@quorate/bench';
import {
  optionsOf,
  type RunFile,
  RunFileError,
  readRunFile,
  type SimulationOptions,
} from '@quorate/simulator';
import { readJson } from '../files.ts';
import type { Flags } from '../flags.ts';
import { exitCodeOf, type Io, UsageError } from '../io.ts';
import { ProgressLine } from '../progress.ts';
import { findProtocol, messageOf, mutantsOf } from '../protocols.ts';

/** `quorate replay`: runs a found failure again, tells what happens in it, and says whether it is the same to the byte. */
export async function runReplay(flags: Flags, io: Io): Promise<number> {
  const file = flags.text('failure')!;
  const { run, check } = readFailure(file, io.cwd);
  const { protocol, title } = await findVariant(file, run, io.cwd);
  const line = new ProgressLine(io);
  line.show(null, `${run.protocol}, seed ${run.options.seed}: running it again`);
  const story = runAgain(file, optionsOf(run, protocol), check);
  line.clear();
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
  const lines = [
    title,
    ...story.configuration.map((line) => `  ${line}`),
    ...(story.faults.length === 0 ? ['no faults'] : list('faults:', story.faults)),
    ...list('requests:', story.requests),
    ...list('what happened last:', story.events),
    ...list('nodes at the end:', story.nodes),
    ...story.verdicts.map((one) => `${one.check} ${one.verdict}: ${one.detail}`),
    ...(story.verdicts.length === 0
      ? ['every check is ok']
      : [`the rule: ${story.rule}`, `expected: ${story.expected}`]),
    story.traceHash === run.traceHash
      ? `trace hash ${run.traceHash}, the same as when it was found`
      : `trace hash ${story.traceHash}; when it was found it was ${run.traceHash}: the code, or the file, is not the same`,
  ];
  io.out(`${lines.join('\n')}\n`);
  return exitCodeOf(story.verdicts.map(({ verdict }) => verdict));
}

/** The protocol of a run, with the planted bug that it names. */
async function findVariant(file: string, { protocol: name, mutant }: RunFile, cwd: string) {
  const source = await findProtocol(name, cwd);
  const { protocol } = source;
  if (mutant === undefined) return { protocol, title: protocol.title };
  const mutants = [...(await mutantsOf(source)), ...driverMutantsOf(source)].map((one) => one.mutant);
  const found = mutants.find((one) => one.name === mutant);
  if (found === undefined) {
    const allowed = mutants.map((one) => one.name).join(', ');
    throw new UsageError(`failure: "${file}": mutant "${mutant}" is unknown; allowed: ${allowed}`);
  }
  return { protocol: found.protocol, title: `${protocol.title}, with a planted bug: ${found.about}` };
}

function readFailure(
  file: string,
  cwd: string,
): { readonly run: RunFile; readonly check: string | undefined } {
  const json = readJson('failure', file, cwd);
  try {
    const run = readRunFile(json);
    const { check } = json as { readonly check?: unknown };
    return { run, check: typeof check === 'string' ? check : undefined };
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    const needed = 'needed: a run that quorate hunt or the page of quorate play wrote';
    throw new UsageError(`failure: "${file}": ${error.message}; ${needed}`, { cause: error });
  }
}

function runAgain(file: string, options: SimulationOptions, check: string | undefined): Story {
  try {
    return storyOf(options, check);
  } catch (error) {
    throw new UsageError(`failure: "${file}" cannot be run: ${messageOf(error)}`, { cause: error });
  }
}
