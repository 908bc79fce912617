import { SESSION_HEADER_BYTES } from '@quorate/interface';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCommand, decodeResult, encodeCommand, encodeResult, KeyValueStore } from '../src/index.ts';
import { command } from './arbitraries.ts';

test('a command survives encoding', () => {
  fc.assert(
    fc.property(command, (one) => {
      expect(decodeCommand(encodeCommand(one))).toEqual(one);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test('the layout of a command is as documented', () => {
  const bytes = encodeCommand({
    client: 0x01020304,
    sequence: 2 ** 32 - 1,
    operation: { kind: 'cas', key: 'ab', expected: 'c', value: 'de' },
  });
  expect(SESSION_HEADER_BYTES).toBe(8);
  expect([...bytes]).toEqual([4, 3, 2, 1, 255, 255, 255, 255, 3, 2, 0, 97, 98, 1, 0, 0, 0, 99, 100, 101]);
});

test('a result survives encoding', () => {
  for (const status of ['ok', 'mismatch', 'stale', 'expired', 'malformed'] as const)
    for (const value of [null, '', 'x', 'ä'])
      expect(decodeResult(encodeResult({ status, value }))).toEqual({ status, value });
});

test('numbers out of bounds and long keys are refused with what is allowed', () => {
  const operation = { kind: 'get', key: 'k' } as const;
  for (const bad of [0, -1, 1.5, 2 ** 32, Number.NaN]) {
    expect(() => encodeCommand({ client: bad, sequence: 1, operation })).toThrow(/client must be 1 to/);
    expect(() => encodeCommand({ client: 1, sequence: bad, operation })).toThrow(/sequence must be 1 to/);
  }
  const longest = { kind: 'get', key: 'k'.repeat(65_535) } as const;
  expect(decodeCommand(encodeCommand({ client: 1, sequence: 1, operation: longest })).operation).toEqual(
    longest,
  );
  const tooLong = { kind: 'get', key: 'ä'.repeat(32_768) } as const;
  expect(() => encodeCommand({ client: 1, sequence: 1, operation: tooLong })).toThrow(RangeError);
});

test('bytes that are no command: RangeError from the decoder, an error result and no change from the store', () => {
  const damaged = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc
      .tuple(command, fc.nat(40), fc.nat(255))
      .map(([one, at, byte]) => encodeCommand(one).map((old, i) => (i === at ? byte : old))),
    fc.tuple(command, fc.nat(40)).map(([one, length]) => encodeCommand(one).slice(0, length)),
  );
  let malformed = 0;
  fc.assert(
    fc.property(damaged, (bytes) => {
      const store = new KeyValueStore();
      store.apply(
        encodeCommand({ client: 1, sequence: 1, operation: { kind: 'put', key: 'k', value: 'v' } }),
      );
      const before = store.snapshot();
      let known = true;
      try {
        decodeCommand(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        known = false;
        malformed++;
      }
      const { status } = decodeResult(store.apply(bytes));
      expect(status === 'malformed').toBe(!known);
      if (!known) expect(store.snapshot()).toEqual(before);
    }),
    { seed: 3, numRuns: 3000 },
  );
  expect(malformed).toBeGreaterThan(500);
});

test('bytes that are no result', () => {
  for (const bytes of [[], [0], [9, 0], [0, 2], [0, 0, 65]])
    expect(() => decodeResult(Uint8Array.from(bytes))).toThrow(RangeError);
});

test('a key is decoded as itself, whatever was decoded before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { minLength: 1, maxLength: 40 }),
      (keys) => {
        for (const key of [...keys, ...keys]) {
          const bytes = encodeCommand({ client: 1, sequence: 1, operation: { kind: 'get', key } });
          const { operation } = decodeCommand(bytes);
          expect(operation.key).toBe(key);
        }
      },
    ),
    { seed: 4 },
  );
});
