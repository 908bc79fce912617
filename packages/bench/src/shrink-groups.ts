import { HUNT_MILLISECONDS } from './hunt.ts';
import type { Job } from './jobs.ts';
import { runJobs } from './pool.ts';
import type { ProtocolSource } from './protocols.ts';
import type { ShrunkRun } from './shrink-seed.ts';

/** One failing seed of a group, to be made smaller. */
export interface ShrinkGroup {
  readonly protocol: string;
  readonly check: string;
  readonly seed: number;
}

/**
 * Makes one failing run of each group smaller, several at a time. What was found of each by the time that `signal` aborts is kept;
 * undefined where that is nothing.
 */
export async function shrinkGroups(
  groups: readonly ShrinkGroup[],
  options: {
    readonly protocols: readonly ProtocolSource[];
    readonly threads: number;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (group: ShrinkGroup, best: ShrunkRun) => void;
  },
): Promise<(ShrunkRun | undefined)[]> {
  const jobs = groups.map((group) => ({
    kind: 'shrink' as const,
    milliseconds: HUNT_MILLISECONDS,
    ...group,
  }));
  const best = new Map<Job, ShrunkRun>();
  const take = (job: (typeof jobs)[number], found: ShrunkRun) => {
    best.set(job, found);
    options.onProgress?.(job, found);
  };
  await runJobs(jobs, { ...options, onResult: take, onProgress: take });
  return jobs.map((job) => best.get(job));
}
