import { describe, expect, test } from 'vitest';
import { checkLinearizability, keyValueModel, type Operation, registerZones } from '../src/index.ts';
import { bruteForce, isLinearization } from './brute.ts';
import { draw } from './history-text.ts';
import { randomHistory, type Shape } from './random-history.ts';

const small: Shape = {
  operations: 7,
  processes: 4,
  kinds: ['get', 'put', 'get'],
  values: 0,
  unknown: 15,
  failed: 5,
  wrong: 8,
};
// Without the fast path: the search that the zones are compared with.
const { decide: _, ...searched } = keyValueModel();

/** Times made coarser, so that many are equal: those count as concurrent. */
function coarse(history: readonly Operation[]): Operation[] {
  return history.map((one) => ({
    ...one,
    start: one.start >> 1,
    end: one.end === Infinity ? one.end : one.end >> 1,
  }));
}

describe('zones agree', () => {
  test('with trying all orders and with the search, on 10,000 small histories', () => {
    const counts = { ok: 0, violated: 0, unknown: 0 };
    for (let seed = 1; seed <= 10_000; seed++) {
      const drawn = randomHistory(seed, { ...small, operations: 4 + (seed % 4), wrong: 4 + (seed % 20) });
      const history = seed % 3 === 0 ? coarse(drawn) : drawn;
      const { verdict, witness } = registerZones(history);
      counts[verdict]++;
      expect(verdict, `seed ${seed}`).toBe(bruteForce(history, null) ? 'ok' : 'violated');
      expect(checkLinearizability(history, searched).verdict, `seed ${seed}`).toBe(verdict);
      if (witness?.kind === 'linearizations')
        for (const { order } of witness.parts)
          expect(isLinearization(order as Operation[], history, null), `order of seed ${seed}`).toBe(true);
      // What is shown is by itself enough to violate, with the writes of the values in it.
      if (witness?.kind === 'conflict') {
        const writes = witness.clusters.flatMap(({ write }) => (write === null ? [] : [write]));
        const shown = history.filter((one) => writes.includes(one) || witness.operations.includes(one));
        expect(bruteForce(shown, null), `conflict of seed ${seed}`).toBe(false);
      }
    }
    expect(counts.ok).toBeGreaterThan(2000);
    expect(counts.violated).toBeGreaterThan(2000);
    expect(counts.unknown).toBe(0);
  });

  test('with the search on longer histories of several keys', () => {
    const counts = { ok: 0, violated: 0, unknown: 0 };
    for (let seed = 1; seed <= 1000; seed++) {
      const history = randomHistory(seed, { ...small, operations: 60, processes: 6, keys: 3, wrong: 1 });
      const { verdict } = registerZones(history);
      counts[verdict]++;
      expect(checkLinearizability(history, searched).verdict, `seed ${seed}`).toBe(verdict);
    }
    expect(Math.min(counts.ok, counts.violated)).toBeGreaterThan(200);
  });
});

describe('a conflict is named', () => {
  const cases: [string, string, Operation[], number[]][] = [
    ['a value from nowhere', 'unwritten', draw('[]    : x put 1', '  []  : x get 7'), [1]],
    ['a read of the future', 'future', draw('[]    : x get 1', '  []  : x put 1'), [0, 1]],
    [
      'two values at once',
      'overlap',
      draw('[]       : x put 1', '  []     : x put 2', '    []   : x get 1', '      [] : x get 2'),
      [0, 1, 2, 3],
    ],
    [
      'a value inside the time of another',
      'within',
      draw('[]       : x put 1', '  []     : x put 2', '     []  : x get 1'),
      [0, 1, 2],
    ],
    ['the initial value back again', 'within', draw('[]    : x put 1', '   [] : x get -'), [0, 1]],
  ];
  for (const [name, reason, history, shown] of cases)
    test(name, () => {
      const { verdict, witness, detail } = registerZones(history);
      expect(verdict).toBe('violated');
      if (witness?.kind !== 'conflict') throw new Error('no witness');
      expect(witness.reason).toBe(reason);
      expect(witness.operations.map((one) => history.indexOf(one)).sort()).toEqual(shown);
      expect(detail).toMatch(/^Key "x": /);
    });
});

describe('what zones cannot tell is unknown', () => {
  const cases: [string, Operation[]][] = [
    ['a value written twice', draw('[]    : x put 1', '   [] : x put 1')],
    ['the initial value written', draw('[]    : x put -')],
    ['a compare and set', draw('[]    : x cas - 1')],
  ];
  for (const [name, history] of cases)
    test(name, () => {
      expect(registerZones(history).verdict).toBe('unknown');
      expect(checkLinearizability(history, keyValueModel()).verdict).toBe('ok');
    });

  test('unless another key is violated', () => {
    const history = [...cases[0]![1], ...draw('[] : y get 1')];
    expect(registerZones(history).verdict).toBe('violated');
  });
});

describe('50,000 operations of 32 processes on one key', () => {
  const history = randomHistory(1, {
    ...small,
    operations: 50_000,
    processes: 32,
    unknown: 1,
    failed: 1,
    wrong: 0,
  });

  test('are decided without a search, by checkLinearizability too', () => {
    expect(registerZones(history).verdict).toBe('ok');
    expect(checkLinearizability(history, keyValueModel())).toMatchObject({ verdict: 'ok', steps: 0 });
  });

  test('a planted stale read is found', () => {
    const reads = history.filter(({ input, status }) => input.kind === 'get' && status === 'ok');
    const victim = reads[20_000]!;
    const stale = history.map((one) => (one === victim ? { ...one, output: reads[19_000]!.output! } : one));
    const { witness } = registerZones(stale);
    if (witness?.kind !== 'conflict') throw new Error('no witness');
    expect(witness.operations.length).toBeLessThanOrEqual(4);
    expect(checkLinearizability(stale, keyValueModel()).verdict).toBe('violated');
  });
});
