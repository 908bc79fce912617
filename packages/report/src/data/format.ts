import type { Estimate } from '@quorate/bench/results';
import type { Kind } from './metrics.ts';

/** A quantity ready to be set: `1.84`, `ms`, and the interval in the same unit, or null where it has no width. */
export interface Written {
  readonly value: string;
  readonly unit: string;
  readonly interval: string | null;
}

/** Between the ends of a range, which no line break parts. */
export const TO = '\u2060–\u2060';

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const date = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

const SCALES: Readonly<Record<Kind, readonly (readonly [from: number, divisor: number, unit: string])[]>> = {
  duration: [
    [1_000_000, 1_000_000, 's'],
    [1_000, 1_000, 'ms'],
    [0, 1, 'µs'],
  ],
  bytes: [
    [1_048_576, 1_048_576, 'MiB'],
    [1_024, 1_024, 'KiB'],
    [0, 1, 'B'],
  ],
  rate: [[0, 1, '/s']],
  count: [[0, 1, '']],
  share: [[0, 0.01, '%']],
};

/** Three significant digits, whole numbers in full, thousands grouped. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number.isInteger(value) && Math.abs(value) < 10_000
    ? whole.format(value)
    : significant.format(value);
}

/** Writes an estimate in the unit that suits its value: 1840 µs becomes `1.84 ms`. */
export function written(kind: Kind, estimate: Estimate): Written {
  const [divisor, unit] = scaleOf(kind, estimate.value);
  const value = estimate.value / divisor;
  if (estimate.low === estimate.high) {
    return { value: kind === 'count' ? number(value) : significant.format(value), unit, interval: null };
  }
  const places = value === 0 ? 2 : 2 - Math.floor(Math.log10(Math.abs(value)));
  const low = fixed(estimate.low / divisor, places);
  const high = fixed(estimate.high / divisor, places);
  return { value: fixed(value, places), unit, interval: low + TO + high };
}

/** Rounded to a decimal place, which zeros fill up; a negative place rounds to tens, hundreds, … */
function fixed(value: number, places: number): string {
  const digits = Math.min(6, Math.max(0, places));
  const step = 10 ** Math.max(0, -places);
  const rounded = places > 0 ? value : Math.round(value / step) * step;
  return rounded.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** One number with its unit: `1.84 ms`, `48,200/s`, `12`. */
export function quantity(kind: Kind, value: number): string {
  const { value: digits, unit } = written(kind, { value, low: value, high: value });
  return join(digits, unit);
}

/** An estimate with its unit and interval: `1.84 ms (1.79–1.90)`. */
export function withInterval(kind: Kind, estimate: Estimate): string {
  const { value, unit, interval } = written(kind, estimate);
  return interval === null ? join(value, unit) : `${join(value, unit)} (${interval})`;
}

/** A no-break space stands before a unit, except one that binds closely. */
export function join(value: string, unit: string): string {
  if (unit === '') return value;
  return unit.startsWith('/') ? value + unit : `${value}\u00a0${unit}`;
}

function scaleOf(kind: Kind, value: number): readonly [divisor: number, unit: string] {
  const scales = SCALES[kind];
  const magnitude = Math.abs(value);
  const zero = scales[scales.length - 1]!;
  const [, divisor, unit] = magnitude === 0 ? zero : (scales.find(([from]) => magnitude >= from) ?? zero);
  return [divisor, unit];
}

/** A ratio of two protocols: `1.61×`. */
export function times(value: number): string {
  return Number.isFinite(value) ? `${significant.format(value)}×` : '–';
}

/** `23 November 2026 at 06:16 UTC`; what is no date stays as it is. */
export function dateTime(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : `${date.format(time)} UTC`;
}

/** `1–10, 17`: runs of successive numbers drawn together. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to + 1 < sorted.length && sorted[to + 1] === sorted[to]! + 1) to += 1;
    parts.push(to - from > 1 ? `${sorted[from]}${TO}${sorted[to]}` : sorted.slice(from, to + 1).join(', '));
    from = to + 1;
  }
  return parts.join(', ');
}

/** `Raft`, `Raft and ZAB`, `Raft, ZAB and etcd`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** `1 node`, `5 nodes`. */
export function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The first letter as a capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text as part of an element's id or a file's name. */
export function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, '-');
}
