import { describe, expect, test } from 'vitest';
import { formatNdjsonHistory, type Operation, parseNdjsonHistory, readHistory } from '../src/index.ts';

const NEVER = Number.POSITIVE_INFINITY;
const HISTORY: readonly Operation[] = [
  {
    process: 2,
    key: 'a\nb',
    input: { kind: 'get' },
    output: { status: 'ok', value: 'ü' },
    start: 4,
    end: 5.5,
    status: 'ok',
  },
  { process: 1, key: '', input: { kind: 'put', value: -1.5 }, start: 0, end: NEVER, status: 'unknown' },
  {
    process: 1,
    key: 'x',
    input: { kind: 'delete' },
    output: { status: 'ok' },
    start: 1,
    end: 1,
    status: 'ok',
  },
  {
    process: 3,
    key: 'x',
    input: { kind: 'cas', expected: null, value: 'v' },
    output: { status: 'mismatch', value: 2 },
    start: 2,
    end: 9,
    status: 'ok',
  },
  { process: 4, key: 'x', input: { kind: 'append', value: '' }, start: 3, end: 8, status: 'fail' },
];
const lines = [...formatNdjsonHistory(HISTORY)];

test('what is written is read', () => {
  expect(lines[1]).toBe(
    '{"process":1,"key":"","input":{"kind":"put","value":-1.5},"start":0,"end":null,"status":"unknown"}',
  );
  expect(parseNdjsonHistory(`${lines.join('\n')}\n`)).toEqual(HISTORY);
  expect(parseNdjsonHistory(lines.join('\r\n\r\n'))).toEqual(HISTORY);
});

test('further fields are passed over, an end may be left out', () => {
  const line = '{"process":0,"node":7,"input":{"kind":"get","x":1},"start":0,"status":"unknown"}';
  expect(parseNdjsonHistory(line)).toEqual([
    { process: 0, input: { kind: 'get' }, start: 0, end: NEVER, status: 'unknown' },
  ]);
});

describe('says where and what is wrong', () => {
  const good = JSON.parse(lines[0]!);
  test.each<[change: object, says: string]>([
    [{ process: 'p' }, '"process" is "p"; it must be a whole number'],
    [{ process: undefined }, '"process" is missing'],
    [{ key: 3 }, '"key" is 3; it must be a string, or left out'],
    [{ status: 'done' }, '"status" is "done"; it must be "ok", "fail" or "unknown"'],
    [{ start: null }, '"start" is null'],
    [{ end: 3 }, '"end" is 3; it must be a number not below "start"'],
    [{ end: null }, '"end" is null; it must be a number'],
    [{ end: 'x', status: 'fail' }, '"end" is "x"; it must be a number not below "start", or null'],
    [{ input: [] }, '"input" must be an object'],
    [{ input: { kind: 'pop' } }, '"input.kind" is "pop"'],
    [{ input: { kind: 'put' } }, '"input.value" is missing'],
    [{ input: { kind: 'put', value: [1] } }, '"input.value" is [1]; it must be a string, a number or null'],
    [{ input: { kind: 'append', value: 1 } }, '"input.value" is 1; it must be a string'],
    [{ input: { kind: 'cas', value: 1 } }, '"input.expected" is missing'],
    [
      { input: { kind: 'cas', expected: 1, value: 1 }, output: undefined },
      'a cas that is ok needs an "output"',
    ],
    [{ output: undefined }, 'a get that is ok needs an "output" with a "value"'],
    [{ output: { status: 'ok' } }, 'a get that is ok needs an "output" with a "value"'],
    [{ output: { status: 'fine' } }, '"output.status" is "fine"'],
    [{ output: { status: 'ok', value: true } }, '"output.value" is true'],
  ])('%j', (change, says) => {
    const text = `${lines[1]}\n\n${JSON.stringify({ ...good, ...change })}\n`;
    expect(() => parseNdjsonHistory(text)).toThrow(SyntaxError);
    expect(() => parseNdjsonHistory(text)).toThrow(`line 3: ${says}`);
  });

  test.each([
    ['{"process":', 'line 1: is no JSON'],
    ['null', 'line 1: an operation must be an object'],
    ['[1]', 'line 1: an operation must be an object'],
  ])('%s', (text, says) => expect(() => parseNdjsonHistory(text)).toThrow(says));
});

describe('readHistory tells from the content', () => {
  const told = (text: string) => {
    const { format, model, initial } = readHistory(text);
    return { format, model, initial };
  };
  const read = (key: string, value: string) =>
    `{:process 0 :type :invoke :f :get${key}}{:process 0 :type :ok :f :get :value ${value}}`;
  const unkeyed = '{"process":0,"input":{"kind":"get"},"start":0,"status":"unknown"}';

  test.each<[text: string, ...told: (string | null | undefined)[]]>([
    [lines.join('\n'), 'ndjson', 'key-value', null],
    [`\n ${unkeyed}`, 'ndjson', 'cas-register', null],
    [unkeyed.replace('get', 'delete'), 'ndjson', 'key-value', null],
    [`${lines[0]}\n${unkeyed}`, 'ndjson', undefined, null],
    [`; a comment\n[${read('', 'nil')}]`, 'edn', 'cas-register', null],
    [read(' :key "k"', '""'), 'edn', 'key-value', ''],
    [read(' :key "k"', 'nil'), 'edn', 'key-value', null],
    ['WARN something\nINFO  jepsen.util - 3\t:invoke\t:read\tnil\n', 'jepsen-log', 'cas-register', null],
  ])('%#', (text, format, model, initial) => expect(told(text)).toEqual({ format, model, initial }));

  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['\n\nhello', 'line 3: its format is not recognised'],
    ['INFO  jepsen.util - 3\t:invoke\n', 'line 1: the operation is not complete'],
    ['[\n{:process 0 :type :invoke :f :read}\n 7]', 'line 3: event 2: an event must be a map'],
    ['[{:process 0\n :key "\\q"}]', 'line 2: EDN: the string'],
    ['[{:process 0\n :type 1x}]', 'line 2: EDN: "1x"'],
  ])('%j', (text, says) => {
    expect(() => readHistory(text)).toThrow(SyntaxError);
    expect(() => readHistory(text)).toThrow(says);
  });
});
