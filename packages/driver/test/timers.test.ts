import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timers } from '../src/timers.ts';

test('timers fire at their latest setting, in order, each once', () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), key: fc.nat(3), ahead: fc.nat(20) }),
    fc.record({ kind: fc.constant('clear' as const), key: fc.nat(3) }),
    fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.nat(15) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const timers = new Timers();
      const model = new Map<number, number>();
      let now = 0;
      for (const step of actions) {
        if (step.kind === 'set') {
          timers.set('t', step.key, now + step.ahead);
          model.set(step.key, now + step.ahead);
        } else if (step.kind === 'clear') {
          timers.clear('t', step.key);
          model.delete(step.key);
        } else {
          now += step.milliseconds;
          const fired: number[] = [];
          for (let due = timers.takeDue(now); due !== undefined; due = timers.takeDue(now))
            fired.push(due.key);
          const expected = [...model].filter(([, at]) => at <= now).map(([key]) => key);
          for (const key of expected) model.delete(key);
          expect(fired.sort()).toEqual(expected.sort());
        }
        const next = Math.min(Number.POSITIVE_INFINITY, ...model.values());
        expect(timers.next).toBeLessThanOrEqual(next);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});

test('equal deadlines fire in the order in which they were set', () => {
  const timers = new Timers();
  timers.set('b', 0, 5);
  timers.set('a', 0, 5);
  expect(timers.takeDue(5)?.timer).toBe('b');
  expect(timers.takeDue(5)?.timer).toBe('a');
  expect(timers.takeDue(5)).toBeUndefined();
});
