import type { Experiment, Timeline } from '@quorate/bench/results';
import type { ChartSpec, Marker, Point } from '../data/chart.ts';
import { slug } from '../data/format.ts';
import { groupBy, modeHeading, type Run, scenarioTitle, styleOf, titleOf } from '../data/run.ts';
import type { Text } from '../text/text.ts';
import { Chart, Numbers } from './chart.tsx';
import { useText } from './context.ts';
import { Name } from './glyph.tsx';
import { MetricTable } from './metric-table.tsx';
import { How, Notes } from './notes.tsx';
import { Heading, Section } from './section.tsx';
import { type Column, DataTable } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly scenario: string;
  readonly experiments: readonly Experiment[];
}

/** What happened around a fault, protocol by protocol on the same scales. */
export function TimelineSection({ run, scenario, experiments }: Props) {
  const { text } = run;
  const groups = groupBy(
    experiments.filter((row) => row.timeline !== undefined),
    (row) => JSON.stringify([row.mode, row.nodes]),
  );
  return (
    <Section
      id={run.prefix + slug(scenario)}
      title={scenarioTitle(text, scenario)}
      lede={<p>{text.t('timeline.lede')}</p>}
    >
      <MetricTable
        run={run}
        experiments={experiments}
        caption={text.t('section.medians', { scenario: scenarioTitle(text, scenario) })}
        file={`quorate-${slug(scenario)}`}
      />
      <Notes run={run} experiments={experiments} />
      {[...groups.values()].map((rows) => (
        <Timelines key={rows[0]!.mode + rows[0]!.nodes} run={run} rows={rows} />
      ))}
      <How run={run} experiments={experiments} />
    </Section>
  );
}

function Timelines({ run, rows }: { readonly run: Run; readonly rows: readonly Experiment[] }) {
  const { text } = run;
  const { mode, nodes } = rows[0]!;
  const extent = extentOf(rows.map((row) => row.timeline!));
  return (
    <div class="figures">
      <Heading class={`mode mode-${mode}`}>
        {modeHeading(text, mode) + text.t('format.comma') + text.t('count.nodes', { count: nodes })}
      </Heading>
      <div class="timelines">
        {rows.map((row) => (
          <div class="timeline" key={row.protocol}>
            <Heading below={1}>
              <Name run={run} protocol={row.protocol} />
            </Heading>
            <Chart
              title={text.t('timeline.operations', { bucket: bucketText(text, row.timeline!) })}
              spec={operationsSpec(run, row, extent)}
            />
            <Chart title={text.t('timeline.pending')} spec={pendingSpec(run, row, extent)} />
            <Events timeline={row.timeline!} />
            <Numbers>
              <TimelineTable timeline={row.timeline!} title={titleOf(run, row.protocol)} />
            </Numbers>
          </div>
        ))}
      </div>
    </div>
  );
}

interface Extent {
  readonly seconds: number;
  readonly completed: number;
  readonly failed: number;
  readonly pending: number;
}

function extentOf(timelines: readonly Timeline[]): Extent {
  const most = (pick: (timeline: Timeline) => readonly number[]) =>
    timelines.reduce((max, timeline) => pick(timeline).reduce((a, b) => Math.max(a, b), max), 0);
  const seconds = timelines.map((t) => (t.completed.length * t.bucketMilliseconds) / 1000);
  return {
    seconds: Math.max(...seconds),
    completed: most((timeline) => timeline.completed),
    failed: most((timeline) => timeline.failed),
    pending: most((timeline) => timeline.oldestPendingMilliseconds) * 1000,
  };
}

function bucketText(text: Text, timeline: Timeline): string {
  return text.quantity('duration', timeline.bucketMilliseconds * 1000);
}

/** Steps from bucket to bucket; the last one is drawn to its end. */
function steps(values: readonly number[], bucketMilliseconds: number, scale: number): Point[] {
  const points = values.map((value, i) => ({ x: i * bucketMilliseconds * 1000, y: value * scale }));
  const last = points[points.length - 1];
  return last === undefined ? [] : [...points, { x: last.x + bucketMilliseconds * 1000, y: last.y }];
}

function markersOf(timeline: Timeline): Marker[] {
  return timeline.events.map((event, i) => ({
    x: event.atMilliseconds * 1000,
    number: i + 1,
    kind: event.kind,
  }));
}

