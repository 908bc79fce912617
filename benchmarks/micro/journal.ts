import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Journal, JournaledLog } from '@quorate/log';
import { DiskJournal } from '@quorate/log/disk';
import { COMMAND } from './entries.ts';
import { runCases } from './suite.ts';

/** Entries kept, as behind a snapshot. */
const KEPT = 10_000;

/** Appends so many entries, and waits until the disk has them: one group, one durable write. */
function appender(journal: Journal, count: number): () => Promise<void> {
  const log = new JournaledLog(`appends-${count}`, 'sequence', journal);
  return () => {
    for (let i = 0; i < count; i++) log.append(1, 0, COMMAND);
    log.sync();
    if (log.last - log.first > 2 * KEPT) log.forget(log.last - KEPT);
    return new Promise((resolve) => {
      const until = journal.written;
      journal.onDurable = (sequence) => sequence >= until && resolve();
      journal.flush();
    });
  };
}

const folder = mkdtempSync(join(tmpdir(), 'quorate-bench-'));
try {
  const journal = DiskJournal.open(folder, { segmentBytes: 8 * 1024 * 1024 });
  for (const _ of journal.recover());
  await runCases('Journal on disk: append entries of 150 bytes and wait until they are durable', {
    '1 entry': appender(journal, 1),
    '16 entries, one group': appender(journal, 16),
    '256 entries, one group': appender(journal, 256),
  });
  await journal.close();
} finally {
  rmSync(folder, { recursive: true });
}
