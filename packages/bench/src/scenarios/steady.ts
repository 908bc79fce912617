import type { AnyProtocol } from '@quorate/interface';
import {
  DEFAULT_WORKLOAD,
  LAN,
  SERVER_CPU,
  type SimulationOptions,
  SSD,
  simulate,
  type Workload,
} from '@quorate/simulator';
import { mergedPercentile, percentile, percentileOfRuns } from '../latencies.ts';
import { completions, countOf, latenciesOf } from '../operations.ts';
import type { SteadyPoint } from '../results.ts';
import type { Cell, LoadPoint, Run, RunVerdict, Sample, Scenario, Settings, Summary } from '../scenario.ts';
import { estimateMedian, median } from '../statistics.ts';
import { medians } from '../summary.ts';

/** Offered loads per second, past what a leader's one core can do. */
const RATES = [1_000, 5_000, 20_000, 40_000, 80_000, 160_000, 320_000];
const QUICK_RATES = [1_000, 5_000, 40_000, 160_000];
/** The load at which the headline's latencies are taken: all protocols here carry it with ease. */
const MODERATE = 5_000;
/** A cluster finds its leader in this time, before the load begins. */
const QUIET_MILLISECONDS = 1_000;
/** At least so many operations are offered at each load, in at least so much time. */
const OPERATIONS = 1_300;
const SHORTEST_MILLISECONDS = 20;
const CLOSED_MILLISECONDS = 100;
/** Histories are checked up to this load: there is more in flight above it, but nothing else happens, and the checker takes its time. */
const CHECKED_RATE = 20_000;
/** The share of each load, at its beginning, that is not measured. */
const DISCARDED = 0.2;
/** Below this share of what was offered, a load counts as more than the protocol can carry. */
const CARRIED = 0.95;
/** Below this share the knee is passed for good, and a run tries no higher load. */
const HOPELESS = 0.6;
/** How long clients wait before they give an operation up, microseconds. */
const TIMEOUT = 5_000_000;

/** Throughput and latency over offered load. */
export const steady: Scenario = {
  name: 'steady',
  title: 'Steady load',
  question:
    'How much can each protocol carry, and how long do clients wait at a load that all of them can carry?',
  method:
    'LAN, a server and an SSD for each replica, uniform keys, clients spread over the nodes. Open loop: seeded Poisson arrivals; latency from ' +
    'the intended start; the first 20 % of each load is discarded; what is never answered counts as the time-out of 5 s at least; refusals ' +
    '(aborts) are counted apart. Throughput is the rate at which the middle three fifths of a load were carried out, at the load where it is ' +
    'highest; loads rise until one is hopeless. Closed loop: so many clients, each with one operation after another.',
  better: { operationsPerSecond: 'higher', p50Microseconds: 'lower', p99Microseconds: 'lower' },
  headline: ['operationsPerSecond', 'p50Microseconds', 'p99Microseconds'],

  cells(settings: Settings): Cell[] {
    const nodes = settings.nodes ?? 5;
    const closed = (settings.clients ?? []).map((clients) => ({ nodes, clients }));
    const open = settings.clients === undefined || settings.rates !== undefined;
    return open ? [{ nodes, clients: 0 }, ...closed] : closed;
  },

  run(run: Run): Sample {
    return run.clients > 0 ? runClosed(run) : runOpen(run);
  },

  recorded(run: Run): SimulationOptions | null {
    if (run.clients > 0) return null;
    const rate = moderate(run.settings);
    return optionsOf(run, { rate }, Math.max(SHORTEST_MILLISECONDS, (OPERATIONS / rate) * 1000));
  },

  summarise(samples: readonly Sample[], _protocol: AnyProtocol, cell: Cell, settings: Settings): Summary {
    const metrics = medians(samples);
    if (cell.clients > 0)
      return {
        metrics,
        notes: [`Closed loop: ${cell.clients} clients, each with one operation after another.`],
      };
    const length = Math.min(...samples.map(({ points }) => points!.length)); // loads that no run found hopeless before
    const curve = Array.from({ length }, (_, i) => curvePoint(samples.map(({ points }) => points![i]!)));
    const notes = [`Latencies are those at ${moderate(settings)} operations offered per second.`];
    return { metrics, curve, notes };
  },
};

function ratesOf({ rates, quick }: Settings): readonly number[] {
  return rates === undefined ? (quick ? QUICK_RATES : RATES) : rates.toSorted((a, b) => a - b);
}

function moderate(settings: Settings): number {
  return settings.rates === undefined ? MODERATE : Math.min(...settings.rates);
}

