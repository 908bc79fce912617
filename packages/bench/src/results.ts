/**
 * The result file that `quorate compare` writes and `quorate report` reads. Names are fixed: other tools rely on them. Free of
 * Node types, so that a page may read it.
 */

import type { RunFile } from '@quorate/simulator';
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
  /** What real runs stood on; only before those that are meant to be trusted. */
  readonly preflight?: Preflight;
}

/** What was measured of the machine just before real runs. Times are of one durable write of 4 KiB. */
export interface Preflight {
  /** Of the folder with the systems' data: `ext4`, `tmpfs`, …; null where it is not known. */
  readonly fileSystem: string | null;
  /** Into a file made beforehand, opened for durable writes. */
  readonly inPlaceMicroseconds: { readonly p50: number; readonly p99: number };
  /** At the end of a file, then fdatasync. */
  readonly growingMicroseconds: { readonly p50: number; readonly p99: number };
  /** Share of all processors' time that others used while we waited; null where the system does not tell. */
  readonly busyShare: number | null;
  /** Share of it that the host gave to other machines. */
  readonly stolenShare: number | null;
  /** Share of its time in which a loop that never waits did not run. */
  readonly awayShare: number;
  /** Why results can't be trusted, in sentences; empty where they can. */
  readonly warnings: readonly string[];
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
  /** Transactions in doubt at each bucket's end: some participant voted yes, awaits the outcome, and holds the locks. Only where there are some. */
  readonly inDoubt?: readonly number[];
  /** Who led when; stretches may overlap where a deposed leader does not know yet. Only where somebody leads. */
  readonly leaders?: readonly LeaderSpan[];
  readonly events: readonly {
    readonly atMilliseconds: number;
    readonly label: string;
    readonly kind: 'fault' | 'heal' | 'role';
  }[];
}

/** One node's time as leader, milliseconds of the run. */
export interface LeaderSpan {
  readonly node: number;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

/** What one check said of all runs under one class of faults. */
export interface GuaranteeRow {
  /** How reads were answered, as the protocol's card names it. */
  readonly reads: string;
  /** A class of faults, alone in its runs; `none`: nothing went wrong. */
  readonly fault: string;
  readonly check: string;
  /** The worst of all runs. */
  readonly verdict: CheckVerdict['verdict'];
  /** Runs in which a fault of the class took effect. With none the class was not exercised, and the verdict says nothing. */
  readonly runs: number;
  /** The first run with a verdict other than `ok`. */
  readonly shown?: { readonly seed: number; readonly detail: string; readonly reproduce: string };
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
  readonly guarantees?: readonly GuaranteeRow[];
  /** Each run's metrics, in the order of `seeds`: what pairs of runs are compared by. */
  readonly samples?: Readonly<Record<string, readonly (number | null)[]>>;
  readonly verdicts: readonly CheckVerdict[];
  /** What a reader must know beside the number: all replicas or a majority, blocking, who may read. */
  readonly notes: readonly string[];
  /** One line that runs this row again. */
  readonly reproduce: string;
  /** How the numbers were measured, in a sentence or two. */
  readonly method: string;
  /** Simulated rows: one run of this scenario as a value, which anyone can run again and look at; its trace hash says that it is the same. */
  readonly recorded?: RunFile;
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
  /** Those measured beside the protocols, where there are any. */
  readonly peers?: readonly PeerCard[];
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
  /** How reads are answered. */
  readonly reads?: string;
  readonly guarantees: readonly {
    readonly check: string;
    readonly exceptUnder: readonly string[];
    readonly source: string;
  }[];
}

/** What is measured beside the protocols, under its name in `experiments` and `comparisons`. */
export interface PeerCard {
  readonly name: string;
  readonly title: string;
  /** No system, but the least that any one must do: what this machine cannot be faster than. */
  readonly limit?: true;
  /** What a ratio to it leaves out, in a sentence. */
  readonly caveat?: string;
}

/** One protocol's metric in two result files, before and after a change: the median of the ratios of paired runs. */
export interface Change {
  readonly scenario: string;
  readonly protocol: string;
  readonly mode: 'sim' | 'real';
  readonly nodes: number;
  readonly clients: number;
  readonly metric: string;
  /** Which direction is an improvement; null where neither is. */
  readonly better: Comparison['better'] | null;
  /** Medians over the paired runs. */
  readonly before: number;
  readonly after: number;
  /** After divided by before; null where a run has a zero, so that there is no ratio. */
  readonly ratio: Estimate | null;
  /** False where the interval includes 1 or there were too few runs to tell: "no significant difference". */
  readonly significant: boolean;
  /** Every run gave the very same number. */
  readonly identical: boolean;
  /** Pairs of runs behind it. */
  readonly runs: number;
}

/** Two result files held against one another. */
export interface Changes {
  /** Positions among the files. */
  readonly before: number;
  readonly after: number;
  readonly rows: readonly Change[];
  /** Rows that only one of them has, or that were run with other settings: nothing can be paired there. */
  readonly unpaired: readonly {
    readonly scenario: string;
    readonly protocol: string;
    readonly mode: 'sim' | 'real';
    readonly why: 'only-before' | 'only-after' | 'settings' | 'seeds';
  }[];
}
