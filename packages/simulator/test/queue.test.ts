import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from '../src/queue.ts';

test('events come in order of time, and of pushing where times are equal', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.oneof(fc.nat(50), fc.nat(300_000), fc.nat(5_000_000))), {
        maxLength: 300,
      }),
      (steps) => {
        const queue = new EventQueue();
        const model: { time: number; id: number }[] = [];
        let id = 0;
        for (const [push, ahead] of steps) {
          if (push || model.length === 0) {
            const time = queue.time + ahead;
            queue.push(time, 1, id);
            model.push({ time, id: id++ });
            continue;
          }
          model.sort((x, y) => x.time - y.time || x.id - y.id);
          const first = model.shift()!;
          expect(queue.peekTime()).toBe(first.time);
          expect(queue.next()).toBe(true);
          expect([queue.time, queue.a]).toEqual([first.time, first.id]);
        }
        model.sort((x, y) => x.time - y.time || x.id - y.id);
        for (const { time, id: expected } of model) {
          queue.next();
          expect([queue.time, queue.a]).toEqual([time, expected]);
        }
        expect(queue.next()).toBe(false);
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

test('all fields and the payload come back', () => {
  const queue = new EventQueue();
  const payload = { some: 'thing' };
  queue.push(7, 3, 1, 2, 2 ** 40, 2 ** 45, payload);
  queue.next();
  expect([queue.kind, queue.a, queue.b, queue.c, queue.d, queue.payload]).toEqual([
    3,
    1,
    2,
    2 ** 40,
    2 ** 45,
    payload,
  ]);
});

test.each([9, Number.NaN, Number.POSITIVE_INFINITY])('an event at %d, when it is 10, is refused', (time) => {
  const queue = new EventQueue();
  queue.push(10, 0, 0);
  queue.next();
  expect(() => queue.push(time, 0, 0)).toThrow(RangeError);
});

test('holds more events than its first capacity', () => {
  const queue = new EventQueue();
  for (let i = 0; i < 5000; i++) queue.push(i % 97, 0, i);
  let last = -1;
  for (let i = 0; i < 5000; i++) {
    queue.next();
    expect(queue.time).toBeGreaterThanOrEqual(last);
    last = queue.time;
  }
  expect(queue.size).toBe(0);
});
