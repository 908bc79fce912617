import { resolveKnobs } from '@quorate/interface';
import { single } from '@quorate/interface/single';
import { MemoryDisk, MemoryJournal, MemorySnapshotStore } from '@quorate/log/memory';
import { encodeCommand, KeyValueStore } from '@quorate/state-machine';
import { Trace } from '@quorate/trace';
import { expect, test } from 'vitest';
import { Driver } from '../src/index.ts';

test('the example of the index runs: a cluster of one answers once its disk has the entry', () => {
  const disk = new MemoryDisk();
  const writes: (() => void)[] = [];
  const schedule = (_kind: string, _bytes: number, done: () => void) => writes.push(done);
  const answers: unknown[] = [];
  const driver = new Driver({
    protocol: single,
    id: 1,
    members: { voters: [1], learners: [], observers: [] },
    knobs: resolveKnobs(single),
    journal: new MemoryJournal(disk, schedule),
    snapshots: new MemorySnapshotStore(disk, schedule),
    machine: new KeyValueStore(),
    trace: new Trace(),
    world: {
      now: () => 0,
      random: () => 0.5,
      wakeAt: () => {},
      transmit: () => {},
      connect: () => {},
      respond: (client, sequence, response) => answers.push([client, sequence, response.status]),
      halted: (why) => {
        throw why;
      },
    },
  });
  const disksDone = () => {
    while (writes.length > 0) writes.shift()!();
  };
  driver.start();
  driver.settle();
  const command = encodeCommand({ client: 9, sequence: 1, operation: { kind: 'put', key: 'k', value: 'v' } });
  driver.onRequest({ kind: 'write', client: 9, sequence: 1, command, participants: [] });
  driver.settle();
  disksDone();
  expect(answers).toEqual([[9, 1, 'ok']]);
});
