import { describe, expect, test } from 'vitest';
import { checkConvergence, type Operation } from '../src/index.ts';
import { draw } from './history-text.ts';

const check = (...lines: string[]) => checkConvergence(draw(...lines));

describe('replicas that converge', () => {
  const cases: [string, string[]][] = [
    ['on the only write', ['[]        : x put 1', '    []    : x get 1', '    []    : x get 1']],
    [
      'on either of two, whatever the order',
      ['[]        : x put 1', '  []      : x put 2', '     []   : x get 1', '     []   : x get 1'],
    ],
    [
      'though reads before the end differed',
      [
        '[]        : x put 1',
        '[     ]   : x put 2',
        '  []      : x get 1',
        '        []: x get 2',
        '        []: x get 2',
      ],
    ],
    ['on a write of unknown outcome', ['[>        : x put 1', '    []    : x get 1', '    []    : x get 1']],
    [
      'on nothing, where no write was acknowledged',
      ['[>        : x put 1', '    []    : x get -', '    []    : x get -'],
    ],
    [
      'on nothing, after a delete',
      ['[]        : x put 1', '  []      : x delete', '     []   : x get -', '     []   : x get -'],
    ],
    [
      'on appended text',
      ['[]        : x append a', '[]        : x append b', '    []    : x get ba', '    []    : x get ba'],
    ],
    [
      'on each key by itself',
      [
        '[]        : x put 1',
        '[]        : y put 2',
        '    []    : x get 1',
        '    []    : x get 1',
        '    []    : y get 2',
        '    []    : y get 2',
      ],
    ],
  ];
  test.each(cases)('%s', (_, lines) => {
    const { verdict, witness } = check(...lines);
    expect(verdict).toBe('ok');
    if (witness?.kind !== 'order') throw new Error('no evidence');
    for (const { items } of witness.parts)
      expect(items.filter(({ input }) => input.kind === 'get')).toHaveLength(2);
  });
});

describe('replicas that do not', () => {
  const cases: [string, string, string[], number][] = [
    [
      'disagreement',
      'two last values',
      [
        '[]        : x put 1',
        '[]        : x put 2',
        '    []    : x get 1',
        '    []    : x get 2',
        '    []    : x get 2',
      ],
      4,
    ],
    [
      'disagreement',
      'one that missed the write',
      ['[]        : x put 1', '  []      : x put 2', '     []   : x get 2', '     []   : x get 1'],
      4,
    ],
    [
      'disagreement',
      'appends in different orders',
      ['[]        : x append a', '[]        : x append b', '    []    : x get ab', '    []    : x get ba'],
      4,
    ],
    [
      'unwritten',
      'a value from nowhere',
      ['[]        : x put 1', '    []    : x get 7', '    []    : x get 7'],
      1,
    ],
    [
      'lost',
      'an acknowledged write that is gone',
      ['[]        : x put 1', '    []    : x get -', '    []    : x get -'],
      2,
    ],
    ['lost', 'at one replica only', ['[]        : x put 1', '    []    : x get 1', '    []    : x get -'], 2],
  ];
  test.each(cases)('%s: %s', (pattern, _, lines, shown) => {
    const { verdict, witness } = check(...lines);
    expect(verdict).toBe('violated');
    if (witness?.kind !== 'contradiction') throw new Error('no evidence');
    expect(witness).toMatchObject({ pattern, key: 'x' });
    expect(witness.items).toHaveLength(shown);
    expect(checkConvergence(witness.items).verdict).toBe('violated');
  });
});

describe('what cannot be told is unknown', () => {
  const cases: [string, string[]][] = [
    ['nothing written', ['[]        : x get -', '[]        : x get -']],
    ['nobody reads in the end', ['[]        : x put 1', '[  ]      : x get -', '[  ]      : x get 1']],
    ['one reader only', ['[]        : x put 1', '    []    : x get 1']],
    [
      'a write of unknown outcome may have come between',
      ['[]        : x put 1', '[>        : x put 2', '    []    : x get 1', '    []    : x get 2'],
    ],
    [
      'one key of two is not read',
      ['[]        : x put 1', '[]        : y put 1', '    []    : x get 1', '    []    : x get 1'],
    ],
  ];
  test.each(cases)('%s', (_, lines) => expect(check(...lines).verdict).toBe('unknown'));

  test('but what is violated is violated, whatever else', () => {
    const lines = ['[]        : a put 1', '[]        : x put 1', '    []    : x get 7'];
    expect(check(...lines).verdict).toBe('violated');
  });

  test('only the last read of each process counts', () => {
    const [put, early, late, other] = draw(
      '[]        : x put 1',
      '  []      : x get -',
      '    []    : x get 1',
      '    []    : x get 1',
    ) as [Operation, Operation, Operation, Operation];
    expect(checkConvergence([put, { ...early, start: 3 }, { ...late, process: 1 }, other]).verdict).toBe(
      'ok',
    );
    expect(checkConvergence([put, { ...early, start: 3 }, late, other]).verdict).toBe('violated');
  });
});
