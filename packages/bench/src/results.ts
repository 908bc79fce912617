/**
 * The result file that `quorate compare` writes and `quorate report` reads. Names are fixed: other tools rely on them. Free of
 * Node types, so that a page may read it.
 */
import type { CalibratedPoint, Calibration } from './calibration.ts';

/** A median with its bootstrap 95 % interval over the runs (seeds in simulation, repetitions on real machines). */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  /** Median time of one small durable write, microseconds; null where it was not measured. */
  readonly syncMicroseconds: number | null;
}

/** One check's verdict over all runs of an experiment. */
export interface CheckVerdict {
  readonly check: string;
  readonly verdict: 'ok' | 'violated' | 'expected' | 'unknown';
  readonly detail: string;
  /** Seeds (or repetitions) with this verdict. */
  readonly seeds: readonly number[];
}

/** One point of the `steady` curve. Latencies are from the intended start (open loop). */
export interface SteadyPoint {
  readonly offeredPerSecond: number;
  readonly achievedPerSecond: Estimate;
  readonly p50Microseconds: Estimate;
  readonly p99Microseconds: Estimate;
  /** Present only with at least 10,000 samples. */
  readonly p999Microseconds?: Estimate;
  /** Offered but not completed within the run: the system was saturated. */
  readonly saturated: boolean;
}

/** What happened over time around a fault, in buckets. */
export interface Timeline {
  readonly bucketMilliseconds: number;
  readonly completed: readonly number[];
  readonly failed: readonly number[];
  /** Age of the oldest pending operation at each bucket's end, milliseconds. */
  readonly oldestPendingMilliseconds: readonly number[];
  readonly events: readonly {
    readonly atMilliseconds: number;
    readonly label: string;
    readonly kind: 'fault' | 'heal' | 'role';
  }[];
}

export interface CostMetrics {
  readonly messagesPerDecision: number;
  readonly delaysPerDecision: number;
  readonly forcedWritesPerDecision: number;
  readonly forcedWritesInAll: number;
  readonly expected: {
    readonly messagesPerDecision: number;
    readonly delaysPerDecision: number;
    readonly forcedWritesPerDecision: number;
    readonly forcedWritesInAll: number;
  };
}

/** One row of a comparison: a scenario run by one protocol (or peer) in one mode. */
export interface Experiment {
  readonly scenario: string;
  readonly protocol: string;
  readonly mode: 'sim' | 'real';
  readonly nodes: number;
  readonly clients: number;
  /** Seeds in simulation; repetition numbers on real machines. */
  readonly seeds: readonly number[];
  /** By metric name. `cost`: as `CostMetrics`. Others: number or Estimate. `steady` has operationsPerSecond, p50Microseconds, p99Microseconds. */
  readonly metrics: Readonly<Record<string, number | Estimate | null | CostMetrics['expected']>>;
  readonly curve?: readonly SteadyPoint[];
  readonly timeline?: Timeline;
  readonly verdicts: readonly CheckVerdict[];
  /** What a reader must know beside the number: all replicas or a majority, blocking, who may read. */
  readonly notes: readonly string[];
  /** One line that runs this row again. */
  readonly reproduce: string;
  /** How the numbers were measured, in a sentence or two. */
  readonly method: string;
}

/** Two protocols on the same seeds: the median of paired ratios. */
export interface Comparison {
  readonly scenario: string;
  readonly mode: 'sim' | 'real';
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  readonly a: string;
  readonly b: string;
  /** a divided by b. */
  readonly ratio: Estimate;
  /** False where the interval includes 1 or there were too few runs to tell: "no significant difference". */
  readonly significant: boolean;
  /** Pairs of runs behind it. */
  readonly runs?: number;
}

/** The simulator held against real processes: costs fitted to one protocol's figures on this machine, and what they foretell. */
export type { CalibratedPoint, Calibration };

export interface Results {
  readonly version: 1;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly quorateVersion: string;
  readonly command: string;
  readonly machine: Machine;
  readonly protocols: readonly ProtocolCard[];
  readonly experiments: readonly Experiment[];
  readonly comparisons: readonly Comparison[];
  /** In mode `both`, for protocols with real `steady` rows at 1 and 128 clients. */
  readonly calibrations?: readonly Calibration[];
}

/** The protocols' own descriptions, for the report's tables. */
export interface ProtocolCard {
  readonly name: string;
  readonly title: string;
  readonly family: string;
  readonly source: string;
  readonly progress: string;
  readonly guarantees: readonly {
    readonly check: string;
    readonly exceptUnder: readonly string[];
    readonly source: string;
  }[];
}
