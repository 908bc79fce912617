import type { Experiment } from '@quorate/bench/results';
import { sentence } from '../data/format.ts';
import { estimateOf, metricNames, metricTitle, parseMetric, unitOf } from '../data/metrics.ts';
import { distinct, modeTitle, type Run, shortTitleOf } from '../data/run.ts';
import type { Text } from '../text/text.ts';
import { Name, Value } from './glyph.tsx';
import { type Column, DataTable } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly experiments: readonly Experiment[];
  readonly caption: string;
  readonly file: string;
}

/** What a system used, of which only real ones tell: a table of its own. */
const USES: readonly string[] = [
  'cpuPerOperationMicroseconds',
  'syncsPerOperation',
  'writtenPerOperationBytes',
  'memoryBytes',
  'loadCpuShare',
];

/** One row per experiment, one column per metric without qualifier, in the order in which metrics first appear. */
export function MetricTable({ run, experiments, caption, file }: Props) {
  const names = distinct(experiments.flatMap(metricNames)).filter(
    (name) => parseMetric(name).qualifier === null,
  );
  if (names.length === 0) return null;
  const results = names.filter((name) => !USES.includes(name));
  const uses = names.filter((name) => USES.includes(name));
  const used = experiments.filter((row) => uses.some((name) => estimateOf(row, name) !== null));
  const columns = (rows: readonly Experiment[], of: readonly string[]) => [
    ...rowColumns(run, rows),
    ...of.map((name) => metricColumn(run.text, name)),
  ];
  return (
    <>
      <DataTable caption={caption} columns={columns(experiments, results)} rows={experiments} file={file} />
      {used.length === 0 ? null : (
        <DataTable
          caption={run.text.t('use.caption')}
          columns={columns(used, uses)}
          rows={used}
          file={`${file}-use`}
        />
      )}
    </>
  );
}

/** The columns that name a row: its protocol always, the rest where it varies or says something. */
export function rowColumns(run: Run, experiments: readonly Experiment[]): Column<Experiment>[] {
  const { text } = run;
  const varies = (pick: (row: Experiment) => unknown) => distinct(experiments.map(pick)).length > 1;
  const columns: Column<Experiment>[] = [
    {
      title: text.t('column.protocol'),
      header: true,
      sort: (row) => shortTitleOf(run, row.protocol),
      cell: (row) => (
        <>
          <Name run={run} protocol={row.protocol} />
          {run.peers.get(row.protocol)?.limit ? <span class="under">{text.t('beside.limit')}</span> : null}
        </>
      ),
    },
  ];
  if (varies((row) => row.mode)) {
    columns.push({
      title: text.t('column.mode'),
      sort: (row) => modeTitle(text, row.mode),
      cell: (row) => modeTitle(text, row.mode),
    });
  }
  if (varies((row) => row.nodes)) {
    columns.push({
      title: text.t('column.nodes'),
      numeric: true,
      sort: (row) => row.nodes,
      cell: (row) => row.nodes,
    });
  }
  if (varies((row) => row.clients)) {
    columns.push({
      title: text.t('column.clients'),
      numeric: true,
      sort: (row) => row.clients,
      cell: (row) => (row.clients === 0 ? text.t('column.openLoop') : row.clients),
    });
  }
  return columns;
}

function metricColumn(text: Text, name: string): Column<Experiment> {
  const { kind } = parseMetric(name);
  return {
    title: sentence(metricTitle(text, name)),
    numeric: true,
    unit: unitOf(text, kind),
    sort: (row) => estimateOf(row, name)?.value ?? null,
    cell: (row) => <Value kind={kind} estimate={estimateOf(row, name)} />,
  };
}
