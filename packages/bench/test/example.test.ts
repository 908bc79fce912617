import { expect, it, vi } from 'vitest';
import { estimateMedian, pairedRatio, SCENARIOS } from '../src/index.ts';

it('the example of the index does what it says', () => {
  const log = vi.fn();
  log(SCENARIOS.map(({ name, question }) => `${name}: ${question}`).join('\n'));
  expect(log.mock.calls[0]![0]).toContain('cost: How many messages');
  const raft = [410, 395, 402, 399, 408, 401];
  const paxos = [820, 801, 799, 805, 830, 808];
  expect(estimateMedian(raft)).toEqual({ value: 401.5, low: 397, high: 409 });
  expect(pairedRatio(raft, paxos)?.significant).toBe(true);
});
