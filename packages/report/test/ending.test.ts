import { single } from '@quorate/interface/single';
import { DEFAULT_WORKLOAD, Session } from '@quorate/simulator';
import { expect, test } from 'vitest';
import { endAlike } from '../src/stage/ending.ts';

const led = () =>
  new Session({
    protocol: single,
    nodes: 3,
    seed: 1,
    milliseconds: 0,
    workload: { ...DEFAULT_WORKLOAD, clients: 0 },
  });

test('of two runs side by side the same fault ends, whatever index it has in each', () => {
  const [one, other] = [led(), led()];
  one.begin({ kind: 'pause', node: 1 }); // done to this run alone
  for (const session of [one, other]) {
    session.begin({ kind: 'pause', node: 2 });
    session.begin({ kind: 'pause', node: 3 });
  }
  const active = (session: Session) => [...session.simulation.activeFaults.values()];
  const paused = (session: Session) => active(session).map((event) => ('node' in event ? event.node : 0));
  const index = 1; // that of node 2's pause in the first run, and of node 3's in the second
  const event = one.simulation.activeFaults.get(index)!;
  for (const session of [one, other]) endAlike(session, [{ index, event }]);
  expect([paused(one), paused(other)]).toEqual([[1, 3], [3]]);
  const [alone] = active(one);
  for (const session of [one, other]) endAlike(session, [{ index: 0, event: alone }]);
  expect([paused(one), paused(other)]).toEqual([[3], [3]]);
  endAlike(one, [{ index: 7, event: undefined }]);
  endAlike(one, [{ index: 2, event: undefined }]);
  expect(paused(one)).toEqual([]);
});
