/** What EDN can hold, as far as histories use it. Keywords are strings that begin with a colon; lists and vectors are arrays. */
export type Edn = string | number | boolean | null | readonly Edn[] | EdnMap;

/** Keywords as keys without their colon. */
export interface EdnMap {
  readonly [key: string]: Edn;
}

const TOKEN = /[\s,]+|;[^\n]*|#_|"(?:[^"\\]|\\.)*"|[()[\]{}]|[^\s,;()[\]{}"]+/gy;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Reads EDN: nil, booleans, numbers, strings, keywords, symbols, lists, vectors, maps, comments and `#_`. Returns all values of the
 * text. Sets, characters and tagged values are not part of it.
 * @throws SyntaxError with the offset of what cannot be read.
 */
export function parseEdn(text: string): Edn[] {
  return new Reader(text).all();
}

class Reader {
  readonly #tokens: { readonly text: string; readonly at: number }[] = [];
  #next = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const at = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) throw new SyntaxError(`EDN: cannot read on at offset ${at}`);
      if (!/^[\s,;]/.test(match[0])) this.#tokens.push({ text: match[0], at });
    }
  }

  all(): Edn[] {
    return this.#until(undefined);
  }

  /** Values up to the closing bracket, or to the text's end. */
  #until(closing: string | undefined): Edn[] {
    const values: Edn[] = [];
    for (;;) {
      const token = this.#tokens[this.#next++];
      if (token?.text === closing) return values;
      if (token === undefined) throw new SyntaxError(`EDN: the text ends before "${closing}"`);
      if (token.text === '#_') this.#dropNext(token.at);
      else values.push(this.#value(token.text, token.at));
    }
  }

  #dropNext(at: number): void {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw new SyntaxError(`EDN: nothing follows "#_" at offset ${at}`);
    this.#value(token.text, token.at);
  }

  #value(token: string, at: number): Edn {
    const closing = CLOSING[token];
    if (closing === '}') return mapOf(this.#until(closing), at);
    if (closing !== undefined) return this.#until(closing);
    if (token.startsWith('"')) return JSON.parse(token.replaceAll('\n', '\\n')) as string;
    if (token === 'nil') return null;
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^[+-]?\d/.test(token)) return numberOf(token, at);
    if (/^[:A-Za-z*!_?$%&=<>.+/-]/.test(token)) return token;
    throw new SyntaxError(`EDN: unexpected "${token}" at offset ${at}`);
  }
}

function mapOf(items: readonly Edn[], at: number): EdnMap {
  if (items.length % 2 === 1) throw new SyntaxError(`EDN: the map at offset ${at} has a key without a value`);
  const map: Record<string, Edn> = {};
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i]!;
    map[typeof key === 'string' ? key.replace(/^:/, '') : JSON.stringify(key)] = items[i + 1]!;
  }
  return map;
}

function numberOf(token: string, at: number): number {
  const number = Number(token.replace(/[NM]$/, ''));
  if (Number.isNaN(number)) throw new SyntaxError(`EDN: "${token}" at offset ${at} is no number`);
  return number;
}
