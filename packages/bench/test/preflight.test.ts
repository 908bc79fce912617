import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { preflight, warningsOf } from '../src/preflight.ts';

const GOOD = {
  fileSystem: 'ext4',
  inPlaceMicroseconds: { p50: 200, p99: 900 },
  growingMicroseconds: { p50: 300, p99: 1500 },
  busyShare: 0.01,
  stolenShare: 0,
  awayShare: 0.001,
};

it('has nothing to say of a quiet machine with a disk', () => {
  expect(warningsOf(GOOD, 2)).toEqual([]);
  expect(warningsOf({ ...GOOD, fileSystem: null, busyShare: null, stolenShare: null }, 2)).toEqual([]);
});

it.each([
  ['a temporary folder in memory', { fileSystem: 'tmpfs' }, 'in memory (tmpfs)'],
  ['a disk that does not wait', { inPlaceMicroseconds: { p50: 3, p99: 9 } }, 'does not seem to wait'],
  [
    'a disk that is busy',
    { inPlaceMicroseconds: { p50: 200, p99: 9000 } },
    'takes 9000 µs, the median 200 µs',
  ],
  ['other programs', { busyShare: 0.3 }, "use 30 % of this machine's processors"],
  ['other machines on the host', { stolenShare: 0.05 }, '5 % of the processors'],
  ['an unsteady clock', { awayShare: 0.2 }, 'did not run for 20 %'],
] as const)('warns of %s', (_what, found, says) => {
  const warnings = warningsOf({ ...GOOD, ...found }, 2);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(says);
});

it('warns of a single processor', () => {
  expect(warningsOf(GOOD, 1)).toEqual(['There is one processor for all replicas and their clients.']);
});

it('measures the machine that it is on, and leaves nothing behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-preflight-test-'));
  const found = await preflight(folder);
  expect(found.inPlaceMicroseconds.p50).toBeGreaterThan(0);
  expect(found.inPlaceMicroseconds.p99).toBeGreaterThanOrEqual(found.inPlaceMicroseconds.p50);
  expect(found.growingMicroseconds.p50).toBeGreaterThan(0);
  for (const share of [found.awayShare, found.busyShare ?? 0, found.stolenShare ?? 0]) {
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  }
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
