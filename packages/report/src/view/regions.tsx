import type { Experiment } from '@quorate/bench/results';
import { type ChartSpec, scaleFor } from '../data/chart.ts';
import { sentence, slug } from '../data/format.ts';
import {
  estimateOf,
  expectedOf,
  metricNames,
  metricTitle,
  parseMetric,
  placeTitle,
  unitOf,
} from '../data/metrics.ts';
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
  const { text } = run;
  const groups = groupBy(experiments.filter(hasQualified), (row) => JSON.stringify([row.mode, row.nodes]));
  return (
    <Section
      id={run.prefix + slug(scenario)}
      title={scenarioTitle(text, scenario)}
      lede={<p>{text.t('region.lede')}</p>}
    >
      {[...groups.values()].map((rows) => (
        <Regions key={rows[0]!.mode + rows[0]!.nodes} run={run} rows={rows} />
      ))}
      <MetricTable
        run={run}
        experiments={experiments}
        caption={text.t('region.all', { scenario: scenarioTitle(text, scenario) })}
        file={`quorate-${slug(scenario)}`}
      />
      <Notes run={run} experiments={experiments} />
      <How run={run} experiments={experiments} />
    </Section>
  );
}

function Regions({ run, rows }: { readonly run: Run; readonly rows: readonly Experiment[] }) {
  const { text } = run;
  const { mode, nodes, scenario } = rows[0]!;
  const names = distinct(rows.flatMap(metricNames)).map((name) => parseMetric(name));
  const qualified = names.filter((name) => name.qualifier !== null);
  const bases = distinct(qualified.map((name) => name.base));
  return (
    <div class="figures">
      <Heading class={`mode mode-${mode}`}>
        {modeHeading(text, mode) + text.t('format.comma') + text.t('count.nodes', { count: nodes })}
      </Heading>
      <Legend run={run} protocols={distinct(rows.map((row) => row.protocol))} />
      <div class="grid wide">
        {bases.map((base) => {
          const places = qualified.filter((name) => name.base === base).map((name) => name.qualifier!);
          return (
            <Chart
              key={base}
              title={byPlace(text, base)}
              file={slug(`quorate-${scenario}-${base}-${mode}`)}
              spec={spec(run, rows, base, places)}
            />
          );
        })}
      </div>
      {bases.map((base) => (
        <DataTable
          key={base}
          caption={captionOf(text, rows, base)}
          columns={columnsOf(run, rows, base)}
          rows={qualified.filter((name) => name.base === base).map((name) => name.qualifier!)}
          file={`quorate-${slug(`${scenario}-${base}`)}`}
        />
      ))}
    </div>
  );
}

function byPlace(text: Text, base: string): string {
  return sentence(text.t('region.byPlace', { metric: metricTitle(text, base) }));
}

function captionOf(text: Text, rows: readonly Experiment[], base: string): string {
  const bounded = rows.some((row) =>
    metricNames(row).some((name) => parseMetric(name).base === base && expectedOf(row, name) !== null),
  );
  const title = byPlace(text, base);
  return bounded ? text.t('region.bounded', { title }) : title;
}

function spec(run: Run, rows: readonly Experiment[], base: string, places: readonly string[]): ChartSpec {
  const { text } = run;
  const { kind } = parseMetric(base);
  const series = rows.map((row, i) => ({
    name: shortTitleOf(run, row.protocol),
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
    label: text.t('chart.seeTable', {
      label: text.t('region.label', {
        metric: sentence(metricTitle(text, base)),
        places: places.length,
        protocols: text.t('count.protocols', { count: rows.length }),
      }),
    }),
    x: {
      title: '',
      kind: 'count',
      scale: 'categories',
      min: -0.5,
      max: places.length - 0.5,
      categories: places.map((place) => placeTitle(text, place)),
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
  const { text } = run;
  const { kind } = parseMetric(base);
  const columns: Column<string>[] = [
    {
      title: text.t('column.place'),
      header: true,
      sort: (place) => placeTitle(text, place),
      cell: (place) => placeTitle(text, place),
    },
  ];
  for (const row of rows) {
    columns.push({
      title: shortTitleOf(run, row.protocol),
      numeric: true,
      unit: unitOf(text, kind),
      sort: (place) => estimateOf(row, `${base}:${place}`)?.value ?? null,
      cell: (place) => {
        const bound = expectedOf(row, `${base}:${place}`);
        return (
          <>
            <Value kind={kind} estimate={estimateOf(row, `${base}:${place}`)} />
            {bound === null ? null : (
              <span class="bound">{text.t('chart.bound', { value: text.quantity(kind, bound) })}</span>
            )}
          </>
        );
      },
    });
  }
  return columns;
}
