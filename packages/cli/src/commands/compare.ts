import {
  type ComparisonOptions,
  FITTED_CLIENTS,
  type Peer,
  type ProtocolSource,
  type RealRunner,
  type Results,
  runComparison,
  SCENARIOS,
  type Scenario,
  type Settings,
} from '@quorate/bench';
import { renderReport, toCsv } from '@quorate/report';
import { makeFolder, writeText } from '../files.ts';
import { type Flags, readChoice } from '../flags.ts';
import { EXIT, exitCodeOf, type Io, UsageError } from '../io.ts';
import { pageWith } from '../page.ts';
import { findPeers } from '../peers.ts';
import { ProgressLine } from '../progress.ts';
import { findProtocols, PROTOCOLS } from '../protocols.ts';
import { calibrationTable, preflightLines, resultTables } from '../tables.ts';
import { VERSION } from '../version.ts';
import { NODES_MAX } from './simulate.ts';

const SEEDS = 10;
const QUICK_SEEDS = 2;
const MODES = ['sim', 'real', 'both'] as const;

/** `quorate compare`: every scenario with every protocol, a table here and a report in a folder. */
export async function runCompare(flags: Flags, io: Io, real: RealRunner): Promise<number> {
  const protocols = await findProtocols(flags.list('protocols') ?? [], io.cwd);
  const scenarios = scenariosOf(flags);
  const settings = settingsOf(flags);
  const mode = flags.choice('mode', MODES) ?? 'both';
  const peers = await findPeers(flags);
  checkPeers(peers, scenarios, mode);
  checkCells(scenarios, settings);
  const out =
    flags.text('out') ?? `reports/${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-compare`;
  const folder = makeFolder('--out', out, io.cwd);
  const jsonFile = flags.text('json-file');
  if (jsonFile !== undefined) writeText('--json-file', jsonFile, io.cwd, '{}\n'); // says now, not after the run, that it cannot be written
  const calibrationFile = flags.text('calibration');
  if (calibrationFile !== undefined) checkCalibration(calibrationFile, mode, scenarios, settings, io.cwd);
  const line = new ProgressLine(io);
  const signal = io.interruptible();
  const options: ComparisonOptions = {
    protocols,
    scenarios,
    mode,
    settings,
    peers,
    real,
    quorateVersion: VERSION,
    command: commandLine(flags),
    folder,
    signal,
    onPreflight: (found) => {
      line.clear();
      io.out(preflightLines(found));
    },
    onProgress: ({ done, total, what }) => line.show(done / total, what),
  };
  const results = await runComparison(options);
  line.clear();
  const files = await writeResults(results, protocols, out, io.cwd);
  if (jsonFile !== undefined) writeText('--json-file', jsonFile, io.cwd, jsonText(results));
  if (calibrationFile !== undefined && results.calibrations !== undefined)
    writeText('--calibration', calibrationFile, io.cwd, calibrationText(results));
  io.out(
    `${resultTables(results, scenarios)}${calibrationTable(results)}${verdictLines(results)}\n${files}\n`,
  );
  if (signal.aborted) {
    io.err('interrupted: the results hold what was finished by then\n');
    return EXIT.interrupted;
  }
  return exitCodeOf(results.experiments.flatMap(({ verdicts }) => verdicts.map(({ verdict }) => verdict)));
}

/** Says now, not after the run, that nothing would be calibrated or that the file cannot be written. */
function checkCalibration(
  file: string,
  mode: string,
  scenarios: readonly Scenario[],
  { clients }: Settings,
  cwd: string,
): void {
  const needed = FITTED_CLIENTS.join(' and ');
  if (mode !== 'both')
    throw new UsageError('--calibration: needs --mode both: real figures, and the simulator to fit');
  if (!scenarios.some(({ name }) => name === 'steady'))
    throw new UsageError('--calibration: needs the scenario steady');
  if (clients !== undefined && !FITTED_CLIENTS.every((one) => clients.includes(one)))
    throw new UsageError(`--calibration: is fitted at ${needed} clients, which --clients has to name`);
  writeText('--calibration', file, cwd, '{}\n');
}

/** The fitted costs, with the machine that they are of. */
function calibrationText({ createdAt, machine, command, calibrations }: Results): string {
  return `${JSON.stringify({ version: 1, createdAt, machine, command, calibrations }, null, 2)}\n`;
}

