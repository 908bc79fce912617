import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeEvent,
  type FaultEvent,
  type FaultPlan,
  faultClassesOf,
  formatPlan,
  isMomentary,
  noFaults,
  PlanError,
  parsePlan,
  resolveEvent,
  schedule,
  vocabulary,
} from '../src/index.ts';

const span = { at: 1000, for: 500 };

/** One event of each kind with every field it may have; the compiler holds it against the types. */
const oneOfEach: { [K in FaultEvent['kind']]: Extract<FaultEvent, { kind: K }> } = {
  partition: { ...span, kind: 'partition', groups: [['leader', 1], [2]] },
  cut: { ...span, kind: 'cut', from: [0], to: ['follower'] },
  loss: { ...span, kind: 'loss', probability: 0.25, from: [0], to: [1, 2] },
  duplicate: { ...span, kind: 'duplicate', probability: 1, delayMilliseconds: 10, from: [0], to: [1] },
  reorder: { ...span, kind: 'reorder', probability: 0.5, byMilliseconds: 20, from: [0], to: [1] },
  delay: { ...span, kind: 'delay', milliseconds: 5, jitterMilliseconds: 2.5, from: [0], to: [1] },
  clog: { ...span, kind: 'clog', from: [0], to: [1] },
  crash: { ...span, kind: 'crash', node: 'coordinator', lostWrites: true, tornWrites: true },
  pause: { ...span, kind: 'pause', node: 2 },
  'clock-skew': { ...span, kind: 'clock-skew', node: 1, rate: 1.05 },
  'clock-jump': { at: 1000, kind: 'clock-jump', node: 1, milliseconds: 300 },
  'disk-slow': { ...span, kind: 'disk-slow', node: 1, factor: 10, milliseconds: 3 },
  'disk-full': { ...span, kind: 'disk-full', node: 0 },
  'disk-failing': { ...span, kind: 'disk-failing', node: 0 },
  'drop-message': { at: 1000, kind: 'drop-message', message: 17 },
  'hold-message': { at: 1000, kind: 'hold-message', message: 18, milliseconds: 2.5 },
};
const full: FaultPlan = { version: 1, events: Object.values(oneOfEach) };

