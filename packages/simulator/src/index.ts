/**
 * Deterministic simulation of a whole cluster: virtual time, network, disk and CPU models around the very drivers and protocols that
 * run on real machines.
 *
 * @packageDocumentation
 */
export { Checks, type Violation } from './checks.ts';
export { Clients, type OperationColumns, STATUS } from './clients.ts';
export { type CpuModel, type DiskModel, FREE_CPU, FREE_DISK, SERVER_CPU, SSD } from './models.ts';
export { EventQueue } from './queue.ts';
export { RandomStream, splitSeed } from './random.ts';
export {
  type SimulationResult,
  simulate,
  type Verdict,
  type Watch,
} from './simulate.ts';
export { Simulation, type SimulationOptions } from './simulation.ts';
export {
  drawSwarm,
  SWARM_THINK_MILLISECONDS,
  type SwarmDraw,
  type SwarmSettings,
  swarmOptions,
} from './swarm.ts';
export { fixedDelay, LAN, TOPOLOGIES, type Topology, WAN } from './topology.ts';
export { DEFAULT_WORKLOAD, type Workload } from './workload.ts';
