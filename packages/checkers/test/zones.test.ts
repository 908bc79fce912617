import { describe, expect, test } from 'vitest';
import { checkLinearizability, keyValueModel, type Operation, registerZones } from '../src/index.ts';
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

describe('zones agree', () => {
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
      if (witness?.kind !== 'contradiction') throw new Error('no witness');
      expect(witness.pattern).toBe(reason);
      expect(witness.items.map((one) => history.indexOf(one)).sort()).toEqual(shown);
      expect(detail).toContain('on "x"');
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
    if (witness?.kind !== 'contradiction') throw new Error('no witness');
    expect(witness.items.length).toBeLessThanOrEqual(6);
    expect(checkLinearizability(stale, keyValueModel()).verdict).toBe('violated');
  });
});
