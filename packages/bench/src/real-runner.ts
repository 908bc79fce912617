import { checkLinearizability, keyValueModel, type Operation } from '@quorate/checkers';
import { LocalCluster, runLoad, runRealLoad } from '@quorate/cluster';
import type { FaultPlan } from '@quorate/faults';
import type { AnyProtocol, FaultClass } from '@quorate/interface';
import { verdictOf } from '@quorate/simulator';
import type { ComparisonOptions } from './compare.ts';
import { completions, countOf, longestGap } from './operations.ts';
import type { ProtocolSource } from './protocols.ts';
import type { RealRunner } from './real.ts';
import type { Cell, Measured, RunVerdict, Sample, Scenario, Settings } from './scenario.ts';
import { medians } from './summary.ts';
import { timelineOf } from './timeline.ts';
import { mergeVerdicts } from './verdicts.ts';

/** Replicas on this machine unless `--nodes` says otherwise: with more, their processors are what is measured. */
const NODES = 3;
/** A load that is not measured comes first, so that every process has met its work. */
const WARM_UP = { clients: 128, milliseconds: 500 } as const;
/** Each measured load has a beginning that is left out. */
const SETTLING_MILLISECONDS = 50;
const MEASURED_MILLISECONDS = 250;
const CLIENTS = [1, 128];
/** The checked load that ends each steady run. */
const CHECKED = { clients: 16, keys: 64, reads: 0.3, writes: 'mixed', milliseconds: 300 } as const;

const CRASH_AT = 700;
const CRASH_FOR = 1_000;
const CRASH_END = 2_700;
const CRASH_RATE = 500;

/** Steps of the checker for one history. */
const CHECK_STEPS = 20_000_000;

type Options = Omit<ComparisonOptions, 'real'>;

interface Found {
  readonly cell: Cell;
  readonly sample: Sample;
}

/** One start of a protocol's cluster for one scenario, which gives samples for its cells. */
interface Part {
  readonly scenario: Scenario;
  readonly source: ProtocolSource;
  run(): Promise<Found[]>;
}

/** Carries out `steady` and `leader-crash` with one process for each replica, on loopback, with real disks and SIGKILL. */
export const realRunner: RealRunner = {
  async run(options: Options): Promise<Measured[]> {
    const parts = options.scenarios.flatMap((scenario) => partsOf(scenario, options));
    const rows = new Map<string, { part: Part; cell: Cell; samples: Sample[] }>();
    for (const [done, part] of parts.entries()) {
      if (options.signal?.aborted) break;
      for (const { cell, sample } of await part.run()) {
        const key = `${part.scenario.name}/${part.source.protocol.name}/${cell.clients}`;
        const row = rows.get(key) ?? { part, cell, samples: [] };
        row.samples.push(sample);
        rows.set(key, row);
      }
      const what = `${part.scenario.name}, ${part.source.protocol.name}, real`;
      options.onProgress?.({ done: done + 1, total: parts.length, what });
    }
    return [...rows.values()].map(({ part, cell, samples }) =>
      measured(part, cell, samples, options.settings),
    );
  },
};

/** Ten seeds in simulation go with six repetitions of each steady load and one crash on real machines; more seeds bring more of both. */
function partsOf(scenario: Scenario, { protocols, settings }: Options): Part[] {
  const times = (share: number) =>
    settings.quick ? 1 : Math.max(1, Math.floor((share * settings.seeds) / 10));
  switch (scenario.name) {
    case 'steady':
      return protocols.map((source) => ({
        scenario,
        source,
        run: () => steadyRun(source, times(6), settings),
      }));
    case 'leader-crash': // protocols take turns, so that a machine that grows slower does so for all of them
      return Array.from({ length: times(1) }, (_, i) =>
        protocols.map((source) => ({ scenario, source, run: () => crashRun(source, i + 1, settings) })),
      ).flat();
    default:
      return [];
  }
}

async function steadyRun(
  { protocol, module, exportName }: ProtocolSource,
  repetitions: number,
  settings: Settings,
): Promise<Found[]> {
  const nodes = settings.nodes ?? NODES;
  const cluster = await LocalCluster.start({ protocol: { module, exportName }, nodes });
  try {
    await cluster.ready();
    const { members } = cluster;
    const { valueBytes, keys, reads = 0 } = settings;
    const found: Found[] = [];
    await runLoad({ members, ...WARM_UP, valueBytes, keys, reads });
    for (let seed = 1; seed <= repetitions; seed++) {
      for (const clients of settings.clients ?? CLIENTS) {
        const load = await runLoad({
          members,
          clients,
          valueBytes,
          keys,
          reads,
          seed,
          warmUpMilliseconds: SETTLING_MILLISECONDS,
          milliseconds: MEASURED_MILLISECONDS,
        });
        const values = {
          operationsPerSecond: load.operationsPerSecond,
          p50Microseconds: load.latency.p50,
          p99Microseconds: load.latency.p99,
          refusedShare: load.failed / Math.max(1, load.ok + load.failed + load.unknown),
        };
        found.push({ cell: { nodes, clients }, sample: { seed, values, verdicts: [] } });
      }
    }
    const checked = await runLoad({
      members,
      ...CHECKED,
      valueBytes,
      keyPrefix: 'checked-',
      history: true,
      finalReads: true,
    });
    const verdicts = [judge(protocol, checked.history!, [])];
    return found.map(({ cell, sample }) => ({ cell, sample: { ...sample, verdicts } }));
  } finally {
    await cluster.stop();
  }
}

