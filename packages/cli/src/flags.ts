import { UsageError } from './io.ts';

/** What the command line gave, as text: yargs splits it, this reads it, so that every error is of one kind. */
export class Flags {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #positional: readonly string[];

  /** @param positional the names that are no flags, but arguments by their place */
  constructor(given: Readonly<Record<string, unknown>>, positional: readonly string[] = []) {
    this.#given = given;
    this.#positional = positional;
  }

  /** How errors call it: with its dashes, unless it is an argument by its place. */
  #called(name: string): string {
    return this.#positional.includes(name) ? name : `--${name}`;
  }

  has(name: string): boolean {
    return this.#given[name] !== undefined;
  }

  on(name: string): boolean {
    return this.#given[name] === true;
  }

  /** The text behind a flag. @throws UsageError where it was given twice or without a text */
  text(name: string): string | undefined {
    const value = this.#given[name];
    if (value === undefined) return undefined;
    if (Array.isArray(value))
      throw wrong(this.#called(name), value.join(' and '), 'is given more than once; give it once');
    const text = String(value);
    if (text === '') throw new UsageError(`${this.#called(name)}: needs a value`);
    return text;
  }

  /** A whole number from `min` to `max`. */
  whole(name: string, min: number, max: number): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readWhole(this.#called(name), text, min, max);
  }

  /** A number above `above` and up to `max`, or from 0 to 1 for shares. */
  share(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = readNumber(text);
    if (!(value >= 0 && value <= 1))
      throw wrong(this.#called(name), text, 'is not a share; allowed: a number from 0 to 1');
    return value;
  }

  /** A number of operations per second. */
  rate(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : readRate(this.#called(name), text);
  }

  /** A span of time in milliseconds: `500ms`, `60s`, `2m`, `1h`. */
  duration(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
    const milliseconds = Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
    if (!(milliseconds >= 1 && milliseconds <= LONGEST)) {
      throw wrong(
        this.#called(name),
        text,
        'is not a time; allowed: 1ms to 24h, written like 500ms, 60s, 2m or 1h',
      );
    }
    return milliseconds;
  }

  /** First and last of a range of seeds: `A..B`, or one seed. */
  seeds(name: string): readonly [from: number, to: number] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const [, from, to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
    const range = [Number(from), Number(to)] as const;
    if (!(range[0] <= range[1] && range[1] <= SEED_MAX)) {
      throw wrong(
        this.#called(name),
        text,
        `is not a range of seeds; allowed: A..B with 0 ≤ A ≤ B ≤ ${SEED_MAX}, like 1..1000`,
      );
    }
    return range;
  }

  /** One of a few words. */
  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    return readChoice(this.#called(name), text, allowed);
  }

  /** A list in words or commas, or both; undefined where it was not given. */
  list(name: string): readonly string[] | undefined {
    const value = this.#given[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
    const words = (Array.isArray(value) ? value : [value]).flatMap((word) => String(word).split(','));
    if (words.includes('')) {
      throw wrong(
        this.#called(name),
        words.join(','),
        'has an empty element; allowed: words or commas, like "8 16" or "8,16"',
      );
    }
    return words;
  }

  /** Arguments by their place, as they stand: commas and empty words are the user's. */
  words(name: string): readonly string[] {
    const value = this.#given[name];
    return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
  }

  wholes(name: string, min: number, max: number): readonly number[] | undefined {
    return this.list(name)?.map((word) => readWhole(this.#called(name), word, min, max));
  }

  rates(name: string): readonly number[] | undefined {
    return this.list(name)?.map((word) => readRate(this.#called(name), word));
  }
}

/** The highest seed: generators take 31 bits. */
export const SEED_MAX = 2_147_483_647;
const RATE_MAX = 1_000_000;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const LONGEST = 24 * 3_600_000;

/** One of a few words. @param what how the error calls it: a flag with its dashes, or a name */
export function readChoice<T extends string>(what: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found === undefined)
    throw new UsageError(`${what}: "${text}" is unknown; allowed: ${allowed.join(', ')}`);
  return found;
}

function readNumber(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function readWhole(what: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) {
    throw wrong(what, text, `is not allowed; allowed: a whole number from ${min} to ${max}`);
  }
  return value;
}

function readRate(what: string, text: string): number {
  const value = readNumber(text);
  if (!(value > 0 && value <= RATE_MAX)) {
    throw wrong(what, text, `is not a rate; allowed: operations per second, above 0 and up to ${RATE_MAX}`);
  }
  return value;
}

function wrong(what: string, text: string, why: string): UsageError {
  return new UsageError(`${what}: "${text}" ${why}`);
}