describe('parsePlan', () => {
  it('reads an event of every kind, with every field', () => {
    expect(Object.keys(oneOfEach).sort()).toEqual(Object.keys(vocabulary).sort());
    expect(parsePlan(JSON.parse(formatPlan(full)))).toEqual(full);
    expect(parsePlan(JSON.parse(formatPlan(noFaults)))).toEqual(noFaults);
  });

  it('reads back any plan that it has written', () => {
    const time = fc.integer({ min: 0, max: 100_000 });
    const timing = fc.record({ at: time, for: fc.integer({ min: 1, max: 9999 }) }, { requiredKeys: ['at'] });
    const event = fc.tuple(timing, fc.constantFrom(...full.events)).map(([when, { at: _, ...what }]) => {
      if (isMomentary(what as FaultEvent)) return { ...what, at: when.at };
      const { for: __, ...rest } = what as { for?: number };
      return { ...rest, ...when };
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const plan = { version: 1, events } as FaultPlan;
        expect(parsePlan(JSON.parse(formatPlan(plan)))).toEqual(plan);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  const bad: [string, unknown, string][] = [
    ['no plan', null, 'the plan: null is not an object'],
    ['a list', [], 'the plan: [] is not an object'],
    ['no version', { events: [] }, 'version: nothing is not 1'],
    ['another version', { version: 2, events: [] }, 'version: 2 is not 1'],
    ['no events', { version: 1 }, 'events: nothing is not a list'],
    ['a further field', { version: 1, events: [], seed: 3 }, 'seed: is unknown; a plan has version, events'],
  ];
  it.each(bad)('refuses %s', (_, json, message) => {
    expect(() => parsePlan(json)).toThrow(new PlanError(message));
  });

  const badEvents: [unknown, string][] = [
    [7, 'events[1]: 7 is not an object'],
    [{ at: 0 }, `events[1].kind: nothing is not one of ${Object.keys(vocabulary).join(', ')}`],
    [
      { at: 0, kind: 'constructor' },
      `events[1].kind: "constructor" is not one of ${Object.keys(vocabulary).join(', ')}`,
    ],
    [{ kind: 'clog' }, 'events[1].at: is missing'],
    [{ at: -1, kind: 'clog' }, 'events[1].at: -1 is below 0'],
    [{ at: '3s', kind: 'clog' }, 'events[1].at: "3s" is not a number'],
    [{ at: 0, for: 0, kind: 'clog' }, 'events[1].for: 0 is not above 0'],
    [{ at: 3e9, kind: 'clog' }, 'events[1].at: 3000000000 is above 1000000000'],
    [{ at: 0, for: Number.POSITIVE_INFINITY, kind: 'clog' }, 'events[1].for: Infinity is above 1000000000'],
    [
      { at: 0, kind: 'drop-message', message: 0 },
      'events[1].message: 0 is not the number of a message: a whole number from 1',
    ],
    [{ ...oneOfEach.loss, probability: 1.4 }, 'events[1].probability: 1.4 is not between 0 and 1'],
    [
      { ...oneOfEach.loss, probabilty: 1 },
      'events[1].probabilty: is unknown; loss has at, for, kind, probability, from, to',
    ],
    [{ ...oneOfEach.cut, to: [] }, 'events[1].to: is empty'],
    [{ ...oneOfEach.cut, to: 1 }, 'events[1].to: 1 is not a list of nodes'],
    [{ ...oneOfEach.partition, groups: [[0], 1] }, 'events[1].groups[1]: 1 is not a list of nodes'],
    [
      { ...oneOfEach.partition, groups: [[0], [1.5]] },
      'events[1].groups[1][0]: 1.5 is not a node: a whole number from 0, or leader, coordinator, follower',
    ],
    [{ ...oneOfEach.pause, node: 3 }, 'events[1].node: there is no node 3; there are 0, 1, 2'],
    [{ ...oneOfEach.crash, lostWrites: 1 }, 'events[1].lostWrites: 1 is neither true nor false'],
    [{ at: 0, kind: 'disk-slow', node: 1 }, 'events[1]: has neither factor nor milliseconds'],
    [
      { at: 0, for: 1, kind: 'clock-jump', node: 1, milliseconds: 1 },
      'events[1].for: is unknown; clock-jump has at, kind, node, milliseconds',
    ],
  ];
  it.each(badEvents)('refuses %j', (event, message) => {
    const plan = { version: 1, events: [oneOfEach.pause, event] };
    expect(() => parsePlan(plan, [0, 1, 2])).toThrow(new PlanError(message));
  });
});

describe('a plan', () => {
  it('knows its classes; a crash may have three', () => {
    expect(faultClassesOf(noFaults)).toEqual(new Set());
    const crash: FaultPlan = { version: 1, events: [oneOfEach.crash] };
    expect(faultClassesOf(crash)).toEqual(new Set(['crash', 'lost-writes', 'torn-writes']));
    expect(faultClassesOf(full).size).toBe(14);
  });

  it('is scheduled by time, ends before beginnings', () => {
    const plan: FaultPlan = {
      version: 1,
      events: [
        { at: 20, kind: 'pause', node: 0 },
        { at: 10, for: 10, kind: 'pause', node: 1 },
        { at: 20, kind: 'clock-jump', node: 1, milliseconds: 5 },
      ],
    };
    const steps = schedule(plan).map(({ at, phase, index }) => [at, phase, index]);
    expect(steps).toEqual([
      [10, 'begin', 1],
      [20, 'end', 1],
      [20, 'begin', 0],
      [20, 'begin', 2],
    ]);
  });

  it('is told in words', () => {
    const words = full.events.map((event) => describeEvent(event));
    expect(words[0]).toBe('1.0 s, for 500 ms: the network splits into {leader, 1} | {2}');
    expect(words[7]).toBe('1.0 s, for 500 ms: coordinator crashes, losing or tearing unsynced writes');
    expect(words[10]).toBe('1.0 s: the clock of 1 leaps ahead by 300 ms');
    expect(new Set(words).size).toBe(full.events.length);
    expect(describeEvent({ at: 0, kind: 'pause', node: 2 }, (node) => `n${node}`)).toBe(
      '0 ms, to the end: n2 stands still',
    );
  });
});

describe('roles', () => {
  it('become nodes, each follower another one', () => {
    const event: FaultEvent = { at: 0, kind: 'partition', groups: [['leader', 'follower'], ['follower']] };
    const who = (role: string, taken: readonly number[]) =>
      role === 'leader' ? 1 : ([0, 1, 2].find((id) => id !== 1 && !taken.includes(id)) ?? null);
    expect(resolveEvent(event, who)).toEqual({ at: 0, kind: 'partition', groups: [[1, 0], [2]] });
  });

  it('that nobody has make the event void', () => {
    expect(resolveEvent(oneOfEach.crash, () => null)).toBeNull();
    expect(resolveEvent(oneOfEach.pause, () => null)).toEqual(oneOfEach.pause);
  });
});

it('nothing here calls a mathematical function on which engines differ', () => {
  const swarm = readFileSync(new URL('../src/swarm.ts', import.meta.url), 'utf8');
  const code = swarm.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const used = new Set(Array.from(code.matchAll(/Math\.(\w+)|(\*\*)/g), (match) => match[1] ?? match[2]));
  expect([...used].sort()).toEqual(['floor', 'max', 'min']);
});
