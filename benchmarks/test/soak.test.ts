import { describe, expect, it } from 'vitest';
import { problemOf } from '../soak/ledger.ts';
import { growthOf, type Reading, read } from '../soak/watch.ts';

const MiB = 2 ** 20;

/** A run of ten minutes, one reading each second. */
function readings(
  bytes: (second: number) => number,
  descriptors: (second: number) => number = () => 30,
): Reading[] {
  return Array.from({ length: 600 }, (_, seconds) => {
    return { seconds, residentBytes: bytes(seconds), descriptors: descriptors(seconds) };
  });
}

const verdict = (list: Reading[], restarts = 0) =>
  growthOf({ name: 'x', restarts, readings: list }, 600).verdict;

describe('growth', () => {
  it('compares the last two minutes with the third to the fifth', () => {
    const { early, late, change } = growthOf(
      {
        name: 'x',
        restarts: 0,
        readings: readings((s) => (s < 300 ? 100 * MiB : s < 480 ? 500 * MiB : 108 * MiB)),
      },
      600,
    );
    expect([early?.residentBytes, late?.residentBytes]).toEqual([100 * MiB, 108 * MiB]);
    expect(change).toBeCloseTo(0.08);
  });

  it('forgives what a process takes at first, and a peak', () => {
    expect(verdict(readings((s) => (s < 100 ? s * MiB : s === 550 ? 900 * MiB : 100 * MiB)))).toBe('steady');
  });

  it('finds a slow leak, and memory that is given back', () => {
    expect(verdict(readings((s) => (100 + s / 20) * MiB))).toBe('grew');
    expect(verdict(readings((s) => (s < 400 ? 100 : 80) * MiB))).toBe('grew');
  });

  it('finds descriptors that leak', () => {
    expect(
      verdict(
        readings(
          () => MiB,
          (s) => 30 + Math.floor(s / 60),
        ),
      ),
    ).toBe('leaks descriptors');
    expect(
      verdict(
        readings(
          () => MiB,
          (s) => 30 + (s % 3),
        ),
      ),
    ).toBe('steady');
  });

  it('says nothing of a process that was started again, and no good of one that is gone', () => {
    expect(
      verdict(
        readings((s) => s * MiB),
        2,
      ),
    ).toBeNull();
    expect(verdict(readings(() => MiB).filter(({ seconds }) => seconds < 400))).toBe('grew');
  });

  it('reads a process', () => {
    const reading = read(process.pid, 3)!;
    expect(reading.residentBytes).toBeGreaterThan(10 * MiB);
    expect(reading.descriptors).toBeGreaterThan(2);
    expect(read(2 ** 22 + 1, 3)).toBeNull();
  });
});

describe('the ledger', () => {
  const account = { key: 'a', acknowledged: 7, unknown: new Set([5, 9]) };

  it('accepts what was acknowledged last, and what nobody knows the fate of', () => {
    for (const found of [7, 5, 9]) expect(problemOf(account, found)).toBeNull();
  });

  it('misses a write that was acknowledged, and one that was refused but is there', () => {
    expect(problemOf(account, 6)).toBe('a is 6; acknowledged last: 7, unknown: 5, 9');
    expect(problemOf(account, 8)).toContain('a is 8');
    expect(problemOf({ ...account, unknown: new Set() }, 0)).toContain('none');
  });
});
