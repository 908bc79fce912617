import type { FaultPlan } from '@quorate/faults';
import type { AnyProtocol, FaultClass } from '@quorate/interface';
import {
  DEFAULT_WORKLOAD,
  drawSwarm,
  LAN,
  SERVER_CPU,
  type SimulationOptions,
  SSD,
  simulate,
  type Workload,
} from '@quorate/simulator';
import type { RunVerdict } from './scenario.ts';

/** What may be fixed for a swarm run instead of being drawn. */
export interface SwarmSettings {
  readonly nodes?: number;
  readonly clients?: number;
  readonly rate?: number;
}

/** Mean pause of a swarm client between two operations: enough operations for bugs to show, few enough for a seed to be quick. */
export const SWARM_THINK_MILLISECONDS = 200;

/** The whole configuration that the swarm draws for a seed, as options of one simulation. */
export function swarmOptions(
  protocol: AnyProtocol,
  seed: number,
  milliseconds: number,
  settings: SwarmSettings = {},
): SimulationOptions & { readonly faults: FaultPlan } {
  const draw = drawSwarm({ protocol, seed, milliseconds }, settings.nodes);
  const load: Pick<Workload, 'rate' | 'clients' | 'thinkMilliseconds'> =
    settings.rate === undefined
      ? { clients: settings.clients ?? draw.clients, thinkMilliseconds: SWARM_THINK_MILLISECONDS }
      : { rate: settings.rate };
  return {
    protocol,
    nodes: draw.nodes,
    seed,
    milliseconds,
    faults: draw.faults,
    knobs: draw.knobs,
    snapshotEvery: draw.snapshotEvery,
    workload: { ...DEFAULT_WORKLOAD, ...load, keys: draw.keys },
    topology: LAN,
    cpu: SERVER_CPU,
    disk: SSD,
  };
}

/** What a hunt keeps of one seed. */
export interface HuntedSeed {
  readonly seed: number;
  readonly nodes: number;
  readonly traceHash: string;
  readonly virtualSeconds: number;
  readonly decided: number;
  readonly operations: { readonly ok: number; readonly failed: number; readonly unknown: number };
  /** Faults in the plan. */
  readonly faults: number;
  readonly fired: Readonly<Partial<Record<FaultClass, number>>>;
  /** Verdicts other than `ok`. */
  readonly remarks: readonly RunVerdict[];
  /** All of the configuration but the protocol itself, where a promise was broken or the verdict is unknown. */
  readonly options?: Omit<SimulationOptions, 'protocol' | 'machine'>;
}

/** Runs the configuration that the swarm draws for one seed. */
export function huntSeed(protocol: AnyProtocol, seed: number, milliseconds: number): HuntedSeed {
  const options = swarmOptions(protocol, seed, milliseconds);
  const { traceHash, virtualSeconds, decided, operations, fired, verdicts } = simulate(options);
  const remarks = verdicts.filter(({ verdict }) => verdict !== 'ok');
  const { protocol: _, ...rest } = options;
  const worth = remarks.some(({ verdict }) => verdict !== 'expected');
  const faults = options.faults.events.length;
  const found = {
    seed,
    nodes: options.nodes,
    traceHash,
    virtualSeconds,
    decided,
    operations,
    faults,
    fired,
    remarks,
  };
  return worth ? { ...found, options: rest } : found;
}
