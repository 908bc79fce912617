import type { ComparisonOptions } from './compare.ts';
import type { ProtocolSource } from './protocols.ts';
import type { RealRunner } from './real.ts';
import { CRASH_METHOD, crashRun } from './real-crash.ts';
import { judge } from './real-judge.ts';
import {
  type Pace,
  paceOf,
  type SteadyRow,
  steadyRuns,
  steadySteps,
  WARM_UP_CLIENTS,
} from './real-steady.ts';
import type { Cell, Measured, Sample, Scenario, Settings } from './scenario.ts';
import { medians } from './summary.ts';
import { mergeVerdicts } from './verdicts.ts';

/** Replicas on this machine unless `--nodes` says otherwise: with more, their processors are what is measured. */
const NODES = 3;

type Options = Omit<ComparisonOptions, 'real'>;
/** Told of each piece of work as it begins. */
type OnStep = (what: string) => void;

/** Carries out `steady` and `leader-crash` with one process for each replica, on loopback, with real disks and SIGKILL. */
export const realRunner: RealRunner = {
  async run(options: Options): Promise<Measured[]> {
    const total = options.scenarios.reduce((sum, { name }) => sum + stepsOf(name, options), 0);
    let done = 0;
    const onStep: OnStep = (what) => options.onProgress?.({ done: done++, total, what: `${what}, real` });
    const measured: Measured[] = [];
    for (const scenario of options.scenarios) {
      if (options.signal?.aborted) break;
      if (scenario.name === 'steady') measured.push(...(await steadyRows(scenario, options, onStep)));
      if (scenario.name === 'leader-crash') measured.push(...(await crashRows(scenario, options, onStep)));
    }
    return measured;
  },
};

function stepsOf(scenario: string, options: Options): number {
  if (scenario === 'steady') return steadySteps(options);
  return scenario === 'leader-crash' ? options.protocols.length * crashesOf(options.settings) : 0;
}

/** Ten seeds in simulation go with one crash on real machines; more seeds bring more. */
function crashesOf({ quick, seeds }: Settings): number {
  return quick ? 1 : Math.max(1, Math.floor(seeds / 10));
}

async function steadyRows(scenario: Scenario, options: Options, onStep: OnStep): Promise<Measured[]> {
  const { settings, peers = [] } = options;
  const nodes = settings.nodes ?? NODES;
  const rows = await steadyRuns({
    ...options,
    nodes,
    onStep,
    judge: ({ protocol }, history) => judge(protocol, history, []),
  });
  const pace = paceOf(settings, peers);
  const with_ = peers.map(({ name }) => name);
  return rows.map((row) => {
    const cell = { nodes, clients: row.clients };
    const reproduce = reproduceReal(
      scenario,
      'protocol' in row.of ? row.of.protocol.name : '',
      cell,
      settings,
      with_,
    );
    return steadyRow(row, cell, pace, reproduce);
  });
}

function steadyRow(
  { of, samples, missing, version }: SteadyRow,
  cell: Cell,
  pace: Pace,
  reproduce: string,
): Measured {
  const closed = 'With real processes: closed loops, every client with one operation after another.';
  const seeds = samples.map(({ seed }) => seed);
  const common = {
    scenario: 'steady',
    mode: 'real',
    ...cell,
    seeds,
    reproduce,
    method: steadyMethod(cell, pace),
  } as const;
  if ('protocol' in of) {
    const { protocol } = of;
    const verdicts = mergeVerdicts(protocol, samples);
    const experiment = {
      ...common,
      protocol: protocol.name,
      metrics: medians(samples),
      verdicts,
      notes: [closed],
    };
    return { experiment, samples };
  }
  const metrics = missing === '' ? medians(samples) : NO_NUMBERS;
  const notes =
    missing === '' ? [`${of.title} ${version}. ${closed}`, ...of.notes] : [`${of.title}: ${missing}.`];
  return { experiment: { ...common, protocol: of.name, metrics, verdicts: [], notes }, samples };
}

const NO_NUMBERS = { operationsPerSecond: null, p50Microseconds: null, p99Microseconds: null };

/** How a real steady row is measured. */
export function steadyMethod(
  { clients }: Pick<Cell, 'clients'>,
  { warmUp, settling, measured }: Pace,
): string {
  return (
    `One process for each replica, on loopback, every write durable before it is acknowledged. Closed loop of ${clients} clients over pipelined ` +
    `connections from one load process on the same machine. All systems run at once and take turns: after ${warmUp} ms or more at ${WARM_UP_CLIENTS} ` +
    `clients, which are not measured, each has every load once in each round, for ${measured} ms after ${settling} ms that are left out. Then, ` +
    `for protocols, a mixed load, whose history is checked. Processor time, bytes and forced writes are counted over whole loads, per operation.`
  );
}

async function crashRows(scenario: Scenario, options: Options, onStep: OnStep): Promise<Measured[]> {
  const { protocols, settings } = options;
  const cell = { nodes: settings.nodes ?? NODES, clients: 0 };
  const samples = new Map<ProtocolSource, Sample[]>(protocols.map((source) => [source, []]));
  // Protocols take turns, so that a machine that grows slower does so for all of them.
  for (let seed = 1; seed <= crashesOf(settings); seed++) {
    for (const source of protocols) {
      if (options.signal?.aborted) break;
      onStep(`leader crash, ${source.protocol.title}`);
      samples.get(source)!.push(await crashRun(source, seed, cell.nodes, settings));
    }
  }
  return [...samples].flatMap(([{ protocol }, found]) => {
    if (found.length === 0) return [];
    const { drawn: _, ...summary } = scenario.summarise(found, protocol, cell, settings);
    const experiment = {
      scenario: scenario.name,
      protocol: protocol.name,
      mode: 'real',
      ...cell,
      seeds: found.map(({ seed }) => seed),
      ...summary,
      verdicts: mergeVerdicts(protocol, found),
      reproduce: reproduceReal(scenario, protocol.name, cell, settings, []),
      method: CRASH_METHOD,
    } as const;
    return [{ experiment, samples: found }];
  });
}

function reproduceReal(
  { name }: Scenario,
  protocol: string,
  { nodes, clients }: Cell,
  settings: Settings,
  peers: readonly string[],
): string {
  const words = ['quorate compare', protocol, '--mode real', `--scenario ${name}`, `--nodes ${nodes}`];
  words.push(`--seeds ${settings.seeds}`, `--value-bytes ${settings.valueBytes}`, `--keys ${settings.keys}`);
  if (clients > 0) words.push(`--clients ${clients}`);
  if (peers.length > 0) words.push(`--peers ${peers.join(',')}`);
  if (settings.quick) words.push('--quick');
  return words.filter((word) => word !== '').join(' ');
}