async function crashRun(
  { protocol, module, exportName }: ProtocolSource,
  seed: number,
  settings: Settings,
): Promise<Found[]> {
  const nodes = settings.nodes ?? NODES;
  const node = protocol.family === 'atomic-commit' ? ('coordinator' as const) : ('leader' as const);
  const crash = {
    kind: 'crash',
    at: CRASH_AT,
    for: CRASH_FOR,
    node,
    lostWrites: false,
    tornWrites: false,
  } as const;
  const plan: FaultPlan = { version: 1, events: [crash] };
  const load = await runRealLoad({
    protocol: { module, exportName },
    nodes,
    rate: CRASH_RATE,
    seconds: CRASH_END / 1000,
    valueBytes: settings.valueBytes,
    keys: Math.min(settings.keys, 1000),
    reads: 0.5,
    seed,
    history: true,
    columns: true,
    finalReads: true,
    plan,
  });
  const columns = load.columns!;
  const fault = load.events.find(({ kind }) => kind === 'fault')?.atMilliseconds ?? CRASH_AT;
  const [from, to] = [fault * 1000, CRASH_END * 1000];
  const gap = (kind: 'read' | 'write') => longestGap(completions(columns, { kind }), from, to).length / 1000;
  const sample: Sample = {
    seed,
    values: {
      unavailableMilliseconds: gap('write'),
      readsUnavailableMilliseconds: gap('read'),
      failedOperations: countOf(columns, { from: 0, to }, 'failed'),
    },
    timeline: timelineOf(columns, CRASH_END, load.events),
    verdicts: [judge(protocol, load.history!, ['crash'])],
  };
  return [{ cell: { nodes, clients: 0 }, sample }];
}

/** Whether a real history is linearizable, and if not, whether the protocol promised that it would be. */
function judge(
  protocol: AnyProtocol,
  history: readonly Operation[],
  faults: readonly FaultClass[],
): RunVerdict {
  const { verdict, detail } = checkLinearizability(history, keyValueModel(), { steps: CHECK_STEPS });
  if (verdict === 'unknown') return { check: 'linearizable', verdict, detail };
  return verdictOf(protocol, new Set(faults), 'linearizable', 'linearizable', verdict === 'violated', detail);
}

function measured(
  { scenario, source }: Part,
  cell: Cell,
  samples: readonly Sample[],
  settings: Settings,
): Measured {
  const { protocol } = source;
  const method =
    scenario.name === 'steady'
      ? `One process for each replica, on loopback, every write durable before it is acknowledged. Closed loop of ${cell.clients} clients over pipelined ` +
        `connections from one load process on the same machine; after ${WARM_UP.milliseconds} ms at ${WARM_UP.clients} clients, loads take turns for ${MEASURED_MILLISECONDS} ms each; then a mixed load, whose history is checked.`
      : `One process for each replica; ${CRASH_RATE} operations offered per second (open loop), half of them reads. SIGKILL for the leader (or a coordinator) after ` +
        `${CRASH_AT / 1000} s, started again ${CRASH_FOR / 1000} s later. Unavailable: the longest time after the kill without an answered write.`;
  const summary =
    scenario.name === 'steady'
      ? {
          metrics: medians(samples),
          notes: ['With real processes: closed loops, every client with one operation after another.'],
        }
      : scenario.summarise(samples, protocol, cell, settings);
  return {
    experiment: {
      scenario: scenario.name,
      protocol: protocol.name,
      mode: 'real',
      nodes: cell.nodes,
      clients: cell.clients,
      seeds: samples.map(({ seed }) => seed),
      ...summary,
      verdicts: mergeVerdicts(protocol, samples),
      reproduce: reproduceReal(scenario, protocol, cell, settings),
      method,
    },
    samples,
  };
}

function reproduceReal(
  { name }: Scenario,
  protocol: AnyProtocol,
  { nodes, clients }: Cell,
  settings: Settings,
): string {
  const words = ['quorate compare', protocol.name, '--mode real', `--scenario ${name}`, `--nodes ${nodes}`];
  words.push(`--seeds ${settings.seeds}`, `--value-bytes ${settings.valueBytes}`, `--keys ${settings.keys}`);
  if (clients > 0) words.push(`--clients ${clients}`);
  if (settings.quick) words.push('--quick');
  return words.join(' ');
}
