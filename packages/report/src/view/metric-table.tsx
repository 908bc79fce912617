import type { Experiment } from '@quorate/bench/results';
import { sentence } from '../data/format.ts';
import { BASE_UNITS, estimateOf, metricNames, parseMetric } from '../data/metrics.ts';
import { distinct, modeTitle, type Run, titleOf } from '../data/run.ts';
import { Name, Value } from './glyph.tsx';
import { type Column, DataTable } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly experiments: readonly Experiment[];
  readonly caption: string;
  readonly file: string;
}

/** One row per experiment, one column per metric without qualifier, in the order in which metrics first appear. */
export function MetricTable({ run, experiments, caption, file }: Props) {
  const names = distinct(experiments.flatMap(metricNames)).filter(
    (name) => parseMetric(name).qualifier === null,
  );
  if (names.length === 0) return null;
  const columns = [...rowColumns(run, experiments), ...names.map(metricColumn)];
  return <DataTable caption={caption} columns={columns} rows={experiments} file={file} />;
}

/** The columns that name a row: its protocol always, the rest where it varies or says something. */
export function rowColumns(run: Run, experiments: readonly Experiment[]): Column<Experiment>[] {
  const varies = (pick: (row: Experiment) => unknown) => distinct(experiments.map(pick)).length > 1;
  const columns: Column<Experiment>[] = [
    {
      title: 'Protocol',
      header: true,
      sort: (row) => titleOf(run, row.protocol),
      cell: (row) => <Name run={run} protocol={row.protocol} />,
    },
  ];
  if (varies((row) => row.mode)) {
    columns.push({ title: 'Mode', sort: (row) => modeTitle(row.mode), cell: (row) => modeTitle(row.mode) });
  }
  if (varies((row) => row.nodes)) {
    columns.push({ title: 'Nodes', numeric: true, sort: (row) => row.nodes, cell: (row) => row.nodes });
  }
  if (varies((row) => row.clients)) {
    columns.push({
      title: 'Clients',
      numeric: true,
      sort: (row) => row.clients,
      cell: (row) => (row.clients === 0 ? 'open loop' : row.clients),
    });
  }
  return columns;
}

function metricColumn(name: string): Column<Experiment> {
  const { label, kind } = parseMetric(name);
  return {
    title: sentence(label),
    numeric: true,
    unit: BASE_UNITS[kind],
    sort: (row) => estimateOf(row, name)?.value ?? null,
    cell: (row) => <Value kind={kind} estimate={estimateOf(row, name)} />,
  };
}
