import { type OperationColumns, STATUS } from '@quorate/simulator';
import { Kind, Trace } from '@quorate/trace';
import { describe, expect, it } from 'vitest';
import { percentile, sampleCount } from '../src/latencies.ts';
import { LockTimes } from '../src/locks.ts';
import { completions, countOf, firstAnswer, latenciesOf, longestGap } from '../src/operations.ts';
import { firstDecisions, leadership, timelineOf } from '../src/timeline.ts';

type Row = readonly [intended: number, ended: number, status: number, read: number, home: number];

function columnsOf(rows: readonly Row[]): OperationColumns {
  const column = (i: number) => rows.map((row) => row[i]!);
  return { intended: column(0), ended: column(1), status: column(2), read: column(3), home: column(4) };
}

const { ok, failed, unknown, pending } = STATUS;
const NEVER = Number.POSITIVE_INFINITY;

const columns = columnsOf([
  [0, 500, ok, 0, 1],
  [1000, 3000, ok, 1, 2],
  [2000, 2100, failed, 0, 1], // refused at once: an abort
  [3000, 9000, unknown, 0, 2], // given up
  [4000, NEVER, pending, 0, 1],
  [5000, 5200, ok, 0, 2],
]);
const all = { from: 0, to: 10_000 };

describe('operations', () => {
  it('count what was never answered as the time-out at least, and drop none of it', () => {
    const latencies = latenciesOf(columns, all, 5000);
    expect(sampleCount([latencies])).toBe(5); // all but the refused one
    expect(percentile(100, latencies)).toBeGreaterThanOrEqual(6000); // given up after 6000
    expect(latencies.filter(([value]) => value >= 5000).reduce((sum, [, count]) => sum + count, 0)).toBe(2);
  });

  it('are selected by intended start, kind and home', () => {
    expect(countOf(columns, all, 'all')).toBe(6);
    expect(countOf(columns, all, 'ok')).toBe(3);
    expect(countOf(columns, all, 'failed')).toBe(3);
    expect(countOf(columns, { ...all, kind: 'read' }, 'all')).toBe(1);
    expect(countOf(columns, { from: 1000, to: 5000, homes: [1] }, 'all')).toBe(2);
    expect(completions(columns)).toEqual([500, 3000, 5200]);
    expect(completions(columns, { homes: [2], kind: 'write' })).toEqual([5200]);
    expect(firstAnswer(columns, { from: 501, to: 9000 })).toBe(3000);
    expect(firstAnswer(columns, { from: 5001, to: 9000 })).toBeNull();
  });

  it('leave gaps, also before the first answer and behind the last', () => {
    expect(longestGap([500, 3000, 5200], 0, 6000)).toEqual({ at: 500, length: 2500 });
    expect(longestGap([], 100, 600)).toEqual({ at: 100, length: 500 });
    expect(longestGap([100, 200], 0, 9000)).toEqual({ at: 200, length: 8800 });
  });
});

describe('timelines', () => {
  it('count per 100 ms what ended, and how long the oldest has waited', () => {
    const timeline = timelineOf(
      columnsOf([
        [10_000, 60_000, ok, 0, 1],
        [50_000, 250_000, failed, 0, 1],
        [120_000, 130_000, ok, 0, 1],
        [210_000, NEVER, pending, 0, 1],
      ]),
      400,
      [
        { atMilliseconds: 300, label: 'late', kind: 'heal' },
        { atMilliseconds: 20, label: 'early', kind: 'fault' },
        { atMilliseconds: 400, label: 'afterwards', kind: 'role' },
      ],
    );
    expect(timeline.completed).toEqual([1, 1, 0, 0]);
    expect(timeline.failed).toEqual([0, 0, 1, 0]);
    expect(timeline.oldestPendingMilliseconds).toEqual([50, 150, 90, 190]);
    expect(timeline.events.map(({ label }) => label)).toEqual(['early', 'late']);
  });

  it('read leaders and first decisions from a trace', () => {
    const trace = new Trace('full');
    const add = (time: number, kind: number, node: number, a: number, b: number) => {
      trace.time = time;
      trace.add(kind, node, a, b);
    };
    const leader = trace.id('leader');
    add(1, Kind.role, 2, leader, 1);
    add(2, Kind.role, 3, trace.id('follower'), 1);
    add(3, Kind.decide, 2, 1, 0);
    add(4, Kind.decide, 3, 1, 0);
    add(5, Kind.decide, 3, 2, 1); // aborted
    add(6, Kind.role, 2, leader, 1); // announced again
    add(7, Kind.decide, 1, 3, 0);
    add(8, Kind.role, 2, leader, 4);
    expect(leadership(trace)).toEqual([
      { time: 1, node: 2, epoch: 1 },
      { time: 8, node: 2, epoch: 4 },
    ]);
    expect(firstDecisions(trace)).toEqual([3, 7]);
  });
});

describe('lock times', () => {
  const command = new Uint8Array([1, 0, 0, 0, 1, 0, 0, 0]);

  it('last from the yes vote to the end, through a crash', () => {
    let now = 100;
    const locks = new LockTimes();
    expect(locks.longest(now)).toBeNull();
    const store = locks.store(1, () => now);
    expect(store.prepare(5, command)).toBe('yes');
    now = 150;
    store.finish(5, 'aborted');
    expect(locks.longest(now)).toBe(50);

    now = 200;
    store.prepare(6, command);
    now = 300; // the node crashes, and comes back in doubt
    const restarted = locks.store(1, () => now);
    expect(locks.longest(now)).toBe(50); // whether it is in doubt is not known yet
    restarted.hold(6, command);
    now = 900;
    expect(locks.longest(now)).toBe(700);
    restarted.finish(6, 'committed');
    now = 5000;
    expect(locks.longest(now)).toBe(700);
  });
});
