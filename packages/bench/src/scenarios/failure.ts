import type { FaultPlan } from '@quorate/faults';
import {
  DEFAULT_WORKLOAD,
  LAN,
  SERVER_CPU,
  type SimulationOptions,
  type SimulationResult,
  SSD,
  simulate,
  splitSeed,
  type Watch,
} from '@quorate/simulator';
import { LockTimes } from '../locks.ts';
import type { Timeline } from '../results.ts';
import type { Run } from '../scenario.ts';
import { insideOf } from '../timeline.ts';

/** What failure scenarios share, all in milliseconds of the run. */
export const RATE = 300;
export const QUIET = 1_000;
const FAULT_AT = 3_000;
export const FAULT_FOR = 3_000;
export const END = 9_000;
/** Faults begin anywhere in this stretch, so that they meet heartbeats at any moment. */
const SPREAD = 100;

/** When the fault of a seed begins, the same for every protocol. */
export function faultAt(seed: number): number {
  const [random] = splitSeed(seed ^ 0x0fa11ed, 1);
  return FAULT_AT + random!.below(SPREAD * 1000) / 1000;
}

/** A LAN cluster under open load and a plan. */
export function optionsUnder(
  { protocol, nodes, seed, settings }: Pick<Run, 'protocol' | 'nodes' | 'seed' | 'settings'>,
  faults: FaultPlan,
): SimulationOptions {
  return {
    protocol,
    nodes,
    seed,
    milliseconds: END,
    faults,
    workload: {
      ...DEFAULT_WORKLOAD,
      rate: RATE,
      quietMilliseconds: QUIET,
      keys: settings.keys,
      valueBytes: settings.valueBytes,
      reads: settings.reads ?? 0.5,
      writes: 'put',
    },
    topology: LAN,
    cpu: SERVER_CPU,
    disk: SSD,
  };
}

/** A LAN cluster under open load and a plan, fully traced: with the times that locks were held, who led, and what was in doubt. */
export function runUnder(
  { protocol, nodes, seed, settings }: Run,
  faults: FaultPlan,
  watch?: Watch,
): {
  readonly result: SimulationResult;
  readonly lockedMilliseconds: number | null;
  readonly inside: Pick<Timeline, 'leaders' | 'inDoubt'>;
} {
  const locks = new LockTimes();
  const result = simulate(
    {
      ...optionsUnder({ protocol, nodes, seed, settings }, faults),
      trace: 'full',
      machine: (simulation, node) => locks.store(node, () => simulation.now),
    },
    watch,
  );
  const locked = locks.longest(result.simulation.now);
  return {
    result,
    lockedMilliseconds: locked === null ? null : locked / 1000,
    inside: insideOf(result.simulation.trace, locks, END),
  };
}
