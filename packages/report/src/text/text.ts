import type { Estimate } from '@quorate/bench/results';
import { type ComponentChildren, createElement, Fragment, type VNode } from 'preact';
import type { Kind } from '../data/metrics.ts';
import type { Catalogue, Key, Message, Values } from './catalogue.ts';
import { en } from './en.ts';
import { LANGUAGE, type Language } from './language.ts';
import { join, Quantities, type Written } from './quantities.ts';
import { zh } from './zh.ts';

/** A piece of a text that was told again; `english`: one that had no words in the language. */
export type Told = string | { readonly english: string };

/** Two words in Latin letters: more than a name, a number or a symbol. */
const ENGLISH = /[A-Za-z]{2,}[^A-Za-z]+[A-Za-z]{2,}/;

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, zh };

/** Words, numbers and dates of one language: what a component or a chart needs to say anything. */
export class Text {
  readonly language: Language;
  readonly #catalogue: Catalogue;
  readonly #quantities: Quantities;
  readonly #plurals: Intl.PluralRules;
  readonly #lists: Intl.ListFormat;
  readonly #dates: Intl.DateTimeFormat;
  /** What `told` has found so far. */
  readonly #told = new Map<string, readonly Told[]>();

  constructor(language: Language) {
    const { numbers, dates } = LANGUAGE[language];
    this.language = language;
    this.#catalogue = CATALOGUES[language];
    this.#quantities = new Quantities(numbers);
    this.#plurals = new Intl.PluralRules(numbers);
    this.#lists = new Intl.ListFormat(dates, { type: 'conjunction' });
    this.#dates = new Intl.DateTimeFormat(dates, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  }

  /** A text with its parameters; numbers are written as the language writes them. */
  t<K extends Key>(key: K, ...[values]: Values<K, string | number>): string {
    return this.#split(key, values)
      .map((part) => (typeof part === 'number' ? this.number(part) : part))
      .join('');
  }

  /** A text whose parameters may be elements. */
  rich<K extends Key>(key: K, ...[values]: Values<K, ComponentChildren>): VNode {
    const parts = this.#split(key, values);
    return createElement(
      Fragment,
      null,
      ...parts.map((part) => (typeof part === 'number' ? this.number(part) : part)),
    );
  }

  /** The text of a name that comes from results, `scenario.` + `steady`, say; undefined where the catalogue has no word for it. */
  known(prefix: string, name: string): string | undefined {
    const key = `${prefix}.${name}`;
    return Object.hasOwn(this.#catalogue, key) ? formOf(this.#catalogue[key as Key], 'other') : undefined;
  }

  /**
   * A text that results hold in English, a method or a note, in this language: where it is one of the catalogue's `said.` texts, whatever
   * its parameters are. Any other text stays as it is.
   */
  said(original: string): string {
    return this.told(original)
      .map((part) => (typeof part === 'string' ? part : part.english))
      .join('');
  }

  /** As `said`, with what is still English kept apart. */
  told(original: string): readonly Told[] {
    if (this.language === 'en') return [original];
    let told = this.#told.get(original);
    if (told === undefined) {
      told = this.#retell(original);
      this.#told.set(original, told);
    }
    return told;
  }

  #retell(original: string): readonly Told[] {
    for (const { key, pattern } of PATTERNS) {
      const found = pattern.exec(original);
      if (found === null) continue;
      const values = Object.fromEntries(
        Object.entries(found.groups ?? {}).map(([name, value]) => [name, this.told(value)]),
      );
      return this.#split(key, values).flat();
    }
    return [ENGLISH.test(original) ? { english: original } : original];
  }

  #split<V>(key: Key, values: Readonly<Record<string, V>> = {}): (string | V)[] {
    const { count } = values as { count?: unknown };
    const form = typeof count === 'number' ? this.#plurals.select(count) : 'other';
    return formOf(this.#catalogue[key], form)
      .split(/\{(\w+)\}/)
      .map((part, i) => (i % 2 === 0 ? part : Object.hasOwn(values, part) ? values[part]! : `{${part}}`));
  }

  /** Three significant digits, whole numbers in full, thousands grouped. */
  number(value: number): string {
    return this.#quantities.number(value);
  }

  /** So many decimals, thousands not grouped: for scales and clocks. */
  decimals(value: number, places: number): string {
    return this.#quantities.decimals(value, places);
  }

  /** An estimate in the unit that suits its value. */
  written(kind: Kind, estimate: Estimate): Written {
    return this.#quantities.written(kind, estimate);
  }

  /** One number with its unit: `1.84 ms`, `48,200/s`, `12`. */
  quantity(kind: Kind, value: number): string {
    const { value: digits, unit } = this.written(kind, { value, low: value, high: value });
    return join(digits, unit);
  }

  /** An estimate with its unit and interval: `1.84 ms (1.79–1.90)`. */
  withInterval(kind: Kind, estimate: Estimate): string {
    const { value, unit, interval } = this.written(kind, estimate);
    return interval === null
      ? join(value, unit)
      : this.t('format.interval', { value: join(value, unit), interval });
  }

  /** A share with its sign: `+3.1 %`, `−3.1 %`. */
  signedShare(value: number): string {
    const sign = value < 0 ? '−' : '+';
    return sign + this.quantity('share', Math.abs(value));
  }

  /** A ratio and its interval, to the same place: `1.61×` and `1.58–1.65`; no interval where it has no width. */
  ratio(estimate: Estimate): { readonly times: string; readonly interval: string | null } {
    const { value, interval } = this.written('count', estimate);
    return { times: `${value}×`, interval };
  }

  /** `23 November 2026 at 06:16 UTC`; what is no date stays as it is. */
  dateTime(iso: string): string {
    const time = Date.parse(iso);
    return Number.isNaN(time) ? iso : this.t('format.utc', { time: this.#dates.format(time) });
  }

  /** `Raft, ZAB and etcd`. */
  list(items: readonly string[]): string {
    return this.#lists.format(items);
  }
}

/** Each `said.` text as a pattern of its English form, with its parameters as groups. */
const PATTERNS = Object.entries(en).flatMap(([key, message]) => {
  if (!key.startsWith('said.')) return [];
  const source = formOf(message, 'other')
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{(\w+)\}/g, '(?<$1>.+?)');
  return [{ key: key as Key, pattern: new RegExp(`^${source}$`, 's') }];
});

function formOf(message: Message, form: string): string {
  if (typeof message === 'string') return message;
  return form === 'one' && message.one !== undefined ? message.one : message.other;
}

const TEXTS: Readonly<Record<Language, Text>> = { en: new Text('en'), zh: new Text('zh') };

/** The texts of a language; always the same object, so that it may be a dependency of an effect. */
export function textOf(language: Language): Text {
  return TEXTS[language];
}
