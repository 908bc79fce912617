import type { Operation, Value } from '../src/index.ts';

/**
 * Draws a history: one line per operation, time from left to right, `[` at its start and `]` at its end (`>`: unknown), then a colon,
 * the key and what was asked and told: `put v`, `get v`, `append v`, `delete`, `cas old new`, `cas old new no`, where `-` is null.
 */
export function draw(...lines: string[]): Operation[] {
  return lines.map((line, process) => {
    const [bar, text] = line.split(':') as [string, string];
    const [key, kind, ...words] = text.trim().split(' ') as [string, string, ...string[]];
    const values = words.map((word): Value => (word === '-' ? null : word));
    const start = bar.indexOf('[');
    const known = bar.includes(']');
    return {
      process,
      key,
      input:
        kind === 'cas'
          ? { kind, expected: values[0]!, value: values[1]! }
          : kind === 'append'
            ? { kind, value: words[0]! }
            : kind === 'put'
              ? { kind, value: values[0]! }
              : { kind: kind as 'get' | 'delete' },
      ...(known && kind === 'get' ? { output: { status: 'ok' as const, value: values[0]! } } : {}),
      ...(known && kind === 'cas'
        ? { output: { status: words[2] === 'no' ? ('mismatch' as const) : ('ok' as const) } }
        : {}),
      start,
      end: known ? bar.indexOf(']') : Number.POSITIVE_INFINITY,
      status: known ? 'ok' : 'unknown',
    };
  });
}
