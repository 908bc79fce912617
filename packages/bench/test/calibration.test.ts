import { raft } from '@quorate/raft';
import { FREE_CPU, SSD } from '@quorate/simulator';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { describe, expect, test } from 'vitest';
import { calibrate, type Models, type RealWork, simulateLoad } from '../src/calibration.ts';

const work: RealWork = { nodes: 3, cores: 2, valueBytes: 128, keys: 1000, reads: 0 };

/** A machine whose costs stand in other proportions than those that are fitted. */
const machine: Models = {
  cpu: {
    ...FREE_CPU,
    receiveMicroseconds: 2,
    sendMicroseconds: 2.5,
    byteMicroseconds: 0.004,
    turnMicroseconds: 25,
    syncMicroseconds: 40,
    coresPerHost: 2,
    replicasPerHost: 3,
    load: { operationMicroseconds: 3, turnMicroseconds: 20 },
  },
  disk: { ...SSD, syncMicroseconds: 180, jitterMicroseconds: 90 },
};

describe.each([raft, twoPhaseCommit])('calibrated to figures of $name', (protocol) => {
  const points = [1, 16, 128, 512].map((clients) => ({
    clients,
    ...simulateLoad(protocol, work, clients, machine),
  }));

  test('the model gives the figures that it was fitted to, and foretells the others', () => {
    const { points: compared } = calibrate(protocol, work, points)!;
    expect(compared.map(({ fitted }) => fitted)).toEqual([true, false, true, false]);
    for (const { clients, error, fitted } of compared)
      expect(Math.abs(error), `${clients} clients`).toBeLessThan(fitted ? 0.05 : 0.25);
  });

  test('without both fitted points there is nothing to fit', () => {
    expect(calibrate(protocol, work, points.slice(1))).toBeNull();
  });
});
