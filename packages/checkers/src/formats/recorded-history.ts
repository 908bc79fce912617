import type { Operation, Value } from '../history.ts';
import { parseEdnHistory } from './edn-history.ts';
import { JEPSEN_LINE, parseJepsenLog } from './jepsen-log.ts';
import { parseNdjsonHistory } from './ndjson-history.ts';

/** A history that was read, and what its text tells about the object. */
export interface RecordedHistory {
  /** How it was written: what `parseJepsenLog`, `parseEdnHistory` or `parseNdjsonHistory` reads. */
  readonly format: 'jepsen-log' | 'edn' | 'ndjson';
  readonly operations: readonly Operation[];
  /**
   * The object it must be about: a key-value store where operations have keys, or append or delete; one register otherwise (a
   * `cas-register` is a `register` where nobody compares). Undefined where some operations have a key and some have none.
   */
  readonly model: 'cas-register' | 'key-value' | undefined;
  /**
   * What a key-value store's keys begin with: null (absent), but an empty text in EDN in which nothing is ever absent, since stores
   * that know no absent values are recorded so.
   */
  readonly initial: Value;
}

/**
 * Reads a history in any of the formats, which it tells from the text's beginning.
 * @throws SyntaxError, with the line's number, where the text is empty, none of them, or malformed
 */
export function readHistory(text: string): RecordedHistory {
  const format = formatOf(text);
  const operations = PARSERS[format](text);
  const initial = format === 'edn' && !operations.some(knowsAbsence) ? '' : null;
  return { format, operations, model: modelOf(operations), initial };
}

const PARSERS = { 'jepsen-log': parseJepsenLog, edn: parseEdnHistory, ndjson: parseNdjsonHistory } as const;

function formatOf(text: string): RecordedHistory['format'] {
  if (/^\s*\{\s*["}]/.test(text)) return 'ndjson';
  if (/^[\s,]*[[({;#]/.test(text)) return 'edn';
  if (JEPSEN_LINE.test(text)) return 'jepsen-log';
  if (text.trim() === '') throw new SyntaxError('it is empty');
  const line = text.slice(0, text.search(/\S/)).split('\n').length;
  throw new SyntaxError(
    `line ${line}: its format is not recognised; allowed: Jepsen log lines, EDN maps, or one JSON object on each line`,
  );
}

function modelOf(operations: readonly Operation[]): RecordedHistory['model'] {
  const keyed = operations.filter(({ key }) => key !== undefined).length;
  if (keyed > 0) return keyed === operations.length ? 'key-value' : undefined;
  const store = operations.some(({ input }) => input.kind === 'append' || input.kind === 'delete');
  return store ? 'key-value' : 'cas-register';
}

function knowsAbsence({ input, output }: Operation): boolean {
  if (output?.value === null || input.kind === 'delete') return true;
  return (input.kind === 'put' && input.value === null) || (input.kind === 'cas' && input.expected === null);
}
