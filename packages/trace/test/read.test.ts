import { expect, test } from 'vitest';
import {
  formatTrace,
  fromColumns,
  isTraceLine,
  Kind,
  readTrace,
  Trace,
  TraceError,
  toColumns,
} from '../src/index.ts';

function recorded(): Trace {
  const trace = new Trace('full');
  trace.time = 10;
  trace.add(Kind.role, 1, trace.id('<b>leader</b>'), 3, -1);
  trace.add(Kind.invoke, 40, 1, 2);
  trace.time = 1500.5;
  trace.add(Kind.send, 1, 2, 9, trace.id('Vote'), 1);
  trace.add(Kind.drop, 2, 1, 9, trace.id('lost'));
  trace.add(Kind.respond, 2, 40, 1, trace.id('not-leader'), 1);
  trace.add(Kind.answer, 40, 1, 2, 0);
  trace.add(Kind.fault, 0, 0, 2);
  trace.add(Kind.decide, 2, 2 ** 45, 1);
  return trace;
}

const about = { protocol: 'raft', title: 'Raft', nodes: 3, traceHash: 'ab', options: { seed: 7 } };
const file = (trace = recorded()) => [...formatTrace(trace, about)].join('\n');
const lines = () => file().split('\n');

test('a trace file is read as what was written: events by name, and the run that its first line describes', () => {
  const { header, trace, nodes, unknown } = readTrace(`${file()}\n`);
  expect(header).toEqual({ kind: 'trace', version: 1, lines: 8, ...about });
  expect(nodes).toBe(3);
  expect(unknown.size).toBe(0);
  expect([...formatTrace(trace, about)].join('\n')).toBe(file());
});

test('events alone are a trace too; the highest number says how many nodes there are', () => {
  const { header, nodes } = readTrace([...formatTrace(recorded())].join('\n'));
  expect(header).toEqual({ kind: 'trace', version: 1 });
  expect(nodes).toBe(2);
});

test('a refusal is written by its name, and numbers of older files are read', () => {
  expect(lines()[5]).toContain('"status":"not-leader"');
  expect(lines()[6]).toContain('"status":"ok"');
  const old = '{"time":1,"kind":"answer","node":40,"operation":1,"from":2,"status":3}';
  const { trace } = readTrace(old);
  expect(trace.name(trace.at(0).c)).toBe('#3');
  expect(readTrace(old.replace('3}', '0}')).trace.at(0).c).toBe(0);
});

test('states of nodes stand between the events, and are read', () => {
  const observation = {
    role: 'leader',
    epoch: 3,
    leader: null,
    details: { commitIndex: 7, 'in doubt': true },
  };
  const log = { first: 1, last: 7, durable: 6, runs: [[1, 3]] as const };
  const states = [
    { events: 0, node: 1, observation, log },
    { events: 4, node: 2, observation: null, log: null },
    { events: 8, node: 1, observation, log: null },
  ];
  const written = [...formatTrace(recorded(), about, states)];
  expect(written).toHaveLength(12);
  expect(JSON.parse(written[6]!)).toEqual({ time: 1500.5, kind: 'state', node: 2, down: true });
  expect(readTrace(written.join('\n')).states).toEqual(states);
  for (const [from, to, says] of [
    ['"role":"leader",', '', 'line 2: role: nothing is not allowed'],
    ['"commitIndex":7', '"commitIndex":[7]', 'line 2: details: '],
    ['"runs":[[1,3]]', '"runs":[[1]]', 'line 2: log: '],
    ['"kind":"state","node":1', '"kind":"state","node":4', 'line 2: node: 4 is not allowed'],
  ] as const)
    expect(() => readTrace(written.join('\n').replace(from, to))).toThrow(says);
});

test('kinds of events that are not known here are left out, and counted', () => {
  const more = lines();
  more.splice(3, 0, '{"time":1400,"kind":"gossip","node":1}');
  more[0] = more[0]!.replace('"lines":8', '"lines":9');
  const { trace, unknown } = readTrace(more.join('\n'));
  expect(trace.length).toBe(8);
  expect([...unknown]).toEqual([['gossip', 1]]);
});

const REFUSED: readonly (readonly [name: string, text: () => string, says: string])[] = [
  ['an empty file', () => '\n \n', 'it is empty'],
  ['a line that was cut off', () => file().slice(0, -5), 'line 9: is cut off, or no JSON'],
  [
    'lines that are missing',
    () => lines().slice(0, 6).join('\n'),
    '5 lines follow the first, which announces 8: the file was cut off',
  ],
  ['a header alone', () => lines()[0]!.replace('"lines":8', '"lines":0'), 'no event follows'],
  ['a line in the middle', () => file().replace('"node":2', '"node"'), 'line 5: is no JSON'],
  [
    'another version',
    () => file().replace('"version":1', '"version":2'),
    'line 1: version: 2 is not allowed; allowed: 1',
  ],
  [
    'a node beyond the cluster',
    () => file().replace('"to":2', '"to":4'),
    'line 4: to: 4 is not allowed; allowed: a node, 1 to 3',
  ],
  ['time that goes back', () => file().replace('"time":10,', '"time":9e9,'), 'line 3: time: 10'],
  [
    'a field that is missing',
    () => file().replace('"slot":', '"place":'),
    'line 9: slot: nothing is not allowed',
  ],
  [
    'a name that is none',
    () => file().replace('"Vote"', '{}'),
    'line 4: type: {} is not allowed; allowed: a text',
  ],
  [
    'a number beyond measure',
    () => file().replace('"message":9', '"message":1e15'),
    'line 4: message: 1000000000000000',
  ],
  ['a list', () => '[1]', 'line 1: the line: [1] is not allowed'],
];

test.each(REFUSED)('%s is refused, with what is wrong', (_, text, says) => {
  expect(() => readTrace(text())).toThrow(TraceError);
  expect(() => readTrace(text())).toThrow(says);
});

test('the first line tells a trace from other files', () => {
  expect(isTraceLine(JSON.parse(lines()[0]!))).toBe(true);
  expect(isTraceLine(JSON.parse(lines()[1]!))).toBe(true);
  for (const other of [null, 1, {}, { kind: 'crash', at: 3 }, { version: 1 }])
    expect(isTraceLine(other)).toBe(false);
});

test('columns give the same trace again', () => {
  const trace = recorded();
  const again = fromColumns(JSON.parse(JSON.stringify(toColumns(trace))));
  expect([...again]).toEqual([...trace]);
  expect(again.names).toEqual(trace.names);
});
