import { build, type JsHistogram } from 'hdr-histogram-js';
import type { Estimate } from './results.ts';
import { estimateMedian, interval } from './statistics.ts';

/** Latencies of one run as pairs of value (microseconds) and count, ascending: plain data, so that a worker can post it. */
export type LatencyCounts = readonly (readonly [microseconds: number, count: number])[];

/** Below so many samples a 99.9th percentile rests on fewer than ten of them, so none is given. */
export const P999_SAMPLES = 10_000;

/** Resamples for percentiles of merged histograms, each of which costs a merge. */
const MERGED_RESAMPLES = 200;

/** Collects the latencies of one run, rounded as HDR histograms do: three significant digits, whole microseconds. */
export class Latencies {
  readonly #counts = new Map<number, number>();

  /** @param microseconds from the intended start to the answer */
  record(microseconds: number): void {
    const value = RULER.highestEquivalentValue(Math.max(1, Math.round(microseconds)));
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  counts(): LatencyCounts {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }
}

/** The value at a percentile (0 to 100) of one run's latencies, or of several runs' merged; null without samples. */
export function percentile(percent: number, ...runs: readonly LatencyCounts[]): number | null {
  const histogram = newHistogram();
  for (const run of runs) for (const [value, count] of run) histogram.recordValueWithCount(value, count);
  return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percent);
}

/** How many samples there are in all. */
export function sampleCount(runs: readonly LatencyCounts[]): number {
  return runs.reduce((sum, run) => sum + run.reduce((inner, [, count]) => inner + count, 0), 0);
}

/** The median over the runs of each run's own percentile; null where some run has no samples. */
export function percentileOfRuns(percent: number, runs: readonly LatencyCounts[]): Estimate | null {
  const values = runs.map((run) => percentile(percent, run));
  return values.includes(null) || values.length === 0 ? null : estimateMedian(values as number[]);
}

/** A percentile of all runs' histograms merged, its interval by drawing runs anew; null below `P999_SAMPLES` samples. */
export function mergedPercentile(percent: number, runs: readonly LatencyCounts[]): Estimate | null {
  if (sampleCount(runs) < P999_SAMPLES) return null;
  const of = (indices: readonly number[]) =>
    percentile(percent, ...indices.map((index) => runs[index]!)) as number;
  return { value: of(runs.map((_, i) => i)), ...interval(runs.length, of, MERGED_RESAMPLES) };
}

function newHistogram(): JsHistogram {
  return build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  }) as JsHistogram;
}

/** An empty histogram of the kind in use: tells which values it cannot tell apart. */
const RULER = newHistogram();
