import { describe, expect, test } from 'vitest';
import { readsFrom, type Sessions, toSessions, UNWRITTEN } from '../src/causal-order.ts';
import { checkCausal, checkSequential, type Operation } from '../src/index.ts';
import { Interleaving } from '../src/interleaving.ts';
import { isSequential } from './brute.ts';
import { wildHistory } from './brute-causal.ts';
import { randomHistory } from './random-history.ts';
import { sessions } from './sessions-text.ts';

describe('sequential consistency', () => {
  test('the search alone, with nothing inferred that would spare it from turning back, says the same', () => {
    let causalOnly = 0;
    for (let seed = 1; seed <= 1000; seed++) {
      const history = wildHistory(seed, { operations: 9, processes: 3, keys: 1 + (seed % 3), tame: 60 });
      const { verdict } = checkSequential(history);
      const all = toSessions(history, null) as Sessions;
      if (verdict === 'violated' && checkCausal(history).verdict === 'ok') causalOnly++;
      if (all.source.includes(UNWRITTEN)) continue;
      const bounds = { steps: 1_000_000, memory: 2 ** 20, expired: () => false };
      const search = new Interleaving(all, readsFrom(all), bounds);
      expect(search.run(), `seed ${seed}`).toBe(verdict);
    }
    expect(causalOnly).toBeGreaterThan(5);
  });

  const cases: [string, string, Operation[]][] = [
    ['a stale read in real time is in order', 'order', sessions('x=1 x=2', 'x:- x:1 x:1')],
    [
      'two readers who disagree about concurrent writes',
      'cycle',
      sessions('x=1', 'x=2', 'x:1 x:2', 'x:2 x:1'),
    ],
    ['two who each miss the other (store buffering)', 'cycle', sessions('x=1 y:-', 'y=2 x:-')],
    ['two queues, each in order, not together', 'cycle', sessions('x=1 y=3 y:4', 'y=4 x=2 x:1')],
    ['a value from nowhere', 'unwritten', sessions('x:9')],
  ];
  for (const [name, kind, history] of cases)
    test(name, () => {
      const { witness } = checkSequential(history);
      expect(witness?.kind === 'contradiction' ? witness.pattern : 'order').toBe(kind);
    });

  test('is unknown where the bound is hit, after the same steps each time', () => {
    const history = randomHistory(3, {
      operations: 300,
      processes: 6,
      kinds: ['get', 'put'],
      values: 0,
      unknown: 0,
      failed: 0,
      wrong: 0,
      keys: 3,
    });
    const { verdict, steps } = checkSequential(history, { steps: 200 });
    expect(verdict).toBe('unknown');
    expect(checkSequential(history, { steps: 200 }).steps).toBe(steps);
    expect(checkSequential(history).verdict).toBe('ok');
    expect(checkSequential(history, { memory: 100 }).verdict).toBe('unknown');
  });

  test('finds the order of 5,000 linearizable operations on 20 keys', () => {
    const history = randomHistory(9, {
      operations: 5000,
      processes: 8,
      kinds: ['get', 'put', 'get'],
      values: 0,
      unknown: 0,
      failed: 1,
      wrong: 0,
      keys: 20,
    });
    const { verdict, witness, steps } = checkSequential(history);
    expect(verdict).toBe('ok');
    expect(witness?.kind === 'order' && isSequential(witness.parts[0]!.items, history)).toBe(true);
    expect(steps).toBeLessThan(500_000);
  });
});
