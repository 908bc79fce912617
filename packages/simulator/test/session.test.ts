import { single } from '@quorate/interface/single';
import { expect, test } from 'vitest';
import {
  DEFAULT_WORKLOAD,
  FREE_CPU,
  optionsOf,
  type RandomStream,
  type RunFile,
  RunFileError,
  readRunFile,
  record,
  runFileOf,
  Session,
  type SimulationOptions,
  simulate,
  splitSeed,
} from '../src/index.ts';

const options: SimulationOptions = {
  protocol: single,
  nodes: 3,
  seed: 4,
  milliseconds: 0,
  workload: { ...DEFAULT_WORKLOAD, clients: 2, thinkMilliseconds: 3 },
  faults: {
    version: 1,
    events: [
      { at: 8, for: 20, kind: 'delay', milliseconds: 1, jitterMilliseconds: 1 },
      { at: 30.5, for: 10, kind: 'crash', node: 1, lostWrites: true, tornWrites: false },
    ],
  },
};

/** A run in which chance intervenes, some forty times. */
function ledByChance(seed: number, base: SimulationOptions = options): Session {
  const random = splitSeed(seed, 1)[0]!;
  const session = new Session({ ...base, seed });
  for (let i = 0; i < 40; i++) {
    if (random.below(2) === 0) session.runTo(session.now + random.below(3000));
    else for (let step = random.below(12); step > 0; step--) session.step();
    intervene(session, random);
  }
  session.runTo(session.now + 2000);
  return session;
}

