import { type RandomStream, splitSeed } from '@quorate/simulator';
import { describe, expect, it } from 'vitest';
import { estimateMedian, median, pairedRatio } from '../src/statistics.ts';

describe('medians', () => {
  it('takes the middle value, or between the middle two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('has an interval around it that is the same every time', () => {
    const values = [10, 12, 11, 13, 9, 14, 10, 12, 11, 30];
    const estimate = estimateMedian(values);
    expect(estimate.value).toBe(11.5);
    expect(estimate.low).toBeGreaterThanOrEqual(9);
    expect(estimate.low).toBeLessThan(11.5);
    expect(estimate.high).toBeGreaterThan(11.5);
    expect(estimate.high).toBeLessThan(30); // one outlier does not carry the interval away
    expect(estimateMedian(values)).toEqual(estimate);
  });

  it('has an interval without width around a constant', () => {
    expect(estimateMedian([5, 5, 5])).toEqual({ value: 5, low: 5, high: 5 });
  });

  it('covers the true median in about 95 of 100 cases', () => {
    const [random] = splitSeed(11, 1) as [RandomStream];
    let covered = 0;
    const cases = 100;
    for (let i = 0; i < cases; i++) {
      const { low, high } = estimateMedian(Array.from({ length: 15 }, () => random.next()));
      if (low <= 0.5 && high >= 0.5) covered++;
    }
    expect(covered / cases).toBeGreaterThan(0.88);
    expect(covered / cases).toBeLessThan(1);
  });
});

describe('paired ratios', () => {
  it('sees a small difference that runs share, where the runs themselves differ much more', () => {
    const runs = [100, 220, 310, 150, 500, 90, 400, 270, 330, 180];
    const slower = runs.map((value, i) => value * (1.02 + (i % 3) / 100));
    const found = pairedRatio(slower, runs)!;
    expect(found.ratio.value).toBeCloseTo(1.03, 2);
    expect(found.significant).toBe(true);
  });

  it('calls no difference significant where the interval includes 1', () => {
    const found = pairedRatio([10, 11, 9, 10], [11, 10, 10, 9])!;
    expect(found.ratio.low).toBeLessThan(1);
    expect(found.ratio.high).toBeGreaterThan(1);
    expect(found.significant).toBe(false);
  });

  it('calls nothing significant on five runs or fewer, however far apart', () => {
    expect(pairedRatio([10, 10, 10, 10, 10], [1, 1, 1, 1, 1])).toMatchObject({ significant: false, runs: 5 });
    expect(pairedRatio([10, 10, 10, 10, 10, 10], [1, 1, 1, 1, 1, 1])!.significant).toBe(true);
  });

  it('compares nothing with zeros, or with nothing', () => {
    expect(pairedRatio([0, 1], [1, 1])).toBeNull();
    expect(pairedRatio([1, 1], [0, 1])).toBeNull();
    expect(pairedRatio([], [])).toBeNull();
    expect(() => pairedRatio([1], [1, 2])).toThrow(RangeError);
  });
});
