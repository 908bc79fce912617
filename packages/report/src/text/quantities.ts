import type { Estimate } from '@quorate/bench/results';
import type { Kind } from '../data/metrics.ts';

/** A quantity ready to be set: `1.84`, `ms`, and the interval in the same unit, or null where it has no width. */
export interface Written {
  readonly value: string;
  readonly unit: string;
  readonly interval: string | null;
}

/** Between the ends of a range, which no line break parts. */
export const TO = '\u2060–\u2060';

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

/** How numbers and their units are written in one locale. */
export class Quantities {
  readonly #locale: string;
  readonly #significant: Intl.NumberFormat;
  readonly #whole: Intl.NumberFormat;
  readonly #decimals = new Map<number, Intl.NumberFormat>();

  constructor(locale: string) {
    this.#locale = locale;
    this.#significant = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  }

  /** Three significant digits. */
  significant(value: number): string {
    return this.#significant.format(value);
  }

  /** So many decimals, thousands not grouped. */
  decimals(value: number, places: number): string {
    let format = this.#decimals.get(places);
    if (format === undefined) {
      format = new Intl.NumberFormat(this.#locale, {
        minimumFractionDigits: places,
        maximumFractionDigits: places,
        useGrouping: false,
      });
      this.#decimals.set(places, format);
    }
    return format.format(value);
  }

  /** Three significant digits, whole numbers in full, thousands grouped. */
  number(value: number): string {
    if (!Number.isFinite(value)) return '–';
    const whole = Number.isInteger(value) && Math.abs(value) < 10_000;
    return whole ? this.#whole.format(value) : this.significant(value);
  }

  /** Writes an estimate in the unit that suits its value: 1840 µs becomes `1.84 ms`. */
  written(kind: Kind, estimate: Estimate): Written {
    const [divisor, unit] = scaleOf(kind, estimate.value);
    const value = estimate.value / divisor;
    if (estimate.low === estimate.high) {
      return { value: kind === 'count' ? this.number(value) : this.significant(value), unit, interval: null };
    }
    const places = value === 0 ? 2 : 2 - Math.floor(Math.log10(Math.abs(value)));
    const [low, high] = [estimate.low, estimate.high].map((end) => this.#fixed(end / divisor, places));
    return { value: this.#fixed(value, places), unit, interval: low + TO + high };
  }

  /** Rounded to a decimal place, which zeros fill up; a negative place rounds to tens, hundreds, … */
  #fixed(value: number, places: number): string {
    const digits = Math.min(6, Math.max(0, places));
    const step = 10 ** Math.max(0, -places);
    const rounded = places > 0 ? value : Math.round(value / step) * step;
    return rounded.toLocaleString(this.#locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  }
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
