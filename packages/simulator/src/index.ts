/**
 * Deterministic simulation of a whole cluster: virtual time, network, disk and CPU models around the very drivers and protocols that
 * run on real machines.
 *
 * ```ts
 * import { DEFAULT_WORKLOAD, simulate } from '@quorate/simulator';
 * import { single } from '@quorate/interface/single';
 *
 * const result = simulate({
 *   protocol: single,
 *   nodes: 3,
 *   seed: 7,
 *   milliseconds: 2000,
 *   workload: { ...DEFAULT_WORKLOAD, clients: 4 },
 *   faults: { version: 1, events: [{ at: 500, for: 500, kind: 'crash', node: 'leader', lostWrites: true, tornWrites: false }] },
 * });
 * console.log(result.traceHash, result.operations.ok, result.verdicts);
 * ```
 * @packageDocumentation
 */
export { Checks, type Violation } from './checks.ts';
export { Clients, type OperationColumns, STATUS } from './clients.ts';
export { lessonOptions, type PlayedLesson, playLesson, type Stop } from './lesson.ts';
export {
  CLASSROOM_DISK,
  type CpuModel,
  type DiskModel,
  FREE_CPU,
  FREE_DISK,
  type LoadModel,
  SERVER_CPU,
  SSD,
} from './models.ts';
export type { SimulationOptions, TimedRequest } from './options.ts';
export { type AnyPorts, withPorts } from './plant.ts';
export { EventQueue } from './queue.ts';
export { RandomStream, splitSeed } from './random.ts';
export {
  type Frame,
  type LogImage,
  type RecordedOperation,
  Recorder,
  type Recording,
  record,
} from './recorder.ts';
export { optionsOf, type RunFile, RunFileError, readRunFile, runFileOf } from './run-file.ts';
export { type Broken, type HandFault, Session } from './session.ts';
export {
  type SimulationResult,
  simulate,
  type Verdict,
  verdictOf,
  type Watch,
} from './simulate.ts';
export { Simulation } from './simulation.ts';
export {
  drawSwarm,
  SWARM_THINK_MILLISECONDS,
  type SwarmDraw,
  type SwarmSettings,
  swarmOptions,
} from './swarm.ts';
export { CLASSROOM, fixedDelay, LAN, LOOPBACK, TOPOLOGIES, type Topology, WAN } from './topology.ts';
export { DEFAULT_WORKLOAD, type Workload } from './workload.ts';
