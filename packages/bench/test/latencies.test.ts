import { splitSeed } from '@quorate/simulator';
import { describe, expect, it } from 'vitest';
import {
  Latencies,
  type LatencyCounts,
  mergedPercentile,
  percentile,
  percentileOfRuns,
  sampleCount,
} from '../src/latencies.ts';

function countsOf(values: readonly number[]): LatencyCounts {
  const latencies = new Latencies();
  for (const value of values) latencies.record(value);
  return latencies.counts();
}

describe('latencies', () => {
  it('keep three significant digits at any percentile', () => {
    const [random] = splitSeed(5, 1);
    const values = Array.from({ length: 5000 }, () => 100 + random!.exponential() * 50_000);
    const counts = countsOf(values);
    const sorted = values.toSorted((a, b) => a - b);
    for (const percent of [1, 50, 90, 99, 99.9, 100]) {
      const exact = sorted[Math.round((percent / 100) * sorted.length) - 1]!;
      const error = Math.abs(percentile(percent, counts)! - exact);
      expect(error, `${percent} %`).toBeLessThan(2 + exact / 1000); // whole microseconds, three digits
    }
    expect(sampleCount([counts])).toBe(5000);
  });

  it('are merged, not averaged: one slow run in ten is the 99th percentile of all', () => {
    const quick = countsOf(Array.from({ length: 100 }, () => 1000));
    const slow = countsOf(Array.from({ length: 100 }, () => 50_000));
    const runs = [...Array.from({ length: 9 }, () => quick), slow];
    expect(percentile(99, ...runs)).toBeGreaterThan(49_000); // the average of the ten would be 5,900
    expect(percentileOfRuns(99, runs)!.value).toBeLessThan(1002); // the run is the unit: the median run is quick
  });

  it('give no 99.9th percentile below 10,000 samples', () => {
    const run = (length: number) => countsOf(Array.from({ length }, (_, i) => i + 1));
    expect(mergedPercentile(99.9, [run(4999), run(5000)])).toBeNull();
    const found = mergedPercentile(99.9, [run(5000), run(5000)])!;
    expect(found.value).toBeGreaterThan(4980);
    expect(found.low).toBeLessThanOrEqual(found.value);
    expect(found.high).toBeGreaterThanOrEqual(found.value);
  });

  it('have no percentile where there are none', () => {
    expect(percentile(50)).toBeNull();
    expect(percentileOfRuns(50, [[], countsOf([1])])).toBeNull();
  });
});
