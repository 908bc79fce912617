import { NO_BYTES } from '@quorate/interface';
import { encodeCommand } from '@quorate/state-machine';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberedValue, PutWriter } from '../src/put-writer.ts';

test('a put written from a template is the put that would have been encoded', () => {
  const numbers = fc.record({
    client: fc.integer({ min: 1, max: 0xffff_ffff }),
    sequence: fc.integer({ min: 1, max: 0xffff_ffff }),
    key: fc.oneof(fc.nat(20), fc.nat(2_000_000)),
    n: fc.oneof(fc.nat(200), fc.integer({ min: 0, max: 1e12 })),
  });
  fc.assert(
    fc.property(
      fc.array(numbers, { minLength: 1, maxLength: 30 }),
      fc.constantFrom('k', 'schlüssel-'),
      fc.nat(140),
      (puts, prefix, valueBytes) => {
        const writer = new PutWriter(prefix, valueBytes);
        let command: Uint8Array = NO_BYTES;
        for (const { client, sequence, key, n } of puts) {
          command = writer.write(command, client, sequence, key, n);
          const operation = {
            kind: 'put',
            key: `${prefix}${key}`,
            value: numberedValue(n, valueBytes),
          } as const;
          expect(command).toEqual(encodeCommand({ client, sequence, operation }));
        }
      },
    ),
  );
});
