import type { ComparisonOptions } from './compare.ts';
import type { Measured } from './scenario.ts';

/** Carries out scenarios with real processes, sockets and disks. Rows have mode `real` and repetition numbers for seeds. */
export interface RealRunner {
  /** The scenarios among `options.scenarios` that it knows, all of `options.protocols`; stops early, with what is finished, when the signal aborts. */
  run(options: Omit<ComparisonOptions, 'real'>): Promise<Measured[]>;
}
