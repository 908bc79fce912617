/**
 * Experiments: protocols × scenarios × seeds, in simulation or with real processes, and their statistics.
 *
 * ```ts
 * import { estimateMedian, pairedRatio, SCENARIOS } from '@quorate/bench';
 *
 * console.log(SCENARIOS.map(({ name, question }) => `${name}: ${question}`).join('\n'));
 *
 * const raft = [410, 395, 402, 399, 408, 401]; // microseconds, one number for each seed
 * const paxos = [820, 801, 799, 805, 830, 808]; // the same seeds
 * console.log(estimateMedian(raft)); // { value: 401.5, low: 397, high: 409 }
 * console.log(pairedRatio(raft, paxos)?.significant); // true: the interval of the ratio excludes 1
 * ```
 * @packageDocumentation
 */
export { calibrate, FITTED_CLIENTS, type Models, type RealPoint, type RealWork } from './calibration.ts';
export { changesOf } from './changes.ts';
export { type ComparisonOptions, type Progress, runComparison } from './compare.ts';
export { compareAll } from './comparisons.ts';
export { failureClass } from './failure-class.ts';
export { HUNT_MILLISECONDS, type HuntOptions, hunt } from './hunt.ts';
export { fingerprintOf, type HuntedSeed } from './hunt-seed.ts';
export {
  Latencies,
  type LatencyCounts,
  mergedPercentile,
  P999_SAMPLES,
  percentile,
  percentileOfRuns,
  sampleCount,
} from './latencies.ts';
export { describeMachine } from './machine.ts';
export {
  driverMutantsOf,
  killMutants,
  type MutantOptions,
  type MutantResult,
  type MutantSource,
  type SoundFailure,
} from './mutants.ts';
export type { Peer, PeerOptions, RunningPeer } from './peers.ts';
export { preflight } from './preflight.ts';
export { loadProtocol, type ProtocolSource } from './protocols.ts';
export { ResultsError, readResults } from './read-results.ts';
export type { RealRunner } from './real.ts';
export { realRunner } from './real-runner.ts';
export { reproduceLine } from './reproduce.ts';
export type * from './results.ts';
export type {
  Cell,
  LoadPoint,
  Measured,
  Run,
  RunVerdict,
  Sample,
  Scenario,
  Settings,
  Summary,
} from './scenario.ts';
export { SCENARIOS, scenarioNamed } from './scenarios/index.ts';
export { type ShrinkOptions, type Shrunk, shrink } from './shrink.ts';
export { type ShrinkGroup, shrinkGroups } from './shrink-groups.ts';
export type { ShrunkRun } from './shrink-seed.ts';
export { estimateMedian, interval, median, type PairedRatio, pairedRatio } from './statistics.ts';
export { type Story, storyMarkdown, storyOf } from './story.ts';
export { addSeed, emptyTally, type FailureGroup, type HuntTally } from './tally.ts';
export { mergeVerdicts, VERDICTS, worstOf } from './verdicts.ts';
