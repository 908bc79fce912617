import type { Change, Changes, Experiment, Results } from './results.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { median, pairedRatio } from './statistics.ts';

/**
 * Holds later result files against the first, run by run: the same scenario, protocol, mode, nodes, clients and seed, with the same settings.
 * In simulation equal seeds mean equal arrivals, delays and faults, so that what differs comes from the change between the files.
 * @param files in the order of their making; fewer than two give nothing
 */
export function changesOf(files: readonly Results[]): Changes[] {
  const [first, ...later] = files;
  return later.map((after, i) => changesBetween(first!, after, i + 1));
}

function changesBetween(before: Results, after: Results, index: number): Changes {
  const rows: Change[] = [];
  const unpaired: Changes['unpaired'][number][] = [];
  const theirs = new Map(after.experiments.map((one) => [keyOf(one), one]));
  for (const old of before.experiments) {
    const now = theirs.get(keyOf(old));
    theirs.delete(keyOf(old));
    if (now === undefined) {
      unpaired.push(unpairedRow(old, 'only-before'));
      continue;
    }
    const found = changesOfRow(old, now);
    if (typeof found === 'string') unpaired.push(unpairedRow(old, found));
    else rows.push(...found);
  }
  for (const added of theirs.values()) unpaired.push(unpairedRow(added, 'only-after'));
  return { before: 0, after: index, rows, unpaired };
}

function keyOf({ scenario, protocol, mode, nodes, clients }: Experiment): string {
  return JSON.stringify([scenario, protocol, mode, nodes, clients]);
}

function unpairedRow(
  { scenario, protocol, mode }: Experiment,
  why: Changes['unpaired'][number]['why'],
): Changes['unpaired'][number] {
  return { scenario, protocol, mode, why };
}

/** The settings of a row are those of the line that runs it again; how many seeds there were does not matter to a pair. */
function settingsOf({ reproduce }: Experiment): string {
  return reproduce.replace(/ --seeds \d+/, '');
}

function changesOfRow(old: Experiment, now: Experiment): Change[] | 'settings' | 'seeds' {
  if (settingsOf(old) !== settingsOf(now)) return 'settings';
  const positions = old.seeds.flatMap((seed, i) => {
    const k = now.seeds.indexOf(seed);
    return k < 0 ? [] : [[i, k] as const];
  });
  if (positions.length === 0) return 'seeds';
  const better = SCENARIOS.find(({ name }) => name === old.scenario)?.better ?? {};
  const names = Object.keys(old.samples ?? {}).filter((name) => now.samples?.[name] !== undefined);
  return names.flatMap((metric) => {
    if (metric.startsWith('expected')) return []; // theory
    const pairs = positions.flatMap(([i, k]) => {
      const [x, y] = [old.samples![metric]![i] ?? null, now.samples![metric]![k] ?? null];
      return x === null || y === null ? [] : [{ x, y }];
    });
    if (pairs.length === 0) return [];
    return [changeOf(old, metric, better[metric] ?? null, pairs)];
  });
}

function changeOf(
  { scenario, protocol, mode, nodes, clients }: Experiment,
  metric: string,
  better: Change['better'],
  pairs: readonly { readonly x: number; readonly y: number }[],
): Change {
  const [before, after] = [pairs.map(({ x }) => x), pairs.map(({ y }) => y)];
  const paired = pairedRatio(after, before);
  return {
    scenario,
    protocol,
    mode,
    nodes,
    clients,
    metric,
    better,
    before: median(before),
    after: median(after),
    ratio: paired?.ratio ?? null,
    significant: paired?.significant ?? false,
    identical: pairs.every(({ x, y }) => x === y),
    runs: pairs.length,
  };
}
