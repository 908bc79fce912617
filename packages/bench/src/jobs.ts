import type { AnyProtocol } from '@quorate/interface';
import { type Calibration, calibrate, type RealPoint, type RealWork } from './calibration.ts';
import { type HuntedSeed, huntSeed } from './hunt-seed.ts';
import { firstBroken } from './planted.ts';
import type { Cell, Sample, Settings } from './scenario.ts';
import { scenarioNamed } from './scenarios/index.ts';
import { type ShrunkRun, shrinkSeed } from './shrink-seed.ts';

/** Work that a worker thread can do, as plain data: runs of one protocol. */
export type Job =
  | ({
      readonly kind: 'scenario';
      readonly scenario: string;
      readonly protocol: string;
      readonly seed: number;
      readonly settings: Settings;
    } & Cell)
  | {
      readonly kind: 'hunt';
      readonly protocol: string;
      readonly seed: number;
      readonly milliseconds: number;
    }
  | {
      readonly kind: 'mutant';
      readonly protocol: string;
      readonly seed: number;
    }
  | {
      readonly kind: 'calibrate';
      readonly protocol: string;
      readonly work: RealWork;
      readonly points: readonly RealPoint[];
    }
  | {
      readonly kind: 'shrink';
      readonly protocol: string;
      readonly check: string;
      readonly seed: number;
      readonly milliseconds: number;
    };

/** What comes of a job of each kind. */
export interface JobResults {
  readonly scenario: Sample;
  readonly hunt: HuntedSeed;
  /** The check that said no; null where none did. */
  readonly mutant: string | null;
  readonly calibrate: Calibration | null;
  readonly shrink: ShrunkRun;
}

export type JobResult<J extends Job> = JobResults[J['kind']];

/** Does a job, here and now; `report` is told what a long one has so far. Equal jobs, equal results, whichever thread does them. */
export function perform(
  job: Job,
  protocol: AnyProtocol,
  report: (progress: ShrunkRun) => void,
): JobResults[Job['kind']] {
  switch (job.kind) {
    case 'scenario': {
      const { nodes, clients, seed, settings } = job;
      return scenarioNamed(job.scenario).run({ protocol, nodes, clients, seed, settings });
    }
    case 'hunt':
      return huntSeed(protocol, job.seed, job.milliseconds);
    case 'mutant':
      return firstBroken(protocol, job.seed);
    case 'calibrate':
      return calibrate(protocol, job.work, job.points);
    case 'shrink':
      return shrinkSeed(protocol, job, report);
    default:
      throw new Error(`unknown job ${JSON.stringify(job satisfies never)}`);
  }
}
