import type { DriverSettings } from '@quorate/driver';
import type { FaultPlan } from '@quorate/faults';
import type { AnyProtocol, NodeId, Resource } from '@quorate/interface';
import type { Operation } from '@quorate/state-machine';
import type { TraceMode } from '@quorate/trace';
import type { CpuModel, DiskModel } from './models.ts';
import type { Simulation } from './simulation.ts';
import type { Topology } from './topology.ts';
import type { Workload } from './workload.ts';

/** One request that a client is to make at a given time, besides what the workload asks. */
export interface TimedRequest {
  /** Virtual milliseconds from the start. */
  readonly at: number;
  /** The node beside which the client is, and which it asks first. */
  readonly node: NodeId;
  readonly operation: Operation;
}

/** What to simulate. Everything that can influence a run is in here: equal options, equal trace. */
export interface SimulationOptions {
  readonly protocol: AnyProtocol;
  readonly nodes: number;
  readonly seed: number;
  /** Virtual time under load, milliseconds; healing and quiet time come on top. */
  readonly milliseconds: number;
  readonly workload: Workload;
  /** Requests made one by one. Each is made by a client of its node that is idle then, or a new one. */
  readonly requests?: readonly TimedRequest[];
  readonly topology?: Topology;
  /** What it leaves out is free; without it, `SERVER_CPU`. */
  readonly cpu?: Partial<CpuModel>;
  /** What it leaves out takes no time; without it, `SSD`. */
  readonly disk?: Partial<DiskModel>;
  /** The protocol's knobs that are not to have their defaults; `ms` ones for a LAN: the topology scales them. */
  readonly knobs?: Readonly<Record<string, number>>;
  readonly snapshotEvery?: number;
  /** Bytes of a snapshot in one message. */
  readonly snapshotChunkBytes?: number;
  readonly faults?: FaultPlan;
  readonly trace?: TraceMode;
  /**
   * False: the run ends after `milliseconds` as it is, with whatever is broken or pending then, and `progress` is not asked for. That
   * is how a run ends that was led by hand. Default true.
   */
  readonly recover?: boolean;
  /** Virtual milliseconds, after the load and with all faults healed, in which the cluster must answer again. Default 10,000 × time scale. */
  readonly graceMilliseconds?: number;
  /** The state machine of a node that starts, for an observer's own. Default: a `KeyValueStore`. */
  readonly machine?: (simulation: Simulation, node: NodeId) => Resource;
}

/** What the options say of each node's driver. */
export function driverSettings(options: SimulationOptions): Partial<DriverSettings> {
  const { snapshotEvery, snapshotChunkBytes } = options;
  return {
    ...(snapshotEvery === undefined ? {} : { snapshotEvery }),
    ...(snapshotChunkBytes === undefined ? {} : { snapshotChunkBytes }),
  };
}
