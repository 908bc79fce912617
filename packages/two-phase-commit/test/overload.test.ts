import { DEFAULT_WORKLOAD, LOOPBACK, Simulation } from '@quorate/simulator';
import { expect, it } from 'vitest';
import { twoPhaseCommit } from '../src/index.ts';

/** Three replicas and their clients on two slow cores, which carry some 8,000 transactions a second. */
const SLOW = {
  cpu: {
    receiveMicroseconds: 17,
    sendMicroseconds: 11,
    byteMicroseconds: 0.006,
    turnMicroseconds: 166,
    syncMicroseconds: 280,
    coresPerHost: 2,
    replicasPerHost: 3,
    load: { operationMicroseconds: 3, turnMicroseconds: 62 },
  },
  disk: { syncMicroseconds: 24, jitterMicroseconds: 7, bytesPerMicrosecond: 1000 },
};

/** How many transactions are committed from 700 to 1,000 ms. */
function committedLater(clients: number, maxActive?: number): number {
  const simulation = new Simulation({
    protocol: twoPhaseCommit,
    nodes: 3,
    seed: 1,
    milliseconds: 1_000,
    topology: LOOPBACK,
    workload: { ...DEFAULT_WORKLOAD, clients, keys: 200_000, reads: 0, writes: 'put', history: false },
    ...(maxActive === undefined ? {} : { knobs: { maxActive } }),
    ...SLOW,
  });
  simulation.start();
  simulation.runUntil(700_000);
  const before = simulation.clients.completed;
  simulation.runUntil(1_000_000);
  return simulation.clients.completed - before;
}

it('goes on under more clients than it can serve at once: above maxActive they are told that it is busy', () => {
  expect(committedLater(2_000)).toBeGreaterThan(600);
  // With so many open every vote comes too late, all is aborted and asked again.
  expect(committedLater(2_000, 2_000)).toBeLessThan(100);
});
