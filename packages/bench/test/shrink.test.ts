import type { Context } from '@quorate/interface';
import {
  Election,
  RAFT_PARTS,
  type RaftDurable,
  type RaftMessage,
  RaftReplica,
  type RaftTimer,
  raft,
} from '@quorate/raft';
import { mutants } from '@quorate/raft/mutants';
import { optionsOf, readRunFile, runFileOf, simulate, swarmOptions } from '@quorate/simulator';
import { expect, it } from 'vitest';
import { failureClass, shrink } from '../src/index.ts';

const broken = {
  ...raft,
  create: (context: Context<RaftMessage, RaftTimer, RaftDurable>) =>
    new RaftReplica(context, {
      ...RAFT_PARTS,
      Election: class extends Election {
        protected override persist(): void {}
      },
    }),
};

it('makes a failing run smaller, and the smaller one still fails for the same reason, every time', () => {
  const options = swarmOptions(broken, 1, 60_000);
  const failed = simulate(options).verdicts.find(({ verdict }) => verdict === 'violated')!;
  const small = shrink(options, failed.check, { tries: 120 });
  expect(small.options.faults!.events.length).toBeLessThan(options.faults.events.length);
  expect(small.options.faults!.events.length).toBeLessThanOrEqual(2);
  expect(small.options.milliseconds).toBeLessThan(60_000);
  const again = simulate(small.options);
  expect(again.traceHash).toBe(small.traceHash);
  expect(again.verdicts).toContainEqual({ check: failed.check, verdict: 'violated', detail: small.detail });
});

it('refuses a run in which the check is not broken', () => {
  expect(() => shrink(swarmOptions(raft, 1, 2000), 'agreement')).toThrow('"agreement" is not broken');
});

it('makes a Figure 8 failure as small as the paper draws it', { timeout: 120_000 }, () => {
  const { protocol } = mutants.find(({ about }) => about.startsWith('entries of earlier terms'))!;
  for (let seed = 1; seed <= 200; seed++) {
    // One entry in a message, so that an old one is counted before the leader's own is there.
    const options = { ...swarmOptions(protocol, seed, 10_000), knobs: { maxEntriesPerAppend: 1 } };
    const failed = simulate(options).verdicts.find(({ verdict }) => verdict === 'violated');
    if (failed === undefined) continue;
    const small = shrink(options, failed.check, { tries: 1500 });
    expect(small.options.nodes).toBeLessThanOrEqual(5);
    expect(small.options.faults!.events.length).toBeLessThanOrEqual(6);
    expect(small.options.workload.clients).toBe(0);
    expect(small.options.requests!.length).toBeLessThanOrEqual(4);
    expect(small.class).toBe(failureClass(failed.check, failed.detail));
    expect(simulate(small.options).traceHash).toBe(small.traceHash);
    const file = readRunFile(JSON.parse(JSON.stringify(runFileOf(small.options, small.traceHash))));
    expect(simulate(optionsOf(file, protocol)).traceHash).toBe(small.traceHash);
    return;
  }
  expect.fail('200 seeds found nothing');
});