function scenariosOf(flags: Flags): readonly Scenario[] {
  const names = flags.list('scenario');
  if (names === undefined) return SCENARIOS;
  const known = SCENARIOS.map(({ name }) => name);
  const wanted = names.map((name) => readChoice('--scenario', name, known));
  return SCENARIOS.filter(({ name }) => wanted.includes(name));
}

function settingsOf(flags: Flags): Settings {
  const quick = flags.on('quick');
  const nodes = flags.whole('nodes', 2, NODES_MAX);
  const reads = flags.share('reads');
  const rates = flags.rates('rate');
  const clients = flags.wholes('clients', 1, 10_000);
  return {
    quick,
    seeds: flags.whole('seeds', 1, 1000) ?? (quick ? QUICK_SEEDS : SEEDS),
    valueBytes: flags.whole('value-bytes', 1, 65_536) ?? 128,
    keys: flags.whole('keys', 1, 1_000_000) ?? 10_000,
    ...(nodes !== undefined && { nodes }),
    ...(reads !== undefined && { reads }),
    ...(rates !== undefined && { rates: [...new Set(rates)] }),
    ...(clients !== undefined && { clients: [...new Set(clients)] }),
  };
}

/** Peers are other programs: they can't be simulated, and only one scenario knows how to ask them. */
function checkPeers(peers: readonly Peer[], scenarios: readonly Scenario[], mode: string): void {
  if (peers.length === 0) return;
  if (mode === 'sim')
    throw new UsageError('--peers: peers cannot be simulated; allowed with --mode real or both');
  if (!scenarios.some(({ name }) => name === 'steady'))
    throw new UsageError('--peers: only the scenario steady has peers; add it to --scenario');
}

/** A scenario says itself which sizes it cannot do. */
function checkCells(scenarios: readonly Scenario[], settings: Settings): void {
  for (const scenario of scenarios) {
    try {
      scenario.cells(settings);
    } catch (error) {
      if (error instanceof RangeError) throw new UsageError(`--nodes: ${error.message}`, { cause: error });
      throw error;
    }
  }
}

function commandLine(flags: Flags): string {
  const words = ['quorate compare', ...(flags.list('protocols') ?? [])];
  for (const flag of [
    'scenario',
    'mode',
    'nodes',
    'seeds',
    'clients',
    'value-bytes',
    'reads',
    'keys',
    'rate',
    'peers',
  ]) {
    const list = flags.list(flag);
    if (list !== undefined) words.push(`--${flag} ${list.join(',')}`);
  }
  if (flags.on('quick')) words.push('--quick');
  return words.join(' ');
}

function jsonText(results: Results): string {
  return `${JSON.stringify(results, null, 1)}\n`;
}

/** The numbers first: a page that cannot be made must not cost them. Says where all is. */
async function writeResults(
  results: Results,
  protocols: readonly ProtocolSource[],
  out: string,
  cwd: string,
): Promise<string> {
  writeText('--out', `${out}/results.json`, cwd, jsonText(results));
  writeText('--out', `${out}/results.csv`, cwd, toCsv(results));
  // Those that were compared run in the page, also one of the user's own; the others are there to be looked at beside them.
  const names = protocols.map(({ protocol }) => protocol.name);
  const others = PROTOCOLS.filter(({ protocol }) => !names.includes(protocol.name));
  const report = writeText(
    '--out',
    `${out}/report.html`,
    cwd,
    renderReport(results, await pageWith([...others, ...protocols])),
  );
  return `report: ${report}\nnumbers: results.json and results.csv beside it`;
}

function verdictLines(results: Results): string {
  const lines: string[] = [];
  const tally: Record<string, number> = { ok: 0, expected: 0, unknown: 0, violated: 0 };
  for (const { scenario, protocol, mode, verdicts, reproduce } of results.experiments) {
    for (const { check, verdict, detail } of verdicts) {
      tally[verdict]!++;
      if (verdict === 'violated' || verdict === 'unknown') {
        lines.push(
          `${verdict}: ${check} in ${scenario} (${mode}), ${protocol}: ${detail}`,
          `  again: ${reproduce}`,
        );
      }
    }
  }
  const counts = Object.entries(tally).map(([verdict, count]) => `${count} ${verdict}`);
  return [...lines, `verdicts: ${counts.join(', ')}`].join('\n');
}
