import { expect, test } from 'vitest';
import { formatTrace, Kind, Trace } from '../src/index.ts';

function record(mode: 'full' | 'counted', change?: (i: number) => number): Trace {
  const trace = new Trace(mode);
  for (let i = 0; i < 40_000; i++) {
    trace.time = i * 3;
    trace.add(Kind.send, 1, 2, change?.(i) ?? i, trace.id(i % 2 ? 'Vote' : 'Prepare'), 0);
  }
  return trace;
}

test('the hash is the same whether the trace is recorded or only counted', () => {
  expect(record('counted').hash()).toBe(record('full').hash());
});

test.each(['time', 'node', 'a', 'b', 'c', 'd'])(
  'one event that differs in %s alone gives another hash',
  (field) => {
    const of = (extra: number) => {
      const trace = new Trace();
      trace.time = field === 'time' ? extra : 0;
      const value = (name: string) => (field === name ? extra : 0);
      trace.add(Kind.decide, value('node'), value('a'), value('b'), value('c'), value('d'));
      return trace.hash();
    };
    const values =
      field === 'node' ? [0, 1, 2, 3, 255] : [0, 1, 2, 3, 255, 65_536, 2 ** 31, 2 ** 32, 2 ** 45];
    expect(new Set(values.map(of)).size).toBe(values.length);
  },
);

test('order counts', () => {
  const of = (slots: number[]) => {
    const trace = new Trace();
    for (const slot of slots) trace.add(Kind.decide, 1, slot);
    return trace.hash();
  };
  expect(of([1, 2])).not.toBe(of([2, 1]));
});

test('events come back as they were added, across chunks', () => {
  const trace = record('full');
  expect(trace.length).toBe(40_000);
  expect(trace.at(39_999)).toEqual({
    time: 119_997,
    kind: 'send',
    node: 1,
    a: 2,
    b: 39_999,
    c: trace.id('Vote'),
    d: 0,
  });
  expect(() => trace.at(40_000)).toThrow(RangeError);
  expect(trace.counts[Kind.send]).toBe(40_000);
});

test('each event is a JSON line with named fields', () => {
  const trace = new Trace('full');
  trace.time = 1500;
  trace.add(Kind.send, 1, 2, 9, trace.id('RequestVote'), 4);
  trace.add(Kind.role, 1, trace.id('leader'), 3, -1);
  expect([...formatTrace(trace)].map((line) => JSON.parse(line))).toEqual([
    { time: 1500, kind: 'send', node: 1, to: 2, message: 9, type: 'RequestVote', cause: 4 },
    { time: 1500, kind: 'role', node: 1, role: 'leader', epoch: 3, leader: -1 },
  ]);
});
