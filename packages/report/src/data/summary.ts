import type {
  CheckVerdict,
  Comparison,
  Estimate,
  Experiment,
  ProtocolCard,
  Results,
} from '@quorate/bench/results';
import { distinct, groupBy, peersOf } from './run.ts';

/** One other protocol seen from a finding's leader. `ratio` is the leader's value divided by the other's. */
export interface Rival {
  readonly protocol: string;
  readonly ratio: Estimate;
}

/** Which protocol is best at one metric of one scenario, as measured. */
export interface Finding {
  readonly scenario: string;
  readonly mode: Experiment['mode'];
  readonly metric: string;
  readonly better: Comparison['better'];
  /**
   * `best`: the leader is significantly better than every other protocol, or it is the only one. `shared`: than some, and level with the rest. `level`: no
   * significant difference anywhere. `open`: the pairs contradict one another or some were never compared.
   */
  readonly verdict: 'best' | 'shared' | 'level' | 'open';
  readonly leader: string;
  /** Significantly worse than the leader, the nearest first. */
  readonly behind: readonly Rival[];
  /** No significant difference from the leader. */
  readonly level: readonly Rival[];
  /** What was measured beside the protocols, which competes with none of them: a limit last. */
  readonly peers: readonly Rival[];
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
  return { findings: findingsOf(results), tally, remarks };
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
const COMMON: readonly string[] = [
  'agreement',
  'linearizable',
  'exactly-once',
  'progress',
  'convergence',
  'assertion',
];

/** The promise that covers a check: its own, or, for an invariant without one, that of all invariants. */
function promiseOf(results: Results, protocol: string, check: string): Promised | null {
  const card = results.protocols.find((candidate) => candidate.name === protocol);
  const named = (name: string) => card?.guarantees.find((candidate) => candidate.check === name);
  return named(check) ?? (COMMON.includes(check) ? null : (named('invariants') ?? null));
}

function findingsOf(results: Results): Finding[] {
  const peers = peersOf(results).map(({ name }) => name);
  const groups = groupBy(results.comparisons, (c) =>
    JSON.stringify([c.scenario, c.mode, c.metric, c.better]),
  );
  return [...groups.values()].flatMap((group) => findingOf(group, peers));
}

/** None where only peers were compared. */
function findingOf(all: readonly Comparison[], peers: readonly string[]): Finding[] {
  const { scenario, mode, metric, better } = all[0]!;
  const protocols = distinct(all.flatMap(({ a, b }) => [a, b])).filter((name) => !peers.includes(name));
  if (protocols.length === 0) return [];
  const group = all.filter(({ a, b }) => protocols.includes(a) && protocols.includes(b));
  const score = new Map(protocols.map((protocol) => [protocol, scoreOf(protocol, group)]));
  const leader = protocols.reduce((a, b) => (score.get(b)! > score.get(a)! ? b : a));

  const behind: Rival[] = [];
  const level: Rival[] = [];
  let contradicted = false;
  for (const comparison of group) {
    if (comparison.a !== leader && comparison.b !== leader) continue;
    const rival = rivalOf(comparison, leader);
    const ahead = better === 'higher' ? rival.ratio.value > 1 : rival.ratio.value < 1;
    if (!comparison.significant) level.push(rival);
    else if (ahead) behind.push(rival);
    else contradicted = true;
  }
  behind.sort((x, y) => Math.abs(Math.log(x.ratio.value)) - Math.abs(Math.log(y.ratio.value)));
  const met = distinct([...behind, ...level].map((rival) => rival.protocol)).length;
  const open = contradicted || met < protocols.length - 1;
  const alone = protocols.length === 1;
  const verdict = open
    ? 'open'
    : behind.length === 0 && !alone
      ? 'level'
      : level.length === 0
        ? 'best'
        : 'shared';
  const counts = all.flatMap((comparison) => comparison.runs ?? []);
  const runs = counts.length === 0 ? undefined : Math.min(...counts);
  const beside = peers.flatMap((peer) =>
    all.filter(({ a, b }) => [a, b].includes(leader) && [a, b].includes(peer)).map((c) => rivalOf(c, leader)),
  );
  return [{ scenario, mode, metric, better, verdict, leader, behind, level, peers: beside, runs }];
}

/** The other of a pair, seen from the leader. */
function rivalOf({ a, b, ratio }: Comparison, leader: string): Rival {
  return a === leader ? { protocol: b, ratio } : { protocol: a, ratio: inverse(ratio) };
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