function operationsSpec(run: Run, row: Experiment, extent: Extent): ChartSpec {
  const timeline = row.timeline!;
  const { bucketMilliseconds, completed, failed } = timeline;
  const { text } = run;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const silent = completed.filter((count) => count === 0).length * bucketMilliseconds * 1000;
  return {
    label: text.t('chart.seeTable', {
      label: text.t('timeline.operationsLabel', {
        protocol: titleOf(run, row.protocol),
        completed: sum(completed),
        failed: sum(failed),
        silent: text.quantity('duration', silent),
      }),
    }),
    x: { title: '', kind: 'duration', scale: 'linear', min: 0, max: extent.seconds * 1_000_000 },
    y: { title: '', kind: 'count', scale: 'linear', min: -extent.failed * 1.1, max: extent.completed * 1.1 },
    series: [
      {
        name: text.t('timeline.completed'),
        style: styleOf(run, row.protocol),
        as: 'steps',
        points: steps(completed, bucketMilliseconds, 1),
      },
      {
        name: text.t('timeline.failed'),
        style: 'failure',
        as: 'steps',
        points: steps(failed, bucketMilliseconds, -1),
      },
    ],
    markers: markersOf(timeline),
    diagonal: false,
    size: 'tall',
  };
}

function pendingSpec(run: Run, row: Experiment, extent: Extent): ChartSpec {
  const timeline = row.timeline!;
  const { text } = run;
  const values = timeline.oldestPendingMilliseconds;
  const most = text.quantity('duration', Math.max(0, ...values) * 1000);
  return {
    label: text.t('timeline.pendingLabel', { protocol: titleOf(run, row.protocol), most }),
    x: { title: '', kind: 'duration', scale: 'linear', min: 0, max: extent.seconds * 1_000_000 },
    y: { title: '', kind: 'duration', scale: 'linear', min: 0, max: extent.pending * 1.1 },
    series: [
      {
        name: text.t('timeline.oldest'),
        style: styleOf(run, row.protocol),
        as: 'steps',
        points: steps(values, timeline.bucketMilliseconds, 1000),
      },
    ],
    markers: markersOf(timeline),
    diagonal: false,
    size: 'low',
  };
}

const SYMBOLS = { fault: '▼', heal: '▲', role: '◆' } as const;

function Events({ timeline }: { readonly timeline: Timeline }) {
  const text = useText();
  if (timeline.events.length === 0) return null;
  return (
    <ol class="events">
      {timeline.events.map((event, i) => (
        <li key={i}>
          <span class={`event event-${event.kind}`}>
            <span aria-hidden="true">{SYMBOLS[event.kind]}</span> {text.t(`event.${event.kind}`)}
          </span>{' '}
          <span class="at">{text.quantity('duration', event.atMilliseconds * 1000)}</span>{' '}
          {text.said(event.label)}
        </li>
      ))}
    </ol>
  );
}

interface Bucket {
  readonly from: number;
  readonly completed: number;
  readonly failed: number;
  readonly pending: number;
}

const ROWS_MAX = 24;

/** At most 24 rows, several buckets summed in each where there are more. */
function bucketsOf(timeline: Timeline): { readonly milliseconds: number; readonly rows: Bucket[] } {
  const { bucketMilliseconds, completed, failed, oldestPendingMilliseconds } = timeline;
  const width = Math.max(1, Math.ceil(completed.length / ROWS_MAX));
  const rows: Bucket[] = [];
  for (let i = 0; i < completed.length; i += width) {
    rows.push({
      from: i * bucketMilliseconds * 1000,
      completed: completed.slice(i, i + width).reduce((a, b) => a + b, 0),
      failed: failed.slice(i, i + width).reduce((a, b) => a + b, 0),
      pending: Math.max(0, ...oldestPendingMilliseconds.slice(i, i + width)) * 1000,
    });
  }
  return { milliseconds: width * bucketMilliseconds, rows };
}

function bucketColumns(text: Text): Column<Bucket>[] {
  const duration = (pick: (bucket: Bucket) => number) => ({
    unit: 'µs',
    sort: pick,
    cell: (bucket: Bucket) => text.quantity('duration', pick(bucket)),
  });
  const count = (pick: (bucket: Bucket) => number) => ({
    numeric: true,
    sort: pick,
    cell: (bucket: Bucket) => text.number(pick(bucket)),
  });
  return [
    { title: text.t('column.from'), header: true, ...duration((bucket) => bucket.from) },
    { title: text.t('column.completed'), ...count((bucket) => bucket.completed) },
    { title: text.t('column.failed'), ...count((bucket) => bucket.failed) },
    { title: text.t('column.pending'), numeric: true, ...duration((bucket) => bucket.pending) },
  ];
}

function TimelineTable({ timeline, title }: { readonly timeline: Timeline; readonly title: string }) {
  const text = useText();
  const { milliseconds, rows } = bucketsOf(timeline);
  return (
    <DataTable
      caption={text.t('timeline.table', {
        protocol: title,
        bucket: text.quantity('duration', milliseconds * 1000),
      })}
      columns={bucketColumns(text)}
      rows={rows}
      file="quorate-timeline"
    />
  );
}
