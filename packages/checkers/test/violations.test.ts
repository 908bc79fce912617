import { describe, expect, test } from 'vitest';
import {
  casRegisterModel,
  checkLinearizability,
  IMPOSSIBLE,
  keyValueModel,
  type Model,
  type Operation,
  registerModel,
} from '../src/index.ts';
import { bruteForce } from './brute.ts';
import { draw } from './history-text.ts';
import { randomHistory } from './random-history.ts';

function check(history: Operation[]) {
  return checkLinearizability(history, keyValueModel());
}

describe('finds, and names the operation that cannot be explained', () => {
  const cases: [string, Operation[], number][] = [
    ['a stale read', draw('[]          : x put 1', '  []        : x put 2', '    []      : x get 1'), 2],
    [
      'a read that goes back',
      draw('[        ]  : x put 1', ' []         : x get 1', '    []      : x get -'),
      2,
    ],
    ['a lost update', draw('[]        : x cas - 1', '   []     : x cas - 2', '      []  : x get 2'), 1],
    ['a duplicated append', draw('[]      : x append a', '   []   : x get aa'), 1],
    ['a value from nowhere', draw('[]    : x put 1', '  []  : x get 7'), 1],
    [
      'appends that two readers saw in different orders',
      draw('[  ]   : x append a', '[  ]   : x append b', '    [] : x get ab', '     [] : x get ba'),
      3,
    ],
    [
      'an unknown write that is seen, then unseen',
      draw(
        '[]          : x put 1',
        ' [>         : x put 2',
        '   []       : x get 2',
        '     []     : x get 1',
      ),
      3,
    ],
    [
      'an unknown write that takes effect twice',
      draw('[>                : x append a', '  []              : x get a', '     []           : x get aa'),
      2,
    ],
    [
      'a deleted value that is back',
      draw('[]          : x put 1', '  []        : x delete', '     []     : x get 1'),
      2,
    ],
    ['a mismatch with the value expected', draw('[]     : x put 1', '   []  : x cas 1 2 no'), 1],
  ];
  for (const [name, history, culprit] of cases)
    test(name, () => {
      const { verdict, witness, detail } = check(history);
      expect(verdict).toBe('violated');
      if (witness?.kind !== 'contradiction') throw new Error('no witness');
      expect(history.indexOf(witness.items.at(-1)!)).toBe(culprit);
      expect(detail).toContain(`process ${culprit}: ${history[culprit]!.input.kind}`);
    });
});

describe('accepts', () => {
  const cases: [string, Operation[]][] = [
    ['nothing at all', []],
    ['concurrent reads around a write', draw('[     ] : x put 1', ' []     : x get -', '    []  : x get 1')],
    [
      'an unknown write that takes effect late',
      draw('[>         : x put 1', '  []       : x get -', '     []    : x get 1'),
    ],
    ['an unknown write that never does', draw('[>     : x put 1', '   []  : x get -')],
    [
      'an unknown write below two appends, of which another one could have been the last',
      draw(
        ' [>            : x put a',
        '  []           : x append b',
        '    []         : x append a',
        '      []       : x get aba',
        '        []     : x append a',
      ),
    ],
    [
      'an unknown write below an append, of which somebody only says that it was not the append alone',
      draw('[>        : x put a', ' []       : x append b', '   []     : x cas b c no'),
    ],
    [
      'an unknown write between two that return',
      draw('[>        : x cas 1 2', ' []       : x put 1', '    []    : x get 2'),
    ],
    [
      'equal times, as concurrent',
      [
        { ...draw('[] : x put 1')[0]!, end: 1 },
        { ...draw(' [] : x get -')[0]!, start: 1 },
      ],
    ],
    [
      'a mismatch made possible by an unknown write',
      draw('[>     : x put 2', ' []    : x put 1', '    [] : x cas 1 3 no'),
    ],
    ['different keys that go different ways', draw('[]    : x put 1', '   [] : y get -')],
  ];
  for (const [name, history] of cases) test(name, () => expect(check(history).verdict).toBe('ok'));

  test('an append to a number', () => {
    const history = draw('[]      : x put 1', '  []    : x append a', '    []  : x get 1a');
    const put: Operation = { ...history[0]!, input: { kind: 'put', value: 1 } };
    expect(check([put, ...history.slice(1)]).verdict).toBe('ok');
  });

  test('anything of a failed operation', () => {
    const history = draw('[]    : x put 1', '   [] : x get -').map(
      (one, i): Operation => (i === 0 ? { ...one, status: 'fail' } : one),
    );
    expect(check(history).verdict).toBe('ok');
    expect(check(history.map((one): Operation => ({ ...one, status: 'ok' }))).verdict).toBe('violated');
  });
});

