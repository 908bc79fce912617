import type { Outcome, Slot, Vote } from '@quorate/interface';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeResult, encodeCommand, KeyValueStore, type Operation } from '../src/index.ts';
import { operation } from './arbitraries.ts';

function put(client: number, key: string, value = `by ${client}`, sequence = 1): Uint8Array {
  return encodeCommand({ client, sequence, operation: { kind: 'put', key, value } });
}

function get(key: string): Uint8Array {
  return encodeCommand({ client: 99, sequence: 1, operation: { kind: 'get', key } });
}

describe('wait-die', () => {
  test('a younger transaction dies, an older one waits and is let in', () => {
    const store = new KeyValueStore();
    expect(store.prepare(5, put(5, 'k'))).toBe('yes');
    expect(store.prepare(6, put(6, 'k'))).toBe('no');
    expect(store.prepare(4, put(4, 'k'))).toBe('waiting');
    expect(store.prepare(9, put(9, 'other'))).toBe('yes');
    expect(store.released()).toEqual([]);
    store.finish(9, 'committed');
    expect(store.released()).toEqual([]);
    store.finish(5, 'committed');
    expect(store.released()).toEqual([{ slot: 4, vote: 'yes' }]);
    expect(store.released()).toEqual([]);
    store.finish(4, 'committed');
    expect(store.entries()).toEqual([
      ['k', 'by 4'],
      ['other', 'by 9'],
    ]);
  });

  test('of those that wait, the youngest goes first, so that nobody has to die', () => {
    const store = new KeyValueStore();
    store.prepare(5, put(5, 'k'));
    for (const slot of [2, 4, 1, 3]) expect(store.prepare(slot, put(slot, 'k'))).toBe('waiting');
    const order: Slot[] = [];
    let holder = 5;
    for (;;) {
      store.finish(holder, 'aborted');
      const [next] = store.released();
      if (next === undefined) break;
      expect(next.vote).toBe('yes');
      holder = next.slot;
      order.push(holder);
    }
    expect(order).toEqual([4, 3, 2, 1]);
  });

  test('a waiting transaction dies when an older one has come to hold what else it needs', () => {
    const store = new KeyValueStore();
    store.prepare(5, put(1, 'k'));
    store.prepare(3, put(2, 'k')); // waits for the key; would need client 2 too
    store.prepare(1, put(2, 'other'));
    store.finish(5, 'committed');
    expect(store.released()).toEqual([{ slot: 3, vote: 'no' }]);
    expect(store.prepare(5, put(1, 'k', 'again', 2))).toBe('yes'); // the key is free again
  });

  test('two attempts of one client never are in doubt together', () => {
    const store = new KeyValueStore();
    expect(store.prepare(1, put(7, 'a'))).toBe('yes');
    expect(store.prepare(2, put(7, 'b', 'x', 2))).toBe('no');
  });

  test('a transaction aborted while it waits is not heard of again', () => {
    const store = new KeyValueStore();
    store.prepare(2, put(2, 'k'));
    store.prepare(1, put(1, 'k'));
    expect(store.finish(1, 'aborted')).toBeNull();
    store.finish(2, 'committed');
    expect(store.released()).toEqual([]);
    expect(store.readable(get('k'))).toBe(true);
  });

  test('nor one aborted between its release and the answer', () => {
    const store = new KeyValueStore();
    store.prepare(2, put(2, 'k'));
    store.prepare(1, put(1, 'k'));
    store.finish(2, 'committed');
    store.finish(1, 'aborted');
    expect(store.released()).toEqual([]);
    expect(store.prepare(3, put(3, 'k'))).toBe('yes');
  });

  test('asking again changes nothing', () => {
    const store = new KeyValueStore();
    expect(store.prepare(2, put(2, 'k'))).toBe('yes');
    expect(store.prepare(2, put(2, 'k'))).toBe('yes');
    expect(store.prepare(1, put(1, 'k'))).toBe('waiting');
    expect(store.prepare(1, put(1, 'k'))).toBe('waiting');
    store.finish(2, 'aborted');
    expect(store.prepare(1, put(1, 'k'))).toBe('waiting'); // its answer is on the way
    expect(store.released()).toEqual([{ slot: 1, vote: 'yes' }]);
  });
});

