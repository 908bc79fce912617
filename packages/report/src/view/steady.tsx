import type { Estimate, Experiment, SteadyPoint } from '@quorate/bench/results';
import { type ChartSpec, type Series, scaleFor } from '../data/chart.ts';
import { plural, quantity, slug } from '../data/format.ts';
import type { Kind } from '../data/metrics.ts';
import { distinct, groupBy, modeHeading, type Run, scenarioTitle, styleOf, titleOf } from '../data/run.ts';
import { Chart, Numbers } from './chart.tsx';
import { Legend, Value } from './glyph.tsx';
import { MetricTable } from './metric-table.tsx';
import { How, Notes } from './notes.tsx';
import { Heading, Section } from './section.tsx';
import { type Column, DataTable } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly scenario: string;
  readonly experiments: readonly Experiment[];
}

/** Throughput and latency over offered load; simulated and real ones apart. */
export function SteadySection({ run, scenario, experiments }: Props) {
  const groups = groupBy(
    experiments.filter((row) => (row.curve?.length ?? 0) > 0),
    (row) => JSON.stringify([row.mode, row.nodes]),
  );
  return (
    <Section
      id={run.prefix + slug(scenario)}
      title={scenarioTitle(scenario)}
      lede={
        <>
          <p>
            Requests arrive on their own schedule, whether or not earlier ones were answered. Latency counts
            from the intended start, so a stall shows in full.
          </p>
          <p>
            Bars are 95 % intervals over runs. Hollow points: more was offered than completed. The dropped
            line marks the highest load that was kept up with.
          </p>
        </>
      }
    >
      {[...groups.values()].map((rows) => (
        <Curves key={rows[0]!.mode + rows[0]!.nodes} run={run} rows={rows} />
      ))}
      <MetricTable
        run={run}
        experiments={experiments}
        caption={`${scenarioTitle(scenario)}: medians of runs with 95 % intervals`}
        file={`quorate-${slug(scenario)}`}
      />
      <Notes run={run} experiments={experiments} />
      <How run={run} experiments={experiments} />
    </Section>
  );
}

interface View {
  readonly title: string;
  readonly kind: Kind;
  readonly pick: (point: SteadyPoint) => Estimate;
}

const VIEWS: readonly View[] = [
  { title: 'Median latency', kind: 'duration', pick: (point) => point.p50Microseconds },
  { title: '99th-percentile latency', kind: 'duration', pick: (point) => point.p99Microseconds },
  { title: 'Completed', kind: 'rate', pick: (point) => point.achievedPerSecond },
];

function Curves({ run, rows }: { readonly run: Run; readonly rows: readonly Experiment[] }) {
  const { mode, nodes } = rows[0]!;
  return (
    <div class="figures">
      <Heading class={`mode mode-${mode}`}>
        {modeHeading(mode)}, {plural(nodes, 'node')}
      </Heading>
      <Legend run={run} protocols={distinct(rows.map((row) => row.protocol))} />
      <div class="grid">
        {VIEWS.map((view) => (
          <Chart
            key={view.title}
            title={`${view.title} over offered load`}
            spec={curveSpec(run, rows, view)}
          />
        ))}
      </div>
      <p class="knees">
        Kept up with: {rows.map((row) => `${titleOf(run, row.protocol)} ${kneeText(row.curve!)}`).join('; ')}.
      </p>
      <Numbers>
        <DataTable
          caption={`${modeHeading(mode)}: each point of the curves`}
          columns={pointColumns(run)}
          rows={rows.flatMap((row) => row.curve!.map((point) => ({ protocol: row.protocol, point })))}
          file={`quorate-curves-${mode}`}
        />
      </Numbers>
    </div>
  );
}

/** The highest offered load below which nothing was saturated; null where the lowest already was. */
function kneeOf(curve: readonly SteadyPoint[]): number | null {
  const points = [...curve].sort((a, b) => a.offeredPerSecond - b.offeredPerSecond);
  const over = points.findIndex((point) => point.saturated);
  return points[(over < 0 ? points.length : over) - 1]?.offeredPerSecond ?? null;
}

function kneeText(curve: readonly SteadyPoint[]): string {
  const knee = kneeOf(curve);
  if (knee === null) return 'not even the lowest load offered';
  const saturated = curve.some((point) => point.saturated);
  return saturated ? `up to ${quantity('rate', knee)}` : `all that was offered, ${quantity('rate', knee)}`;
}

function curveSpec(run: Run, rows: readonly Experiment[], view: View): ChartSpec {
  const points = rows.flatMap((row) => row.curve!);
  const offered = points.map((point) => point.offeredPerSecond);
  const rate = view.kind === 'rate';
  const values = points.map((point) => view.pick(point).value);
  const xScale = scaleFor(offered);
  const yScale = rate ? xScale : scaleFor(values);
  return {
    label: `${view.title} over offered load, ${rows.map((row) => describe(run, row, view)).join('; ')}. The numbers are in the table below.`,
    x: { title: 'offered per second', kind: 'rate', scale: xScale },
    y: {
      title: '',
      kind: view.kind,
      scale: yScale,
      ...(yScale === 'logarithmic' ? { min: Math.min(...values) * 0.6 } : { min: 0 }),
    },
    series: rows.map((row) => seriesOf(run, row, view)),
    markers: [],
    diagonal: rate,
    size: 'tall',
  };
}

function seriesOf(run: Run, row: Experiment, view: View): Series {
  const knee = kneeOf(row.curve!);
  return {
    name: titleOf(run, row.protocol),
    style: styleOf(run, row.protocol),
    as: 'line',
    points: row.curve!.map((point) => {
      const { value, low, high } = view.pick(point);
      return { x: point.offeredPerSecond, y: value, low, high, hollow: point.saturated };
    }),
    ...(knee !== null && row.curve!.some((point) => point.saturated) ? { kneeAt: knee } : {}),
  };
}

function describe(run: Run, row: Experiment, view: View): string {
  const first = row.curve![0]!;
  const last = row.curve![row.curve!.length - 1]!;
  const at = (point: SteadyPoint) =>
    `${quantity(view.kind, view.pick(point).value)} at ${quantity('rate', point.offeredPerSecond)}`;
  return `${titleOf(run, row.protocol)}: from ${at(first)} to ${at(last)}`;
}

interface PointRow {
  readonly protocol: string;
  readonly point: SteadyPoint;
}

function pointColumns(run: Run): Column<PointRow>[] {
  const estimate = (title: string, kind: Kind, pick: (point: SteadyPoint) => Estimate | undefined) => ({
    title,
    numeric: true,
    sort: ({ point }: PointRow) => pick(point)?.value ?? null,
    cell: ({ point }: PointRow) => <Value kind={kind} estimate={pick(point) ?? null} />,
  });
  return [
    {
      title: 'Protocol',
      header: true,
      sort: (row) => titleOf(run, row.protocol),
      cell: (row) => titleOf(run, row.protocol),
    },
    {
      title: 'Offered',
      numeric: true,
      sort: ({ point }) => point.offeredPerSecond,
      cell: ({ point }) => quantity('rate', point.offeredPerSecond),
    },
    estimate('Completed', 'rate', (point) => point.achievedPerSecond),
    estimate('Median', 'duration', (point) => point.p50Microseconds),
    estimate('99th percentile', 'duration', (point) => point.p99Microseconds),
    estimate('99.9th percentile', 'duration', (point) => point.p999Microseconds),
    {
      title: 'Saturated',
      sort: ({ point }) => (point.saturated ? 'saturated' : 'kept up'),
      cell: ({ point }) => (point.saturated ? 'saturated' : 'kept up'),
    },
  ];
}