describe.each([
  ['zones', keyValueModel()],
  ['the search', { ...keyValueModel(), decide: () => undefined }],
] as const)('a planted stale read in a long history is named, by %s', (_, model) => {
  const history = randomHistory(5, {
    operations: 2000,
    processes: 8,
    kinds: ['get', 'put'],
    values: 0,
    unknown: 1,
    failed: 0,
    wrong: 0,
  });
  const byEnd = [...history]
    .filter((one) => one.status === 'ok' && one.input.kind === 'get')
    .sort((a, b) => a.end - b.end);
  const victim = { ...byEnd[500]!, output: byEnd[300]!.output! };

  test('and little else is shown', () => {
    expect(byEnd[300]!.output).not.toEqual(byEnd[500]!.output);
    const { verdict, witness } = checkLinearizability(
      history.with(history.indexOf(byEnd[500]!), victim),
      model,
    );
    expect(verdict).toBe('violated');
    if (witness?.kind !== 'contradiction') throw new Error('no witness');
    expect(witness.items).toContain(victim);
    expect(witness.items.length).toBeLessThanOrEqual(5);
    expect(bruteForce(witness.items, null)).toBe(false);
  });
});

describe('bounds', () => {
  // Many concurrent writes of few values, and a read of what nobody can have written last: hard without the hints.
  const { name, initial, step, describe: inWords } = registerModel();
  const bare: Model<ReturnType<typeof JSON.parse>> = { name, initial, step, describe: inWords };
  const hard = [
    ...draw(...Array.from({ length: 14 }, (_, i) => `[ ] : x put ${i}`)),
    ...draw('   [] : x get 99'),
  ];

  test('steps: unknown, after the same number of steps each time', () => {
    const first = checkLinearizability(hard, bare, { steps: 20_000 });
    expect(first.verdict).toBe('unknown');
    expect(first.detail).toContain('within the bounds');
    expect(checkLinearizability(hard, bare, { steps: 20_000 }).steps).toBe(first.steps);
    expect(first.steps).toBeLessThan(21_000);
  });

  test('time: unknown once the caller says so', () => {
    let asked = 0;
    const { verdict } = checkLinearizability(hard, bare, { expired: () => ++asked > 3 });
    expect(verdict).toBe('unknown');
    expect(asked).toBe(4);
  });

  test('memory: without room the answer is the same, only later', () => {
    const short = [...hard.slice(0, 6), hard.at(-1)!];
    const roomy = checkLinearizability(short, bare);
    const tight = checkLinearizability(short, bare, { memory: 0 });
    expect(roomy.verdict).toBe('violated');
    expect(tight.verdict).toBe('violated');
    expect(tight.steps).toBeGreaterThan(2 * roomy.steps);
  });

  test('a violated part counts even if another part is beyond the bounds', () => {
    const history = [...hard, ...draw('[]   : y put 1', '  [] : y get 2')];
    const parted: typeof bare = { ...bare, partition: (one) => one.key! };
    expect(checkLinearizability(history, parted, { steps: 20_000 }).verdict).toBe('violated');
  });
});

test('a model of one’s own, whose states are no primitives', () => {
  type Queue = readonly number[];
  const queue: Model<Queue, number | 'take', number | null> = {
    name: 'queue',
    initial: [],
    step: (state, input, output) => {
      if (input !== 'take') return [...state, input];
      const head = state[0] ?? null;
      return output === undefined || output === head ? state.slice(1) : IMPOSSIBLE;
    },
    describe: (input, output) => `${input} ${output}`,
    identify: (state) => state.join(),
  };
  const one = (input: number | 'take', output: number | null, start: number, end: number) =>
    ({ process: start, input, output, start, end, status: 'ok' }) as const;
  const history = [one(1, null, 0, 3), one(2, null, 1, 2), one('take', 2, 4, 5), one('take', 1, 6, 7)];
  expect(checkLinearizability(history, queue).verdict).toBe('ok');
  expect(checkLinearizability([...history, one('take', 1, 8, 9)], queue).verdict).toBe('violated');
});

describe('refuses', () => {
  test('times that make no sense', () => {
    const [put] = draw('[] : x put 1') as [Operation];
    for (const times of [
      { start: Number.NaN },
      { end: Number.NaN },
      { start: 3, end: 2 },
      { end: Number.POSITIVE_INFINITY },
    ])
      expect(() => check([{ ...put, ...times }])).toThrow(RangeError);
  });

  test('operations that the model does not have, and answers that say nothing', () => {
    expect(() => checkLinearizability(draw('[] : x append 1'), casRegisterModel())).toThrow(
      'the cas-register model has no append',
    );
    expect(() => checkLinearizability(draw('[] : x cas 1 2'), registerModel())).toThrow(
      'the register model has no cas',
    );
    const { output: _, ...silent } = draw('[] : x get 1')[0]!;
    expect(() => check([silent])).toThrow('a get that is ok must have an output with a value');
    expect(() => check([{ ...silent, output: { status: 'ok' } }])).toThrow('with a value');
  });
});
