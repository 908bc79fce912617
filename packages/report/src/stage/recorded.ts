import type { Results } from '@quorate/bench/results';
import { RunFileError, readRunFile } from '@quorate/simulator';
import type { RecordedRun } from './stock.ts';

/** The runs that results hold, each with an id of its own. What is no run (a file from elsewhere, or another version) is left out. */
export function recordedOf(results: readonly Results[]): readonly RecordedRun[] {
  const found: RecordedRun[] = [];
  for (const [set, { experiments }] of results.entries()) {
    for (const { scenario, protocol, nodes, recorded } of experiments) {
      if (recorded === undefined) continue;
      const prefix = set === 0 ? '' : `${set + 1}/`;
      const plain = `${prefix}${scenario}/${protocol}`;
      const id = found.some((one) => one.id === plain) ? `${plain}/${nodes}` : plain;
      try {
        found.push({ id, scenario, set, run: readRunFile(recorded) });
      } catch (error) {
        if (!(error instanceof RunFileError)) throw error;
      }
    }
  }
  return found;
}
