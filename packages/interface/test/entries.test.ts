import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Entry, modelledSize, packBatch, resolveKnobs, unpackBatch } from '../src/index.ts';

const entries = fc
  .record({
    first: fc.integer({ min: 1, max: 2 ** 40 }),
    rest: fc.array(
      fc.record({
        epoch: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
        tag: fc.integer({ min: 0, max: 255 }),
        command: fc.uint8Array({ maxLength: 40 }),
      }),
      { maxLength: 8 },
    ),
  })
  .map(({ first, rest }) => rest.map((one, i): Entry => ({ slot: first + i, ...one })));

test('a batch gives back what was packed', () => {
  fc.assert(
    fc.property(entries, (some) => {
      expect(unpackBatch(packBatch(some))).toEqual(
        some.map((one) => ({ ...one, command: Uint8Array.from(one.command) })),
      );
    }),
    { seed: 1 },
  );
});

test('a batch cut anywhere, or with bytes to spare, is refused', () => {
  const whole = packBatch([
    { slot: 1, epoch: 1, tag: 0, command: Uint8Array.of(1, 2, 3) },
    { slot: 2, epoch: 1, tag: 0, command: Uint8Array.of(4) },
  ]);
  for (let cut = 0; cut < whole.bytes.length; cut++) {
    expect(() => unpackBatch({ ...whole, bytes: whole.bytes.subarray(0, cut) })).toThrow(RangeError);
  }
  expect(() => unpackBatch({ ...whole, bytes: new Uint8Array(whole.bytes.length + 1) })).toThrow(RangeError);
});

test('entries that do not follow one another make no batch', () => {
  const entry = (slot: number): Entry => ({ slot, epoch: 1, tag: 0, command: new Uint8Array(0) });
  expect(() => packBatch([entry(1), entry(3)])).toThrow(/does not follow/);
});

test('a modelled size counts the bulk bytes', () => {
  const entriesOf = packBatch([{ slot: 1, epoch: 1, tag: 0, command: new Uint8Array(100) }]);
  expect(modelledSize({ type: 'x', entries: entriesOf }) - modelledSize({ type: 'x' })).toBe(112);
  expect(modelledSize({ type: 'x', data: new Uint8Array(7) }) - modelledSize({ type: 'x' })).toBe(7);
});

test('knobs: defaults scaled, settings scaled too, unknown names refused with what there is', () => {
  const knobs = {
    timeout: { default: 10, unit: 'ms', draw: [], about: '' },
    window: { default: 4, unit: 'count', draw: [], about: '' },
  } as const;
  expect(resolveKnobs({ name: 'p', knobs }, { timeout: 20 }, 2)).toEqual({ timeout: 40, window: 4 });
  expect(() => resolveKnobs({ name: 'p', knobs }, { tiemout: 1 })).toThrow(
    'p has no knob "tiemout"; it has: timeout, window',
  );
  expect(resolveKnobs({ name: 'p', knobs }, { window: 0 }).window).toBe(0);
  // due at once, again and again, a timer would let simulated time stand still
  for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => resolveKnobs({ name: 'p', knobs }, { timeout })).toThrow(
      `p: knob "timeout" is ${timeout}; allowed: a number above 0`,
    );
});
