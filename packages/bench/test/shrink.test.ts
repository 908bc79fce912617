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
import { simulate, swarmOptions } from '@quorate/simulator';
import { expect, it } from 'vitest';
import { shrink } from '../src/index.ts';

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
