import type { Estimate, Experiment } from './results.ts';
import type { Sample, Summary } from './scenario.ts';
import { estimateMedian } from './statistics.ts';

/** Each metric's median over the runs with its interval; null where some run had none. */
export function medians(samples: readonly Sample[]): Record<string, Estimate | null> {
  const names = [...new Set(samples.flatMap(({ values }) => Object.keys(values)))];
  return Object.fromEntries(
    names.map((name) => {
      const values = samples.map((sample) => sample.values[name] ?? null);
      return [name, values.includes(null) ? null : estimateMedian(values as number[])];
    }),
  );
}

/** Each run's metrics in columns, as a result file keeps them; nothing where there are none. */
export function samplesOf(samples: readonly Pick<Sample, 'values'>[]): Pick<Experiment, 'samples'> {
  const names = [...new Set(samples.flatMap(({ values }) => Object.keys(values)))];
  if (names.length === 0) return {};
  return {
    samples: Object.fromEntries(
      names.map((name) => [name, samples.map(({ values }) => values[name] ?? null)]),
    ),
  };
}

/** The run in the middle of all, by one metric: the one whose timeline is drawn. */
export function middleRun(samples: readonly Sample[], metric: string): Sample {
  const value = (sample: Sample) => sample.values[metric] ?? Number.POSITIVE_INFINITY;
  const sorted = samples.toSorted((a, b) => value(a) - value(b) || a.seed - b.seed);
  return sorted[(sorted.length - 1) >> 1]!;
}

/** The middle run's timeline, its seed, and a note that says which run it is. */
export function middleTimeline(
  samples: readonly Sample[],
  metric: string,
): Pick<Summary, 'timeline' | 'drawn' | 'notes'> {
  const { timeline, seed } = middleRun(samples, metric);
  return timeline === undefined
    ? { notes: [] }
    : { timeline, drawn: seed, notes: [`The timeline is that of seed ${seed}, the median run.`] };
}
