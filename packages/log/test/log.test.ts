import { emptyBatch, packBatch, unpackBatch } from '@quorate/interface';
import { describe, expect, it } from 'vitest';
import type { DurableTail } from '../src/durable-tail.ts';
import { JournaledLog } from '../src/index.ts';
import { MemoryDisk, MemoryJournal } from '../src/memory/index.ts';

function setUp(kind: 'sequence' | 'records' = 'sequence') {
  const disk = new MemoryDisk();
  const waiting: (() => void)[] = [];
  const journal = new MemoryJournal(disk, (_kind, _bytes, done) => waiting.push(done));
  const writes: [number, boolean][] = [];
  const log = new JournaledLog('main', kind, journal, (sequence, forced) => writes.push([sequence, forced]));
  return { disk, waiting, journal, writes, log };
}

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('append', () => {
  it('gathers consecutive entries into one record with one section', () => {
    const { disk, log, writes } = setUp();
    for (let i = 1; i <= 3; i++) expect(log.append(2, 1, bytes(i))).toBe(i);
    expect(log.pendingForced).toBe(true);
    expect(disk.tail).toHaveLength(0);
    expect(log.entryAt(2)).toEqual({ slot: 2, epoch: 2, tag: 1, command: bytes(2) });
    log.sync();
    log.sync();
    expect(log.pendingForced).toBe(false);
    expect(writes).toEqual([[1, true]]);
    expect(disk.tail).toHaveLength(1);
    const [record] = disk.tail;
    if (record?.kind !== 'entries') throw new Error('no entries');
    expect(unpackBatch(record.batch).map((entry) => entry.command[0])).toEqual([1, 2, 3]);
    // The section is shared: by the journal's record, by a slice of all of it, and by parts.
    expect(log.slice(1, 3, 1000).bytes).toBe(record.batch.bytes);
    expect(log.slice(2, 3, 1000).bytes.buffer).toBe(record.batch.bytes.buffer);
  });

  it('is written out before any other record of the journal', () => {
    const { disk, journal, log } = setUp();
    const other = new JournaledLog('other', 'sequence', journal);
    log.append(1, 0, bytes(1));
    other.append(1, 0, bytes(2));
    expect(log.pendingForced).toBe(false);
    journal.write({ kind: 'save', durable: { term: 3 } });
    log.append(1, 0, bytes(3));
    other.put({ slot: 9, epoch: 1, tag: 0, command: bytes(4) });
    expect(disk.tail.map((record) => (record.kind === 'save' ? 'save' : record.log))).toEqual([
      ...['main', 'other', 'save', 'main', 'other'],
    ]);
  });

  it('refuses numbers that an entry has no room for', () => {
    const { log } = setUp();
    expect(() => log.append(-1, 0, bytes())).toThrow(/epoch -1/);
    expect(() => log.append(2 ** 48, 0, bytes())).toThrow(RangeError);
    expect(() => log.append(1, 256, bytes())).toThrow(/tag 256/);
    expect(log.last).toBe(0);
  });
});

describe('slice', () => {
  it('answers the same question with the same batch, until the log changes', () => {
    const { log } = setUp();
    for (let i = 0; i < 4; i++) log.append(1, 0, bytes(i));
    const batch = log.slice(2, 4, 30);
    expect(batch.count).toBe(2);
    log.append(1, 0, bytes(9));
    expect(log.slice(2, 4, 30)).toBe(batch);
    log.mark(3, 7, 1);
    expect(unpackBatch(log.slice(2, 4, 1000)).map((entry) => entry.epoch)).toEqual([1, 7, 1]);
    expect(unpackBatch(batch).map((entry) => entry.epoch)).toEqual([1, 1]);
  });

  it('does not take two copies of the same bytes for one stretch', () => {
    const { log } = setUp();
    const batch = packBatch([1, 2].map((slot) => ({ slot, epoch: slot, tag: 0, command: bytes(slot) })));
    log.putBatch(batch);
    log.putBatch({ ...batch, first: 3 });
    expect(unpackBatch(log.slice(1, 4, 1000)).map((entry) => entry.epoch)).toEqual([1, 2, 1, 2]);
    expect(unpackBatch(log.slice(2, 3, 1000)).map((entry) => entry.epoch)).toEqual([2, 1]);
  });

  it('gives at least one entry, refuses holes, and knows the empty slice', () => {
    const { log } = setUp();
    log.append(1, 0, new Uint8Array(100));
    log.put({ slot: 4, epoch: 1, tag: 0, command: bytes(1) });
    expect(log.slice(1, 1, 1).count).toBe(1);
    expect(() => log.slice(1, 4, 1000)).toThrow(/slot 2 holds no entry/);
    expect(() => log.slice(4, 5, 1000)).toThrow(/slot 5/);
    expect(() => log.slice(0, 1, 1000)).toThrow(/slot 0/);
    expect(log.slice(2, 1, 10)).toEqual(emptyBatch(2));
  });
});

