import type { FaultEvent } from '@quorate/faults';
import type { AnyProtocol, Guarantee } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { DEFAULT_WORKLOAD, type SimulationOptions, simulate } from '@quorate/simulator';
import { KeyValueStore } from '@quorate/state-machine';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { describe, expect, it } from 'vitest';

/** The run's second phase: a core is healed while other faults last, then everything. */
function run(protocol: AnyProtocol, seed: number, change: Partial<SimulationOptions> = {}) {
  const { verdicts, simulation } = simulate({
    protocol,
    nodes: 3,
    seed,
    milliseconds: 3000,
    workload: { ...DEFAULT_WORKLOAD, clients: 4, thinkMilliseconds: 50 },
    ...change,
  });
  const of = (name: string) => verdicts.find(({ check }) => check === name)!;
  return { progress: of('progress'), convergence: of('convergence'), simulation };
}

const faults = (...events: FaultEvent[]) => ({ version: 1, events }) as const;
const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);

/** From 1 s on the leader is heard by all and hears nobody. */
const DEAF_LEADER: Partial<SimulationOptions> = {
  knobs: { checkQuorum: 0 },
  faults: faults({ at: 1000, kind: 'cut', from: ['follower', 'follower'], to: ['leader'] }),
};

describe('a core is healed while other faults last', () => {
  it('has to answer: a leader that is heard and hears nobody keeps a Raft without check-quorum from it', () => {
    const strict = {
      ...raft,
      guarantees: raft.guarantees.map(({ onBadLinks: _, ...rest }): Guarantee => rest),
    };
    const stuck = SEEDS.map((seed) => run(strict, seed, DEAF_LEADER).progress);
    // Where the drawn core holds the leader, its links are healed and all is well.
    const broken = stuck.filter(({ verdict }) => verdict === 'violated');
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.length).toBeLessThan(SEEDS.length);
    for (const { detail } of broken)
      expect(detail).toMatch(/nodes \d, \d, healed while all other faults last, did not answer/);
  });

  it('is no more than Raft promises: with check-quorum it answers, without it is excused until all is healed', () => {
    const verdicts = (knobs: Record<string, number>) =>
      new Set(SEEDS.map((seed) => run(raft, seed, { ...DEAF_LEADER, knobs }).progress.verdict));
    expect(verdicts({})).toEqual(new Set(['ok']));
    expect(verdicts({ checkQuorum: 0 })).toEqual(new Set(['ok', 'expected']));
  });

  it('leaves the others as they are: down, paused or cut off, until all is healed', () => {
    const down = faults(
      { at: 1000, kind: 'crash', node: 1, lostWrites: true, tornWrites: false },
      { at: 1100, kind: 'pause', node: 2 },
      { at: 1200, kind: 'partition', groups: [[3], [4, 5]] },
    );
    for (const seed of SEEDS) {
      const { progress, convergence, simulation } = run(raft, seed, { nodes: 5, faults: down });
      expect([progress.verdict, convergence.verdict]).toEqual(['ok', 'ok']);
      expect(simulation.nodes.every(({ up, paused }) => up && !paused)).toBe(true);
    }
  });

  it('is everybody where the protocol needs all: two-phase commit may block until then', () => {
    const plan = faults({ at: 1000, kind: 'crash', node: 1, lostWrites: true, tornWrites: true });
    for (const seed of SEEDS.slice(0, 3)) {
      const { progress, convergence } = run(twoPhaseCommit, seed, { faults: plan });
      expect([progress.verdict, convergence.verdict]).toEqual(['ok', 'ok']);
    }
  });

  it('goes no further in the plan once the load is over', () => {
    const late = faults({ at: 3500, kind: 'pause', node: 1 }, { at: 2900, for: 500, kind: 'pause', node: 2 });
    const { simulation } = run(raft, 1, { faults: late });
    expect(Object.fromEntries(simulation.fired)).toEqual({ pause: 1 });
  });
});

/** On node 2 one command in three has no effect. */
class Forgetful extends KeyValueStore {
  #applied = 0;

  override apply(bytes: Uint8Array, start?: number, end?: number): Uint8Array {
    return ++this.#applied % 3 === 0 ? new Uint8Array(2) : super.apply(bytes, start, end);
  }
}

describe('replicas have to reach one state', () => {
  for (const protocol of [raft, twoPhaseCommit]) {
    it(`${protocol.name}: a state machine that diverges is found`, () => {
      const { progress, convergence } = run(protocol, 1, {
        machine: (_, node) => (node === 2 ? new Forgetful() : new KeyValueStore()),
      });
      expect(progress.verdict).toBe('ok');
      expect(convergence.verdict).toBe('violated');
      expect(convergence.detail).toMatch(/nodes \d and \d hold different states/);
    });
  }
});
