import type {
  CheckVerdict,
  Comparison,
  Estimate,
  Experiment,
  ProtocolCard,
  Results,
} from '@quorate/bench/results';
import { distinct, groupBy } from './run.ts';

/** One other protocol seen from a finding's leader. `ratio` is the leader's value divided by the other's. */
export interface Rival {
  readonly protocol: string;
  readonly ratio: Estimate;
}

/** Who is best at one metric of one scenario, as measured. */
export interface Finding {
  readonly scenario: string;
  readonly mode: Experiment['mode'];
  readonly metric: string;
  readonly better: Comparison['better'];
  /**
   * `best`: the leader is significantly better than every other. `shared`: than some, and level with the rest. `level`: no
   * significant difference anywhere. `open`: the pairs contradict one another or some were never compared.
   */
  readonly verdict: 'best' | 'shared' | 'level' | 'open';
  readonly leader: string;
  /** Significantly worse than the leader, the nearest first. */
  readonly behind: readonly Rival[];
  /** No significant difference from the leader. */
  readonly level: readonly Rival[];
  /** The fewest pairs of runs behind any of it; undefined where the results do not say. */
  readonly runs: number | undefined;
}

type Verdict = CheckVerdict['verdict'];

/** One of a protocol's promises. */
export type Promised = ProtocolCard['guarantees'][number];

/** A verdict other than `ok`, with why it may be so. */
export interface Remark {
  readonly experiment: Experiment;
  readonly verdict: CheckVerdict;
  /** What the protocol promises about this check, from its card; null where it promises nothing. */
  readonly promise: Promised | null;
}

export interface Summary {
  readonly findings: readonly Finding[];
  readonly tally: Readonly<Record<Verdict, number>>;
  readonly remarks: readonly Remark[];
}

/** From worst to best. `unknown` stands above `expected`: it is never a pass. */
export const SEVERITY: readonly Verdict[] = ['violated', 'unknown', 'expected', 'ok'];

/** What a reader should know in a minute, from the results alone. */
export function summarise(results: Results): Summary {
  const tally: Record<Verdict, number> = { ok: 0, expected: 0, violated: 0, unknown: 0 };
  const remarks: Remark[] = [];
  for (const experiment of results.experiments) {
    for (const verdict of experiment.verdicts) {
      tally[verdict.verdict] += 1;
      if (verdict.verdict === 'ok') continue;
      remarks.push({ experiment, verdict, promise: promiseOf(results, experiment.protocol, verdict.check) });
    }
  }
  remarks.sort((a, b) => severity(a.verdict.verdict) - severity(b.verdict.verdict));
  return { findings: findingsOf(results.comparisons), tally, remarks };
}

export function severity(verdict: Verdict): number {
  return SEVERITY.indexOf(verdict);
}

/** The worst of several verdicts. @throws RangeError on none: no verdict is not `ok`. */
export function worst(verdicts: readonly CheckVerdict[]): CheckVerdict {
  const [first, ...others] = verdicts;
  if (first === undefined) throw new RangeError('no verdict to choose from');
  return others.reduce((a, b) => (severity(b.verdict) < severity(a.verdict) ? b : a), first);
}

/** Checks that the workbench makes of every protocol; any other is an invariant of the protocol's own. */
const COMMON: readonly string[] = ['agreement', 'linearizable', 'exactly-once', 'progress', 'assertion'];

/** The promise that covers a check: its own, or, for an invariant without one, that of all invariants. */
export function promiseOf(results: Results, protocol: string, check: string): Promised | null {
  const card = results.protocols.find((candidate) => candidate.name === protocol);
  const named = (name: string) => card?.guarantees.find((candidate) => candidate.check === name);
  return named(check) ?? (COMMON.includes(check) ? null : (named('invariants') ?? null));
}

function findingsOf(comparisons: readonly Comparison[]): Finding[] {
  const groups = groupBy(comparisons, (c) => JSON.stringify([c.scenario, c.mode, c.metric, c.better]));
  return [...groups.values()].map(findingOf);
}

function findingOf(group: readonly Comparison[]): Finding {
  const { scenario, mode, metric, better } = group[0]!;
  const protocols = distinct(group.flatMap((comparison) => [comparison.a, comparison.b]));
  const score = new Map(protocols.map((protocol) => [protocol, scoreOf(protocol, group)]));
  const leader = protocols.reduce((a, b) => (score.get(b)! > score.get(a)! ? b : a));

  const behind: Rival[] = [];
  const level: Rival[] = [];
  let contradicted = false;
  for (const comparison of group) {
    if (comparison.a !== leader && comparison.b !== leader) continue;
    const other = comparison.a === leader ? comparison.b : comparison.a;
    const ratio = comparison.a === leader ? comparison.ratio : inverse(comparison.ratio);
    const ahead = better === 'higher' ? ratio.value > 1 : ratio.value < 1;
    if (!comparison.significant) level.push({ protocol: other, ratio });
    else if (ahead) behind.push({ protocol: other, ratio });
    else contradicted = true;
  }
  behind.sort((x, y) => Math.abs(Math.log(x.ratio.value)) - Math.abs(Math.log(y.ratio.value)));
  const met = distinct([...behind, ...level].map((rival) => rival.protocol)).length;
  const open = contradicted || met < protocols.length - 1;
  const verdict = open ? 'open' : behind.length === 0 ? 'level' : level.length === 0 ? 'best' : 'shared';
  const counts = group.flatMap((comparison) => comparison.runs ?? []);
  const runs = counts.length === 0 ? undefined : Math.min(...counts);
  return { scenario, mode, metric, better, verdict, leader, behind, level, runs };
}

/** Significant wins less losses; the direction of the medians only breaks ties. */
function scoreOf(protocol: string, group: readonly Comparison[]): number {
  let score = 0;
  for (const comparison of group) {
    if (comparison.a !== protocol && comparison.b !== protocol) continue;
    const larger = comparison.ratio.value > 1 === (comparison.a === protocol);
    const sign = larger === (comparison.better === 'higher') ? 1 : -1;
    score += sign * (comparison.significant ? 1 : 0.001);
  }
  return score;
}

function inverse(ratio: Estimate): Estimate {
  return { value: 1 / ratio.value, low: 1 / ratio.high, high: 1 / ratio.low };
}
