import { raft } from '@quorate/raft';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../src/scenario.ts';
import { cost } from '../src/scenarios/cost.ts';

const settings: Settings = { quick: false, seeds: 1, valueBytes: 128, keys: 10_000 };

/** The literature's values, written down here once more, so that a protocol's own `costs` cannot be wrong unseen. */
const THEORY = [
  {
    protocol: raft,
    delays: 2,
    messages: (n: number) => 2 * (n - 1),
    forced: (n: number) => (n + 1) / 2,
    inAll: (n: number) => n,
  },
  {
    protocol: twoPhaseCommit,
    delays: 2,
    messages: (n: number) => 3 * (n - 1),
    forced: (n: number) => n + 1,
    inAll: (n: number) => 2 * n + 1,
  },
];

describe.each(THEORY)('one decision of $protocol.name', ({ protocol, delays, messages, forced, inAll }) => {
  it.each([3, 5, 7])('costs exactly what theory says with %i nodes', (nodes) => {
    const cell = { nodes, clients: 1 };
    const sample = cost.run({ protocol, ...cell, seed: 1, settings });
    const expected = {
      messagesPerDecision: messages(nodes),
      delaysPerDecision: delays,
      forcedWritesPerDecision: forced(nodes),
      forcedWritesInAll: inAll(nodes),
    };
    expect(sample.values).toEqual(expected);
    const { metrics } = cost.summarise([sample], protocol, cell, settings);
    expect(metrics).toEqual({ ...expected, expected });
    expect(sample.verdicts.map(({ verdict }) => verdict)).toEqual(['ok', 'ok']);
  });
});

it('costs the same whatever the seed', () => {
  const [a, b] = [1, 2].map((seed) => cost.run({ protocol: raft, nodes: 5, clients: 1, seed, settings }));
  expect(a!.values).toEqual(b!.values);
});
