import { drawKnobs, drawLasting, drawPlan, type FaultPlan, type SwarmOptions } from '@quorate/faults';
import type { AnyProtocol, FaultClass } from '@quorate/interface';
import { type DiskModel, SERVER_CPU, SSD } from './models.ts';
import type { SimulationOptions } from './options.ts';
import { splitSeed } from './random.ts';
import { LAN } from './topology.ts';
import { DEFAULT_WORKLOAD, type Workload } from './workload.ts';

/** What the swarm draws for a seed: faults, knobs, cluster size, disks and load. */
export interface SwarmDraw {
  readonly nodes: number;
  readonly faults: FaultPlan;
  readonly knobs: Readonly<Record<string, number>>;
  readonly snapshotEvery: number;
  readonly snapshotChunkBytes: number;
  readonly disk: DiskModel;
  readonly workload: Workload;
}

/** Mean pause of a swarm client between two operations: enough operations for bugs to show, few enough for a seed to be quick. */
export const SWARM_THINK_MILLISECONDS = 200;

/** A disk on which much is written and not yet durable: what differs between memory and disk shows for longer. */
const SLOW_DISK: DiskModel = { syncMicroseconds: 4000, jitterMicroseconds: 4000, bytesPerMicrosecond: 100 };

/** A load that comes and goes: work that is unfinished when a fault begins, and quiet when it ends. */
const BURSTS: readonly Pick<Workload, 'bursts'>[] = [
  {},
  { bursts: { milliseconds: 100, pauseMilliseconds: 700 } },
  { bursts: { milliseconds: 500, pauseMilliseconds: 2000 } },
];

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
  const pick = <T>(values: readonly T[]): T => values[stream!.below(values.length)]!;
  const size = nodes ?? pick([3, 3, 5, 5, 4, 7]);
  const { progress, family } = options.protocol;
  const swarm: SwarmOptions = {
    nodes: Array.from({ length: size }, (_, i) => i + 1),
    milliseconds: options.milliseconds,
    progress,
    ...(classes && { classes }),
    eventsMean: pick([5, 10, 20]),
    role: family === 'atomic-commit' ? 'coordinator' : 'leader',
  };
  const faults = drawPlan(random, swarm);
  const lasting = drawLasting(() => late!.next(), faults, swarm);
  return {
    nodes: size,
    faults: { ...faults, events: [...faults.events, ...lasting] },
    knobs: drawKnobs(random, options.protocol),
    snapshotEvery: pick([0, 1, 3, 100]),
    snapshotChunkBytes: pick([32, 65_536]),
    disk: pick([SSD, SSD, SLOW_DISK]),
    workload: {
      ...DEFAULT_WORKLOAD,
      clients: 2 + stream!.below(7),
      thinkMilliseconds: SWARM_THINK_MILLISECONDS * pick([0.1, 1, 1, 2]),
      ...pick(BURSTS),
      keys: 1 + stream!.below(8),
      reads: pick([0.1, 0.3, 0.3, 0.7]),
      place: pick(['spread', 'spread', 'leader', 1 + stream!.below(size)]),
      attentive: stream!.below(2) === 1,
    },
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

/** The whole configuration that the swarm draws for a seed, as options of one simulation. */
export function swarmOptions(
  protocol: AnyProtocol,
  seed: number,
  milliseconds: number,
  settings: SwarmSettings = {},
): SimulationOptions & { readonly faults: FaultPlan } {
  const { workload, ...draw } = drawSwarm({ protocol, seed, milliseconds }, settings.nodes, settings.classes);
  const { clients, thinkMilliseconds, ...shape } = workload;
  const load: Pick<Workload, 'rate' | 'clients' | 'thinkMilliseconds'> =
    settings.rate === undefined
      ? { clients: settings.clients ?? clients!, thinkMilliseconds: thinkMilliseconds! }
      : { rate: settings.rate };
  return {
    protocol,
    seed,
    milliseconds,
    ...draw,
    workload: { ...shape, ...load },
    topology: LAN,
    cpu: SERVER_CPU,
  };
}