function runOpen(run: Run): Sample {
  const loads: Load[] = [];
  for (const rate of ratesOf(run.settings)) {
    const milliseconds = Math.max(SHORTEST_MILLISECONDS, (OPERATIONS / rate) * 1000);
    const load = measure(run, { rate }, milliseconds);
    loads.push(load);
    if (load.achievedPerSecond < HOPELESS * rate) break;
  }
  const points = loads.map(({ refusedShare: _, verdicts: __, ...point }) => point);
  const reference = loads.find(({ offeredPerSecond }) => offeredPerSecond === moderate(run.settings));
  return {
    seed: run.seed,
    values: {
      operationsPerSecond: Math.max(...points.map((point) => point.achievedPerSecond)),
      ...latencyValues(reference ?? loads.at(-1)!),
    },
    points,
    verdicts: loads.flatMap(({ verdicts }) => verdicts),
  };
}

function runClosed(run: Run): Sample {
  const load = measure(run, { clients: run.clients }, CLOSED_MILLISECONDS);
  const values = { operationsPerSecond: load.achievedPerSecond, ...latencyValues(load) };
  return { seed: run.seed, values, verdicts: load.verdicts };
}

interface Load extends LoadPoint {
  readonly refusedShare: number;
  readonly verdicts: readonly RunVerdict[];
}

/** A LAN cluster under such a load for so long, after its leader was found. */
function optionsOf(
  { protocol, nodes, seed, settings }: Pick<Run, 'protocol' | 'nodes' | 'seed' | 'settings'>,
  load: Pick<Workload, 'rate' | 'clients'>,
  milliseconds: number,
): SimulationOptions {
  return {
    protocol,
    nodes,
    seed,
    milliseconds: QUIET_MILLISECONDS + milliseconds,
    workload: {
      ...DEFAULT_WORKLOAD,
      ...load,
      quietMilliseconds: QUIET_MILLISECONDS,
      keys: settings.keys,
      valueBytes: settings.valueBytes,
      reads: settings.reads ?? 0,
      writes: 'put',
      history: (load.rate ?? 0) <= CHECKED_RATE,
    },
    topology: LAN,
    cpu: SERVER_CPU,
    disk: SSD,
  };
}

function measure(
  { protocol, nodes, seed, settings }: Run,
  load: Pick<Workload, 'rate' | 'clients'>,
  milliseconds: number,
): Load {
  const result = simulate(optionsOf({ protocol, nodes, seed, settings }, load, milliseconds));
  const { columns } = result.simulation.clients;
  const from = (QUIET_MILLISECONDS + milliseconds * DISCARDED) * 1000;
  const to = (QUIET_MILLISECONDS + milliseconds) * 1000;
  const all = countOf(columns, { from, to }, 'all');
  return {
    offeredPerSecond: load.rate ?? 0,
    arrivedPerSecond: ratePerSecond(columns.intended, milliseconds),
    achievedPerSecond: ratePerSecond(completions(columns), milliseconds),
    latencies: latenciesOf(columns, { from, to }, TIMEOUT),
    refusedShare: all === 0 ? 0 : countOf(columns, { from, to }, 'failed') / all,
    verdicts: result.verdicts,
  };
}

/**
 * Operations per second from the time when a fifth of all came (or was carried out) until four fifths had. Carried out: what is offered, or,
 * if that is too much, what the protocol can do. A whole load would count the time to get going, and an overload is not over when its last request comes.
 */
function ratePerSecond(times: readonly number[], milliseconds: number): number {
  const first = Math.floor(times.length * DISCARDED);
  const last = Math.ceil(times.length * (1 - DISCARDED)) - 1;
  const lasted = last > first ? times[last]! - times[first]! : 0;
  return lasted > 0 ? (last - first) / (lasted / 1e6) : times.length / (milliseconds / 1000);
}

function latencyValues({ latencies, refusedShare }: Load): Record<string, number | null> {
  return {
    p50Microseconds: percentile(50, latencies),
    p99Microseconds: percentile(99, latencies),
    refusedShare,
  };
}

function curvePoint(points: readonly LoadPoint[]): SteadyPoint {
  const { offeredPerSecond } = points[0]!;
  const runs = points.map(({ latencies }) => latencies);
  const achieved = estimateMedian(points.map(({ achievedPerSecond }) => achievedPerSecond));
  const p999 = mergedPercentile(99.9, runs);
  const none = { value: TIMEOUT, low: TIMEOUT, high: TIMEOUT }; // nothing was even asked in some run's window
  return {
    offeredPerSecond,
    achievedPerSecond: achieved,
    p50Microseconds: percentileOfRuns(50, runs) ?? none,
    p99Microseconds: percentileOfRuns(99, runs) ?? none,
    ...(p999 === null ? {} : { p999Microseconds: p999 }),
    saturated: achieved.value < CARRIED * median(points.map(({ arrivedPerSecond }) => arrivedPerSecond)),
  };
}
