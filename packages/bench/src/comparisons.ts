import type { Comparison } from './results.ts';
import type { Measured, Scenario } from './scenario.ts';
import { pairedRatio } from './statistics.ts';

/**
 * Every pair of protocols in the same scenario, mode and cell, on each metric that the scenario compares, over the seeds that both
 * have. Left out: pairs without a ratio (a zero, a missing number, too few runs). Where a scenario has several cells, the metric is
 * qualified by the cell: `operationsPerSecond:128 clients`.
 */
export function compareAll(
  measured: readonly Measured[],
  scenarios: readonly Pick<Scenario, 'name' | 'better'>[],
): Comparison[] {
  return scenarios.flatMap((scenario) => {
    const rows = measured.filter(({ experiment }) => experiment.scenario === scenario.name);
    const modes = [...new Set(rows.map(({ experiment }) => experiment.mode))];
    return modes.flatMap((mode) => {
      const own = rows.filter(({ experiment }) => experiment.mode === mode);
      const cells = [...new Set(own.map(cellOf))];
      return cells.flatMap((cell) => {
        const found = compareRows(
          own.filter((row) => cellOf(row) === cell),
          scenario.better,
        );
        return cells.length === 1 ? found : found.map((one) => ({ ...one, metric: `${one.metric}:${cell}` }));
      });
    });
  });
}

function cellOf({ experiment: { nodes, clients } }: Measured): string {
  return clients > 0 ? `${clients} client${clients === 1 ? '' : 's'}` : `${nodes} nodes`;
}

function compareRows(rows: readonly Measured[], better: Scenario['better']): Comparison[] {
  const found: Comparison[] = [];
  for (const [i, a] of rows.entries()) {
    for (const b of rows.slice(i + 1)) {
      for (const metric of Object.keys(a.samples[0]?.values ?? {})) {
        const direction = better[metric];
        if (direction === undefined) continue;
        const comparison = compareOn(metric, direction, a, b);
        if (comparison !== null) found.push(comparison);
      }
    }
  }
  return found;
}

function compareOn(
  metric: string,
  better: Comparison['better'],
  a: Measured,
  b: Measured,
): Comparison | null {
  const ofB = new Map(b.samples.map(({ seed, values }) => [seed, values[metric] ?? null]));
  const left: number[] = [];
  const right: number[] = [];
  for (const { seed, values } of a.samples) {
    const [x, y] = [values[metric] ?? null, ofB.get(seed) ?? null];
    if (x === null || y === null) continue;
    left.push(x);
    right.push(y);
  }
  const paired = pairedRatio(left, right);
  if (paired === null) return null;
  const { scenario, mode } = a.experiment;
  return { scenario, mode, metric, better, a: a.experiment.protocol, b: b.experiment.protocol, ...paired };
}
