import type { Experiment } from '@quorate/bench/results';
import { recordedOf } from '../stage/recorded.ts';
import { fragmentOf } from '../view/views.ts';
import type { ReportData } from './report.ts';

/** The run that was recorded with a row, as the view `see` shows it: one seed at one load, whatever a point of a chart stands for. */
export interface Followed {
  /** Under which `see` knows it. */
  readonly id: string;
  readonly seed: number;
  /** Operations offered per second; null where the run's load is something else. */
  readonly rate: number | null;
}

/** Operations of a run that `see` finds by their share of all latencies. */
export const FOLLOWED = ['p50', 'p99', 'p99.9', 'slowest'] as const;

export type Followable = (typeof FOLLOWED)[number];

/** The recorded runs of each result file, by their rows; none where the page cannot show them. */
export function followedOf({ runs, views = [] }: ReportData): readonly ReadonlyMap<Experiment, Followed>[] {
  const recorded = views.includes('see') ? recordedOf(runs) : [];
  return runs.map(({ experiments }, set) => {
    const found = new Map<Experiment, Followed>();
    for (const row of experiments) {
      const one = recorded.find(
        ({ set: own, scenario, run: { protocol, options } }) =>
          own === set &&
          scenario === row.scenario &&
          protocol === row.protocol &&
          options.nodes === row.nodes &&
          row.recorded !== undefined,
      );
      if (one === undefined) continue;
      const { seed, workload } = one.run.options;
      found.set(row, { id: one.id, seed, rate: workload?.rate ?? null });
    }
    return found;
  });
}

/** The address of the operation at a share of a recorded run's latencies. */
export function wayOf({ id }: Followed, operation: Followable): string {
  return fragmentOf('see', `${id}:${operation}`);
}

/** The address of a recorded run at a moment, in milliseconds of the run. */
export function momentOf({ id }: Followed, milliseconds: number): string {
  return fragmentOf('see', `${id}:at${Math.round(milliseconds)}`);
}
