import { type OperationColumns, STATUS } from '@quorate/simulator';
import type { Trace } from '@quorate/trace';
import type { LockTimes } from './locks.ts';
import type { LeaderSpan, Timeline } from './results.ts';

export const BUCKET_MILLISECONDS = 100;

/** What happened over a run's time under load, in buckets of 100 ms. Events outside that time are left out. */
export function timelineOf(
  columns: OperationColumns,
  milliseconds: number,
  events: Timeline['events'],
): Timeline {
  const buckets = Math.ceil(milliseconds / BUCKET_MILLISECONDS);
  const completed: number[] = new Array(buckets).fill(0);
  const failed: number[] = new Array(buckets).fill(0);
  const width = BUCKET_MILLISECONDS * 1000;
  for (let i = 0; i < columns.ended.length; i++) {
    const bucket = Math.floor(columns.ended[i]! / width);
    if (bucket >= buckets) continue; // still pending when the load ended: Infinity, or the quiet time after it
    if (columns.status[i] === STATUS.ok) completed[bucket]!++;
    else failed[bucket]!++;
  }
  return {
    bucketMilliseconds: BUCKET_MILLISECONDS,
    completed,
    failed,
    oldestPendingMilliseconds: Array.from(oldestPending(columns, width, buckets)),
    events: events
      .filter(({ atMilliseconds }) => atMilliseconds < milliseconds)
      .toSorted((a, b) => a.atMilliseconds - b.atMilliseconds),
  };
}

/** The age of the oldest pending operation at the end of each bucket, milliseconds. Operations come in order of their intended start. */
function* oldestPending(columns: OperationColumns, width: number, buckets: number): Generator<number> {
  const { intended, ended } = columns;
  let oldest = 0;
  for (let bucket = 1; bucket <= buckets; bucket++) {
    const now = bucket * width;
    while (oldest < ended.length && ended[oldest]! <= now) oldest++; // what has ended stays ended
    yield oldest < ended.length && intended[oldest]! <= now ? (now - intended[oldest]!) / 1000 : 0;
  }
}

/** What only a simulation knows of the same time: who led when, and in atomic commitment what was in doubt. */
export function insideOf(
  trace: Trace,
  locks: LockTimes,
  milliseconds: number,
): Pick<Timeline, 'leaders' | 'inDoubt'> {
  const leaders = leaderSpans(trace, milliseconds);
  const buckets = Math.ceil(milliseconds / BUCKET_MILLISECONDS);
  const inDoubt = locks.counts(buckets, BUCKET_MILLISECONDS * 1000);
  return { ...(leaders.length > 0 && { leaders }), ...(inDoubt && { inDoubt }) };
}

/** Each node's times as leader: until it announces another role or epoch, crashes, or the run's time under load is over. */
function leaderSpans(trace: Trace, milliseconds: number): LeaderSpan[] {
  const spans: LeaderSpan[] = [];
  const open = new Map<number, { readonly epoch: number; readonly from: number }>();
  const close = (node: number, to: number) => {
    const span = open.get(node);
    open.delete(node);
    if (span !== undefined && span.from < to) spans.push({ node, ...span, to });
  };
  for (const { kind, time, node, a, b } of trace) {
    const now = time / 1000;
    if (now >= milliseconds) break;
    const leads = kind === 'role' && trace.name(a) === 'leader';
    if (leads && open.get(node)?.epoch === b) continue;
    if (kind === 'role' || kind === 'crash' || kind === 'halt') close(node, now);
    if (leads) open.set(node, { epoch: b, from: now });
  }
  for (const node of [...open.keys()]) close(node, milliseconds);
  return spans.sort((x, y) => x.from - y.from);
}

/** When somebody came to lead, as the replicas announced it. */
export function leadership(
  trace: Trace,
): { readonly time: number; readonly node: number; readonly epoch: number }[] {
  const found: { time: number; node: number; epoch: number }[] = [];
  for (const { kind, time, node, a, b } of trace) {
    if (kind !== 'role' || trace.name(a) !== 'leader') continue;
    const last = found.findLast((one) => one.node === node);
    if (last?.epoch !== b) found.push({ time, node, epoch: b });
  }
  return found;
}

/** `leadership` as events of a timeline. */
export function leadershipEvents(trace: Trace): Timeline['events'][number][] {
  return leadership(trace).map(({ time, node, epoch }) => ({
    atMilliseconds: time / 1000,
    label: `node ${node} leads, epoch ${epoch}`,
    kind: 'role',
  }));
}

/** When each decision to commit first fell anywhere, ascending, virtual microseconds. */
export function firstDecisions(trace: Trace): number[] {
  const seen = new Set<number>();
  const times: number[] = [];
  for (const { kind, time, a, b } of trace) {
    if (kind !== 'decide' || seen.has(a)) continue;
    seen.add(a);
    if (b !== 1) times.push(time);
  }
  return times;
}
