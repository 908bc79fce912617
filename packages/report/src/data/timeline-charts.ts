import type { Experiment, Timeline } from '@quorate/bench/results';
import type { ChartSpec, Marker, Point, Stretch } from './chart.ts';
import { momentOf } from './followed.ts';
import { distinct, type Run, shortTitleOf, styleOf } from './run.ts';

/** The scales that all protocols of one group share. */
export interface Extent {
  readonly microseconds: number;
  readonly completed: number;
  readonly failed: number;
  /** Microseconds. */
  readonly pending: number;
  readonly inDoubt: number;
}

export function extentOf(timelines: readonly Timeline[]): Extent {
  const most = (pick: (timeline: Timeline) => readonly number[]) =>
    timelines.reduce((max, timeline) => pick(timeline).reduce((a, b) => Math.max(a, b), max), 0);
  return {
    microseconds: Math.max(...timelines.map((t) => t.completed.length * t.bucketMilliseconds)) * 1000,
    completed: most((timeline) => timeline.completed),
    failed: most((timeline) => timeline.failed),
    pending: most((timeline) => timeline.oldestPendingMilliseconds) * 1000,
    inDoubt: most((timeline) => timeline.inDoubt ?? []),
  };
}

/** What the charts of one timeline have in common. */
function frameOf({ text, followed }: Run, row: Experiment, { microseconds }: Extent) {
  const timeline = row.timeline!;
  const recorded = followed.get(row);
  return {
    ...(recorded && {
      momentAt: (milliseconds: number) => momentOf(recorded, milliseconds),
      hint: text.t('follow.clickMoment'),
    }),
    x: { title: '', kind: 'duration', scale: 'linear', min: 0, max: microseconds },
    markers: markersOf(timeline),
    shades: shadesOf(timeline, microseconds),
    diagonal: false,
  } as const;
}

function markersOf({ events }: Timeline): Marker[] {
  return events.map((event, i) => ({ x: event.atMilliseconds * 1000, number: i + 1, kind: event.kind }));
}

/** From each fault, where none is on yet, to the next healing. */
function shadesOf({ events }: Timeline, end: number): Stretch[] {
  const shades: Stretch[] = [];
  let from: number | null = null;
  for (const { kind, atMilliseconds } of events) {
    if (kind === 'fault') from ??= atMilliseconds * 1000;
    if (kind !== 'heal' || from === null) continue;
    shades.push({ from, to: atMilliseconds * 1000 });
    from = null;
  }
  return from === null ? shades : [...shades, { from, to: end }];
}

/** Steps from bucket to bucket; the last one is drawn to its end. */
function steps(values: readonly number[], bucketMilliseconds: number, scale: number): Point[] {
  const points = values.map((value, i) => ({ x: i * bucketMilliseconds * 1000, y: value * scale }));
  const last = points[points.length - 1];
  return last === undefined ? [] : [...points, { x: last.x + bucketMilliseconds * 1000, y: last.y }];
}

/** Completed operations above the line, failed ones below it. */
export function operationsSpec(run: Run, row: Experiment, extent: Extent): ChartSpec {
  const { text } = run;
  const timeline = row.timeline!;
  const { bucketMilliseconds, completed, failed } = timeline;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const silent = completed.filter((count) => count === 0).length * bucketMilliseconds * 1000;
  return {
    ...frameOf(run, row, extent),
    label: text.t('chart.seeTable', {
      label: text.t('timeline.operationsLabel', {
        protocol: shortTitleOf(run, row.protocol),
        completed: sum(completed),
        failed: sum(failed),
        silent: text.quantity('duration', silent),
      }),
    }),
    y: {
      title: '',
      kind: 'count',
      scale: 'linear',
      min: -extent.failed * 1.1,
      max: Math.max(1, extent.completed) * 1.1,
    },
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
    size: 'tall',
  };
}

/** How long the oldest unanswered request has waited. */
export function pendingSpec(run: Run, row: Experiment, extent: Extent): ChartSpec {
  const { text } = run;
  const timeline = row.timeline!;
  const values = timeline.oldestPendingMilliseconds;
  const most = text.quantity('duration', Math.max(0, ...values) * 1000);
  return {
    ...frameOf(run, row, extent),
    label: text.t('timeline.pendingLabel', { protocol: shortTitleOf(run, row.protocol), most }),
    y: { title: '', kind: 'duration', scale: 'linear', min: 0, max: Math.max(1, extent.pending) * 1.1 },
    series: [
      {
        name: text.t('timeline.oldest'),
        style: styleOf(run, row.protocol),
        as: 'steps',
        points: steps(values, timeline.bucketMilliseconds, 1000),
      },
    ],
    size: 'low',
  };
}

/** Transactions in doubt, whose locks others wait for; null where there is no such thing. */
export function doubtSpec(run: Run, row: Experiment, extent: Extent): ChartSpec | null {
  const { text } = run;
  const timeline = row.timeline!;
  const { inDoubt } = timeline;
  if (inDoubt === undefined) return null;
  return {
    ...frameOf(run, row, extent),
    label: text.t('timeline.doubtLabel', {
      protocol: shortTitleOf(run, row.protocol),
      most: Math.max(0, ...inDoubt),
    }),
    y: { title: '', kind: 'count', scale: 'linear', min: 0, max: Math.max(1, extent.inDoubt) * 1.1 },
    series: [
      {
        name: text.t('timeline.doubtSeries'),
        style: styleOf(run, row.protocol),
        as: 'steps',
        points: steps(inDoubt, timeline.bucketMilliseconds, 1),
      },
    ],
    size: 'low',
  };
}

/** Who leads when, one row for each node that ever did; null where nobody does. */
export function leaderSpec(run: Run, row: Experiment, extent: Extent): ChartSpec | null {
  const { text } = run;
  const timeline = row.timeline!;
  const { leaders } = timeline;
  if (leaders === undefined) return null;
  const nodes = distinct(leaders.map(({ node }) => node)).sort((a, b) => b - a); // the lowest on top
  const at = (milliseconds: number) => text.quantity('duration', milliseconds * 1000);
  return {
    ...frameOf(run, row, extent),
    label: text.t('timeline.leaderLabel', {
      protocol: shortTitleOf(run, row.protocol),
      spans: leaders
        .map(({ node, epoch, from, to }) =>
          text.t('timeline.span', { node, epoch, from: at(from), to: at(to) }),
        )
        .join(text.t('format.semicolon')),
    }),
    y: {
      title: '',
      kind: 'count',
      scale: 'categories',
      min: -0.6,
      max: nodes.length - 0.4,
      categories: nodes.map((node) => text.t('timeline.node', { node })),
    },
    series: [],
    lanes: leaders.map(({ node, epoch, from, to }) => ({
      row: nodes.indexOf(node),
      from: from * 1000,
      to: to * 1000,
      label: text.t('timeline.epoch', { epoch }),
      style: styleOf(run, row.protocol),
    })),
    size: 'low',
  };
}
