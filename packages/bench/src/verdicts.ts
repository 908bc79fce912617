import type { AnyProtocol } from '@quorate/interface';
import type { CheckVerdict } from './results.ts';
import type { RunVerdict, Sample } from './scenario.ts';

type Kind = RunVerdict['verdict'];

/** Verdicts from worst to best; `unknown` is never a pass. */
export const VERDICTS: readonly Kind[] = ['violated', 'unknown', 'expected', 'ok'];

/**
 * The verdicts of all runs, one row for each check and verdict, worst first within a check. A protocol's own invariants share one row,
 * `invariants`, as long as they hold; a broken one has its own name.
 */
export function mergeVerdicts(
  protocol: Pick<AnyProtocol, 'invariants'>,
  samples: readonly Pick<Sample, 'seed' | 'verdicts'>[],
): CheckVerdict[] {
  const invariants = new Set(protocol.invariants.map(({ name }) => name));
  const rows = new Map<string, { check: string; verdict: Kind; detail: string; seeds: number[] }>();
  for (const { seed, verdicts } of samples) {
    for (const { check, verdict, detail } of verdicts) {
      const held = verdict === 'ok' && invariants.has(check);
      const name = held ? 'invariants' : check;
      const key = `${name} ${verdict}`;
      const row = rows.get(key);
      if (row === undefined) {
        const said = held ? `${invariants.size} invariants held after every step` : detail;
        rows.set(key, {
          check: name,
          verdict,
          detail: verdict === 'ok' ? said : `seed ${seed}: ${said}`,
          seeds: [seed],
        });
      } else if (row.seeds.at(-1) !== seed) {
        row.seeds.push(seed);
      }
    }
  }
  const order = [...new Set([...rows.values()].map(({ check }) => check))];
  return [...rows.values()].sort(
    (a, b) =>
      order.indexOf(a.check) - order.indexOf(b.check) ||
      VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict),
  );
}

/** The worst of some verdicts; `ok` of none. */
export function worstOf(verdicts: readonly Kind[]): Kind {
  return VERDICTS.find((one) => verdicts.includes(one)) ?? 'ok';
}
