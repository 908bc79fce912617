import type { Estimate, Experiment } from '@quorate/bench/results';
import type { Text } from '../text/text.ts';

/** What a number is of, which decides how it is written and drawn. Durations are in microseconds, shares from 0 to 1. */
export type Kind = 'duration' | 'rate' | 'count' | 'share' | 'bytes';

/** A metric's name taken apart: `expectedP50Microseconds:us-east-1` is the theoretical `p50Microseconds` of `us-east-1`. */
export interface MetricName {
  readonly base: string;
  /** What follows the colon: a region, a side of a partition; null where there is no colon. */
  readonly qualifier: string | null;
  readonly kind: Kind;
  /** Multiply by this for the kind's own unit: 1000 for milliseconds. */
  readonly factor: number;
  /** The base without its unit. */
  readonly stem: string;
}

const SUFFIXES: readonly (readonly [suffix: string, kind: Kind, factor: number])[] = [
  ['Microseconds', 'duration', 1],
  ['Milliseconds', 'duration', 1_000],
  ['Seconds', 'duration', 1_000_000],
  ['PerSecond', 'rate', 1],
  ['PerDecision', 'count', 1],
  ['Share', 'share', 1],
  ['Bytes', 'bytes', 1],
];

/** Takes a metric's name apart. Any name is good: an unknown one is a count, its words taken from its camel case. */
export function parseMetric(name: string): MetricName {
  const colon = name.indexOf(':');
  const base = colon < 0 ? name : name.slice(0, colon);
  const qualifier = colon < 0 ? null : name.slice(colon + 1);
  const found = SUFFIXES.find(([suffix]) => base.endsWith(suffix) && base.length > suffix.length);
  const [suffix, kind, factor] = found ?? ['', 'count' as Kind, 1];
  return { base, qualifier, kind, factor, stem: base.slice(0, base.length - suffix.length) };
}

/** What a metric measures, in words and without unit: `median latency`. */
export function metricTitle(text: Text, name: string): string {
  const { base, stem } = parseMetric(name);
  return text.known('metric', base) ?? words(stem);
}

/** What follows the colon, in words: a side of a partition, a number of clients. Names of regions stay as they are. */
export function placeTitle(text: Text, place: string): string {
  return text.known('place', place) ?? text.said(place);
}

/** The unit of a kind's numbers, for the head of a column that is saved. */
export function unitOf(text: Text, kind: Kind): string {
  if (kind === 'duration') return 'µs';
  return kind === 'rate' ? text.t('unit.perSecond') : kind === 'bytes' ? text.t('unit.bytes') : '';
}

/** `firstDecision` → `first decision`; a name that is no camel case stays as it is. */
export function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_]+/g, ' ')
    .replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
}

/** A metric's value as an estimate in its kind's unit; an exact number has an interval of no width. Null where there is none. */
export function estimateOf(experiment: Experiment, name: string): Estimate | null {
  const value = Object.hasOwn(experiment.metrics, name) ? experiment.metrics[name] : undefined;
  return scaled(value, parseMetric(name).factor);
}

function scaled(value: unknown, factor: number): Estimate | null {
  if (typeof value === 'number') {
    return { value: value * factor, low: value * factor, high: value * factor };
  }
  if (!isEstimate(value)) return null;
  return { value: value.value * factor, low: value.low * factor, high: value.high * factor };
}

function isEstimate(value: unknown): value is Estimate {
  return typeof value === 'object' && value !== null && 'low' in value && 'high' in value && 'value' in value;
}

/** What a comparison is of: a metric, of the rows of one cell where its scenario has several (`operationsPerSecond:128 clients`). */
interface Compared {
  readonly scenario: string;
  readonly mode: Experiment['mode'];
  readonly metric: string;
}

/** The median of a compared metric for one protocol, with its kind; null where no row, or more than one, has it. */
export function comparedValue(
  experiments: readonly Experiment[],
  { scenario, mode, metric }: Compared,
  protocol: string,
): { readonly kind: Kind; readonly value: number } | null {
  const rows = experiments.filter(
    (row) => row.scenario === scenario && row.mode === mode && row.protocol === protocol,
  );
  const [, name = metric, cell] = /^(.+):([^:]+)$/.exec(metric) ?? [];
  const own = rows.flatMap((row) => estimateOf(row, metric) ?? []);
  const ofCell = rows.filter((row) => cellOf(row) === cell).flatMap((row) => estimateOf(row, name) ?? []);
  const [only, more] = own.length > 0 ? own : ofCell;
  if (only === undefined || more !== undefined) return null;
  return { kind: parseMetric(metric).kind, value: only.value };
}

/** A row's cell under the name that comparisons give it. */
function cellOf({ clients, nodes }: Experiment): string {
  return clients > 0 ? `${clients} client${clients === 1 ? '' : 's'}` : `${nodes} nodes`;
}

/** Names of an experiment's own metrics in their order: neither theory (`expected…`) nor objects. */
export function metricNames(experiment: Experiment): string[] {
  return Object.entries(experiment.metrics)
    .filter(([name, value]) => !isExpected(name) && (value === null || scaled(value, 1) !== null))
    .map(([name]) => name);
}

function isExpected(name: string): boolean {
  return /^expected([A-Z]|$)/.test(name);
}

/**
 * The theoretical value that stands beside a metric, in its kind's unit, or null. Looked for in this order, for
 * `p50Microseconds:x`: `metrics.expected['p50Microseconds:x']`, `expectedP50Microseconds:x`, `expectedMicroseconds:x`.
 */
export function expectedOf(experiment: Experiment, name: string): number | null {
  const { base, qualifier, factor } = parseMetric(name);
  const tail = qualifier === null ? '' : `:${qualifier}`;
  const inside = experiment.metrics.expected;
  if (typeof inside === 'object' && inside !== null && !isEstimate(inside)) {
    const value = (inside as unknown as Record<string, number | undefined>)[name];
    if (value !== undefined) return value * factor;
  }
  const capital = base.charAt(0).toUpperCase() + base.slice(1);
  const unit = SUFFIXES.find(([suffix]) => base.endsWith(suffix))?.[0];
  for (const candidate of [`expected${capital}${tail}`, ...(unit ? [`expected${unit}${tail}`] : [])]) {
    const estimate = estimateOf(experiment, candidate);
    if (estimate !== null) return estimate.value;
  }
  return null;
}
