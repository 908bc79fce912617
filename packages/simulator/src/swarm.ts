import { drawKnobs, drawLasting, drawPlan, type FaultPlan, type SwarmOptions } from '@quorate/faults';
import type { AnyProtocol, FaultClass } from '@quorate/interface';
import { SERVER_CPU, SSD } from './models.ts';
import type { SimulationOptions } from './options.ts';
import { splitSeed } from './random.ts';
import { LAN } from './topology.ts';
import { DEFAULT_WORKLOAD, type Workload } from './workload.ts';

/** What the swarm draws for a seed: faults, knobs, cluster size and load. */
export interface SwarmDraw {
  readonly nodes: number;
  readonly faults: FaultPlan;
  readonly knobs: Readonly<Record<string, number>>;
  readonly snapshotEvery: number;
  readonly clients: number;
  readonly keys: number;
}

/**
 * Draws a whole configuration from a seed (swarm testing): which faults when, which knobs, how many nodes, clients and keys. The
 * same seed and settings give the same draw everywhere.
 * @param nodes keeps the cluster at this size instead of drawing it
 * @param classes the classes of faults to draw from; default all
 */
export function drawSwarm(
  options: Pick<SimulationOptions, 'protocol' | 'seed' | 'milliseconds'>,
  nodes?: number,
  classes?: readonly FaultClass[],
): SwarmDraw {
  const [stream, late] = splitSeed(options.seed ^ 0x5ca1ab1e, 2);
  const random = () => stream!.next();
  const size = nodes ?? [3, 3, 5, 5, 4, 7][stream!.below(6)]!;
  const { progress, family } = options.protocol;
  const swarm: SwarmOptions = {
    nodes: Array.from({ length: size }, (_, i) => i + 1),
    milliseconds: options.milliseconds,
    progress,
    ...(classes && { classes }),
    role: family === 'atomic-commit' ? 'coordinator' : 'leader',
  };
  const faults = drawPlan(random, swarm);
  const lasting = drawLasting(() => late!.next(), faults, swarm);
  return {
    nodes: size,
    faults: { ...faults, events: [...faults.events, ...lasting] },
    knobs: drawKnobs(random, options.protocol),
    snapshotEvery: [0, 10, 50, 1000][stream!.below(4)]!,
    clients: 2 + stream!.below(7),
    keys: 1 + stream!.below(8),
  };
}

/** What may be fixed for a swarm run instead of being drawn. */
export interface SwarmSettings {
  readonly nodes?: number;
  /** Classes of faults to draw from; of none, nothing goes wrong. */
  readonly classes?: readonly FaultClass[];
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
  const draw = drawSwarm({ protocol, seed, milliseconds }, settings.nodes, settings.classes);
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
