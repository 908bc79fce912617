import type { Estimate, Experiment, Preflight, Results, Scenario } from '@quorate/bench';
import { default as Table } from 'cli-table3';

/** A table of plain text: no colours, thin lines. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  aligned: readonly ('left' | 'right')[] = head.map((_, i) => (i === 0 ? 'left' : 'right')),
): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }, // a line below the head only
    colAligns: [...aligned],
  });
  table.push(...rows.map((row) => row.map(String)));
  return table.toString();
}

/** What real runs stand on, and why they can't be trusted where that is so. */
export function preflightLines(found: Preflight): string {
  const { fileSystem, inPlaceMicroseconds, growingMicroseconds, busyShare, awayShare, warnings } = found;
  const times = ({ p50, p99 }: { readonly p50: number; readonly p99: number }) =>
    `${duration(p50)} (99 %: ${duration(p99)})`;
  const share = (value: number) => quantity('Share', value);
  const parts = [
    `disk (${fileSystem ?? 'unknown'}): a durable write of 4 KiB takes ${times(inPlaceMicroseconds)} in place, ${times(growingMicroseconds)} at a file's end`,
    `others use ${busyShare === null ? 'an unknown share' : share(busyShare)} of the processors; a busy loop was away for ${share(awayShare)} of its time`,
    ...warnings.map((warning) => `not to be trusted: ${warning}`),
  ];
  return `Preflight\n${parts.map((part) => `  ${part}\n`).join('')}\n`;
}

/** A short table of each scenario: one row for each protocol, the headline metrics in columns. */
export function resultTables(results: Results, scenarios: readonly Scenario[]): string {
  const parts: string[] = [];
  for (const scenario of scenarios) {
    const rows = results.experiments.filter((row) => row.scenario === scenario.name);
    if (rows.length === 0) continue;
    const table = rows.some((row) => row.guarantees !== undefined)
      ? guaranteeTable(rows)
      : scenarioTable(scenario, rows);
    parts.push(`${scenario.title}: ${scenario.question}`, table);
    const used = rows.filter(({ metrics }) => metrics.loadCpuShare !== undefined);
    if (used.length > 0) parts.push('What it took, per operation:', useTable(used));
    for (const row of rows) if (row.seeds.length === 0) parts.push(...row.notes);
    parts.push('');
  }
  return parts.join('\n');
}

/** The simulator beside real processes; empty where nothing was calibrated. */
export function calibrationTable({ calibrations = [] }: Results): string {
  if (calibrations.length === 0) return '';
  const rows = calibrations.flatMap(({ protocol, points }) =>
    points.map(({ clients, real, simulated, error, fitted }) => [
      protocol,
      clients,
      significant(real),
      significant(simulated),
      `${error < 0 ? '−' : '+'}${Math.abs(error * 100).toFixed(1)} %`,
      fitted ? 'fitted' : 'foretold',
    ]),
  );
  const head = ['protocol', 'clients', 'real, operations/s', 'simulated', 'error', ''];
  return `The simulator beside real processes: its costs fitted at some loads, the others foretold.\n${textTable(head, rows)}\n\n`;
}

/** One row for each class of faults, one column for each protocol: what broke, or in how many runs all held. */
function guaranteeTable(rows: readonly Experiment[]): string {
  const faults = [...new Set(rows.flatMap(({ guarantees = [] }) => guarantees.map(({ fault }) => fault)))];
  const body = faults.map((fault) => [
    fault,
    ...rows.map(({ guarantees = [] }) => {
      const own = guarantees.filter((row) => row.fault === fault);
      const broken = own.filter(({ verdict }) => verdict !== 'ok');
      if (broken.length > 0) return broken.map(({ check, verdict }) => `${check} ${verdict}`).join(', ');
      return (own[0]?.runs ?? 0) === 0 ? 'not exercised' : `held in ${own[0]!.runs} runs`;
    }),
  ]);
  return textTable(['faults', ...rows.map(({ protocol }) => protocol)], body);
}

function scenarioTable(scenario: Scenario, rows: readonly Experiment[]): string {
  const names = [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))].filter((name) =>
    scenario.headline.includes(name.split(':')[0]!),
  );
  const modes = new Set(rows.map(({ mode }) => mode)).size > 1;
  const head = ['protocol', ...(modes ? ['mode'] : []), 'nodes', ...names.map(titleOf)];
  const body = rows.map((row) => [
    rowName(row),
    ...(modes ? [row.mode] : []),
    row.nodes,
    ...names.map((name) => cellOf(row, name)),
  ]);
  return textTable(head, body);
}

/** What real systems used. Where the process that puts the load on takes a core for itself, it is what was measured. */
function useTable(rows: readonly Experiment[]): string {
  const names = Object.keys(USES);
  const head = ['protocol', ...Object.values(USES)];
  return textTable(
    head,
    rows.map((row) => [rowName(row), ...names.map((name) => cellOf(row, name))]),
  );
}

const USES: Readonly<Record<string, string>> = {
  cpuPerOperationMicroseconds: 'processor time',
  syncsPerOperation: 'forced writes',
  writtenPerOperationBytes: 'written',
  memoryBytes: 'memory in all',
  loadCpuShare: "load's own core",
};

function rowName({ protocol, clients }: Experiment): string {
  return clients > 1 ? `${protocol}, ${clients} clients` : protocol;
}

const TITLES: Readonly<Record<string, string>> = {
  operationsPerSecond: 'operations/s',
  p50Microseconds: 'median',
  p99Microseconds: '99 %',
  messagesPerDecision: 'messages',
  delaysPerDecision: 'delays',
  forcedWritesPerDecision: 'forced writes',
  forcedWritesInAll: 'forced in all',
  firstDecisionMilliseconds: 'first decision',
  unavailableMilliseconds: 'no writes for',
  inDoubtMilliseconds: 'locks held',
  writesPerSecond: 'writes/s',
  recoveryMilliseconds: 'recovery',
};

function titleOf(name: string): string {
  const [base, place] = name.split(':') as [string, string?];
  const title = TITLES[base] ?? base;
  return place === undefined ? title : `${title}\n${place}`;
}

function cellOf({ metrics }: Experiment, name: string): string {
  const value = metrics[name] as number | Estimate | null | undefined;
  if (value === undefined || value === null) return '–';
  const number = typeof value === 'number' ? value : value.value;
  const expected = (metrics.expected as Readonly<Record<string, number>> | undefined)?.[name];
  const text = quantity(name.split(':')[0]!, number);
  if (expected === undefined) return text;
  return expected === number ? `${text} = theory` : `${text} (theory ${quantity(name, expected)})`;
}

/** A metric's value with its unit, which its name tells. */
export function quantity(name: string, value: number): string {
  if (name.endsWith('Microseconds')) return duration(value);
  if (name.endsWith('Milliseconds')) return duration(value * 1000);
  if (name.endsWith('Bytes')) return size(value);
  if (name.endsWith('Share')) return `${significant(value * 100)} %`;
  return significant(value);
}

function duration(microseconds: number): string {
  if (microseconds < 1000) return `${significant(microseconds)} µs`;
  return microseconds < 1_000_000
    ? `${significant(microseconds / 1000)} ms`
    : `${significant(microseconds / 1_000_000)} s`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${significant(bytes)} B`;
  return bytes < 1024 ** 2 ? `${significant(bytes / 1024)} KiB` : `${significant(bytes / 1024 ** 2)} MiB`;
}

/** Three digits at least, all of those before the point, in groups. */
export function significant(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