describe('a batch from a peer', () => {
  it('is checked whole before anything is stored', () => {
    const { log, writes } = setUp();
    const good = packBatch([1, 2, 3].map((slot) => ({ slot, epoch: 1, tag: 0, command: bytes(slot, slot) })));
    for (let cut = 0; cut < good.bytes.length; cut++)
      expect(() => log.putBatch({ ...good, bytes: good.bytes.subarray(0, cut) })).toThrow(RangeError);
    expect(() => log.putBatch({ ...good, count: 2 })).toThrow(/behind its last entry/);
    expect(() => log.putBatch({ ...good, count: -1 })).toThrow(RangeError);
    expect(() => log.putBatch({ ...good, first: 0.5 })).toThrow(RangeError);
    expect(() => log.putBatch({ ...good, first: 2 ** 40 })).toThrow(/too far behind/);
    expect(() => log.putBatch(good, 5)).toThrow(/not in the batch/);
    expect([log.last, log.changedFrom, writes.length]).toEqual([0, Number.POSITIVE_INFINITY, 0]);
    log.putBatch(good, 4);
    expect(writes).toHaveLength(0);
    log.putBatch(good);
    expect(log.last).toBe(3);
    log.forget(2);
    expect(() => log.putBatch(good)).toThrow(/below the first/);
    expect(() => log.firstMismatch({ first: 3, count: 2, bytes: good.bytes.subarray(0, 5) })).toThrow(
      /header/,
    );
  });
});

describe('a sequence', () => {
  it('says which writes were forced', () => {
    const { log, writes } = setUp();
    log.put({ slot: 1, epoch: 1, tag: 0, command: bytes(1) }, false);
    log.mark(1, 2, 1);
    log.mark(1, 2, 1, false);
    log.truncateFrom(5); // nothing there: nothing written
    log.put({ slot: 2, epoch: 1, tag: 0, command: bytes(1) });
    log.forget(1);
    log.truncateFrom(2);
    log.restartAt(7, 3);
    expect(writes.map(([, forced]) => forced)).toEqual([false, true, false, true, false, true, true]);
    expect([log.first, log.last, log.epochAt(7), log.epochAt(6), log.epochAt(8)]).toEqual([8, 7, 3, -1, -1]);
  });

  it('tells the lowest slot that changed', () => {
    const { log } = setUp();
    expect(log.changedFrom).toBe(Number.POSITIVE_INFINITY);
    for (let i = 0; i < 5; i++) log.append(1, 0, bytes(i));
    expect(log.changedFrom).toBe(1);
    log.clearChanged();
    log.append(1, 0, bytes());
    log.truncateFrom(4);
    expect(log.changedFrom).toBe(4);
    log.clearChanged();
    log.forget(2);
    expect(log.changedFrom).toBe(Number.POSITIVE_INFINITY);
    log.restartAt(9, 1);
    expect(log.changedFrom).toBe(3);
  });

  it('refuses what cannot be', () => {
    const { log } = setUp();
    log.append(1, 0, bytes(1));
    log.append(1, 0, bytes(2));
    log.forget(1);
    log.forget(1);
    expect(() => log.mark(9, 1, 1)).toThrow(/no entry on slot 9/);
    expect(() => log.truncateFrom(1)).toThrow(/below the first/);
    expect(() => log.forget(3)).toThrow(/behind the last/);
    expect(() => log.end(2)).toThrow(/holds sequence/);
    expect(() => log.put({ slot: 1, epoch: 1, tag: 0, command: bytes() })).toThrow(/below the first/);
    expect(log.view(1)).toBe(false);
    expect(log.view(2)).toBe(true);
    expect(log.viewBytes.subarray(log.viewStart, log.viewEnd)).toEqual(bytes(2));
  });

  it('gives forgotten slots back and stays readable', () => {
    const { log } = setUp();
    for (let i = 1; i <= 5000; i++) {
      log.append(i, 0, bytes(i & 255));
      if (i > 10 && i % 7 === 0) log.forget(i - 10);
    }
    const { first, last } = log;
    expect(last).toBe(5000);
    for (let slot = first - 1; slot <= last; slot++) expect(log.epochAt(slot)).toBe(slot);
    const tail = unpackBatch(log.slice(first, last, 1e6)).map((entry) => entry.epoch);
    expect(tail).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
  });
});

