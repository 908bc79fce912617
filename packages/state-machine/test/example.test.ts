import { expect, test } from 'vitest';
import { decodeResult, encodeCommand, KeyValueStore } from '../src/index.ts';

test('the example of the package index', () => {
  const store = new KeyValueStore();
  const put = encodeCommand({
    client: 7,
    sequence: 1,
    operation: { kind: 'put', key: 'colour', value: 'red' },
  });
  store.apply(put);
  store.apply(put);

  const get = encodeCommand({ client: 7, sequence: 2, operation: { kind: 'get', key: 'colour' } });
  expect(decodeResult(store.read(get))).toEqual({ status: 'ok', value: 'red' });

  const copy = new KeyValueStore();
  copy.restore(store.snapshot());
  expect(copy.entries()).toEqual([['colour', 'red']]);
});
