import type { AnyProtocol, NodeId } from '@quorate/interface';
import { DEFAULT_WORKLOAD, SERVER_CPU, SSD, simulate, WAN } from '@quorate/simulator';
import { type LatencyCounts, percentile } from '../latencies.ts';
import { countOf, latenciesOf } from '../operations.ts';
import type { Cell, Run, Sample, Scenario, Settings, Summary } from '../scenario.ts';
import { medians } from '../summary.ts';

const RATE = 60;
/** LAN milliseconds, which the topology scales: time to find a leader. */
const QUIET = 1_000;
const LOAD_MILLISECONDS = 20_000;
const QUICK_LOAD_MILLISECONDS = 8_000;
const TIMEOUT = 5_000_000 * WAN.timeScale;
/** The first region's clock runs so fast at the start, for so long, that its replica is the first to time out and leads. */
const HEAD_START = { kind: 'clock-skew', at: 0, for: 2_500, node: 1, rate: 4 } as const;

/** Five regions of the earth. */
export const wan: Scenario = {
  name: 'wan',
  title: 'Five regions',
  question:
    'How long does a write take from each of five regions, and how much of that is the speed of light?',
  method:
    `Replicas and clients in ${WAN.regions.join(', ')}; half of the round trips measured between them each way, timeouts ${WAN.timeScale} times those of a LAN, ` +
    `${RATE} writes offered per second, open loop. Where somebody leads, it is the replica of ${WAN.regions[0]}: its clock runs fast until it is elected. The ` +
    'bound counts the round trips that the protocol must wait for, and nothing else.',
  better: { p50Microseconds: 'lower', p99Microseconds: 'lower' },
  headline: ['p50Microseconds'],

  cells: (settings: Settings): Cell[] => [{ nodes: settings.nodes ?? 5, clients: 0 }],

  run({ protocol, nodes, seed, settings }: Run): Sample {
    const quiet = QUIET * WAN.timeScale;
    const milliseconds = quiet + (settings.quick ? QUICK_LOAD_MILLISECONDS : LOAD_MILLISECONDS);
    const result = simulate({
      protocol,
      nodes,
      seed,
      milliseconds,
      faults: { version: 1, events: [HEAD_START] },
      workload: {
        ...DEFAULT_WORKLOAD,
        rate: RATE,
        quietMilliseconds: QUIET,
        keys: settings.keys,
        valueBytes: settings.valueBytes,
        reads: settings.reads ?? 0,
        writes: 'put',
      },
      topology: WAN,
      cpu: SERVER_CPU,
      disk: SSD,
    });
    const { clients } = result.simulation;
    const selection = { from: quiet * 1000, to: milliseconds * 1000, kind: 'write' } as const;
    const leader = protocol.family === 'atomic-commit' ? null : result.simulation.leader();
    const of = (homes?: readonly NodeId[]) =>
      latenciesOf(clients.columns, { ...selection, ...(homes && { homes }) }, TIMEOUT);
    const all = countOf(clients.columns, selection, 'all');
    const values: Record<string, number | null> = {
      ...percentiles('', of()),
      refusedShare: all === 0 ? 0 : countOf(clients.columns, selection, 'failed') / all,
    };
    for (const [region, homes] of regionsOf(nodes)) {
      Object.assign(values, percentiles(`:${region}`, of(homes)));
      values[`expectedP50Microseconds:${region}`] = lowerBound(protocol, nodes, homes[0]!, leader);
    }
    return { seed, values, verdicts: result.verdicts };
  },

  summarise(samples: readonly Sample[], protocol: AnyProtocol): Summary {
    const { delaysPerDecision, source } = protocol.costs(5);
    const quorum = protocol.progress === 'all' ? 'all replicas' : 'a majority';
    const where =
      protocol.family === 'atomic-commit'
        ? "the client's own replica coordinates"
        : 'the client asks the leader, wherever it is';
    const notes = [`Bound: ${delaysPerDecision / 2} round trip(s) to ${quorum}; ${where} (${source}).`];
    return { metrics: medians(samples), notes };
  },
};

function percentiles(tail: string, latencies: LatencyCounts): Record<string, number | null> {
  return {
    [`p50Microseconds${tail}`]: percentile(50, latencies),
    [`p99Microseconds${tail}`]: percentile(99, latencies),
  };
}

/** The nodes in each region that has some; nodes are numbered from 1 and dealt to the regions in turn. */
function regionsOf(nodes: number): Map<string, NodeId[]> {
  const regions = new Map<string, NodeId[]>();
  for (let id = 1; id <= nodes; id++) {
    const name = WAN.regions[regionOf(id)]!;
    regions.set(name, [...(regions.get(name) ?? []), id]);
  }
  return regions;
}

function regionOf(node: NodeId): number {
  return (node - 1) % WAN.regions.length;
}

function roundTrip(a: NodeId, b: NodeId): number {
  return 2 * WAN.delayMicroseconds[regionOf(a)]![regionOf(b)]!;
}

/**
 * The least time that a write from `home` can take: to whoever coordinates and back, and its round trips to the replicas that it must
 * wait for, the farthest of the nearest majority or of all.
 * @param leader null where the client's own node coordinates, or nobody does
 */
export function lowerBound(
  protocol: AnyProtocol,
  nodes: number,
  home: NodeId,
  leader: NodeId | null,
): number {
  const coordinator = leader ?? home;
  const near = 2 * (WAN.clientDelayMicroseconds ?? 0);
  const toCoordinator = regionOf(home) === regionOf(coordinator) ? near : roundTrip(home, coordinator);
  const trips: number[] = [];
  for (let id = 1; id <= nodes; id++) trips.push(id === coordinator ? 0 : roundTrip(id, coordinator));
  trips.sort((a, b) => a - b);
  const waitedFor = protocol.progress === 'all' ? trips.at(-1)! : trips[Math.floor(nodes / 2)]!;
  return toCoordinator + (protocol.costs(nodes).delaysPerDecision / 2) * waitedFor;
}
