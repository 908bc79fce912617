import type { Input, Operation, Output, Value } from '../history.ts';
import { type Fields, fieldsOf, readLines, wrong } from './ndjson.ts';

/**
 * Reads Quorate's own histories: one `Operation` as a JSON object on each line, its fields by their names, in any order of lines.
 *
 * ```json
 * {"process":1,"key":"x","input":{"kind":"put","value":"a"},"output":{"status":"ok"},"start":0,"end":3,"status":"ok"}
 * {"process":2,"key":"x","input":{"kind":"cas","expected":"a","value":"b"},"start":1,"end":null,"status":"unknown"}
 * ```
 *
 * - `process`: a whole number. `key`: a string; left out where there is but one object.
 * - `input`: `{kind: "get" | "delete"}`, `{kind: "put", value}`, `{kind: "append", value}` with a string, `{kind: "cas", expected,
 *   value}`. A value is a string, a number, or null for nothing.
 * - `status`: `ok`, `fail` or `unknown`, as `Operation` says.
 * - `output`: `{status: "ok" | "mismatch", value?}`; a `get` and a `cas` that are `ok` must have one, a `get` with a value.
 * - `start` and `end`: numbers of which only the order counts. `end` is null or left out where no answer came.
 *
 * Blank lines and further fields are passed over.
 * @throws SyntaxError on anything else, with the line's number from 1.
 */
export function parseNdjsonHistory(text: string): Operation[] {
  return readLines(text, 'an operation', readOperation);
}

/** A history as `parseNdjsonHistory` reads it, line by line, without line ends. */
export function* formatNdjsonHistory(history: readonly Operation[]): Generator<string> {
  for (const { process, key, input, output, start, end, status } of history)
    yield JSON.stringify({
      process,
      key,
      input,
      output,
      start,
      end: Number.isFinite(end) ? end : null,
      status,
    });
}

function readOperation(fields: Fields): Operation {
  const { process, key, start, status } = fields;
  if (!Number.isInteger(process)) throw wrong('process', process, 'a whole number');
  if (key !== undefined && typeof key !== 'string') throw wrong('key', key, 'a string, or left out');
  if (status !== 'ok' && status !== 'fail' && status !== 'unknown')
    throw wrong('status', status, '"ok", "fail" or "unknown"');
  if (typeof start !== 'number') throw wrong('start', start, 'a number');
  const end = fields.end ?? null;
  if (end === null ? status === 'ok' : typeof end !== 'number' || end < start)
    throw wrong('end', end, `a number not below "start"${status === 'ok' ? '' : ', or null'}`);
  const input = readInput(fieldsOf(fields.input, '"input"'));
  const output = fields.output === undefined ? undefined : readOutput(fieldsOf(fields.output, '"output"'));
  if (status === 'ok' && input.kind === 'get' && output?.value === undefined)
    throw new SyntaxError('a get that is ok needs an "output" with a "value"');
  if (status === 'ok' && input.kind === 'cas' && output === undefined)
    throw new SyntaxError('a cas that is ok needs an "output"');
  return {
    process: process as number,
    ...(key === undefined ? {} : { key }),
    input,
    ...(output === undefined ? {} : { output }),
    start,
    end: end === null ? Number.POSITIVE_INFINITY : (end as number),
    status,
  };
}

function readInput({ kind, value, expected }: Fields): Input {
  switch (kind) {
    case 'get':
    case 'delete':
      return { kind };
    case 'put':
      return { kind, value: readValue('input.value', value) };
    case 'append':
      if (typeof value !== 'string') throw wrong('input.value', value, 'a string');
      return { kind, value };
    case 'cas':
      return {
        kind,
        expected: readValue('input.expected', expected),
        value: readValue('input.value', value),
      };
    default:
      throw wrong('input.kind', kind, '"get", "put", "delete", "cas" or "append"');
  }
}

function readOutput({ status, value }: Fields): Output {
  if (status !== 'ok' && status !== 'mismatch') throw wrong('output.status', status, '"ok" or "mismatch"');
  return value === undefined ? { status } : { status, value: readValue('output.value', value) };
}

function readValue(name: string, value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw wrong(name, value, 'a string, a number or null');
}
