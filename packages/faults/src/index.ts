/**
 * Fault plans as data: what goes wrong in a run, and when. A plan is read from JSON or drawn by the swarm from a seeded stream;
 * a world (simulator, real cluster) carries it out with a `FaultState`, which knows at each moment what is wrong with a link or a node.
 *
 * ```ts
 * import { describeEvent, FaultState, parsePlan, resolveEvent, schedule } from '@quorate/faults';
 *
 * const plan = parsePlan({
 *   version: 1,
 *   events: [
 *     { at: 1000, for: 2000, kind: 'partition', groups: [['leader']] },
 *     { at: 1500, for: 500, kind: 'loss', probability: 0.1 },
 *   ],
 * });
 * console.log(plan.events.map((event) => describeEvent(event)).join('\n'));
 *
 * const faults = new FaultState([0, 1, 2]);
 * for (const { at, phase, event, index } of schedule(plan)) {
 *   const resolved = resolveEvent(event, () => 2);
 *   if (phase === 'end') faults.end(index);
 *   else if (resolved !== null) faults.begin(index, resolved);
 *   console.log(at, faults.blocked(0, 2), faults.link(0, 1).lossProbability, faults.quiet);
 * }
 * ```
 * @packageDocumentation
 */
export { describeEvent } from './describe.ts';
export type { Random } from './draw.ts';
export * from './events.ts';
export { FaultState, type LinkFaults, type NodeFaults } from './injector.ts';
export {
  type FaultPlan,
  faultClassesOf,
  formatPlan,
  noFaults,
  PlanError,
  parsePlan,
  type Step,
  schedule,
} from './plan.ts';
export { drawKnobs, drawLasting, drawPlan, everyClass, type SwarmOptions } from './swarm.ts';
