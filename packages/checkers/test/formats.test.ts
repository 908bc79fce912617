import { describe, expect, test } from 'vitest';
import { parseEdnHistory, parseJepsenLog } from '../src/index.ts';

const NEVER = Number.POSITIVE_INFINITY;

test('a Jepsen log', () => {
  const log = [
    'INFO  jepsen.core - a line of another kind',
    'INFO  jepsen.util - 3\t:invoke\t:write\t4',
    'INFO  jepsen.util - 1\t:invoke\t:cas\t[1 nil]',
    'INFO  jepsen.util - :nemesis\t:info\t:start\tnil',
    'INFO  jepsen.util - 3\t:ok\t:write\t4',
    'INFO  jepsen.util - 1\t:fail\t:cas\t[1 nil]',
    'INFO  jepsen.util - 1\t:invoke\t:read\tnil',
    'INFO  jepsen.util - 2\t:invoke\t:write\t5',
    'INFO  jepsen.util - 1\t:fail\t:read\t:timed-out',
    'INFO  jepsen.util - 2\t:info\t:write\t:timed-out',
    'INFO  jepsen.util - 4\t:invoke\t:read\tnil',
    '',
  ].join('\n');
  expect(parseJepsenLog(log)).toEqual([
    {
      process: 3,
      input: { kind: 'put', value: 4 },
      output: { status: 'ok' },
      start: 0,
      end: 2,
      status: 'ok',
    },
    {
      process: 1,
      input: { kind: 'cas', expected: 1, value: null },
      output: { status: 'mismatch' },
      start: 1,
      end: 3,
      status: 'ok',
    },
    { process: 1, input: { kind: 'get' }, start: 4, end: NEVER, status: 'unknown' },
    { process: 2, input: { kind: 'put', value: 5 }, start: 5, end: NEVER, status: 'unknown' },
    { process: 4, input: { kind: 'get' }, start: 6, end: NEVER, status: 'unknown' },
  ]);
});

test('EDN, as Knossos writes it', () => {
  const text = `; a comment
    [{:process 0, :type :invoke, :f :cas, :value [1 4], :time 99}
     {:process :nemesis, :type :info, :f :kill, :value nil}
     #_{:process 9 :type :nonsense}
     {:process 0, :type :fail, :f :cas, :value [1 4], :error "a \\"quoted\\" ) text"}
     {:process 1, :type :invoke, :f :read, :value nil, :key "k"}
     {:process 2 :type :invoke :f :append :value "x y" :key 7}
     {:process 1, :type :ok, :f :read, :value -2, :key "k"}
     {:process 2, :type :info, :f :append, :value "x y", :key 7, :error (:a [:b {:c 1.5}] true)}]`;
  expect(parseEdnHistory(text)).toEqual([
    { process: 0, input: { kind: 'cas', expected: 1, value: 4 }, start: 0, end: 1, status: 'fail' },
    {
      process: 1,
      key: 'k',
      input: { kind: 'get' },
      output: { status: 'ok', value: -2 },
      start: 2,
      end: 4,
      status: 'ok',
    },
    {
      process: 2,
      key: '7',
      input: { kind: 'append', value: 'x y' },
      start: 3,
      end: NEVER,
      status: 'unknown',
    },
  ]);
});

test('maps without a list around them, one per line', () => {
  const text =
    '{:process 0, :type :invoke, :f :put, :key "0", :value "v"}\n{:process 0, :type :ok, :f :put, :key "0", :value "v"}\n';
  expect(parseEdnHistory(text)).toHaveLength(1);
});

describe('says where and what is wrong', () => {
  const logs: [string, RegExp][] = [
    ['INFO  jepsen.util - 3\t:ok\t:write\t4', /line 1: process 3 completes what it did not invoke/],
    ['\nINFO  jepsen.util - 3\t:invoke\t:write\tx', /line 2: "x" is neither an integer nor nil/],
    ['INFO  jepsen.util - 3\t:invoke\t:cas\t4', /line 1: "4" is not a pair/],
    ['INFO  jepsen.util - 3\t:invoke\t:pop\tnil', /line 1: :pop is none of/],
    ['INFO  jepsen.util - 3\t:gone\t:read\tnil', /line 1: :gone is none of/],
  ];
  for (const [log, message] of logs)
    test(log.trim(), () => expect(() => parseJepsenLog(log)).toThrow(message));

  const texts: [string, RegExp][] = [
    ['[{:process 0', /ends before "}"/],
    ['{:process}', /key without a value/],
    ['{:process 0 :type :invoke :f :read} ]', /unexpected "]"/],
    ['{:process 0 :type :invoke :f :read} \\a', /unexpected/],
    ['{:process 1x}', /"1x" at offset 10 is no number/],
    ['"open', /cannot read on at offset 0/],
    ['[1]', /event 1: an event must be a map/],
    ['{:process 0 :type :invoke :f :pop}', /event 1: :f :pop is none of/],
    ['{:process 0 :type :invoke :f :cas :value 3}', /needs a pair/],
    ['{:process 0 :type :ok :f :read :value 3}', /completes what it did not invoke/],
    ['#_', /nothing follows/],
  ];
  for (const [text, message] of texts)
    test(text, () => {
      expect(() => parseEdnHistory(text)).toThrow(SyntaxError);
      expect(() => parseEdnHistory(text)).toThrow(message);
    });
});
