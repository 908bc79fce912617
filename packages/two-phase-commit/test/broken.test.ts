import type { Context, Slot } from '@quorate/interface';
import { simulate, swarmOptions } from '@quorate/simulator';
import { expect, test } from 'vitest';
import {
  ABORTED,
  type Durable,
  ROLES,
  Termination,
  TwoPhaseCommit,
  type TwoPhaseCommitMessage,
  type TwoPhaseCommitTimer,
  twoPhaseCommit,
} from '../src/index.ts';

/** The classic mistake: a participant that has voted yes and waits too long takes the silence for an abort. */
class UnilateralAbort extends Termination {
  protected override onDoubtTooLong(slot: Slot): void {
    const { ports, state } = this.site;
    ports.log('participant').mark(slot, 0, ABORTED, false);
    state.participating.delete(slot);
    ports.decide(slot, 'aborted');
  }
}

const broken = {
  ...twoPhaseCommit,
  create: (context: Context<TwoPhaseCommitMessage, TwoPhaseCommitTimer, Durable>) =>
    new TwoPhaseCommit(context, { ...ROLES, Termination: UnilateralAbort }),
};

test('the swarm finds a 2PC that aborts alone after a yes; without that, the same seed is well', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const violated = simulate(swarmOptions(broken, seed, 60_000)).verdicts.find(
      ({ check, verdict }) => verdict === 'violated' && check !== 'assertion',
    );
    if (violated === undefined) continue;
    console.log(`unilateral abort after yes: found with seed ${seed}: ${violated.check}: ${violated.detail}`);
    const well = simulate(swarmOptions(twoPhaseCommit, seed, 60_000)).verdicts;
    expect(well.every(({ verdict }) => verdict === 'ok')).toBe(true);
    return;
  }
  expect.fail('50 seeds found nothing');
});
