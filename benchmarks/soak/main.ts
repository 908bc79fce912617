/**
 * `npm run soak [-- --minutes 10 --protocol raft --nodes 3 --rate 2000 --seed 1 --json-file FILE]`: a cluster of real processes under load, with
 * kills and pauses, watched for what grows and what is lost. Exit codes: 0 all well, 1 something grew, was lost or broken, 2 bad usage,
 * 130 interrupted.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { SoakAborted, type SoakProgress, type SoakResult, soak } from './soak.ts';

const PROTOCOLS: Readonly<Record<string, string>> = { raft: 'raft', 'two-phase-commit': 'twoPhaseCommit' };
const REPORT_SECONDS = 30;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    protocol: { type: 'string', default: 'raft' },
    nodes: { type: 'string', default: '3' },
    rate: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    'json-file': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function usage(problem: string): never {
  console.error(`soak: ${problem}`);
  process.exit(2);
}

function number(flag: 'minutes' | 'nodes' | 'rate' | 'seed', least: number, most: number): number {
  const value = Number(values[flag]);
  if (!(value >= least && value <= most))
    usage(`--${flag}: "${values[flag]}" is not allowed; allowed: a number from ${least} to ${most}`);
  return value;
}

if (values.help) {
  console.log(
    'npm run soak [-- --minutes 10 --protocol raft --nodes 3 --rate 2000 --seed 1 --json-file FILE]\n\nExamples:\n' +
      '  npm run soak                                          ten minutes of Raft\n' +
      '  npm run soak -- --protocol two-phase-commit --minutes 2',
  );
  process.exit(0);
}
const exportName = PROTOCOLS[values.protocol];
if (exportName === undefined)
  usage(`--protocol: "${values.protocol}" is unknown; allowed: ${Object.keys(PROTOCOLS).join(', ')}`);
const [minutes, rate, seed] = [
  number('minutes', 0.1, 10_000),
  number('rate', 1, 100_000),
  number('seed', 0, 2 ** 31 - 1),
];
const nodes = Math.floor(number('nodes', 2, 9));
const json =
  values['json-file'] ??
  `reports/${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-soak-${values.protocol}.json`;
mkdirSync(dirname(json), { recursive: true });

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
let reported = 0;

function onSecond({ seconds, faults, checks, processes }: SoakProgress): void {
  if (seconds - reported < REPORT_SECONDS) return;
  reported = seconds;
  const each = processes.map(({ name, readings }) => {
    const last = readings.at(-1);
    return last === undefined
      ? `${name}: –`
      : `${name}: ${mebibytes(last.residentBytes)} MiB, ${last.descriptors} open`;
  });
  console.log(
    `${seconds.toFixed(0).padStart(5)} s  ${faults} faults, ${checks} histories checked; ${each.join('; ')}`,
  );
}

function report(result: SoakResult): void {
  const { load, faults, growth, acknowledged, lost, violations, halted, checks } = result;
  const kills = faults.filter(({ kind }) => kind === 'kill').length;
  console.log(
    `\n${values.protocol}, ${nodes} nodes, ${minutes} minutes, seed ${seed}: ${kills} kills, ${faults.length - kills} pauses\n` +
      `load: ${load.ok} operations done, ${load.failed} failed, ${load.unknown} unknown, ${load.shed} not begun; ` +
      `median ${load.latency.p50} µs, 99 % ${load.latency.p99} µs`,
  );
  console.table(
    growth.map(({ name, restarts, early, late, change, verdict }) => ({
      process: name,
      restarts,
      'early MiB': early === null ? '–' : mebibytes(early.residentBytes),
      'late MiB': late === null ? '–' : mebibytes(late.residentBytes),
      change: change === null ? '–' : `${(change * 100).toFixed(1)} %`,
      'early open': early?.descriptors ?? '–',
      'late open': late?.descriptors ?? '–',
      verdict: verdict ?? (restarts > 0 ? 'restarted' : 'too short a run'),
    })),
  );
  console.log(
    `${checks} histories checked, ${violations.length} not linearizable; ${acknowledged} writes remembered, ${lost.length} keys lost some`,
  );
  for (const line of [...violations, ...lost, ...halted]) console.log(`  ${line}`);
  console.log(result.passed ? 'passed' : 'FAILED');
}

try {
  const result = await soak({
    protocol: { module: import.meta.resolve(`@quorate/${values.protocol}`), exportName },
    nodes,
    minutes,
    rate,
    seed,
    signal: stop.signal,
    onSecond,
  });
  report(result);
  writeFileSync(json, `${JSON.stringify(result)}\n`);
  console.log(`numbers: ${json}`);
  process.exitCode = result.passed ? 0 : 1;
} catch (error) {
  if (!(error instanceof SoakAborted)) throw error;
  console.error('soak: interrupted');
  process.exit(130); // what is still waiting for the cluster waits in vain
}
