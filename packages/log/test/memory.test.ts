import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../src/index.ts';
import { MemoryDisk, MemoryJournal, MemorySnapshotStore } from '../src/memory/index.ts';
import { seeded } from './worlds.ts';

type Done = (error?: Error) => void;
const KEPT = { lostWrites: false, tornWrites: false };

function setUp() {
  const disk = new MemoryDisk();
  const asked: { kind: string; bytes: number; done: Done }[] = [];
  const schedule = (kind: string, bytes: number, done: Done) => void asked.push({ kind, bytes, done });
  const open = () => new MemoryJournal(disk, schedule);
  return { disk, asked, schedule, open };
}

const end = (slot: number): JournalRecord => ({ kind: 'end', log: 'main', slot });
const slots = (journal: MemoryJournal) =>
  [...journal.recover()].map((record) =>
    record.kind === 'save' ? 0 : record.kind === 'entries' ? -1 : record.slot,
  );

describe('group commit', () => {
  it('has one group on its way and gathers the next', () => {
    const { asked, open } = setUp();
    const journal = open();
    const reported: number[] = [];
    journal.onDurable = (sequence) => reported.push(sequence);
    journal.flush();
    expect(asked).toHaveLength(0);
    journal.write(end(1));
    journal.flush();
    for (const slot of [2, 3, 4]) {
      expect(journal.write(end(slot))).toBe(slot);
      journal.flush();
    }
    journal.write(end(5)); // nobody asked for this one, but it goes along
    expect(asked).toHaveLength(1);
    asked[0]!.done();
    expect([journal.durable, journal.written]).toEqual([1, 5]);
    expect(asked).toHaveLength(2);
    expect(asked[1]!.bytes).toBe(4 * asked[0]!.bytes);
    asked[1]!.done();
    asked[1]!.done();
    expect(reported).toEqual([1, 5]);
    expect(asked).toHaveLength(2);
  });
});

describe('a crash', () => {
  it('kills the journals and stores made before it', () => {
    const { disk, asked, schedule, open } = setUp();
    const journal = open();
    const store = new MemorySnapshotStore(disk, schedule);
    journal.onDurable = () => expect.unreachable();
    journal.write(end(1));
    journal.flush();
    store.save({ slot: 1, epoch: 1, bytes: Uint8Array.of(1) }, () => expect.unreachable());
    disk.crash(() => 0, { lostWrites: false, tornWrites: true });
    expect(disk.tornDropped).toBe(1);
    const again = open();
    for (const { done } of asked) done();
    journal.write(end(2));
    journal.flush();
    expect([again.written, again.durable, slots(again), disk.snapshot]).toEqual([0, 0, [], undefined]);
  });

  it('keeps everything without a power cut, and with one a prefix of any subset', () => {
    const lengths = new Set<number>();
    let dropped = 0;
    for (let seed = 1; seed < 60; seed++) {
      const { disk, asked, open } = setUp();
      const journal = open();
      journal.write(end(1));
      journal.flush();
      asked[0]!.done();
      for (let slot = 2; slot <= 5; slot++) journal.write(end(slot));
      disk.crash(seeded(seed), seed === 1 ? KEPT : { lostWrites: true, tornWrites: seed % 2 === 0 });
      const survived = slots(open());
      expect(survived).toEqual([1, 2, 3, 4, 5].slice(0, survived.length));
      if (seed === 1) expect(survived).toHaveLength(5);
      else lengths.add(survived.length);
      dropped += disk.tornDropped;
    }
    expect([...lengths].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(dropped).toBeGreaterThan(0);
  });

  it('drops what stands behind a lost record, and what was written after the last group', () => {
    const { disk, asked, open } = setUp();
    const journal = open();
    journal.write(end(1));
    journal.flush();
    for (let slot = 2; slot <= 4; slot++) journal.write(end(slot));
    asked[0]!.done();
    const draws = [0.1, 0.9, 0.1]; // the third record is lost
    disk.crash(() => draws.shift()!, { lostWrites: true, tornWrites: false });
    expect([slots(open()), disk.tornDropped, draws]).toEqual([[1, 2], 1, []]);
  });

  it('before an image is durable leaves what the image was to replace', () => {
    const { disk, asked, open } = setUp();
    const journal = open();
    journal.write(end(1));
    journal.flush();
    asked[0]!.done();
    journal.compact([end(100)]);
    disk.crash(() => 0, KEPT);
    const second = open();
    expect(slots(second)).toEqual([1]);
    second.compact([end(100)]);
    second.write(end(2));
    second.flush();
    asked.at(-1)!.done();
    asked.at(-1)!.done();
    disk.crash(() => 0, { lostWrites: true, tornWrites: false });
    expect(slots(open())).toEqual([100, 2]);
  });
});

describe('a failing disk', () => {
  it('stops the journal for good and says so once', () => {
    const { disk, asked, open } = setUp();
    const journal = open();
    const failures: string[] = [];
    journal.onFailure = (error) => failures.push(error.message);
    journal.onDurable = () => expect.unreachable();
    journal.write(end(1));
    journal.flush();
    asked[0]!.done(new Error('no space left'));
    expect(journal.write(end(2))).toBe(2);
    journal.flush();
    journal.compact([]);
    expect([failures, asked.length, journal.durable]).toEqual([['no space left'], 1, 0]);
    disk.crash(() => 0.9, { lostWrites: true, tornWrites: false });
    expect(slots(open())).toEqual([]);
  });

  it('leaves the older snapshot', () => {
    const { disk, asked, schedule } = setUp();
    const store = new MemorySnapshotStore(disk, schedule);
    const failures: string[] = [];
    store.onFailure = (error) => failures.push(error.message);
    let done = 0;
    const save = (slot: number) => store.save({ slot, epoch: 1, bytes: new Uint8Array(7) }, () => done++);
    save(1);
    expect([store.newest, asked[0]!.kind, asked[0]!.bytes]).toEqual([undefined, 'snapshot', 7]);
    asked[0]!.done();
    save(2);
    save(3);
    asked[2]!.done();
    asked[1]!.done(); // late: the newer one stays
    expect([store.newest!.slot, done]).toEqual([3, 3]);
    save(4);
    asked[3]!.done(new Error('broken'));
    save(5);
    expect([store.newest!.slot, failures, asked.length]).toEqual([3, ['broken'], 4]);
  });
});

it('a saved state is what it was when it was saved', () => {
  const { disk, open } = setUp();
  const journal = open();
  const durable = { term: 1, votes: [1, 2], key: Uint8Array.of(1), none: null };
  journal.write({ kind: 'save', durable });
  durable.votes.push(3);
  durable.key[0] = 9;
  disk.crash(() => 0, KEPT);
  const [first] = open().recover();
  if (first?.kind !== 'save') throw new Error('nothing saved');
  const expected = { term: 1, votes: [1, 2], key: Uint8Array.of(1), none: null };
  expect(first.durable).toEqual(expected);
  (first.durable as typeof durable).term = 7;
  expect([...open().recover()][0]).toEqual({ kind: 'save', durable: expected });
});
