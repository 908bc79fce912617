import { ackBeforeForce, killMutant, type MutantResult } from '@quorate/bench';
import type { Mutant } from '@quorate/interface';
import type { Flags } from '../flags.ts';
import { EXIT, type Io } from '../io.ts';
import { ProgressLine } from '../progress.ts';
import { findProtocols, mutantsOf } from '../protocols.ts';
import { textTable } from '../tables.ts';

const TIME = 60_000;
const HEAD = ['protocol', 'planted bug', 'verdict', 'seeds', 'time'];

/** `quorate mutants`: are the checks able to say no? Tries to find each planted bug. */
export async function runMutants(flags: Flags, io: Io): Promise<number> {
  const protocols = await findProtocols(flags.list('protocols') ?? [], io.cwd);
  const time = flags.duration('time') ?? TIME;
  const signal = io.interruptible();
  const line = new ProgressLine(io);
  const results: MutantResult[] = [];
  for (const source of protocols) {
    const { protocol } = source;
    const mutants: readonly Mutant[] = [ackBeforeForce(protocol), ...(await mutantsOf(source))];
    for (const [i, mutant] of mutants.entries()) {
      if (signal.aborted) break;
      line.show(i / mutants.length, `${protocol.name}: ${mutant.about}`);
      results.push(killMutant(protocol, mutant, time, signal));
      await new Promise(setImmediate); // lets Ctrl-C in
    }
  }
  line.clear();
  if (flags.on('json'))
    io.out(
      `${JSON.stringify(
        results.map(({ about: _, ...rest }) => rest),
        null,
        2,
      )}\n`,
    );
  else io.out(tableOf(results));
  if (signal.aborted) return EXIT.interrupted;
  return results.every(({ killed }) => killed) ? EXIT.ok : EXIT.failed;
}

function tableOf(results: readonly MutantResult[]): string {
  const rows = results.map(({ protocol, about, killed, by, seeds, milliseconds }) => [
    protocol,
    about,
    killed ? `killed by ${by}` : 'SURVIVES',
    `${seeds}`,
    `${(milliseconds / 1000).toFixed(1)} s`,
  ]);
  return `${textTable(HEAD, rows, ['left', 'left', 'left', 'right', 'right'])}\n`;
}
