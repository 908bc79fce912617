import fc from 'fast-check';
import type { Command, Operation } from '../src/index.ts';

const text = fc.constantFrom('', 'a', 'b', 'aa', 'ä\u{1f680}', 'a longer value, which has to grow');

/** Operations on few keys and values, so that they meet. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('get' as const), key: text }),
  fc.record({ kind: fc.constant('put' as const), key: text, value: text }),
  fc.record({ kind: fc.constant('delete' as const), key: text }),
  fc.record({
    kind: fc.constant('cas' as const),
    key: text,
    expected: fc.option(text, { nil: null }),
    value: text,
  }),
  fc.record({ kind: fc.constant('append' as const), key: text, value: text }),
);

/** Commands of few clients, with retries, old sequences and gaps. */
export const command: fc.Arbitrary<Command> = fc.record({
  client: fc.integer({ min: 1, max: 5 }),
  sequence: fc.integer({ min: 1, max: 12 }),
  operation,
});
