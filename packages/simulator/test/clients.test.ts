import { single } from '@quorate/interface/single';
import { expect, test } from 'vitest';
import { DEFAULT_WORKLOAD, simulate } from '../src/index.ts';

test('an answer to a session that was given up is not taken for one to the session that came after it', () => {
  for (let seed = 1; seed <= 10; seed++) {
    // The server stands still for so long that each client gives up several times; then it answers all that was asked meanwhile.
    const { verdicts, operations } = simulate({
      protocol: single,
      nodes: 1,
      seed,
      milliseconds: 20_000,
      workload: { ...DEFAULT_WORKLOAD, clients: 4, keys: 1, thinkMilliseconds: 20 },
      faults: { version: 1, events: [{ at: 100, for: 18_000, kind: 'pause', node: 1 }] },
    });
    expect(operations.unknown).toBeGreaterThan(0);
    expect(verdicts.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  }
});
