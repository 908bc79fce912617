/** A number in [0, 1) from a seeded stream. */
export type Random = () => number;

/*
 * What the swarm draws with: `+`, `-`, `*`, `/` and `Math.floor` alone, which every engine computes alike, so one random stream gives one
 * plan everywhere.
 */

export function chance(random: Random, probability: number): boolean {
  return random() < probability;
}

/** A whole number from 0 to `count - 1`. */
export function below(random: Random, count: number): number {
  return Math.floor(random() * count);
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[below(random, values.length)]!;
}

export function shuffle<T>(random: Random, values: readonly T[]): T[] {
  const mixed = [...values];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
