/**
 * A replica's durable journal and the protocols' logs over it. `@quorate/log/memory` has the journal in memory, with a fault model
 * for simulations; `@quorate/log/disk` the one on disk, for Node.
 *
 * ```ts
 * import { JournaledLog } from '@quorate/log';
 * import { MemoryDisk, MemoryJournal } from '@quorate/log/memory';
 *
 * const disk = new MemoryDisk();
 * const timers: (() => void)[] = [];
 * const journal = new MemoryJournal(disk, (_kind, _bytes, done) => timers.push(done));
 * const log = new JournaledLog('main', 'sequence', journal);
 * log.append(1, 0, Uint8Array.of(1, 2, 3));
 * log.sync();
 * journal.flush();
 * for (const done of timers.splice(0)) done(); // the modelled time has passed
 * log.durableLast(journal.durable); // 1
 *
 * log.append(1, 0, Uint8Array.of(4)); // never flushed
 * log.sync();
 * disk.crash(() => 0.9, { lostWrites: true, tornWrites: false });
 * const again = new MemoryJournal(disk, (_kind, _bytes, done) => timers.push(done));
 * const recovered = new JournaledLog('main', 'sequence', again);
 * for (const record of again.recover()) recovered.replay(record);
 * recovered.last; // 1
 * ```
 * @packageDocumentation
 */
export * from './journal.ts';
export * from './journaled-log.ts';
