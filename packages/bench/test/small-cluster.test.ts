import { raft } from '@quorate/raft';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { expect, it } from 'vitest';
import { serveSmallCluster } from './small-cluster.ts';

it.each([raft, twoPhaseCommit])(
  '$name serves clients on real sockets and disks, and again after each replica was restarted',
  { timeout: 60_000 },
  async (protocol) => {
    const { put, read, readAgain, halted } = await serveSmallCluster(protocol);
    const all = [put, put, put];
    expect({ read, readAgain, halted }).toEqual({ read: all, readAgain: all, halted: 0 });
  },
);
