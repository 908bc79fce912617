import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readUtf8, utf8Length, writeUtf8 } from '../src/index.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Strings of any UTF-16 units, ASCII runs and surrogates, paired or not, more often than by chance. */
const anyString = fc
  .array(
    fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '\ud800',
        '\udbff',
        '\udc00',
        '\udfff',
        '\u{1f680}',
        'é',
        '\u07ff',
        '\u0800',
        '\uffff',
        '\ufeff',
      ),
      fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

test('encodes as TextEncoder does, lone surrogates included', () => {
  fc.assert(
    fc.property(anyString, (text) => {
      const expected = encoder.encode(text);
      expect(utf8Length(text)).toBe(expected.length);
      const bytes = new Uint8Array(expected.length + 2);
      expect(writeUtf8(bytes, 1, text)).toBe(expected.length + 1);
      expect(bytes.subarray(1, -1)).toEqual(expected);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('decodes any bytes as TextDecoder does', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 24 }),
    anyString.map((text) => encoder.encode(text)),
    // The bytes at which well-formed sequences differ from ill-formed ones.
    fc.array(
      fc.constantFrom(
        0x41,
        0x80,
        0x8f,
        0x90,
        0x9f,
        0xa0,
        0xbf,
        0xc1,
        0xc2,
        0xe0,
        0xed,
        0xef,
        0xf0,
        0xf4,
        0xf5,
      ),
      {
        maxLength: 12,
      },
    ),
  );
  fc.assert(
    fc.property(anyBytes, (some) => {
      const bytes = Uint8Array.from(some);
      expect(readUtf8(bytes, 0, bytes.length)).toBe(decoder.decode(bytes));
    }),
    { seed: 2, numRuns: 5000 },
  );
});

test('reads only the part that it is asked for', () => {
  const bytes = encoder.encode('abcdefghijkléü');
  expect(readUtf8(bytes, 2, 12)).toBe('cdefghijkl');
  expect(readUtf8(bytes, 12, 14)).toBe('é');
});
