import { expect, it } from 'vitest';
import { failureClass } from '../src/index.ts';

it('puts failures together that differ in numbers and values only', () => {
  const class1 = failureClass('Log Matching', 'node 3: slot 12 differs (node 3, at 12.345 ms)');
  expect(class1).toBe('Log Matching: node #: slot # differs');
  expect(failureClass('Log Matching', 'node 1: slot 1,200 differs (node 1, at 7 ms)')).toBe(class1);
  const core = (ids: string) => failureClass('progress', `nodes ${ids}, healed, did not answer within 10 s`);
  expect(core('1, 2, 4')).toBe(core('2, 3'));
});

it('keeps apart what differs in words, or in the check', () => {
  const stale =
    'Key "k1": no order explains process 4: get → "v1" [3, 4]. The 3 operations before it; and so on';
  expect(failureClass('linearizable', stale)).toBe(
    'linearizable: Key "…": no order explains process #: get → "…" [#]',
  );
  expect(failureClass('linearizable', stale.replace('"v1"', 'nothing'))).not.toBe(
    failureClass('linearizable', stale),
  );
  expect(failureClass('a', 'x')).not.toBe(failureClass('b', 'x'));
});