describe('records', () => {
  it('stay in order of last write, and readable after their end until they are dropped', () => {
    const { log, writes } = setUp('records');
    for (const slot of [500, 20, 3000]) log.put({ slot, epoch: 0, tag: 1, command: bytes(slot & 255) });
    log.mark(20, 0, 2);
    expect([...log.slots()]).toEqual([500, 3000, 20]);
    log.end(500);
    log.end(500);
    log.end(7);
    expect(writes.at(-1)).toEqual([5, false]);
    expect(writes).toHaveLength(5);
    expect([log.isEnded(500), log.tagAt(500), log.last, log.first]).toEqual([true, 1, 3000, 20]);
    expect(log.ended()).toEqual([500]);
    expect(log.image().map((record) => record.kind)).toEqual(['entries', 'end', 'entries', 'entries']);
    log.end(3000);
    log.mark(3000, 0, 4); // written again: not over after all
    log.drop([500, 3000]);
    expect([...log.slots()]).toEqual([20, 3000]);
    expect(log.entryAt(500)).toBeUndefined();
    expect(log.append(1, 0, bytes())).toBe(3001);
    for (const slot of log.slots()) log.mark(slot, 0, 9); // changing while reading ends
    expect(() => log.forget(1)).toThrow(/holds records/);
  });
});

describe('durableLast', () => {
  it('is what a crash would leave, without what was truncated since', () => {
    const { log, journal, waiting } = setUp();
    const last = () => log.durableLast(journal.durable);
    for (let i = 0; i < 3; i++) log.append(1, 0, bytes(i));
    expect(last()).toBe(0);
    log.sync();
    journal.flush();
    log.append(1, 0, bytes(3));
    log.sync();
    expect(last()).toBe(0);
    waiting.shift()!();
    expect(last()).toBe(3);
    log.truncateFrom(2);
    log.append(2, 0, bytes(4));
    log.append(2, 0, bytes(5));
    log.sync();
    expect(last()).toBe(1);
    journal.flush();
    waiting.shift()!();
    expect(last()).toBe(3);
  });

  it('knows many writes that are not durable yet', () => {
    const { log, journal, waiting } = setUp();
    const write = () => {
      log.append(1, 0, bytes());
      log.sync();
    };
    for (let i = 0; i < 10; i++) write();
    journal.flush();
    for (let i = 0; i < 1000; i++) write();
    expect(log.durableLast(4)).toBe(4);
    waiting.shift()!();
    for (const sequence of [10, 11, 500, 1009]) expect(log.durableLast(sequence)).toBe(sequence);
  });

  it('holds a bounded queue when nobody asks', () => {
    const { log, journal, waiting } = setUp();
    for (let i = 1; i <= 1000; i++) {
      log.append(1, 0, bytes());
      log.sync();
      journal.flush();
      waiting.shift()!();
    }
    const { tail } = log as unknown as { tail: DurableTail };
    expect(tail.pending).toBeLessThan(100);
    expect(log.durableLast(journal.durable)).toBe(1000);
  });
});
