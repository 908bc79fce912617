/** What EDN can hold, as far as histories use it. Keywords are strings that begin with a colon; lists and vectors are arrays. */
export type Edn = string | number | boolean | null | readonly Edn[] | EdnMap;

/** Keywords as keys without their colon. */
export interface EdnMap {
  readonly [key: string]: Edn;
}

const TOKEN = /[\s,]+|;[^\n]*|#_|"(?:[^"\\]|\\.)*"|[()[\]{}]|[^\s,;()[\]{}"]+/gy;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Values, and where they stand. */
export interface LocatedEdn {
  readonly values: readonly Edn[];
  /** The line, from 1, on which the element at `index` of `list` begins; `list` is `values` or any list or vector within. */
  lineOf(list: readonly Edn[], index: number): number;
}

/**
 * Reads EDN: nil, booleans, numbers, strings, keywords, symbols, lists, vectors, maps, comments and `#_`. Returns all values of the
 * text. Sets, characters and tagged values are not part of it.
 * @throws SyntaxError with the line and the offset of what cannot be read.
 */
export function readEdn(text: string): LocatedEdn {
  const reader = new Reader(text);
  const values = reader.all();
  return { values, lineOf: (list, index) => lineAt(text, reader.offsets.get(list)?.[index] ?? 0) };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

class Reader {
  /** Where the elements of each list and vector begin. */
  readonly offsets = new WeakMap<readonly Edn[], readonly number[]>();
  readonly #text: string;
  readonly #tokens: { readonly text: string; readonly at: number }[] = [];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const at = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) throw this.#error(at, `cannot read on at offset ${at}`);
      if (!/^[\s,;]/.test(match[0])) this.#tokens.push({ text: match[0], at });
    }
  }

  all(): Edn[] {
    return this.#until(undefined);
  }

  /** Values up to the closing bracket, or to the text's end. */
  #until(closing: string | undefined): Edn[] {
    const values: Edn[] = [];
    const offsets: number[] = [];
    this.offsets.set(values, offsets);
    for (;;) {
      const token = this.#tokens[this.#next++];
      if (token?.text === closing) return values;
      if (token === undefined) throw this.#error(this.#text.length, `the text ends before "${closing}"`);
      if (token.text === '#_') this.#dropNext(token.at);
      else {
        values.push(this.#value(token.text, token.at));
        offsets.push(token.at);
      }
    }
  }

  #dropNext(at: number): void {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw this.#error(at, `nothing follows "#_" at offset ${at}`);
    this.#value(token.text, token.at);
  }

  #value(token: string, at: number): Edn {
    const closing = CLOSING[token];
    if (closing === '}') return this.#map(this.#until(closing), at);
    if (closing !== undefined) return this.#until(closing);
    if (token.startsWith('"')) return this.#string(token, at);
    if (token === 'nil') return null;
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^[+-]?\d/.test(token)) return this.#number(token, at);
    if (/^[:A-Za-z*!_?$%&=<>.+/-]/.test(token)) return token;
    throw this.#error(at, `unexpected "${token}" at offset ${at}`);
  }

  #map(items: readonly Edn[], at: number): EdnMap {
    if (items.length % 2 === 1) throw this.#error(at, `the map at offset ${at} has a key without a value`);
    const map: Record<string, Edn> = {};
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!;
      map[typeof key === 'string' ? key.replace(/^:/, '') : JSON.stringify(key)] = items[i + 1]!;
    }
    return map;
  }

  #string(token: string, at: number): string {
    try {
      return JSON.parse(token.replaceAll('\n', '\\n')) as string;
    } catch (cause) {
      throw this.#error(
        at,
        `the string at offset ${at} has an escape or a character that cannot be read`,
        cause,
      );
    }
  }

  #number(token: string, at: number): number {
    const number = Number(token.replace(/[NM]$/, ''));
    if (Number.isNaN(number)) throw this.#error(at, `"${token}" at offset ${at} is no number`);
    return number;
  }

  #error(at: number, what: string, cause?: unknown): SyntaxError {
    return new SyntaxError(`line ${lineAt(this.#text, at)}: EDN: ${what}`, { cause });
  }
}
