import type { CostMetrics, Estimate, Experiment, Results } from '@quorate/bench/results';

const COLUMNS = ['scenario', 'protocol', 'mode', 'nodes', 'clients', 'metric', 'value', 'low', 'high'];

/**
 * Results as CSV (RFC 4180, lines end in CR LF) in long format: one line per experiment and metric, with the columns `scenario,
 * protocol, mode, nodes, clients, metric, value, low, high`. An exact number has empty `low` and `high`, a missing one an empty
 * `value`. Theory follows as `expectedMessagesPerDecision`, …; points of a curve as `p50Microseconds:offered=1000`.
 */
export function toCsv(results: Results): string {
  const lines = results.experiments.flatMap((experiment) => {
    const { scenario, protocol, mode, nodes, clients } = experiment;
    const rows = [...metricRows(experiment), ...curveRows(experiment)];
    return rows.map((row) => [scenario, protocol, mode, nodes, clients, ...row]);
  });
  return csvLines([COLUMNS, ...lines]);
}

/** Joins rows of cells into CSV text. */
export function csvLines(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it, as spreadsheets themselves write it. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

type Row = [metric: string, value: number | null, low: number | null, high: number | null];

function metricRows(experiment: Experiment): Row[] {
  return Object.entries(experiment.metrics).flatMap(([name, value]): Row[] => {
    if (value === null) return [[name, null, null, null]];
    if (typeof value === 'number') return [[name, value, null, null]];
    return isEstimate(value) ? [estimateRow(name, value)] : expectedRows(value);
  });
}

function expectedRows(expected: CostMetrics['expected']): Row[] {
  return Object.entries(expected).map(([name, value]) => {
    return [`expected${name.charAt(0).toUpperCase()}${name.slice(1)}`, value, null, null];
  });
}

function curveRows(experiment: Experiment): Row[] {
  return (experiment.curve ?? []).flatMap((point) => {
    const at = `offered=${point.offeredPerSecond}`;
    const rows: Row[] = [
      estimateRow(`achievedPerSecond:${at}`, point.achievedPerSecond),
      estimateRow(`p50Microseconds:${at}`, point.p50Microseconds),
      estimateRow(`p99Microseconds:${at}`, point.p99Microseconds),
    ];
    if (point.p999Microseconds) rows.push(estimateRow(`p999Microseconds:${at}`, point.p999Microseconds));
    rows.push([`saturated:${at}`, point.saturated ? 1 : 0, null, null]);
    return rows;
  });
}

function estimateRow(name: string, estimate: Estimate): Row {
  return [name, estimate.value, estimate.low, estimate.high];
}

function isEstimate(value: Estimate | CostMetrics['expected']): value is Estimate {
  return 'low' in value && 'high' in value;
}
