import type { Operation as HistoryOperation } from '@quorate/checkers';
import { build, type JsHistogram } from 'hdr-histogram-js';

/** How an operation ended, as a number: `STATUS` of `@quorate/simulator` has the same. */
export const LOAD_STATUS = { ok: 0, failed: 1, unknown: 2, pending: 3 } as const;

/** All operations of a run in columns, in order of invocation; times in microseconds from the start of the load. The simulator's have the same form. */
export interface LoadColumns {
  /** When the operation was meant to start. */
  readonly intended: number[];
  /** When it ended; Infinity where it had not when the load ended. */
  readonly ended: number[];
  /** See `LOAD_STATUS`. */
  readonly status: number[];
  /** 1 for reads. */
  readonly read: number[];
  /** The node that its client had for a home, if there was no leader to ask. */
  readonly home: number[];
}

/** Latencies of the operations that were carried out, from their intended start, microseconds. */
export interface LatencySummary {
  readonly samples: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What happened over time, in buckets from the start of the load. */
export interface LoadTimeline {
  readonly bucketMilliseconds: number;
  /** Operations carried out in each bucket. */
  readonly completed: readonly number[];
  /** Failed or given up. */
  readonly failed: readonly number[];
  /** Age of the oldest operation under way at each bucket's end. */
  readonly oldestPendingMilliseconds: readonly number[];
}

/** What a load found. Counts and rates are of the measured time, without warming up and without the last answers' coming in. */
export interface LoadResult {
  readonly seconds: number;
  /** Carried out. */
  readonly ok: number;
  /** Surely without effect. */
  readonly failed: number;
  readonly unknown: number;
  /** Open loop: arrivals that found too many under way. */
  readonly shed: number;
  readonly operationsPerSecond: number;
  /** Processor time that the process which puts the load on used in the measured time. */
  readonly loadCpuSeconds: number;
  readonly latency: LatencySummary;
  /** The same as pairs of value and count, ascending, as histograms of several runs are merged from them. */
  readonly latencyCounts: readonly (readonly [microseconds: number, count: number])[];
  readonly timeline: LoadTimeline;
  /** Of the whole load, where it was asked for; times in microseconds. */
  readonly history?: readonly HistoryOperation[];
  readonly columns?: LoadColumns;
}

export const BUCKET_MILLISECONDS = 100;
/** Latencies below this are counted one by one, in microseconds, and put into the histogram at the end: that costs a tenth of recording them there. */
const COUNTED_SINGLY = 1 << 16;

/** Collects one load's results as they come in. */
export class Recorder {
  readonly #histogram = build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  }) as JsHistogram;
  readonly columns: LoadColumns | undefined;
  readonly history: HistoryOperation[] | undefined;
  ok = 0;
  failed = 0;
  unknown = 0;
  shed = 0;
  readonly #counts = new Uint32Array(COUNTED_SINGLY);
  readonly #completed: number[] = [];
  readonly #failed: number[] = [];
  readonly #oldest: number[] = [];

  constructor(options: { readonly columns: boolean; readonly history: boolean }) {
    this.columns = options.columns ? { intended: [], ended: [], status: [], read: [], home: [] } : undefined;
    this.history = options.history ? [] : undefined;
  }

  /** An operation begins; returns its row in the columns. */
  begin(intended: number, isRead: boolean, home: number): number {
    const { columns } = this;
    if (columns === undefined) return 0;
    columns.intended.push(intended * 1000);
    columns.ended.push(Number.POSITIVE_INFINITY);
    columns.status.push(LOAD_STATUS.pending);
    columns.read.push(isRead ? 1 : 0);
    columns.home.push(home);
    return columns.intended.length - 1;
  }

  /** It ends. Times in milliseconds from the start of the load. */
  end(row: number, status: number, intended: number, now: number, isMeasured: boolean): void {
    if (this.columns !== undefined) {
      this.columns.ended[row] = now * 1000;
      this.columns.status[row] = status;
    }
    const bucket = Math.floor(now / BUCKET_MILLISECONDS);
    const counts = status === LOAD_STATUS.ok ? this.#completed : this.#failed;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    if (!isMeasured) return;
    if (status === LOAD_STATUS.ok) {
      this.ok++;
      const microseconds = Math.max(1, Math.round((now - intended) * 1000));
      if (microseconds < COUNTED_SINGLY) this.#counts[microseconds]!++;
      else this.#histogram.recordValue(microseconds);
    } else if (status === LOAD_STATUS.failed) this.failed++;
    else this.unknown++;
  }

  /** The age of the oldest operation under way at the end of the present bucket, milliseconds. */
  age(now: number, milliseconds: number): void {
    const bucket = Math.round(now / BUCKET_MILLISECONDS) - 1;
    while (this.#oldest.length <= bucket) this.#oldest.push(milliseconds);
  }

  result(seconds: number, milliseconds: number, loadCpuSeconds: number): LoadResult {
    for (const [microseconds, count] of this.#counts.entries())
      if (count > 0) this.#histogram.recordValueWithCount(microseconds, count);
    this.#counts.fill(0);
    const buckets = Math.ceil(milliseconds / BUCKET_MILLISECONDS);
    const filled = (counts: readonly number[]) => Array.from({ length: buckets }, (_, i) => counts[i] ?? 0);
    return {
      seconds,
      ok: this.ok,
      failed: this.failed,
      unknown: this.unknown,
      shed: this.shed,
      operationsPerSecond: this.ok / seconds,
      loadCpuSeconds,
      latency: summaryOf(this.#histogram),
      latencyCounts: countsOf(this.#histogram),
      timeline: {
        bucketMilliseconds: BUCKET_MILLISECONDS,
        completed: filled(this.#completed),
        failed: filled(this.#failed),
        oldestPendingMilliseconds: filled(this.#oldest),
      },
      ...(this.history === undefined ? {} : { history: this.history }),
      ...(this.columns === undefined ? {} : { columns: this.columns }),
    };
  }
}

function summaryOf(histogram: JsHistogram): LatencySummary {
  return {
    samples: histogram.totalCount,
    mean: histogram.totalCount === 0 ? 0 : histogram.mean,
    p50: histogram.getValueAtPercentile(50),
    p90: histogram.getValueAtPercentile(90),
    p99: histogram.getValueAtPercentile(99),
    p999: histogram.getValueAtPercentile(99.9),
    max: histogram.maxValue,
  };
}

function countsOf(histogram: JsHistogram): [number, number][] {
  const counts: [number, number][] = [];
  const values = histogram.recordedValuesIterator;
  values.reset();
  while (values.hasNext()) {
    const { valueIteratedTo, countAtValueIteratedTo } = values.next();
    counts.push([valueIteratedTo, countAtValueIteratedTo]);
  }
  return counts;
}
