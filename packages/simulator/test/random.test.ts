import { expect, test } from 'vitest';
import { splitSeed } from '../src/random.ts';

test('the same seed gives the same streams, whatever is drawn from the others', () => {
  const [a1, b1] = splitSeed(7, 2);
  const [a2, b2] = splitSeed(7, 2);
  for (let i = 0; i < 100; i++) a1!.next();
  expect([b1!.next(), b1!.next()]).toEqual([b2!.next(), b2!.next()]);
  expect(a2!.next()).not.toBe(b2!.next());
});

test('exponential numbers have mean 1, variance 1, and a tail', () => {
  const [stream] = splitSeed(1, 1);
  const n = 200_000;
  let sum = 0;
  let squares = 0;
  let beyond = 0;
  for (let i = 0; i < n; i++) {
    const x = stream!.exponential();
    sum += x;
    squares += x * x;
    if (x > 8) beyond++;
  }
  expect(sum / n).toBeGreaterThan(0.99);
  expect(sum / n).toBeLessThan(1.01);
  expect(squares / n - (sum / n) ** 2).toBeGreaterThan(0.95);
  expect(squares / n - (sum / n) ** 2).toBeLessThan(1.05);
  // e^-8 of 200,000 is 67
  expect(beyond).toBeGreaterThan(35);
  expect(beyond).toBeLessThan(110);
});

test('known first numbers: streams must never change, or old seeds would lose their meaning', () => {
  const [stream] = splitSeed(42, 1);
  expect([stream!.below(1000), stream!.below(1000), stream!.below(1000)]).toMatchInlineSnapshot(`
    [
      442,
      545,
      969,
    ]
  `);
});