function intervene(session: Session, random: RandomStream): void {
  const node = random.below(3) + 1;
  const other = (node % 3) + 1;
  const { sent } = session.simulation.network;
  switch (random.below(9)) {
    case 0:
      session.begin({ kind: 'crash', node, lostWrites: true, tornWrites: false });
      break;
    case 1:
      session.begin({ kind: 'pause', node });
      break;
    case 2:
      session.begin({ kind: 'cut', from: [node], to: [other] });
      break;
    case 3:
      session.begin({ kind: 'loss', probability: 0.5, from: [node] });
      break;
    case 4:
      session.begin({ kind: 'drop-message', message: Math.max(1, sent - random.below(2)) });
      break;
    case 5:
      session.begin({ kind: 'hold-message', message: Math.max(1, sent), milliseconds: 0.7 });
      break;
    case 6:
      session.ask(node, { kind: 'put', key: 'by hand', value: `${session.now}` });
      break;
    default: {
      const active = [...session.simulation.activeFaults.keys()];
      if (active.length > 0) session.end(active[random.below(active.length)]!);
    }
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'a run led by hand is a value: simulated plainly, read back from JSON, it has the same trace (seed %i)',
  (seed) => {
    const session = ledByChance(seed);
    const run = session.run();
    const hash = session.trace.hash();
    const result = simulate(run);
    expect(result.traceHash).toBe(hash);
    expect(result.verdicts.map(({ check }) => check)).not.toContain('progress');
    const file = readRunFile(JSON.parse(JSON.stringify(runFileOf(run, hash))));
    expect(simulate(optionsOf(file, single)).traceHash).toBe(hash);
    expect(session.trace.counts[5]).toBeGreaterThanOrEqual(0);
  },
);

test('interventions take effect, and what they hit is in the trace', () => {
  const session = new Session({ ...options, faults: { version: 1, events: [] } });
  session.runTo(5000);
  const crash = session.begin({ kind: 'crash', node: 2, lostWrites: false, tornWrites: false })!;
  expect(session.simulation.nodes[1]!.up).toBe(false);
  session.runTo(9000);
  session.end(crash);
  expect(session.simulation.nodes[1]!.up).toBe(true);
  session.ask(2, { kind: 'put', key: 'a', value: '1' });
  const kinds = [...session.trace].map(({ kind, time }) => ({ kind, time }));
  expect(kinds).toContainEqual({ kind: 'crash', time: 5001 });
  expect(kinds).toContainEqual({ kind: 'restart', time: 9001 });
  expect(kinds.at(-1)).toEqual({ kind: 'ask', time: 9002 });
  expect(session.run().faults!.events).toEqual([
    { at: 5.001, for: 4, kind: 'crash', node: 2, lostWrites: false, tornWrites: false },
  ]);
});

test('what is planned for later, or in another order, changes nothing in what a run led by hand is as a value', () => {
  const events = [
    { at: 100, for: 5, kind: 'pause', node: 3 },
    { at: 5, for: 5, kind: 'pause', node: 2 },
  ] as const;
  const session = new Session({ ...options, faults: { version: 1, events } });
  session.runTo(3000);
  session.begin({ kind: 'pause', node: 1 });
  session.runTo(20_000);
  const begun = [...session.trace].filter(({ kind, b }) => kind === 'fault' && b === 1);
  expect(begun.map(({ a }) => session.faults[a]!.at)).toEqual([3.001, 5]);
  expect(simulate(session.run()).traceHash).toBe(session.trace.hash());
  expect(session.fork(20_000).faults.map(({ at }) => at)).toEqual([3.001, 5]);
});

test('a fork has the same beginning and goes its own way', () => {
  const session = ledByChance(3);
  const whole = [...session.trace];
  const at = Math.floor(session.now / 2);
  const fork = session.fork(at);
  const before = whole.filter(({ time }) => time <= at);
  const beginning = [...fork.trace];
  // What is planned later is left out, so the indices of faults begun by hand may differ; nothing else does.
  const plain = (events: typeof whole) => events.map((e) => (e.kind === 'fault' ? { ...e, a: 0 } : e));
  expect(plain(beginning)).toEqual(plain(before));
  fork.ask(1, { kind: 'get', key: 'a' });
  fork.runTo(fork.now + 3000);
  expect(simulate(fork.run()).traceHash).toBe(fork.trace.hash());
});

test('a recorder changes nothing, and knows each message and how each node was', () => {
  const full: SimulationOptions = { ...options, milliseconds: 60 };
  const { result, recorder } = record(full);
  expect(result.traceHash).toBe(simulate(full).traceHash);
  const { trace } = result.simulation;
  for (let i = 0; i < trace.length; i++) {
    const event = trace.at(i);
    if (event.kind === 'send') expect(recorder.messages[event.b]!.type).toBe(trace.name(event.c));
    if (event.kind === 'crash') expect(recorder.frameAt(event.node, i + 1)!.observation).toBeNull();
    if (event.kind === 'restart') expect(recorder.frameAt(event.node, i)!.observation).toBeNull();
  }
  expect(recorder.frameAt(1, trace.length)!.observation).toEqual(
    single.observe(result.simulation.nodes[0]!.driver!.replica.state as never),
  );
  expect(recorder.frameAt(1, -1)).toBeUndefined();
});

test('a recording that gets too long is given up, also while clients ask nodes that are down', () => {
  const events = [1, 2, 3].map(
    (node) => ({ at: 1, kind: 'crash', node, lostWrites: true, tornWrites: true }) as const,
  );
  const endless = { ...options, milliseconds: 1e9, faults: { version: 1, events } } as const;
  expect(() => record(endless, 2000)).toThrow(new RangeError('more than 2000 events'));
});

test.each([
  ['the file: 3 is not allowed; allowed: an object', 3],
  ['options: nothing is not allowed; allowed: an object', { protocol: 'single', traceHash: '0' }],
  ['options.nodes: 0 is not allowed; allowed: a whole number, 1 to 1000', { nodes: 0 }],
  ['options.faults: events[0].node: there is no node 9; there are 1, 2, 3', { faults: [9] }],
  ['options.requests[0].node: 4 is not allowed; allowed: a node, 1 to 3', { requests: [{ at: 1, node: 4 }] }],
  [
    'options.requests[0].operation.kind: "pop" is not allowed; allowed: get, put, delete, cas, append',
    { requests: [{ at: 1, node: 3, operation: { kind: 'pop', key: 'a' } }] },
  ],
  [
    'options.cpu.turnMicroseconds: "1" is not allowed; allowed: a number from 0',
    { cpu: { turnMicroseconds: '1' } },
  ],
  [
    'options.cpu.load.turnMicroseconds: null is not allowed; allowed: a number from 0',
    { cpu: { load: { turnMicroseconds: null } } },
  ],
  [
    'options.disk.syncMicroseconds: -1 is not allowed; allowed: a number from 0',
    { disk: { syncMicroseconds: -1 } },
  ],
  ['options.topology.regions: nothing is not allowed; allowed: a list of names', { topology: {} }],
  [
    'options.topology.delayMicroseconds: [[1]] is not allowed; allowed: a delay from each region to each',
    { topology: { regions: ['a', 'b'], delayMicroseconds: [[1]] } },
  ],
  [
    'options.milliseconds: null is not allowed; allowed: a number from 0',
    { milliseconds: Number.POSITIVE_INFINITY },
  ],
  ['options.graceMilliseconds: "1" is not allowed; allowed: a number from 0', { graceMilliseconds: '1' }],
  [
    'options.snapshotChunkBytes: 0 is not allowed; allowed: a whole number, 1 to 1000000000',
    { snapshotChunkBytes: 0 },
  ],
  [
    'options.cpu.coresPerHost: 0 is not allowed; allowed: a whole number, 1 to 1000',
    { cpu: { coresPerHost: 0 } },
  ],
  [
    'options.cpu.sync: is unknown; options.cpu has receiveMicroseconds, sendMicroseconds, byteMicroseconds, ' +
      'turnMicroseconds, syncMicroseconds, coresPerHost, replicasPerHost, load',
    { cpu: { sync: 1 } },
  ],
  [
    'options.disk.bytesPerMicrosecond: 0 is not allowed; allowed: a number above 0',
    { disk: { bytesPerMicrosecond: 0 } },
  ],
  ['options.workload.keys: 0 is not allowed; allowed: a whole number, 1 to 1000000000', asked({ keys: 0 })],
  [
    'options.workload.place: 4 is not allowed; allowed: spread, leader, or a node, 1 to 3',
    asked({ place: 4 }),
  ],
  ['options.workload: has both rate and clients; allowed: one of them', asked({ rate: 5 })],
  [
    'options.workload.bursts.milliseconds: 0 is not allowed; allowed: a number above 0',
    asked({ bursts: { milliseconds: 0, pauseMilliseconds: 0 } }),
  ],
])('a file that is no run is refused: %s', (message, wrong) => {
  const given = wrong as Record<string, unknown>;
  const good = JSON.parse(JSON.stringify(runFileOf({ ...options, milliseconds: 5 }, '0'))) as RunFile;
  const changes = 'faults' in Object(given) ? { faults: { version: 1, events: [pause(9)] } } : given;
  const json =
    typeof wrong === 'number' || 'protocol' in given
      ? wrong
      : { ...good, options: { ...good.options, ...changes } };
  expect(() => readRunFile(json)).toThrow(new RunFileError(message));
});

test('what a model of an older file lacks is free', () => {
  const { simulation } = simulate({
    ...options,
    milliseconds: 20,
    cpu: { sendMicroseconds: 1 },
    disk: { syncMicroseconds: 50 },
  });
  expect(simulation.cpu).toEqual({ ...FREE_CPU, sendMicroseconds: 1 });
  expect(simulation.clients.completed).toBeGreaterThan(0);
});

function asked(workload: object) {
  return { workload: { ...options.workload, ...workload } };
}

function pause(node: number) {
  return { at: 0, kind: 'pause', node };
}
