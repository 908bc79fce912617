import type { AnyProtocol } from '@quorate/interface';
import {
  CLASSROOM,
  CLASSROOM_DISK,
  DEFAULT_WORKLOAD,
  LAN,
  SERVER_CPU,
  type SimulationOptions,
  SSD,
  WAN,
} from '@quorate/simulator';

/** What a reader chooses before a run of their own. */
export interface Setup {
  /** Names of one protocol, or of two. */
  readonly protocols: readonly string[];
  /** The planted bug that the first has, by its name; undefined: none. */
  readonly bug: string | undefined;
  readonly nodes: number;
  readonly seed: number;
  readonly network: NetworkName;
  readonly load: LoadName;
}

export const NETWORKS = ['classroom', 'lan', 'wan'] as const;
export type NetworkName = (typeof NETWORKS)[number];

export const LOADS = ['none', 'light', 'busy'] as const;
export type LoadName = (typeof LOADS)[number];

/** Virtual µs in a second with which a network is watched best: messages can be followed, and the first election is over within half a minute. */
export const PACE: Readonly<Record<NetworkName, number>> = { classroom: 25_000, lan: 500, wan: 500_000 };

/** The time that the diagram shows at first, virtual µs. */
export const SPAN: Readonly<Record<NetworkName, number>> = { classroom: 120_000, lan: 3_000, wan: 1_000_000 };

export const NODES = [1, 2, 3, 4, 5, 6, 7] as const;

/** Mean pause between two operations of a client, milliseconds. */
const THINK: Readonly<Record<LoadName, number>> = { none: 0, light: 250, busy: 20 };

/** The run that a setup describes: it goes on for as long as it is watched. */
export function optionsOfSetup(protocol: AnyProtocol, setup: Setup): SimulationOptions {
  const { nodes, seed, network, load } = setup;
  const workload = { ...DEFAULT_WORKLOAD, keys: 4, valueBytes: 1, writes: 'put', reads: 0.3 } as const;
  return {
    protocol,
    nodes,
    seed,
    milliseconds: 0,
    workload:
      load === 'none'
        ? { ...workload, clients: 0 }
        : { ...workload, clients: Math.min(nodes, 3), thinkMilliseconds: THINK[load] },
    topology: { classroom: CLASSROOM, lan: LAN, wan: WAN }[network],
    cpu: SERVER_CPU,
    disk: network === 'classroom' ? CLASSROOM_DISK : SSD,
    recover: false,
    faults: { version: 1, events: [] },
    requests: [],
  };
}

/** The network that a run has, as far as it is one of those to choose from. */
export function networkOf({ topology }: Pick<SimulationOptions, 'topology'>): NetworkName {
  return NETWORKS.find((name) => name === topology?.name) ?? 'lan';
}
