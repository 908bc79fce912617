import { availableParallelism } from 'node:os';
import { driverMutantsOf, killMutants, type MutantResult, type SoundFailure } from '@quorate/bench';
import type { Flags } from '../flags.ts';
import { EXIT, type Io } from '../io.ts';
import { ProgressLine } from '../progress.ts';
import { findProtocols, mutantsOf } from '../protocols.ts';
import { textTable } from '../tables.ts';

const TIME = 60_000;
const HEAD = ['protocol', 'mutant', 'planted bug', 'verdict', 'seeds', 'time'];

/** `quorate mutants`: are the checks able to say no? Tries to find each planted bug, and none without one. */
export async function runMutants(flags: Flags, io: Io): Promise<number> {
  const protocols = await findProtocols(flags.list('protocols') ?? [], io.cwd);
  const milliseconds = flags.duration('time') ?? TIME;
  const signal = io.interruptible();
  const line = new ProgressLine(io);
  const results: MutantResult[] = [];
  const failures: SoundFailure[] = [];
  const without: string[] = [];
  for (const source of protocols) {
    const { name } = source.protocol;
    const own = await mutantsOf(source);
    if (own.length === 0) without.push(name);
    const mutants = [...driverMutantsOf(source), ...own];
    const found = await killMutants(source, mutants, {
      milliseconds,
      threads: availableParallelism(),
      signal,
      onBegin: (mutant, index) =>
        line.show(
          index / (mutants.length + 1),
          `${name}: ${mutant?.about ?? 'without a bug, the same seeds'}`,
        ),
    });
    results.push(...found.results);
    failures.push(...found.failures);
  }
  line.clear();
  for (const name of without)
    io.err(`${name}: no mutants of its own beside it; only the driver's were tried\n`);
  for (const { protocol, seed, check } of failures)
    io.err(
      `${protocol} without a bug: ${check} violated on seed ${seed}, so no mutant that needed that seed counts\n`,
    );
  if (flags.on('json')) {
    const rows = results.map(({ about: _, ...rest }) => rest);
    io.out(`${JSON.stringify(rows, null, 2)}\n`);
  } else io.out(textOf(results, failures));
  if (signal.aborted) return EXIT.interrupted;
  return results.every(({ killed }) => killed) && failures.length === 0 ? EXIT.ok : EXIT.failed;
}

function textOf(results: readonly MutantResult[], failures: readonly SoundFailure[]): string {
  const rows = results.map(({ protocol, mutant, about, killed, by, seeds, milliseconds }) => [
    protocol,
    mutant,
    about,
    killed ? `killed by ${by}` : 'SURVIVES',
    `${seeds}`,
    `${(milliseconds / 1000).toFixed(1)} s`,
  ]);
  const lines = [textTable(HEAD, rows, ['left', 'left', 'left', 'left', 'right', 'right'])];
  for (const protocol of new Set(results.map((one) => one.protocol))) {
    const most = Math.max(...results.filter((one) => one.protocol === protocol).map(({ seeds }) => seeds));
    const failed = failures.filter((one) => one.protocol === protocol).length;
    lines.push(
      `${protocol} without a bug: ${failed === 0 ? 'passes' : `FAILS ${failed} of`} the same ${most} seeds`,
    );
  }
  return `${lines.join('\n')}\n`;
}
