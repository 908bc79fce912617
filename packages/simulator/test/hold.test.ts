import type { AnyProtocol, Context, Replica } from '@quorate/interface';
import { single } from '@quorate/interface/single';
import { expect, test } from 'vitest';
import { CLASSROOM, DEFAULT_WORKLOAD, Session, simulate, splitSeed } from '../src/index.ts';

type Word = { readonly type: 'Word'; readonly number: number };

/** Node 1 says a word to everybody each millisecond, so ten are under way on each link of the classroom. */
class Chatter implements Replica<Word, 'tick', object> {
  readonly state = {};
  readonly #context: Context<Word, 'tick', null>;
  #number = 0;

  constructor(context: Context<Word, 'tick', null>) {
    this.#context = context;
  }

  start(): void {
    if (this.#context.id === 1) this.onTimer();
  }

  onTimer(): void {
    const { ports } = this.#context;
    ports.broadcast([2, 3], { type: 'Word', number: ++this.#number });
    ports.setTimer('tick', 1);
  }

  onMessage(): void {}
  onRequest(): void {}
  onPrepared(): void {}
  onLink(): void {}
  onSnapshot(): void {}
  settle(): void {}
}

const chatter = (fifoLinks: boolean): AnyProtocol =>
  ({
    ...single,
    name: 'chatter',
    assumes: { ...single.assumes, fifoLinks },
    observe: () => ({ role: 'talks', epoch: 0, leader: null, details: {} }),
    create: (context: Context<Word, 'tick', null>) => new Chatter(context),
  }) as unknown as AnyProtocol;

const led = (fifoLinks: boolean, seed = 1) =>
  new Session({
    protocol: chatter(fifoLinks),
    nodes: 3,
    seed,
    milliseconds: 0,
    workload: { ...DEFAULT_WORKLOAD, clients: 0 },
    topology: CLASSROOM,
  });

/** The messages that have reached a node, in their order, each with its time in ms. */
function reached(session: Session, node: number): { readonly id: number; readonly at: number }[] {
  return [...session.trace]
    .filter((event) => event.kind === 'deliver' && event.node === node)
    .map(({ b, time }) => ({ id: b, at: time / 1000 }));
}

/** The first message under way from node 1 to node 2, sent longest ago. */
function underWay(session: Session): number {
  const gone = new Set(reached(session, 2).map(({ id }) => id));
  for (const { kind, a, b } of session.trace) if (kind === 'send' && a === 2 && !gone.has(b)) return b;
  throw new Error('nothing is under way');
}

const ascending = (messages: readonly { readonly id: number }[]) =>
  messages.every(({ id }, i) => i === 0 || id > messages[i - 1]!.id);

test('on fifo links a message that is held back holds back what is behind it, sent before or after, in its order', () => {
  const session = led(true);
  session.runTo(30_000);
  const held = underWay(session);
  session.begin({ kind: 'hold-message', message: held, milliseconds: 20 });
  session.runTo(80_000);
  const [there, beside] = [reached(session, 2), reached(session, 3)];
  expect(there.length).toBeGreaterThan(50);
  expect(ascending(there)).toBe(true);
  const { at } = there.find(({ id }) => id === held)!;
  const before = beside.find(({ id }) => id === held + 1)!.at; // the same word, to node 3, on time
  expect(at - before).toBeGreaterThan(19);
  expect(at - before).toBeLessThan(21);
  // nothing else came meanwhile, and then everything at once
  expect(there.filter((one) => one.at > before + 0.5 && one.at < at)).toEqual([]);
  expect(there.filter((one) => one.at === at).length).toBeGreaterThan(15);
  expect(ascending(beside)).toBe(true);
  expect(simulate(session.run()).traceHash).toBe(session.trace.hash());
});

test('on other links it is overtaken', () => {
  const session = led(false);
  session.runTo(30_000);
  const held = underWay(session);
  session.begin({ kind: 'hold-message', message: held, milliseconds: 5 });
  session.runTo(60_000);
  const there = reached(session, 2);
  const place = there.findIndex(({ id }) => id === held);
  expect(there[place - 1]!.id).toBeGreaterThan(held);
  expect(ascending(there.filter(({ id }) => id !== held))).toBe(true);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'fifo links keep their order whatever is held back or dropped by hand, and lose only that (seed %i)',
  (seed) => {
    const random = splitSeed(seed, 1)[0]!;
    const session = led(true, seed);
    session.runTo(15_000);
    const dropped = new Set<number>();
    for (let i = 0; i < 30; i++) {
      session.runTo(session.now + random.below(6000));
      const message = underWay(session) + 2 * random.below(8);
      if (random.below(4) === 0) {
        session.begin({ kind: 'drop-message', message });
        dropped.add(message);
      } else session.begin({ kind: 'hold-message', message, milliseconds: 1 + random.below(12) });
    }
    session.runTo(session.now + 400_000);
    for (const node of [2, 3]) {
      const ids = reached(session, node).map(({ id }) => id);
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      const sent = [...session.trace].filter(({ kind, a }) => kind === 'send' && a === node);
      const missing = sent.map(({ b }) => b).filter((id) => id < ids.at(-1)! && !ids.includes(id));
      expect(missing.filter((id) => !dropped.has(id))).toEqual([]);
    }
    expect(simulate(session.run()).traceHash).toBe(session.trace.hash());
  },
);
