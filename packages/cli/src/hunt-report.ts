import { type HuntTally, storyMarkdown, storyOf } from '@quorate/bench';
import type { AnyProtocol } from '@quorate/interface';
import type { SimulationOptions } from '@quorate/simulator';
import { significant, textTable } from './tables.ts';

/** Seeds per second, decisions, and how often each kind of fault and knob was exercised: for people. */
export function tallyText(tally: HuntTally): string[] {
  const { decided, operations, verdicts, fired, firedSeeds, seeds } = tally;
  const share = seeds === 0 ? 0 : (100 * verdicts.unknown) / seeds;
  const byName = <T>(rows: Record<string, T>) => Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1));
  const counted = (rows: Record<string, Record<string, number>>) =>
    byName(rows).map(([name, counts]) => {
      const values = Object.entries(counts).map(([value, times]) => `${value}: ${times}`);
      return [name, values.join(', ')];
    });
  return [
    `  ${significant(decided)} decisions; operations: ${significant(operations.ok)} done, ${significant(operations.failed)} refused or given up, ${significant(operations.unknown)} with unknown outcome`,
    `  seeds by worst verdict: ${verdicts.ok} ok, ${verdicts.expected} expected, ${verdicts.unknown} unknown (${significant(share)} %), ${verdicts.violated} violated`,
    `  ${significant(seeds === 0 ? 0 : tally.faults / seeds)} faults a seed; faults that took effect, by class:`,
    textTable(
      ['class', 'times', 'seeds'],
      byName(fired as Record<string, number>).map(([name, times]) => [
        name,
        times,
        (firedSeeds as Record<string, number>)[name] ?? 0,
      ]),
    ),
    '  knobs that had another value than their default, and what else was drawn:',
    textTable(['knob', 'seeds by value'], [...counted(tally.knobs), ...counted(tally.drawn)]),
  ];
}

/** A group of failures for `hunt.md`: how often, and one of them told. */
export interface ToldGroup {
  readonly protocol: AnyProtocol;
  readonly check: string;
  readonly class: string;
  readonly count: number;
  readonly firstSeed: number;
  readonly options: SimulationOptions;
  readonly reproduce: string;
  readonly shrunk: boolean;
}

/** No more groups than this are told in full. */
const TOLD = 20;

/** `hunt.md`: a bug report for each group of failures, below what was tried. */
export function huntMarkdown(
  tried: readonly { readonly protocol: string; readonly seeds: number; readonly virtualSeconds: number }[],
  groups: readonly ToldGroup[],
): string {
  const lines = ['# What the hunt found', ''];
  for (const { protocol, seeds, virtualSeconds } of tried)
    lines.push(`- ${protocol}: ${seeds} seeds, ${significant(virtualSeconds)} virtual seconds`);
  lines.push('', groups.length === 0 ? 'No promise was broken.' : `${groups.length} kinds of failure.`, '');
  for (const group of groups.slice(0, TOLD)) {
    const often =
      group.count === 1 ? `seed ${group.firstSeed}` : `${group.count} seeds, the first ${group.firstSeed}`;
    lines.push(`## ${group.protocol.title}: ${group.class}`, '', `Seen in ${often}.`);
    lines.push(group.shrunk ? 'Made as small as it gets:' : 'The smallest of them, as it was drawn:', '');
    lines.push(storyMarkdown(storyOf(group.options, group.check), group.reproduce));
  }
  if (groups.length > TOLD) lines.push(`${groups.length - TOLD} more kinds are in hunt.json.`);
  return `${lines.join('\n').trimEnd()}\n`;
}
