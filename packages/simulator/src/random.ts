import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';

/** A stream of pseudo-random numbers (xoroshiro128+). Streams of one seed are 2^64 steps apart, so none meets another. */
export class RandomStream {
  readonly #generator: JumpableRandomGenerator;

  constructor(generator: JumpableRandomGenerator) {
    this.#generator = generator;
  }

  /** In [0, 1), with 32 bits. */
  next(): number {
    return (this.#generator.next() >>> 0) / 0x1_0000_0000;
  }

  /** A whole number from 0 to `below - 1`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** Exponentially distributed with mean 1. */
  exponential(): number {
    // The table is the inverse distribution function; between two of its points the line is taken. The last cell has no end: go on from there.
    let whole = 0;
    for (;;) {
      const u = this.next() * CELLS;
      const cell = Math.floor(u);
      if (cell < CELLS - 1) {
        const from = EXPONENTIAL[cell]!;
        return whole + from + (EXPONENTIAL[cell + 1]! - from) * (u - cell);
      }
      whole += EXPONENTIAL[CELLS - 1]!; // memoryless: beyond this point the distribution begins anew
    }
  }
}

/** `count` independent streams of one seed, always in the same order, so that drawing more from one does not shift another. */
export function splitSeed(seed: number, count: number): RandomStream[] {
  const generator = xoroshiro128plus(seed);
  return Array.from({ length: count }, () => {
    generator.jump();
    return new RandomStream(generator.clone() as JumpableRandomGenerator);
  });
}

const CELLS = 1024;

/** -ln(1 - i/1024), by arithmetic alone: engines may differ in Math.log, never in + - × ÷. */
const EXPONENTIAL: readonly number[] = Array.from(
  { length: CELLS },
  (_, i) => -naturalLogarithm(1 - i / CELLS),
);

/** ln x for 0 < x ≤ 1 by halving into [1/2, 1] and the series of the inverse hyperbolic tangent. */
function naturalLogarithm(x: number): number {
  let halvings = 0;
  let y = x;
  while (y < 0.5) {
    y *= 2;
    halvings++;
  }
  const z = (y - 1) / (y + 1);
  let power = z;
  let sum = 0;
  for (let n = 1; n < 60; n += 2) {
    sum += power / n;
    power *= z * z;
  }
  return 2 * sum - halvings * Math.LN2;
}
