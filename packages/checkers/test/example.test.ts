import { expect, test } from 'vitest';
import { checkLinearizability, keyValueModel, type Operation } from '../src/index.ts';

test('the example of the package index', () => {
  const history: Operation[] = [
    {
      process: 1,
      key: 'x',
      input: { kind: 'put', value: 'a' },
      output: { status: 'ok' },
      start: 0,
      end: 1,
      status: 'ok',
    },
    {
      process: 2,
      key: 'x',
      input: { kind: 'put', value: 'b' },
      output: { status: 'ok' },
      start: 2,
      end: 3,
      status: 'ok',
    },
    {
      process: 1,
      key: 'x',
      input: { kind: 'get' },
      output: { status: 'ok', value: 'a' },
      start: 4,
      end: 5,
      status: 'ok',
    },
  ];
  const { verdict, detail } = checkLinearizability(history, keyValueModel());
  expect(verdict).toBe('violated');
  expect(detail).toBe(
    'Key "x": no order explains process 1: get → "a" [4, 5]. Without it there is one, which leaves "b": ' +
      'process 1: put "a" [0, 1]; process 2: put "b" [2, 3].',
  );
});
