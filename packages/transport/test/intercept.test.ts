import type { NodeId } from '@quorate/interface';
import { afterEach, expect, test } from 'vitest';
import {
  DROP,
  type Fate,
  InterceptedTransport,
  type Interceptor,
  PASS,
  type Schedule,
} from '../src/index.ts';
import { MemoryHub } from '../src/memory/index.ts';
import { Bench, members, until } from './cluster.ts';
import type { AnyMessage } from './messages.ts';

/** Time that passes when a test says so. */
class Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];

  readonly schedule: Schedule = (milliseconds, run) => {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  get waiting(): number {
    return this.#timers.length;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#timers.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { run } of due) run();
  }
}

const MEMBERS = new Map([1, 2].map((id) => [id, { host: 'memory', port: id }]));

function pair(interceptor: Interceptor<AnyMessage>, fifo = false) {
  const clock = new Clock();
  const hub = new MemoryHub<AnyMessage>();
  const one = new InterceptedTransport(hub.join(1), interceptor, { schedule: clock.schedule, fifo });
  const two = hub.join(2);
  const events: Record<NodeId, string[]> = { 1: [], 2: [] };
  for (const [id, transport] of [
    [1, one],
    [2, two],
  ] as const) {
    transport.onLink = (_peer, up) => events[id]!.push(up ? 'up' : 'down');
    transport.onMessage = (_from, message) => events[id]!.push(`${message.n}`);
    transport.connect(MEMBERS);
  }
  hub.pump();
  return {
    clock,
    one,
    two,
    events,
    hub,
    /** Sends numbers from one node to the other, and lets them arrive. */
    send(from: NodeId, ...numbers: number[]) {
      const transport = from === 1 ? one : two;
      for (const n of numbers) transport.send(3 - from, { type: 'M', n });
      transport.flush();
      hub.pump();
    },
    advance(milliseconds: number) {
      clock.advance(milliseconds);
      hub.pump();
    },
  };
}

/** Message n gets the n-th fate, and passes where there is none. */
const byNumber =
  (...fates: Fate[]) =>
  (_peer: NodeId, message: AnyMessage): Fate =>
    fates[(message.n as number) - 1] ?? PASS;

test('messages pass, are lost, delayed, doubled and overtaken, one way only', () => {
  const fates = byNumber(PASS, DROP, [10], [0, 20], PASS);
  const out = pair({ outgoing: fates });
  out.send(1, 1, 2, 3, 4, 5);
  expect(out.events[2]).toEqual(['up', '1', '4', '5']);
  out.advance(10);
  expect(out.events[2]).toEqual(['up', '1', '4', '5', '3']);
  out.advance(10);
  expect(out.events[2]).toEqual(['up', '1', '4', '5', '3', '4']);
  out.send(2, 1, 2, 3, 4, 5);
  expect(out.events[1]).toEqual(['up', '1', '2', '3', '4', '5']);

  const incoming = pair({ incoming: fates });
  incoming.send(2, 1, 2, 3, 4, 5);
  expect(incoming.events[1]).toEqual(['up', '1', '4', '5']);
  incoming.advance(20);
  expect(incoming.events[1]).toEqual(['up', '1', '4', '5', '3', '4']);
  incoming.send(1, 1, 2, 3, 4, 5);
  expect(incoming.events[2]).toEqual(['up', '1', '2', '3', '4', '5']);
});

test('what is held back when a session ends is lost with it', () => {
  const run = pair({ outgoing: byNumber([10]), incoming: byNumber([10]) });
  run.send(1, 1);
  run.send(2, 1);
  expect(run.clock.waiting).toBe(2);
  run.two.disconnect(1, 'test');
  run.hub.pump();
  expect(run.clock.waiting).toBe(0);
  run.advance(50);
  expect(run.events).toEqual({ 1: ['up', 'down', 'up'], 2: ['up', 'down', 'up'] });
});

for (const from of [1, 2] as const)
  test(`on fifo links order is kept: delays hold back what follows, a loss ends the session (from ${from})`, () => {
    const fates = byNumber([20], PASS, [5], [0, 0], DROP);
    const run = pair(from === 1 ? { outgoing: fates } : { incoming: fates }, true);
    const seen = run.events[(3 - from) as NodeId]!;
    run.send(from, 1, 2, 3, 4);
    run.advance(10);
    expect(seen).toEqual(['up']);
    run.advance(10);
    expect(seen).toEqual(['up', '1', '2', '3', '4']);
    run.send(from, 1, 2, 5, 6);
    run.advance(50);
    expect(seen).toEqual(['up', '1', '2', '3', '4', 'down', 'up']);
    run.send(from, 7);
    expect(seen.at(-1)).toBe('7');
  });

let bench: Bench | undefined;
afterEach(async () => bench?.close());

test('over TCP: what an interceptor lets through late still goes out, and close leaves nothing behind', async () => {
  bench = new Bench();
  const [one, two] = [await bench.node(1), await bench.node(2)];
  const schedule: Schedule = (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  };
  const slow = new InterceptedTransport(one.transport, { outgoing: byNumber([30], [60_000]) }, { schedule });
  let ups = 0;
  slow.onLink = () => ups++;
  slow.connect(members([one, two]));
  two.transport.connect(members([one, two]));
  await until(() => ups === 1, 'up');
  for (let n = 1; n <= 3; n++) slow.send(2, { type: 'M', n });
  slow.flush();
  await until(() => two.numbers.length === 2, 'both');
  expect(two.numbers).toEqual([3, 1]);
  expect(slow.statistics.sent).toBe(2);
  await slow.close();
});
