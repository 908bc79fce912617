import { raft } from '@quorate/raft';
import { DEFAULT_WORKLOAD, type SimulationOptions } from '@quorate/simulator';
import { expect, test } from 'vitest';
import { Player } from '../src/stage/player.ts';

const options: SimulationOptions = {
  protocol: raft,
  nodes: 3,
  seed: 1,
  milliseconds: 0,
  workload: { ...DEFAULT_WORKLOAD, clients: 1, thinkMilliseconds: 20 },
};

test('an operation that what was done later keeps from its answer has not ended any more', () => {
  const player = Player.live(options);
  while (player.ended(1) === undefined) player.step(1);
  const { from, to } = player.ended(1)!;
  expect(to).toBeGreaterThan(from);
  expect(player.ended(0)).toBeUndefined();
  player.seek(from);
  player.intervene((session) => {
    for (const node of [1, 2, 3]) session.begin({ kind: 'pause', node });
  });
  expect(player.diagram.operations[1]!.to).toBe(Number.POSITIVE_INFINITY);
  expect(player.ended(1)).toBeUndefined();
});

test('a run from elsewhere that would go on for ever is not opened', () => {
  const workload = { ...DEFAULT_WORKLOAD, history: false, clients: 500 };
  const endless = { ...options, milliseconds: 1e12, workload };
  expect(() => Player.resumed(endless, undefined, 20_000)).toThrow(new RangeError('more than 20000 events'));
  const player = Player.resumed({ ...endless, milliseconds: 5 }, undefined, 20_000);
  expect(player.time).toBe(5000);
});
