/**
 * One replica's step loop: inputs in, port calls recorded, effects out in the right order.
 *
 * ```ts
 * import { Driver } from '@quorate/driver';
 * import { resolveKnobs } from '@quorate/interface';
 * import { MemoryDisk, MemoryJournal, MemorySnapshotStore } from '@quorate/log/memory';
 * import { single } from '@quorate/interface/single';
 * import { encodeCommand, KeyValueStore } from '@quorate/state-machine';
 * import { Trace } from '@quorate/trace';
 *
 * const disk = new MemoryDisk();
 * const writes: (() => void)[] = [];
 * const schedule = (_kind: string, _bytes: number, done: () => void) => writes.push(done);
 * const driver = new Driver({
 *   protocol: single,
 *   id: 1,
 *   members: { voters: [1], learners: [], observers: [] }, // a cluster of one
 *   knobs: resolveKnobs(single),
 *   journal: new MemoryJournal(disk, schedule),
 *   snapshots: new MemorySnapshotStore(disk, schedule),
 *   machine: new KeyValueStore(),
 *   trace: new Trace(),
 *   world: {
 *     now: () => 0, // milliseconds
 *     random: () => 0.5,
 *     wakeAt: () => {},
 *     transmit: () => {},
 *     connect: () => {},
 *     respond: (client, sequence, response) => console.log(client, sequence, response.status), // 9 1 ok
 *     halted: (why) => console.error(why),
 *   },
 * });
 * const disksDone = () => { while (writes.length > 0) writes.shift()!(); };
 * driver.start();
 * driver.settle();
 * const command = encodeCommand({ client: 9, sequence: 1, operation: { kind: 'put', key: 'k', value: 'v' } });
 * driver.onRequest({ kind: 'write', client: 9, sequence: 1, command, participants: [] });
 * driver.settle();
 * disksDone();
 * ```
 * @packageDocumentation
 */
export { DEFAULT_SETTINGS, Driver, type DriverParts, type DriverSettings } from './driver.ts';
export { Heap } from './heap.ts';
export { Timers } from './timers.ts';
export type { Response, SnapshotChunk, SnapshotProgress, World } from './world.ts';
