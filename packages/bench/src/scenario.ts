import type { AnyProtocol } from '@quorate/interface';
import type { SimulationOptions } from '@quorate/simulator';
import type { LatencyCounts } from './latencies.ts';
import type {
  Comparison,
  CostMetrics,
  Estimate,
  Experiment,
  GuaranteeRow,
  SteadyPoint,
  Timeline,
} from './results.ts';

/** What a whole comparison is run with; what is left out, each scenario decides for itself. */
export interface Settings {
  /** Fewer seeds, loads and sizes: a smoke test, not a measurement. */
  readonly quick: boolean;
  /** Seeds 1 to this; the same for every protocol. */
  readonly seeds: number;
  readonly nodes?: number;
  readonly valueBytes: number;
  /** Number of keys, drawn uniformly. */
  readonly keys: number;
  /** Share of reads, 0 to 1. */
  readonly reads?: number;
  /** `steady`: offered loads per second. */
  readonly rates?: readonly number[];
  /** `steady`: closed loops of so many clients, instead of the open loop unless `rates` are given too. */
  readonly clients?: readonly number[];
}

/** One cell of a scenario: what gets a row of its own for each protocol. */
export interface Cell {
  readonly nodes: number;
  /** Clients of a closed loop; 0 for an open loop. */
  readonly clients: number;
}

/** One simulated run of one protocol in one cell. */
export interface Run extends Cell {
  readonly protocol: AnyProtocol;
  readonly seed: number;
  readonly settings: Settings;
}

/** One offered load of one `steady` run. */
export interface LoadPoint {
  readonly offeredPerSecond: number;
  /** What really came: a seed's Poisson arrivals are some more or fewer than offered. */
  readonly arrivedPerSecond: number;
  readonly achievedPerSecond: number;
  readonly latencies: LatencyCounts;
}

/** What one check says of one run, as a simulation reports it. */
export interface RunVerdict {
  readonly check: string;
  readonly verdict: 'ok' | 'violated' | 'expected' | 'unknown';
  readonly detail: string;
}

/** One run under one class of faults. */
export interface FaultRun {
  /** A class of faults, or `none`. */
  readonly fault: string;
  /** How often a fault of the class took effect. */
  readonly fired: number;
  readonly verdicts: readonly RunVerdict[];
}

/** What one run found: plain data, so that a worker can post it. */
export interface Sample {
  readonly seed: number;
  /** Metrics by name; null where this run has none. */
  readonly values: Readonly<Record<string, number | null>>;
  readonly points?: readonly LoadPoint[];
  readonly timeline?: Timeline;
  /** What the checks said under each class of faults, apart from `verdicts`. */
  readonly byFault?: readonly FaultRun[];
  readonly verdicts: readonly RunVerdict[];
}

/** A scenario's view of all runs of one protocol in one cell: the parts of an `Experiment` that depend on the scenario. */
export interface Summary {
  readonly metrics: Readonly<Record<string, number | Estimate | null | CostMetrics['expected']>>;
  readonly curve?: readonly SteadyPoint[];
  readonly timeline?: Timeline;
  /** The seed whose timeline that is: the run to be recorded. Default: the first. */
  readonly drawn?: number;
  readonly guarantees?: readonly GuaranteeRow[];
  readonly notes: readonly string[];
}

/** An experiment as data: the question, the work, and how runs become numbers. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What somebody who runs it wants to know. */
  readonly question: string;
  /** How the numbers come about, for the report. */
  readonly method: string;
  /** The metrics on which protocols are compared, in pairs by seed: few, as every pair is a line of the summary. */
  readonly better: Readonly<Record<string, Comparison['better']>>;
  /** The metrics that a short table shows; a name covers its qualified ones. */
  readonly headline: readonly string[];
  cells(settings: Settings): readonly Cell[];
  /** The seeds to run; default 1 to `settings.seeds`. */
  seeds?(settings: Settings): readonly number[];
  run(run: Run): Sample;
  /** One of its runs as a value, for a reader who wants to look into it; null for a cell that has none. */
  recorded?(run: Run): SimulationOptions | null;
  summarise(samples: readonly Sample[], protocol: AnyProtocol, cell: Cell, settings: Settings): Summary;
}

/** A finished row with the per-run numbers behind it, from which pairs are compared. */
export interface Measured {
  readonly experiment: Experiment;
  readonly samples: readonly Pick<Sample, 'seed' | 'values'>[];
}