describe('finish', () => {
  test('writes nothing before it, nor after an abort', () => {
    const store = new KeyValueStore();
    const before = store.snapshot();
    store.prepare(1, put(1, 'k'));
    expect(store.snapshot()).toEqual(before);
    expect(store.readable(get('k'))).toBe(false);
    expect(store.readable(get('j'))).toBe(true);
    expect(store.finish(1, 'aborted')).toBeNull();
    expect(store.snapshot()).toEqual(before);
    expect(store.readable(get('k'))).toBe(true);
  });

  test('a duplicate is voted yes and answered from the session', () => {
    const store = new KeyValueStore();
    const append = encodeCommand({
      client: 1,
      sequence: 1,
      operation: { kind: 'append', key: 'k', value: 'x' },
    });
    store.prepare(1, append);
    const first = store.finish(1, 'committed');
    expect(store.prepare(2, append)).toBe('yes');
    expect(store.finish(2, 'committed')).toEqual(first);
    expect(store.finish(2, 'committed', append)).toEqual(first);
    expect(store.entries()).toEqual([['k', 'x']]);
  });

  test('a mismatch is a result, not a no', () => {
    const store = new KeyValueStore();
    const cas = encodeCommand({
      client: 1,
      sequence: 1,
      operation: { kind: 'cas', key: 'k', expected: 'x', value: 'y' },
    });
    expect(store.prepare(1, cas)).toBe('yes');
    expect(decodeResult(store.finish(1, 'committed')!)).toEqual({ status: 'mismatch', value: null });
  });

  test('malformed bytes are voted yes, need no lock and change nothing', () => {
    const store = new KeyValueStore();
    expect(store.prepare(1, new Uint8Array(3))).toBe('yes');
    expect(store.prepare(2, put(1, 'k'))).toBe('yes');
    expect(decodeResult(store.finish(1, 'committed')!).status).toBe('malformed');
    expect(store.entries()).toEqual([]);
  });

  test('needs the command of a transaction that it does not know', () => {
    const store = new KeyValueStore();
    expect(() => store.finish(1, 'committed')).toThrow(RangeError);
    expect(decodeResult(store.finish(1, 'committed', put(1, 'k'))!).status).toBe('ok');
    expect(store.finish(2, 'aborted')).toBeNull();
    expect(store.entries()).toEqual([['k', 'by 1']]);
  });
});

test('hold takes the locks again after a restart', () => {
  const store = new KeyValueStore();
  store.hold(5, put(5, 'k'));
  store.hold(5, put(5, 'k'));
  expect(store.holds(5)).toBe(true);
  expect(store.readable(get('k'))).toBe(false);
  expect(store.prepare(6, put(6, 'k'))).toBe('no');
  expect(store.prepare(4, put(4, 'k'))).toBe('waiting');
  store.finish(5, 'committed');
  expect(store.holds(5)).toBe(false);
  expect(store.released()).toEqual([{ slot: 4, vote: 'yes' }]);
  expect(() => store.hold(7, put(7, 'k'))).toThrow(/prepared without its locks/);
});

test('restore forgets locks', () => {
  const store = new KeyValueStore();
  store.prepare(1, put(1, 'k'));
  store.restore(new KeyValueStore().snapshot());
  expect(store.readable(get('k'))).toBe(true);
  expect(store.holds(1)).toBe(false);
});

/**
 * Commits `operations` on three nodes, prepares and decisions arriving in an order drawn from `dice`; a transaction commits once
 * all have voted yes, aborts at the first no. Returns how many committed, or throws when nothing can go on.
 */
function commitAll(
  nodes: readonly KeyValueStore[],
  operations: readonly Operation[],
  dice: readonly number[],
): number {
  const inbox: (() => void)[] = [];
  const votes = new Map<Slot, number>();
  const decided = new Map<Slot, Outcome>();
  const decide = (slot: Slot, outcome: Outcome): void => {
    decided.set(slot, outcome);
    for (const node of nodes)
      inbox.push(() => {
        node.finish(slot, outcome);
        for (const answer of node.released()) count(answer.slot, answer.vote);
      });
  };
  const count = (slot: Slot, vote: Vote | 'waiting'): void => {
    if (vote === 'waiting' || decided.has(slot)) return;
    votes.set(slot, (votes.get(slot) ?? 0) + 1);
    if (vote === 'no') decide(slot, 'aborted');
    else if (votes.get(slot) === nodes.length) decide(slot, 'committed');
  };
  operations.forEach((one, i) => {
    const bytes = encodeCommand({ client: 1 + (i % 4), sequence: 1 + Math.floor(i / 4), operation: one });
    for (const node of nodes)
      inbox.push(() => {
        if (decided.get(i) !== 'aborted') count(i, node.prepare(i, bytes));
      });
  });
  for (let step = 0; inbox.length > 0; step++) {
    const at = dice[step % dice.length]! % inbox.length;
    inbox.splice(at, 1)[0]!();
  }
  expect(decided.size).toBe(operations.length); // otherwise: a deadlock
  return [...decided.values()].filter((outcome) => outcome === 'committed').length;
}

test('prepares and finishes in any order always drain, and leave all nodes with equal data', () => {
  let committed = 0;
  let total = 0;
  fc.assert(
    fc.property(
      fc.array(operation, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }),
      (operations, dice) => {
        const nodes = [new KeyValueStore(), new KeyValueStore(), new KeyValueStore()];
        committed += commitAll(nodes, operations, dice);
        total += operations.length;
        for (const node of nodes) {
          expect(node.entries()).toEqual(nodes[0]!.entries());
          operations.forEach((one, i) => {
            expect(node.holds(i)).toBe(false);
            expect(node.readable(get(one.key))).toBe(true);
          });
        }
      },
    ),
    { seed: 4, numRuns: 1500 },
  );
  expect(committed / total).toBeGreaterThan(0.2);
  expect(committed / total).toBeLessThan(0.95);
});
