import { describe, expect, test } from 'vitest';
import { checkCausal, checkSessionGuarantees, type Operation, registerZones } from '../src/index.ts';
import { causalBruteForce, causality, sessionBruteForce, wildHistory } from './brute-causal.ts';
import { randomHistory } from './random-history.ts';
import { sessions } from './sessions-text.ts';

const drawn = (seed: number) =>
  wildHistory(seed, {
    operations: 5 + (seed % 5),
    processes: 2 + (seed % 3),
    keys: 1 + (seed % 2),
    tame: 10 * (seed % 10),
  });

describe('causal consistency', () => {
  test('agrees with the definition on 5000 small histories, and its witnesses are what they say', () => {
    const counts = { ok: 0, violated: 0, unknown: 0 };
    const kinds = { unwritten: 0, cycle: 0, initial: 0, overwritten: 0 };
    for (let seed = 1; seed <= 5000; seed++) {
      const history = drawn(seed);
      const { verdict, witness } = checkCausal(history);
      counts[verdict]++;
      expect(verdict, `seed ${seed}`).toBe(causalBruteForce(history) ? 'ok' : 'violated');
      if (witness === undefined) continue;
      kinds[witness.kind]++;
      const { all, co } = causality(history);
      const at = witness.operations.map((one) => all.indexOf(one));
      if (witness.kind === 'cycle')
        at.forEach((one, i) => {
          expect(co[one]![at[(i + 1) % at.length]!], `cycle of seed ${seed}`).toBe(true);
        });
      if (witness.kind !== 'cycle')
        for (let i = 1; i < at.length; i++) expect(co[at[i - 1]!]![at[i]!], `seed ${seed}`).toBe(true);
    }
    expect(Math.min(counts.ok, counts.violated, ...Object.values(kinds))).toBeGreaterThan(100);
  });

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
    test(name, () => expect(checkCausal(history).witness?.kind).toBe(kind));

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
  test('agree with the definitions on 5000 small histories', () => {
    const violations = [0, 0, 0, 0];
    for (let seed = 1; seed <= 5000; seed++) {
      const history = drawn(seed);
      const expected = sessionBruteForce(history);
      const unwritten = causality(history).from.includes(-2);
      checkSessionGuarantees(history).forEach(({ check, verdict, witness }, i) => {
        const bad = expected?.[i];
        const right = bad === undefined ? 'unknown' : bad ? 'violated' : unwritten ? 'unknown' : 'ok';
        expect(verdict, `${check}, seed ${seed}`).toBe(right);
        if (witness === undefined) return;
        violations[i]!++;
        expect(sessionBruteForce(history.filter((one) => one.status !== 'fail'))![i]).toBe(true);
        expect(new Set(witness.operations.map(({ key }) => key)).size).toBe(1);
      });
    }
    expect(Math.min(...violations)).toBeGreaterThan(25);
  });

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
