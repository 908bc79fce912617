import { availableParallelism, tmpdir } from 'node:os';
import type { AnyProtocol } from '@quorate/interface';
import { runFileOf, simulate } from '@quorate/simulator';
import { calibrateAll } from './calibrate-all.ts';
import { compareAll } from './comparisons.ts';
import type { Job } from './jobs.ts';
import { describeMachine } from './machine.ts';
import type { Peer } from './peers.ts';
import { runJobs } from './pool.ts';
import { preflight } from './preflight.ts';
import type { ProtocolSource } from './protocols.ts';
import type { RealRunner } from './real.ts';
import { reproduceLine } from './reproduce.ts';
import type { Experiment, PeerCard, Preflight, ProtocolCard, Results } from './results.ts';
import type { Cell, Measured, Run, Sample, Scenario, Settings } from './scenario.ts';
import { samplesOf } from './summary.ts';
import { mergeVerdicts } from './verdicts.ts';

export interface ComparisonOptions {
  readonly protocols: readonly ProtocolSource[];
  readonly scenarios: readonly Scenario[];
  readonly mode: 'sim' | 'real' | 'both';
  readonly settings: Settings;
  /** Other systems that do the same work; only with real processes, and only in `steady`. */
  readonly peers?: readonly Peer[] | undefined;
  /** Carries out scenarios with real processes; needed for the modes `real` and `both`. */
  readonly real?: RealRunner | undefined;
  /** For the result file: version of the workbench, and the command line that asked for this. */
  readonly quorateVersion: string;
  readonly command: string;
  /** A folder on the disk whose durable writes are to be timed. */
  readonly folder?: string | undefined;
  /** Worker threads; default: one for each core. 0: no others than this one. */
  readonly threads?: number | undefined;
  /** Stops the work; what is finished by then is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
  /** What was found of the machine before real runs; see `Preflight`. */
  readonly onPreflight?: (found: Preflight) => void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What was just finished, in a few words. */
  readonly what: string;
}

/** One row to be: a protocol in one cell of a scenario. */
interface Row {
  readonly scenario: Scenario;
  readonly cell: Cell;
  readonly protocol: AnyProtocol;
  readonly seeds: readonly number[];
}

/**
 * Runs every scenario with every protocol on the same seeds and compares them in pairs. Simulated numbers depend on the options alone,
 * not on the machine, the threads, or their order.
 * @throws RangeError on a mode that needs a `real` runner without one, or a cell that a scenario cannot do
 */
export async function runComparison(options: ComparisonOptions): Promise<Results> {
  if (options.mode !== 'sim' && options.real === undefined) {
    throw new RangeError(
      `mode ${options.mode} needs real processes, which are not available here; use mode sim`,
    );
  }
  const createdAt = new Date().toISOString();
  const measured: Measured[] = [];
  if (options.mode !== 'real') measured.push(...(await simulateAll(options)));
  let found: Preflight | undefined;
  if (options.mode !== 'sim' && !options.signal?.aborted) {
    if (!options.settings.quick) {
      options.onProgress?.({ done: 0, total: 1, what: 'real runs: how the disk and the processors are' });
      found = await preflight(tmpdir());
    }
    if (found !== undefined) options.onPreflight?.(found);
    const doubts = found?.warnings ?? [];
    for (const { experiment, samples } of await options.real!.run(options))
      measured.push({ experiment: { ...experiment, notes: [...experiment.notes, ...doubts] }, samples });
  }
  const calibrations = options.mode === 'both' ? await calibrateAll(measured, options) : [];
  return {
    version: 1,
    createdAt,
    quorateVersion: options.quorateVersion,
    command: options.command,
    machine: { ...describeMachine(options.folder), ...(found && { preflight: found }) },
    protocols: options.protocols.map(({ protocol }) => cardOf(protocol)),
    experiments: measured.map(({ experiment, samples }) => ({ ...experiment, ...samplesOf(samples) })),
    comparisons: compareAll(measured, options.scenarios),
    ...(options.peers?.length ? { peers: options.peers.map(peerCardOf) } : {}),
    ...(calibrations.length > 0 && { calibrations }),
  };
}

async function simulateAll(options: ComparisonOptions): Promise<Measured[]> {
  const { settings } = options;
  const rows = options.scenarios.flatMap((scenario) => rowsOf(scenario, options));
  const jobs = rows.flatMap(({ scenario, cell, protocol, seeds }) =>
    seeds.map((seed): Job & { kind: 'scenario' } => {
      return { kind: 'scenario', scenario: scenario.name, protocol: protocol.name, ...cell, seed, settings };
    }),
  );
  let done = 0;
  const samples = await runJobs(jobs, {
    protocols: options.protocols,
    threads: options.threads ?? availableParallelism(),
    signal: options.signal,
    onResult: ({ scenario, protocol, seed }) =>
      options.onProgress?.({
        done: ++done,
        total: jobs.length,
        what: `${scenario}, ${protocol}, seed ${seed}`,
      }),
  });
  options.onProgress?.({ done, total: jobs.length, what: 'working out medians and intervals' });
  let first = 0;
  return rows.flatMap((row) => {
    const own = samples.slice(first, first + row.seeds.length);
    first += row.seeds.length;
    const finished = own.filter((sample) => sample !== undefined);
    return finished.length === 0 ? [] : [measuredOf(row, finished, settings)];
  });
}

function rowsOf(scenario: Scenario, { protocols, settings }: ComparisonOptions): Row[] {
  const seeds = scenario.seeds?.(settings) ?? Array.from({ length: settings.seeds }, (_, i) => i + 1);
  return scenario
    .cells(settings)
    .flatMap((cell) => protocols.map(({ protocol }) => ({ scenario, cell, protocol, seeds })));
}

function measuredOf(
  { scenario, cell, protocol, seeds }: Row,
  samples: readonly Sample[],
  settings: Settings,
): Measured {
  const {
    notes,
    drawn = samples[0]!.seed,
    ...summary
  } = scenario.summarise(samples, protocol, cell, settings);
  const missing = seeds.length - samples.length;
  const experiment: Experiment = {
    scenario: scenario.name,
    protocol: protocol.name,
    mode: 'sim',
    nodes: cell.nodes,
    clients: cell.clients,
    seeds: samples.map(({ seed }) => seed),
    ...summary,
    verdicts: mergeVerdicts(protocol, samples),
    notes:
      missing === 0 ? notes : [...notes, `Interrupted: ${missing} of ${seeds.length} seeds are missing.`],
    reproduce: reproduceLine(scenario, protocol.name, cell, settings),
    method: scenario.method,
    ...recordedOf(scenario, { protocol, ...cell, seed: drawn, settings }),
  };
  return { experiment, samples };
}

/** One run, for whoever wants to look into it: the one whose timeline is drawn, else the first. */
function recordedOf(scenario: Scenario, run: Run): Pick<Experiment, 'recorded'> {
  const options = scenario.recorded?.(run) ?? null;
  return options === null ? {} : { recorded: runFileOf(options, simulate(options).traceHash) };
}

function peerCardOf({ name, title, limit, caveat }: Peer): PeerCard {
  return { name, title, ...(limit && { limit }), ...(caveat && { caveat }) };
}

function cardOf({ name, title, family, source, progress, reads, guarantees }: AnyProtocol): ProtocolCard {
  return { name, title, family, source, progress, ...(reads && { reads }), guarantees };
}
