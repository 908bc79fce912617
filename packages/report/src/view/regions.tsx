import type { Experiment } from '@quorate/bench/results';
import { type ChartSpec, scaleFor } from '../data/chart.ts';
import { plural, quantity, sentence, slug } from '../data/format.ts';
import { BASE_UNITS, estimateOf, expectedOf, metricNames, parseMetric } from '../data/metrics.ts';
import { distinct, groupBy, modeHeading, type Run, scenarioTitle, styleOf, titleOf } from '../data/run.ts';
import { Chart } from './chart.tsx';
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

/** Whether an experiment has metrics by region, side or client: named like `p50Microseconds:us-east-1`. */
export function hasQualified(experiment: Experiment): boolean {
  return metricNames(experiment).some((name) => parseMetric(name).qualifier !== null);
}

/** Metrics by where the client was, beside what light and quorums allow. */
export function RegionSection({ run, scenario, experiments }: Props) {
  const groups = groupBy(experiments.filter(hasQualified), (row) => JSON.stringify([row.mode, row.nodes]));
  return (
    <Section
      id={run.prefix + slug(scenario)}
      title={scenarioTitle(scenario)}
      lede={
        <p>
          Each region's client beside the theoretical lower bound, where one is known: the short bars in the
          chart. No protocol of its kind can be faster from there.
        </p>
      }
    >
      {[...groups.values()].map((rows) => (
        <Regions key={rows[0]!.mode + rows[0]!.nodes} run={run} rows={rows} />
      ))}
      <MetricTable
        run={run}
        experiments={experiments}
        caption={`${scenarioTitle(scenario)}: all places together`}
        file={`quorate-${slug(scenario)}`}
      />
      <Notes run={run} experiments={experiments} />
      <How run={run} experiments={experiments} />
    </Section>
  );
}

function Regions({ run, rows }: { readonly run: Run; readonly rows: readonly Experiment[] }) {
  const { mode, nodes, scenario } = rows[0]!;
  const names = distinct(rows.flatMap(metricNames)).map((name) => parseMetric(name));
  const qualified = names.filter((name) => name.qualifier !== null);
  const bases = distinct(qualified.map((name) => name.base));
  return (
    <div class="figures">
      <Heading class={`mode mode-${mode}`}>
        {modeHeading(mode)}, {plural(nodes, 'node')}
      </Heading>
      <Legend run={run} protocols={distinct(rows.map((row) => row.protocol))} />
      <div class="grid wide">
        {bases.map((base) => {
          const places = qualified.filter((name) => name.base === base).map((name) => name.qualifier!);
          return (
            <Chart
              key={base}
              title={`${sentence(parseMetric(base).label)} by place`}
              spec={spec(run, rows, base, places)}
            />
          );
        })}
      </div>
      {bases.map((base) => (
        <DataTable
          key={base}
          caption={captionOf(rows, base)}
          columns={columnsOf(run, rows, base)}
          rows={qualified.filter((name) => name.base === base).map((name) => name.qualifier!)}
          file={`quorate-${slug(`${scenario}-${base}`)}`}
        />
      ))}
    </div>
  );
}

function captionOf(rows: readonly Experiment[], base: string): string {
  const bounded = rows.some((row) =>
    metricNames(row).some((name) => parseMetric(name).base === base && expectedOf(row, name) !== null),
  );
  const title = `${sentence(parseMetric(base).label)} by place`;
  return bounded ? `${title}; bound: what theory allows at best` : title;
}

function spec(run: Run, rows: readonly Experiment[], base: string, places: readonly string[]): ChartSpec {
  const { kind, label } = parseMetric(base);
  const series = rows.map((row, i) => ({
    name: titleOf(run, row.protocol),
    style: styleOf(run, row.protocol),
    as: 'points' as const,
    points: places.flatMap((place, at) => {
      const name = `${base}:${place}`;
      const estimate = estimateOf(row, name);
      const bound = expectedOf(row, name);
      if (estimate === null) return [];
      const aside = ((i + 1) / (rows.length + 1) - 0.5) * 0.8;
      const { value, low, high } = estimate;
      return [{ x: at + aside, y: value, low, high, ...(bound === null ? {} : { bound }) }];
    }),
  }));
  const values = series.flatMap((one) => one.points.map((point) => point.y));
  return {
    label: `${sentence(label)} for ${places.length} places and ${rows.length} protocols. The numbers are in the table below.`,
    x: {
      title: '',
      kind: 'count',
      scale: 'categories',
      min: -0.5,
      max: places.length - 0.5,
      categories: places,
    },
    y: {
      title: '',
      kind,
      scale: scaleFor(values.length > 0 ? values : [0]),
      ...(scaleFor(values) === 'linear' ? { min: 0 } : {}),
    },
    series,
    markers: [],
    diagonal: false,
    size: 'tall',
  };
}

function columnsOf(run: Run, rows: readonly Experiment[], base: string): Column<string>[] {
  const { kind } = parseMetric(base);
  const columns: Column<string>[] = [
    { title: 'Place', header: true, sort: (place) => place, cell: (place) => place },
  ];
  for (const row of rows) {
    columns.push({
      title: titleOf(run, row.protocol),
      numeric: true,
      unit: BASE_UNITS[kind],
      sort: (place) => estimateOf(row, `${base}:${place}`)?.value ?? null,
      cell: (place) => {
        const bound = expectedOf(row, `${base}:${place}`);
        return (
          <>
            <Value kind={kind} estimate={estimateOf(row, `${base}:${place}`)} />
            {bound === null ? null : <span class="bound">bound {quantity(kind, bound)}</span>}
          </>
        );
      },
    });
  }
  return columns;
}
