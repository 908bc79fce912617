import { describe, expect, test } from 'vitest';
import { readsFrom, toSessions } from '../src/causal-order.ts';
import { checkCausal, checkSequential, type Operation } from '../src/index.ts';
import { Interleaving } from '../src/interleaving.ts';
import { wildHistory } from './brute-causal.ts';
import { randomHistory } from './random-history.ts';
import { sessions } from './sessions-text.ts';

/** By the definition: all interleavings of the processes; of unknown writes each takes effect or doesn't. */
function bruteForce(history: readonly Operation[]): boolean {
  const processes = [...new Set(history.map(({ process }) => process))].map((process) =>
    history.filter((one) => one.process === process && one.status !== 'fail'),
  );
  const go = (left: readonly (readonly Operation[])[], state: ReadonlyMap<string, unknown>): boolean =>
    left.every((one) => one.length === 0) ||
    left.some(([first, ...rest], i) => {
      if (first === undefined) return false;
      const others = left.with(i, rest);
      const key = first.key!;
      if (first.status === 'unknown' && go(others, state)) return true;
      if (first.input.kind === 'put') return go(others, new Map([...state, [key, first.input.value]]));
      return first.status === 'ok' && first.output!.value === (state.get(key) ?? null) && go(others, state);
    });
  return go(processes, new Map());
}

/** Whether an order explains every read in it and keeps the order of each process. */
function explains(order: readonly Operation[]): boolean {
  const state = new Map<string, unknown>();
  const last = new Map<number, number>();
  return order.every(({ process, key, input, output, start }) => {
    const kept = start >= (last.get(process) ?? -1);
    last.set(process, start);
    if (input.kind === 'put') state.set(key!, input.value);
    return kept && (input.kind === 'put' || output!.value === (state.get(key!) ?? null));
  });
}

describe('sequential consistency', () => {
  test('agrees with trying all interleavings on 5000 small histories', () => {
    const counts = { ok: 0, violated: 0, unknown: 0 };
    const kinds = { order: 0, unwritten: 0, cycle: 0, stuck: 0 };
    let causalOnly = 0;
    for (let seed = 1; seed <= 5000; seed++) {
      const history = wildHistory(seed, {
        operations: 5 + (seed % 5),
        processes: 2 + (seed % 3),
        keys: 1 + (seed % 3),
        tame: 10 * (seed % 10),
      });
      const { verdict, witness } = checkSequential(history);
      counts[verdict]++;
      kinds[witness!.kind]++;
      expect(verdict, `seed ${seed}`).toBe(bruteForce(history) ? 'ok' : 'violated');
      if (verdict === 'violated' && checkCausal(history).verdict === 'ok') causalOnly++;
      if (witness!.kind === 'order') {
        expect(explains(witness!.order), `order of seed ${seed}`).toBe(true);
        const reads = history.filter(({ status, input }) => status === 'ok' && input.kind === 'get');
        for (const one of history) if (one.status === 'ok') expect(witness!.order).toContain(one);
        expect(reads.every((one) => witness!.order.includes(one))).toBe(true);
        expect(new Set(witness!.order).size).toBe(witness!.order.length);
      }
      // The search alone, with nothing inferred that would spare it from turning back.
      const all = toSessions(history, null);
      if (typeof all !== 'string' && witness!.kind !== 'unwritten') {
        const search = new Interleaving(all, readsFrom(all), 1_000_000, 2 ** 20);
        expect(search.run(), `search of seed ${seed}`).toBe(verdict);
        expect(explains(search.best.map((i) => all.operations[i]!)), `longest of seed ${seed}`).toBe(true);
        if (verdict === 'violated') expect(search.nextOfBest.length).toBeGreaterThan(0);
      }
      if (witness!.kind === 'cycle')
        expect(bruteForce(history.filter(({ status }) => status !== 'fail'))).toBe(false);
    }
    expect(Math.min(counts.ok, counts.violated, kinds.cycle, kinds.unwritten)).toBeGreaterThan(200);
    expect(causalOnly).toBeGreaterThan(20);
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
    test(name, () => expect(checkSequential(history).witness?.kind).toBe(kind));

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
    expect(witness?.kind === 'order' && explains(witness.order)).toBe(true);
    expect(steps).toBeLessThan(500_000);
  });
});
