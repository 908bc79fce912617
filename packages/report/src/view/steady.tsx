import type { Estimate, Experiment, SteadyPoint } from '@quorate/bench/results';
import { type ChartSpec, type Series, scaleFor } from '../data/chart.ts';
import { type Followable, wayOf } from '../data/followed.ts';
import { slug } from '../data/format.ts';
import type { Kind } from '../data/metrics.ts';
import {
  distinct,
  groupBy,
  modeHeading,
  type Run,
  scenarioTitle,
  shortTitleOf,
  styleOf,
} from '../data/run.ts';
import type { Text } from '../text/text.ts';
import { Chart, Numbers } from './chart.tsx';
import { Ways } from './follow.tsx';
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
  const { text } = run;
  const groups = groupBy(
    experiments.filter((row) => (row.curve?.length ?? 0) > 0),
    (row) => JSON.stringify([row.mode, row.nodes]),
  );
  return (
    <Section
      id={run.prefix + slug(scenario)}
      title={scenarioTitle(text, scenario)}
      lede={
        <>
          <p>{text.t('steady.lede')}</p>
          <p>{text.t('steady.legend')}</p>
        </>
      }
    >
      {[...groups.values()].map((rows) => (
        <Curves key={rows[0]!.mode + rows[0]!.nodes} run={run} rows={rows} />
      ))}
      <MetricTable
        run={run}
        experiments={experiments}
        caption={text.t('section.medians', { scenario: scenarioTitle(text, scenario) })}
        file={`quorate-${slug(scenario)}`}
      />
      <Notes run={run} experiments={experiments} />
      <How run={run} experiments={experiments} />
    </Section>
  );
}

interface View {
  readonly title: 'steady.median' | 'steady.p99' | 'steady.completed';
  readonly kind: Kind;
  readonly pick: (point: SteadyPoint) => Estimate;
  /** The operation that a point leads to, in the recorded run. */
  readonly follow?: Followable;
}

const VIEWS: readonly View[] = [
  { title: 'steady.median', kind: 'duration', pick: (point) => point.p50Microseconds, follow: 'p50' },
  { title: 'steady.p99', kind: 'duration', pick: (point) => point.p99Microseconds, follow: 'p99' },
  { title: 'steady.completed', kind: 'rate', pick: (point) => point.achievedPerSecond },
];

function Curves({ run, rows }: { readonly run: Run; readonly rows: readonly Experiment[] }) {
  const { text } = run;
  const { mode, nodes } = rows[0]!;
  return (
    <div class="figures">
      <Heading class={`mode mode-${mode}`}>
        {modeHeading(text, mode) + text.t('format.comma') + text.t('count.nodes', { count: nodes })}
      </Heading>
      <Legend run={run} protocols={distinct(rows.map((row) => row.protocol))} />
      <div class="grid">
        {VIEWS.map((view) => (
          <Chart
            key={view.title}
            title={text.t(view.title)}
            file={slug(`quorate-${view.title}-${mode}`)}
            spec={curveSpec(run, rows, view)}
          />
        ))}
      </div>
      <p class="knees">
        {text.t('steady.keptUp', {
          protocols: rows
            .map((row) =>
              text.t('steady.keptUpWith', {
                protocol: shortTitleOf(run, row.protocol),
                load: kneeText(text, row.curve!),
              }),
            )
            .join(text.t('format.semicolon')),
        })}
      </p>
      <Ways run={run} rows={rows} />
      <Numbers>
        <DataTable
          caption={text.t('steady.points', { mode: modeHeading(text, mode) })}
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

function kneeText(text: Text, curve: readonly SteadyPoint[]): string {
  const knee = kneeOf(curve);
  if (knee === null) return text.t('steady.notLowest');
  const saturated = curve.some((point) => point.saturated);
  return text.t(saturated ? 'steady.upTo' : 'steady.all', { rate: text.quantity('rate', knee) });
}

function curveSpec(run: Run, rows: readonly Experiment[], view: View): ChartSpec {
  const { text } = run;
  const points = rows.flatMap((row) => row.curve!);
  const offered = points.map((point) => point.offeredPerSecond);
  const rate = view.kind === 'rate';
  const values = points.map((point) => view.pick(point).value);
  const xScale = scaleFor(offered);
  const yScale = rate ? xScale : scaleFor(values);
  return {
    label: text.t('chart.seeTable', {
      label: text.t('steady.label', {
        title: text.t(view.title),
        protocols: rows.map((row) => describe(run, row, view)).join(text.t('format.semicolon')),
      }),
    }),
    x: {
      title: text.t('steady.axis'),
      kind: 'rate',
      scale: xScale,
      // room around the outermost points, which would else stand on the axis
      min: xScale === 'logarithmic' ? Math.min(...offered) * 0.8 : 0,
      max: Math.max(...offered) * (xScale === 'logarithmic' ? 1.25 : 1.04),
    },
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
    hint: text.t('follow.click'),
  };
}

function seriesOf(run: Run, row: Experiment, view: View): Series {
  const knee = kneeOf(row.curve!);
  const followed = run.followed.get(row);
  const leads = followed && view.follow ? { leadsTo: wayOf(followed, view.follow) } : {};
  return {
    name: shortTitleOf(run, row.protocol),
    style: styleOf(run, row.protocol),
    as: 'line',
    points: row.curve!.map((point) => {
      const { value, low, high } = view.pick(point);
      return { x: point.offeredPerSecond, y: value, low, high, hollow: point.saturated, ...leads };
    }),
    ...(knee !== null && row.curve!.some((point) => point.saturated) ? { kneeAt: knee } : {}),
  };
}

function describe(run: Run, row: Experiment, view: View): string {
  const { text } = run;
  const first = row.curve![0]!;
  const last = row.curve![row.curve!.length - 1]!;
  const at = (point: SteadyPoint) =>
    text.t('steady.labelAt', {
      value: text.quantity(view.kind, view.pick(point).value),
      rate: text.quantity('rate', point.offeredPerSecond),
    });
  return text.t('steady.labelOf', {
    protocol: shortTitleOf(run, row.protocol),
    from: at(first),
    to: at(last),
  });
}

interface PointRow {
  readonly protocol: string;
  readonly point: SteadyPoint;
}

function pointColumns(run: Run): Column<PointRow>[] {
  const { text } = run;
  const estimate = (title: string, kind: Kind, pick: (point: SteadyPoint) => Estimate | undefined) => ({
    title,
    numeric: true,
    sort: ({ point }: PointRow) => pick(point)?.value ?? null,
    cell: ({ point }: PointRow) => <Value kind={kind} estimate={pick(point) ?? null} />,
  });
  return [
    {
      title: text.t('column.protocol'),
      header: true,
      sort: (row) => shortTitleOf(run, row.protocol),
      cell: (row) => shortTitleOf(run, row.protocol),
    },
    {
      title: text.t('column.offered'),
      numeric: true,
      sort: ({ point }) => point.offeredPerSecond,
      cell: ({ point }) => text.quantity('rate', point.offeredPerSecond),
    },
    estimate(text.t('column.completed'), 'rate', (point) => point.achievedPerSecond),
    estimate(text.t('column.median'), 'duration', (point) => point.p50Microseconds),
    estimate(text.t('column.p99'), 'duration', (point) => point.p99Microseconds),
    estimate(text.t('column.p999'), 'duration', (point) => point.p999Microseconds),
    {
      title: text.t('column.saturated'),
      sort: ({ point }) => text.t(point.saturated ? 'steady.saturated' : 'steady.kept'),
      cell: ({ point }) => text.t(point.saturated ? 'steady.saturated' : 'steady.kept'),
    },
  ];
}
