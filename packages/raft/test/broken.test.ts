import type { Context } from '@quorate/interface';
import { simulate, swarmOptions } from '@quorate/simulator';
import { expect, test } from 'vitest';
import {
  Election,
  RAFT_PARTS,
  type RaftDurable,
  type RaftMessage,
  RaftReplica,
  type RaftTimer,
  raft,
} from '../src/index.ts';

/** Figure 2's persistent state is kept in memory only: after a crash a server has forgotten its term and its vote. */
class VoteNotSaved extends Election {
  protected override persist(): void {}
}

const broken = {
  ...raft,
  create: (context: Context<RaftMessage, RaftTimer, RaftDurable>) =>
    new RaftReplica(context, { ...RAFT_PARTS, Election: VoteNotSaved }),
};

test('the swarm finds a Raft that does not save its vote; with it saved, the same seed is well', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const violated = simulate(swarmOptions(broken, seed, 60_000)).verdicts.find(
      ({ verdict }) => verdict === 'violated',
    );
    if (violated === undefined) continue;
    console.log(`vote not saved: found with seed ${seed}: ${violated.check}: ${violated.detail}`);
    expect(simulate(swarmOptions(raft, seed, 60_000)).verdicts.every(({ verdict }) => verdict === 'ok')).toBe(
      true,
    );
    return;
  }
  expect.fail('50 seeds found nothing');
});
