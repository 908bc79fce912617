import type { Experiment, Timeline } from '@quorate/bench/results';
import { type Followed, momentOf } from '../data/followed.ts';
import { slug } from '../data/format.ts';
import { groupBy, modeHeading, modeTitle, type Run, scenarioTitle, shortTitleOf } from '../data/run.ts';
import {
  doubtSpec,
  type Extent,
  extentOf,
  leaderSpec,
  operationsSpec,
  pendingSpec,
} from '../data/timeline-charts.ts';
import type { Text } from '../text/text.ts';
import { Chart, Numbers } from './chart.tsx';
import { useText } from './context.ts';
import { recordedRun } from './follow.tsx';
import { Name } from './glyph.tsx';
import { MetricTable } from './metric-table.tsx';
import { How, Notes } from './notes.tsx';
import { Said } from './said.tsx';
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
      <Moments run={run} rows={rows} />
      <div class="timelines">
        {rows.map((row) => (
          <div class="timeline" key={row.protocol}>
            <Heading below={1}>
              <Name run={run} protocol={row.protocol} />
            </Heading>
            <Chart
              title={text.t('timeline.operations', { bucket: bucketText(text, row.timeline!) })}
              file={fileOf(row, 'operations')}
              spec={operationsSpec(run, row, extent)}
            />
            <Chart
              title={text.t('timeline.pending')}
              file={fileOf(row, 'pending')}
              spec={pendingSpec(run, row, extent)}
            />
            <Inside run={run} row={row} extent={extent} />
            <Events timeline={row.timeline!} followed={run.followed.get(row)} />
            <Numbers>
              <TimelineTable timeline={row.timeline!} title={nameOf(run, row)} />
            </Numbers>
          </div>
        ))}
      </div>
    </div>
  );
}

interface InsideProps {
  readonly run: Run;
  readonly row: Experiment;
  readonly extent: Extent;
}

/** What only a simulation can see: who leads, and which transactions are in doubt. */
function Inside({ run, row, extent }: InsideProps) {
  const { text } = run;
  const [leaders, doubt] = [leaderSpec(run, row, extent), doubtSpec(run, row, extent)];
  return (
    <>
      {leaders === null ? null : (
        <Chart title={text.t('timeline.leader')} file={fileOf(row, 'leader')} spec={leaders} />
      )}
      {doubt === null ? null : (
        <Chart title={text.t('timeline.doubt')} file={fileOf(row, 'in-doubt')} spec={doubt} />
      )}
    </>
  );
}

/** Tells a table from all others of the page: `Leader crash, simulated, Raft`. */
function nameOf(run: Run, { scenario, mode, protocol }: Experiment): string {
  const { text } = run;
  const parts = [scenarioTitle(text, scenario), modeTitle(text, mode), shortTitleOf(run, protocol)];
  return parts.join(text.t('format.comma'));
}

function fileOf({ scenario, protocol, mode }: Experiment, what: string): string {
  return slug(`quorate-${scenario}-${protocol}-${mode}-${what}`);
}

function bucketText(text: Text, timeline: Timeline): string {
  return text.quantity('duration', timeline.bucketMilliseconds * 1000);
}

const SYMBOLS = { fault: '▼', heal: '▲', role: '◆' } as const;

interface EventsProps {
  readonly timeline: Timeline;
  readonly followed: Followed | undefined;
}

/** What happened when; where the run was recorded, each time leads to that moment of it. */
function Events({ timeline, followed }: EventsProps) {
  const text = useText();
  if (timeline.events.length === 0) return null;
  const time = (milliseconds: number) => text.quantity('duration', milliseconds * 1000);
  return (
    <ol class="events">
      {timeline.events.map((event, i) => (
        <li key={i}>
          <span class={`event event-${event.kind}`}>
            <span aria-hidden="true">{SYMBOLS[event.kind]}</span> {text.t(`event.${event.kind}`)}
          </span>{' '}
          <span class="at">
            {followed === undefined ? (
              time(event.atMilliseconds)
            ) : (
              <a href={momentOf(followed, event.atMilliseconds)}>{time(event.atMilliseconds)}</a>
            )}
          </span>{' '}
          <span>
            <Said text={event.label} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** That times lead to the view `see`, and which runs were recorded. */
function Moments({ run, rows }: { readonly run: Run; readonly rows: readonly Experiment[] }) {
  const { text, followed } = run;
  const runs = rows.flatMap((row) => {
    const one = followed.get(row);
    if (one === undefined) return [];
    return text.t('chart.tip', { name: shortTitleOf(run, row.protocol), value: recordedRun(text, one) });
  });
  if (runs.length === 0) return null;
  return <p class="follow">{text.t('follow.moments', { runs: runs.join(text.t('format.semicolon')) })}</p>;
}

interface Bucket {
  readonly from: number;
  readonly completed: number;
  readonly failed: number;
  readonly pending: number;
  readonly inDoubt: number | null;
}

const ROWS_MAX = 24;

/** At most 24 rows, several buckets summed in each where there are more. */
function bucketsOf(timeline: Timeline): { readonly milliseconds: number; readonly rows: Bucket[] } {
  const { bucketMilliseconds, completed, failed, oldestPendingMilliseconds, inDoubt } = timeline;
  const width = Math.max(1, Math.ceil(completed.length / ROWS_MAX));
  const rows: Bucket[] = [];
  for (let i = 0; i < completed.length; i += width) {
    rows.push({
      from: i * bucketMilliseconds * 1000,
      completed: completed.slice(i, i + width).reduce((a, b) => a + b, 0),
      failed: failed.slice(i, i + width).reduce((a, b) => a + b, 0),
      pending: Math.max(0, ...oldestPendingMilliseconds.slice(i, i + width)) * 1000,
      inDoubt: inDoubt === undefined ? null : Math.max(0, ...inDoubt.slice(i, i + width)),
    });
  }
  return { milliseconds: width * bucketMilliseconds, rows };
}

function bucketColumns(text: Text, inDoubt: boolean): Column<Bucket>[] {
  const duration = (pick: (bucket: Bucket) => number) => ({
    unit: 'µs',
    sort: pick,
    cell: (bucket: Bucket) => text.quantity('duration', pick(bucket)),
  });
  const count = (pick: (bucket: Bucket) => number | null) => ({
    numeric: true,
    sort: pick,
    cell: (bucket: Bucket) => text.number(pick(bucket) ?? 0),
  });
  return [
    { title: text.t('column.from'), header: true, ...duration((bucket) => bucket.from) },
    { title: text.t('column.completed'), ...count((bucket) => bucket.completed) },
    { title: text.t('column.failed'), ...count((bucket) => bucket.failed) },
    { title: text.t('column.pending'), numeric: true, ...duration((bucket) => bucket.pending) },
    ...(inDoubt ? [{ title: text.t('column.doubt'), ...count((bucket) => bucket.inDoubt) }] : []),
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
      columns={bucketColumns(text, timeline.inDoubt !== undefined)}
      rows={rows}
      file="quorate-timeline"
    />
  );
}
