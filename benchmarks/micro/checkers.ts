import { existsSync, readFileSync } from 'node:fs';
import {
  casRegisterModel,
  checkCausal,
  checkLinearizability,
  checkSequential,
  checkSessionGuarantees,
  type Operation,
  parseJepsenLog,
  registerModel,
  type Verdict,
} from '@quorate/checkers';
import { registerHistory, withStaleRead } from './register-history.ts';

/*
 * How long checks take, on one core: a million operations of one register, where zones decide; a hundred thousand, for the weaker
 * promises; and Jepsen's etcd logs, one compare-and-set register each, where the search decides. Times are until the
 * verdict; where a counterexample is worked out only when it is looked at (linearizable, sequential), that is not in them.
 */
const PROCESSES = 32;

function timed<T>(act: () => T): { result: T; milliseconds: number } {
  const began = performance.now();
  const result = act();
  return { result, milliseconds: performance.now() - began };
}

function report(name: string, check: () => Verdict): void {
  const { result, milliseconds } = timed(check);
  const shown = result.witness?.kind === 'contradiction' ? `, ${result.witness.items.length} shown` : '';
  console.log(
    `  ${name.padEnd(48)}${(milliseconds / 1000).toFixed(2).padStart(8)} s  ${result.verdict}${shown}`,
  );
}

function registers(): void {
  const million = registerHistory(1_000_000, PROCESSES);
  console.log(
    `Checkers: reads and writes of one register by ${PROCESSES} processes, each value written once`,
  );
  report('linearizable, 1,000,000 operations', () => checkLinearizability(million, registerModel()));
  const stale = withStaleRead(million);
  report('linearizable, 1,000,000, one stale read', () => checkLinearizability(stale, registerModel()));
  const fewer = registerHistory(100_000, PROCESSES);
  report('sequential, 100,000 operations', () => checkSequential(fewer));
  report('causal, 100,000 operations', () => checkCausal(fewer));
  report('session guarantees, 100,000 operations', () => checkSessionGuarantees(fewer)[0]!);
  const wrong = withStaleRead(fewer);
  report('sequential, 100,000, one stale read', () => checkSequential(wrong));
  report('causal, 100,000, one stale read', () => checkCausal(wrong));
}

const DATA = new URL('../../../../shared/data/linearizability/', import.meta.url);

function etcdLogs(): void {
  if (!existsSync(new URL('verdicts.json', DATA))) {
    console.log('  etcd logs: skipped, ../shared/data/linearizability is not here');
    return;
  }
  const recorded: Record<string, boolean> = JSON.parse(readFileSync(new URL('verdicts.json', DATA), 'utf8'));
  const files = Object.keys(recorded).filter((file) => file.startsWith('etcd/'));
  const histories = files.map((file) => parseJepsenLog(readFileSync(new URL(file, DATA), 'utf8')));
  const check = (history: readonly Operation[]) => checkLinearizability(history, casRegisterModel());
  for (const history of histories) check(history); // warm-up
  const checked = histories.map((history) => timed(() => check(history)));
  const right = checked.filter(({ result }, i) => (result.verdict === 'ok') === recorded[files[i]!]);
  const times = checked.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const [median, worst] = [times[times.length >> 1]!, times.at(-1)!];
  console.log(
    `  ${files.length} etcd logs after a warm-up: ${right.length} verdicts as recorded, median ${median.toFixed(2)} ms, worst ${worst.toFixed(1)} ms`,
  );
  if (right.length < files.length) process.exitCode = 1;
}

registers();
etcdLogs();
