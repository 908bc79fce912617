import type { AnyProtocol, FaultClass } from '@quorate/interface';
import { failureClass } from './failure-class.ts';
import type { HuntedSeed } from './hunt-seed.ts';
import type { RunVerdict } from './scenario.ts';
import { worstOf } from './verdicts.ts';

/** Failures that are probably one bug. */
export interface FailureGroup {
  readonly check: string;
  readonly class: string;
  /** What was said of the first. */
  readonly detail: string;
  count: number;
  readonly firstSeed: number;
  /** The one with the fewest faults, then nodes. */
  smallest: { readonly seed: number; readonly nodes: number; readonly faults: number };
  /** The first of them. */
  readonly seeds: number[];
}

/** Seeds by a value: how often each was exercised. */
type Counts = Record<string, number>;

/** What a hunt has found of one protocol so far: plain data that grows seed by seed, and can be kept in a file. */
export interface HuntTally {
  /** Seeds that ran to their end. */
  seeds: number;
  virtualSeconds: number;
  decided: number;
  readonly operations: { ok: number; failed: number; unknown: number };
  /** Planned faults. */
  faults: number;
  /** How often faults of each class took effect, and in how many seeds. */
  readonly fired: Partial<Record<FaultClass, number>>;
  readonly firedSeeds: Partial<Record<FaultClass, number>>;
  /** Seeds by knob and value, where the value was not the default. */
  readonly knobs: Record<string, Counts>;
  /** Seeds by what else the swarm draws. */
  readonly drawn: Record<keyof HuntedSeed['drawn'], Counts>;
  /** Seeds by the worst verdict that they had. */
  readonly verdicts: Record<RunVerdict['verdict'], number>;
  readonly groups: FailureGroup[];
  /** The first seeds with an unknown verdict and no broken promise. */
  readonly unknown: number[];
}

/** So many seeds of a group are named. */
const NAMED_SEEDS = 20;

export function emptyTally(): HuntTally {
  return {
    seeds: 0,
    virtualSeconds: 0,
    decided: 0,
    operations: { ok: 0, failed: 0, unknown: 0 },
    faults: 0,
    fired: {},
    firedSeeds: {},
    knobs: {},
    drawn: { nodes: {}, clients: {}, keys: {}, snapshotEvery: {} },
    verdicts: { ok: 0, expected: 0, unknown: 0, violated: 0 },
    groups: [],
    unknown: [],
  };
}

/** Takes a seed into the tally. @returns the group that it failed with, or null */
export function addSeed(
  tally: HuntTally,
  found: HuntedSeed,
  { knobs }: Pick<AnyProtocol, 'knobs'>,
): FailureGroup | null {
  tally.seeds++;
  tally.virtualSeconds += found.virtualSeconds;
  tally.decided += found.decided;
  tally.operations.ok += found.operations.ok;
  tally.operations.failed += found.operations.failed;
  tally.operations.unknown += found.operations.unknown;
  tally.faults += found.faults;
  for (const [name, times] of Object.entries(found.fired) as [FaultClass, number][]) {
    tally.fired[name] = (tally.fired[name] ?? 0) + times;
    tally.firedSeeds[name] = (tally.firedSeeds[name] ?? 0) + 1;
  }
  for (const [name, value] of Object.entries(found.knobs)) {
    if (value === knobs[name]?.default) continue;
    tally.knobs[name] ??= {};
    count(tally.knobs[name], value);
  }
  for (const name of Object.keys(tally.drawn) as (keyof HuntedSeed['drawn'])[])
    count(tally.drawn[name], found.drawn[name]);
  const verdict = worstOf(found.remarks.map((remark) => remark.verdict));
  tally.verdicts[verdict]++;
  if (verdict === 'unknown' && tally.unknown.length < NAMED_SEEDS) tally.unknown.push(found.seed);
  const broken = found.remarks.find((remark) => remark.verdict === 'violated');
  return broken === undefined ? null : join(tally.groups, found, broken);
}

function count(counts: Counts, value: number): void {
  counts[value] = (counts[value] ?? 0) + 1;
}

function join(groups: FailureGroup[], found: HuntedSeed, { check, detail }: RunVerdict): FailureGroup {
  const { seed, nodes, faults } = found;
  const name = failureClass(check, detail);
  let group = groups.find((one) => one.class === name);
  if (group === undefined) {
    const smallest = { seed, nodes, faults };
    group = { check, class: name, detail, count: 0, firstSeed: seed, smallest, seeds: [] };
    groups.push(group);
  }
  group.count++;
  if (group.seeds.length < NAMED_SEEDS) group.seeds.push(seed);
  const { smallest } = group;
  if (faults < smallest.faults || (faults === smallest.faults && nodes < smallest.nodes))
    group.smallest = { seed, nodes, faults };
  return group;
}
