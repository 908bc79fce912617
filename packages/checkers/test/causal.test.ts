import { describe, expect, test } from 'vitest';
import {
  checkCausal,
  checkSessionGuarantees,
  type Operation,
  registerZones,
  type Verdict,
} from '../src/index.ts';
import { randomHistory } from './random-history.ts';
import { sessions } from './sessions-text.ts';

const patternOf = ({ witness }: Verdict<Operation>) =>
  witness?.kind === 'contradiction' ? witness.pattern : undefined;

describe('causal consistency', () => {
  test('what is linearizable is causal, and breaks no session guarantee', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const history = randomHistory(seed, {
        operations: 60,
        processes: 5,
        kinds: ['get', 'put'],
        values: 0,
        unknown: 10,
        failed: 5,
        wrong: 0,
        keys: 1,
      });
      expect(registerZones(history).verdict).toBe('ok');
      expect(checkCausal(history).verdict, `seed ${seed}`).toBe('ok');
      for (const { verdict } of checkSessionGuarantees(history)) expect(verdict, `seed ${seed}`).toBe('ok');
    }
  });

  const cases: [string, string | undefined, Operation[]][] = [
    [
      'two readers who disagree about concurrent writes',
      undefined,
      sessions('x=1', 'x=2', 'x:1 x:2', 'x:2 x:1'),
    ],
    ['an answer without its question', 'initial', sessions('x=1', 'x:1 y=2', 'y:2 x:-')],
    ['a post seen again after its correction', 'overwritten', sessions('x=1 x=2', 'x:2 x:1')],
    ['two who each read what the other writes later', 'cycle', sessions('x:1 y=2', 'y:2 x=1')],
    ['a value from nowhere', 'unwritten', sessions('x:9')],
  ];
  for (const [name, kind, history] of cases)
    test(name, () => expect(patternOf(checkCausal(history))).toBe(kind));

  test('an unknown write binds nothing that its process did afterwards', () => {
    const history = sessions('x=1 x:-', 'x:1');
    expect(checkCausal(history).verdict).toBe('violated');
    expect(
      checkCausal(history.map((one, i) => (i === 0 ? { ...one, status: 'unknown' } : one))).verdict,
    ).toBe('ok');
  });

  test('is unknown where writers cannot be told apart, or memory is short', () => {
    expect(checkCausal(sessions('x=1', 'x=1')).detail).toContain('written twice');
    expect(checkCausal(sessions('x=1'), { initial: '1' }).detail).toContain('initial value');
    expect(checkCausal(sessions('x=1', 'x:1'), { memory: 15 }).verdict).toBe('unknown');
    expect(checkCausal(sessions('x=1', 'x:1'), { memory: 16 }).verdict).toBe('ok');
  });
});

describe('session guarantees', () => {
  const cases: [string, Operation[], string[]][] = [
    ['reads past its own write', sessions('x=1 x:-'), ['read-your-writes']],
    ['reads that go back', sessions('x=1', 'x:1 x:-'), ['monotonic-reads']],
    [
      'own writes seen the wrong way round',
      sessions('x=1 x=2', 'x:2 x:1'),
      ['monotonic-reads', 'monotonic-writes'],
    ],
    [
      'an answer that comes before its question',
      sessions('x=1', 'x:1 x=2', 'x:2 x:1'),
      ['monotonic-reads', 'writes-follow-reads'],
    ],
    ['known through another key', sessions('x=1 x=2 y=3', 'y:3 x:1'), ['monotonic-writes']],
    ['nothing wrong', sessions('x=1 x=2 x:2', 'x:1 x:2'), []],
  ];
  for (const [name, history, broken] of cases)
    test(name, () => {
      const verdicts = checkSessionGuarantees(history);
      expect(verdicts.filter(({ verdict }) => verdict === 'violated').map(({ check }) => check)).toEqual(
        broken,
      );
      expect(verdicts.filter(({ verdict }) => verdict === 'ok').length).toBe(4 - broken.length);
    });
});
