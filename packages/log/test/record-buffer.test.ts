import { describe, expect, test } from 'vitest';
import { recordSize, sealRecord } from '../src/disk/format.ts';
import { decodeRecord, RecordBuffer } from '../src/disk/record-buffer.ts';
import type { JournalRecord } from '../src/index.ts';

const records: readonly JournalRecord[] = [
  { kind: 'save', durable: { term: 7, votedFor: 2 } },
  {
    kind: 'entries',
    log: 'main',
    batch: { first: 5, count: 2, bytes: Uint8Array.from({ length: 40 }, (_, i) => i) },
  },
  { kind: 'mark', log: 'main', slot: 9, epoch: 3, tag: 4 },
  { kind: 'truncate', log: 'main', slot: 12 },
  { kind: 'forget', log: 'main', slot: 13, epoch: 2 },
  { kind: 'restart', log: 'main', slot: 14, epoch: 5 },
  { kind: 'end', log: 'main', slot: 15 },
];

describe('a buffer of records that grows', () => {
  test.each(records)('keeps the $kind for which it has to grow', (record) => {
    for (let room = 0; room <= 120; room += 8) {
      const buffer = new RecordBuffer();
      const filler = buffer.bytes.length - room - recordSize('main'.length + 12);
      buffer.add(
        { kind: 'entries', log: 'main', batch: { first: 1, count: 1, bytes: new Uint8Array(filler) } },
        1,
      );
      const at = buffer.used;
      expect(buffer.bytes.length - at).toBe(room);
      buffer.add(record, 2);
      sealRecord(buffer.bytes, at, 1, 0);
      expect(decodeRecord(buffer.bytes, at), `${room} bytes were left`).toEqual(record);
    }
  });
});
