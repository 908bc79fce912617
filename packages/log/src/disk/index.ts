/**
 * The journal and the snapshot store on a real disk (Node).
 *
 * ```ts
 * import { JournaledLog } from '@quorate/log';
 * import { DiskJournal } from '@quorate/log/disk';
 *
 * const journal = DiskJournal.open(directory);
 * const log = new JournaledLog('main', 'sequence', journal);
 * for (const record of journal.recover()) log.replay(record);
 * log.append(1, 0, Uint8Array.of(1, 2, 3));
 * log.sync();
 * await new Promise((resolve) => {
 *   journal.onDurable = resolve;
 *   journal.flush();
 * });
 * await journal.close();
 * ```
 * @packageDocumentation
 */
export { DataFolderInUseError, JournalCorruptError, SnapshotCorruptError } from './errors.ts';
export { type Io, nodeIo, OPEN } from './io.ts';
export { DiskJournal, type DiskJournalOptions } from './journal.ts';
export { dropUnsynced, lossyIo } from './lossy-io.ts';
export type { RecoveryReport, TornTail } from './recovery.ts';
export { DiskSnapshotStore } from './snapshots.ts';
