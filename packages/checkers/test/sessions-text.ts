import type { Operation } from '../src/index.ts';

/** One line per session: `x=1` writes, `x:1` reads, `x:-` reads nothing. */
export function sessions(...lines: string[]): Operation[] {
  return lines.flatMap((line, process) =>
    line.split(' ').map((word, i): Operation => {
      const value = word.slice(2) === '-' ? null : word.slice(2);
      const times = { process, key: word[0]!, start: 10 * i, end: 10 * i + 5, status: 'ok' } as const;
      if (word[1] === '=') return { ...times, input: { kind: 'put', value } };
      return { ...times, input: { kind: 'get' }, output: { status: 'ok', value } };
    }),
  );
}
