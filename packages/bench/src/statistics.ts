import { type RandomStream, splitSeed } from '@quorate/simulator';
import type { Estimate } from './results.ts';

/** Resamples of a bootstrap. */
const RESAMPLES = 2000;
/** The bootstrap's own seed: the same numbers give the same interval everywhere. */
const SEED = 20_231_107;

/** The middle value; between the two middle ones where there are two. @throws RangeError on no values. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values to take a median of');
  return medianOfSorted(values.toSorted((a, b) => a - b));
}

function medianOfSorted(sorted: ArrayLike<number>): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The median of one number per run, with its bootstrap 95 % interval (percentile method, 2,000 seeded resamples). The run is the
 * unit: operations of one run are correlated, so they are no independent samples.
 * @throws RangeError on no values
 */
export function estimateMedian(values: readonly number[]): Estimate {
  const value = median(values);
  return { value, ...interval(values.length, (indices) => medianOf(indices, values)) };
}

/** Two protocols on the same runs: the median of the per-run ratios a/b. */
export interface PairedRatio {
  readonly ratio: Estimate;
  /** False where the interval includes 1, or where there are fewer than `RUNS_TO_TELL` runs: no significant difference. */
  readonly significant: boolean;
  /** Pairs of runs. */
  readonly runs: number;
}

/** With fewer runs than this even equal protocols would all fall on one side with more than 5 % chance (sign test: 2 · ½⁵). */
export const RUNS_TO_TELL = 6;

/**
 * Compares two protocols run by run. `a` and `b` hold one number for each run, paired by position.
 * @returns null where there is nothing to compare: no runs, or a ratio that is not a positive finite number
 * @throws RangeError on lists of different lengths
 */
export function pairedRatio(a: readonly number[], b: readonly number[]): PairedRatio | null {
  if (a.length !== b.length) throw new RangeError(`${a.length} runs cannot be paired with ${b.length}`);
  const ratios = a.map((value, i) => value / b[i]!);
  if (ratios.length === 0 || ratios.some((ratio) => !(ratio > 0 && Number.isFinite(ratio)))) return null;
  const ratio = estimateMedian(ratios);
  const apart = ratio.low > 1 || ratio.high < 1;
  return { ratio, significant: apart && ratios.length >= RUNS_TO_TELL, runs: ratios.length };
}

/**
 * The 95 % interval of any statistic of `count` runs: `statistic` gets the numbers of the runs in one resample.
 * @param resamples fewer where the statistic is costly
 */
export function interval(
  count: number,
  statistic: (indices: readonly number[]) => number,
  resamples = RESAMPLES,
): { readonly low: number; readonly high: number } {
  const [random] = splitSeed(SEED, 1);
  const found = new Float64Array(resamples);
  const indices: number[] = new Array(count).fill(0);
  for (let i = 0; i < resamples; i++) {
    drawIndices(random!, indices);
    found[i] = statistic(indices);
  }
  found.sort();
  return { low: quantile(found, 0.025), high: quantile(found, 0.975) };
}

function drawIndices(random: RandomStream, indices: number[]): void {
  for (let i = 0; i < indices.length; i++) indices[i] = random.below(indices.length);
}

function medianOf(indices: readonly number[], values: readonly number[]): number {
  const drawn = Float64Array.from(indices, (index) => values[index]!);
  return medianOfSorted(drawn.sort());
}

/** The value below which this share of the sorted values lies, by the nearest rank. */
function quantile(sorted: Float64Array, share: number): number {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(share * sorted.length)));
  return sorted[rank - 1]!;
}
