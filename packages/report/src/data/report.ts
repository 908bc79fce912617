import type { Changes, Results } from '@quorate/bench/results';
import type { ViewName } from '../view/views.ts';
import type { PackedTrace } from './traces.ts';

/** All that a page is made from. */
export interface ReportData {
  /** One run, or several that stand one after another. */
  readonly runs: readonly Results[];
  /** What each run is called, the name of its file, say; where there is none, its date is. */
  readonly labels?: readonly string[];
  /** What changed between them, from `changesOf` of `@quorate/bench`. */
  readonly changes?: readonly Changes[];
  /** Trace files, to be seen beside the runs that the results hold. */
  readonly traces?: readonly PackedTrace[];
  /** The views that the page has, in their order; default: `read` alone. */
  readonly views?: readonly ViewName[];
}
