import { expect, test } from 'vitest';
import { PAIRS } from './twins.ts';

/** `QUORATE_LONG=1` compares 100,000 histories of each, which takes some minutes, and prints the counts. */
const LONG = process.env.QUORATE_LONG !== undefined;
const HISTORIES = LONG ? 100_000 : 2_000;

test.each(PAIRS)(
  `$name: agrees with trying everything, on ${HISTORIES} small histories, and its evidence stands`,
  ({ name, draw, check, twin, refute }) => {
    const counts = new Map<string, { ok: number; violated: number; unknown: number }>();
    const wrong: string[] = [];
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const history = draw(seed);
      const expected = twin(history);
      check(history).forEach((verdict, i) => {
        const count = counts.get(verdict.check) ?? { ok: 0, violated: 0, unknown: 0 };
        counts.set(verdict.check, count);
        count[verdict.verdict]++;
        if (verdict.verdict !== expected[i])
          wrong.push(`seed ${seed}: ${verdict.check} is ${verdict.verdict}, by definition ${expected[i]}`);
        else if (verdict.verdict !== 'unknown') {
          const why = refute(history, verdict, i);
          if (why !== null) wrong.push(`seed ${seed}: ${verdict.check}, ${verdict.verdict}: ${why}`);
        }
      });
    }
    if (LONG)
      for (const [check, { ok, violated, unknown }] of counts)
        console.log(
          `${name}: ${check}: ${ok} ok, ${violated} violated, ${unknown} unknown, ${wrong.length} mismatches`,
        );
    expect(wrong).toEqual([]);
    for (const { ok, violated } of counts.values())
      expect(Math.min(ok, violated)).toBeGreaterThan(HISTORIES / 200);
  },
  30 * 60_000,
);
