import type { Scenario } from '../scenario.ts';
import { cost } from './cost.ts';
import { guarantees } from './guarantees.ts';
import { leaderCrash } from './leader-crash.ts';
import { partition } from './partition.ts';
import { steady } from './steady.ts';
import { wan } from './wan.ts';

/** Every scenario, in the order in which a reader meets them. */
export const SCENARIOS: readonly Scenario[] = [steady, cost, leaderCrash, partition, wan, guarantees];

/** @throws RangeError that names the known ones */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const known = SCENARIOS.map((scenario) => scenario.name).join(', ');
  throw new RangeError(`there is no scenario "${name}"; there are: ${known}`);
}
