import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packBatch } from '@quorate/interface';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DataFolderInUseError,
  DiskJournal,
  type Io,
  JournalCorruptError,
  nodeIo,
} from '../src/disk/index.ts';
import type { JournalRecord } from '../src/index.ts';
import { FakeIo } from './fake-io.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'quorate-log-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

const save = (term: number): JournalRecord => ({ kind: 'save', durable: { term } });
const open = (options: { segmentBytes?: number; io?: Io } = {}) =>
  DiskJournal.open(directory, { segmentBytes: 4096, ...options });
const segments = () => fs.readdirSync(directory).filter((name) => name.startsWith('journal'));
const terms = (journal: DiskJournal) =>
  [...journal.recover()].map((record) =>
    record.kind === 'save' ? (record.durable as { term: number }).term : 0,
  );

/** Resolves when everything written is durable. */
function durable(journal: DiskJournal): Promise<void> {
  return new Promise((resolve, reject) => {
    journal.onFailure = reject;
    journal.onDurable = (sequence) => {
      if (sequence === journal.written) resolve();
    };
    journal.flush();
  });
}

/** As if the process had been killed: the folder stays as it is. */
function kill(): void {
  fs.rmSync(join(directory, 'lock'));
}

const FILE = '/data/journal-0000000001.seg';
const openFake = (io: FakeIo) => DiskJournal.open('/data', { io, segmentBytes: 4096 });

/** The file of a journal of records 1 to 5, flushed one by one, whose process was killed; and where each record begins. */
function killed(): { bytes: Uint8Array; offsets: number[] } {
  const io = new FakeIo();
  const journal = openFake(io);
  const offsets: number[] = [];
  const position = () => (journal as unknown as { segment: { position: number } }).segment.position;
  for (let term = 1; term <= 5; term++) {
    offsets.push(position());
    journal.write(save(term));
    journal.flush();
    while (io.step());
  }
  offsets.push(position());
  return { bytes: io.names.get(FILE)!.data, offsets };
}

/** A folder with one, perhaps damaged, file. */
function folderWith(bytes: Uint8Array, file = FILE): FakeIo {
  const io = new FakeIo();
  io.names.set(file, { data: bytes.slice(), durable: bytes.slice() });
  return io;
}

describe('every kind of record', () => {
  it('comes back as it was written', async () => {
    const command = Uint8Array.of(1, 2, 3);
    const batch = packBatch(
      [1, 2].map((i) => ({ slot: 2 ** 40 + i, epoch: 2 ** 47 + i, tag: 200 + i, command })),
    );
    const plain = { term: 2 ** 40, vote: null, list: [1, 'two', { three: false }], bytes: command };
    const records: JournalRecord[] = [
      { kind: 'save', durable: plain },
      { kind: 'entries', log: 'main', batch },
      { kind: 'mark', log: 'participant', slot: 2 ** 50, epoch: 5, tag: 9 },
      { kind: 'truncate', log: 'main', slot: 7 },
      { kind: 'forget', log: 'main', slot: 6, epoch: -1 },
      { kind: 'restart', log: 'Größe', slot: 0, epoch: 2 ** 47 },
      { kind: 'end', log: '', slot: 3 },
    ];
    const journal = open();
    expect([journal.written, journal.durable, [...journal.recover()]]).toEqual([0, 0, []]);
    for (const record of records) journal.write(record);
    await journal.close();
    const again = open();
    expect([again.written, again.durable, again.report.torn]).toEqual([7, 7, null]);
    const found = [...again.recover()];
    const [first] = found;
    if (first?.kind === 'save') {
      const durable = first.durable as typeof plain;
      durable.bytes = Uint8Array.from(durable.bytes);
    }
    expect(found).toEqual(records);
    expect(again.write(save(1))).toBe(8);
    await again.close();
  });
});

describe('a journal that was cut off', () => {
  it('drops and reports a last record written up to any byte', () => {
    const { bytes, offsets } = killed();
    for (let cut = offsets[4]!; cut < offsets[5]!; cut++) {
      const damaged = bytes.slice().fill(0, cut);
      if (Buffer.compare(damaged, bytes) === 0) continue; // the padding was zeros before
      const io = folderWith(damaged);
      const journal = openFake(io);
      expect(terms(journal)).toEqual([1, 2, 3, 4]);
      const torn = { file: FILE, offset: offsets[4], dropped: 0 };
      // A record of which not a byte is left, among zeros, was perhaps never written.
      expect(journal.report.torn).toEqual(cut === offsets[4] ? null : torn);
      journal.write(save(50));
      journal.close();
      while (io.step());
      expect(terms(openFake(io))).toEqual([1, 2, 3, 4, 50]);
    }
  });

  it('is refused wherever its file was cut, as no crash makes a file shorter', () => {
    const { bytes, offsets } = killed();
    for (const cut of [512, 513, ...offsets, bytes.length >> 1, bytes.length - 1]) {
      expect(() => openFake(folderWith(bytes.subarray(0, cut)))).toThrow(
        `${FILE} is corrupt at byte ${cut}: it ends here, and it should have ${bytes.length} bytes`,
      );
    }
  });

  it('drops whole records behind a missing one that never became durable', async () => {
    const journal = open();
    for (let term = 1; term <= 3; term++) journal.write(save(term));
    await durable(journal); // one group: nothing says that it became durable
    kill();
    const file = join(directory, segments()[0]!);
    const bytes = fs.readFileSync(file);
    bytes[512 + 40]! ^= 1;
    fs.writeFileSync(file, bytes);
    const again = open();
    expect(terms(again)).toEqual([]);
    expect(again.report.torn).toEqual({ file, offset: 512, dropped: 2 });
    await again.close();
  });

  it('counts a second write as durable only behind the first, and leaves it out where a crash took the first', () => {
    const io = new FakeIo();
    const journal = DiskJournal.open('/data', { io });
    const reports: number[] = [];
    journal.onDurable = (sequence) => reports.push(sequence);
    for (let term = 1; term <= 3; term++) {
      journal.write(save(term));
      journal.flush(); // the third finds two on their way, and waits
    }
    expect(io.waiting).toHaveLength(2);
    io.step(1);
    expect(reports).toEqual([]);
    expect(io.waiting).toHaveLength(1);
    io.waiting = []; // what the power cut took
    io.crash(() => 0.9, true);
    const again = DiskJournal.open('/data', { io });
    expect(again.report).toMatchObject({ last: 0, torn: { dropped: 1 } });
    again.onDurable = (sequence) => reports.push(sequence);
    for (let term = 4; term <= 6; term++) {
      again.write(save(term));
      again.flush();
    }
    io.step(1);
    io.step(0);
    expect(reports).toEqual([2]);
    while (io.step());
    expect(reports).toEqual([2, 3]);
    io.crash(() => 0.9, true);
    const third = DiskJournal.open('/data', { io });
    expect([...third.recover()]).toEqual([save(4), save(5), save(6)]);
  });

  it('is refused if the cut took what had been durable', async () => {
    const journal = open({ segmentBytes: 1024 });
    for (let term = 1; term <= 40; term++) {
      journal.write(save(term));
      await durable(journal);
    }
    await journal.close();
    const [first, second] = segments().map((name) => join(directory, name));
    fs.truncateSync(first!, 700);
    expect(() => open()).toThrow(JournalCorruptError);
    fs.rmSync(second!);
    expect(() => open()).toThrow(JournalCorruptError);
    fs.rmSync(first!);
    expect(() => open()).toThrow(/files older than it are missing/);
  });
});

describe('a damaged journal', () => {
  it('is refused with file and offset, whichever byte in the middle was flipped', () => {
    const { bytes, offsets } = killed();
    for (let i = offsets[2]!; i < offsets[3]!; i++) {
      const damaged = bytes.slice();
      damaged[i]! ^= 0x10;
      const io = folderWith(damaged);
      try {
        openFake(io);
        expect.unreachable(`byte ${i} went unnoticed`);
      } catch (error) {
        expect(error).toBeInstanceOf(JournalCorruptError);
        const { file, offset, message } = error as JournalCorruptError;
        expect([file, offset]).toEqual([FILE, offsets[2]]);
        expect(message).toContain(`${FILE} is corrupt at byte ${offset}: record 3 is bad or missing`);
      }
      expect([...io.names.keys()]).toEqual([FILE]);
      expect(Buffer.compare(io.names.get(FILE)!.data, damaged)).toBe(0);
    }
  });

  it('is refused for its last record too, once it was closed', async () => {
    const journal = open();
    journal.write(save(1));
    await journal.close();
    const file = join(directory, segments()[0]!);
    const bytes = fs.readFileSync(file);
    bytes[512 + 33]! ^= 1;
    fs.writeFileSync(file, bytes);
    expect(() => open()).toThrow(/record 1 is bad or missing, though all up to 1 had been durable/);
  });

  it('is refused for a header that is not ours', () => {
    const { bytes } = killed();
    const broken = (offset: number, value: number) => {
      const damaged = bytes.slice();
      damaged[offset] = value;
      return () => openFake(folderWith(damaged));
    };
    expect(broken(0, 0)).toThrow(/does not begin like a journal/);
    expect(broken(8, 1)).toThrow(/has version 1 and this program reads version 2/);
    expect(broken(30, 99)).toThrow(/wrong checksum/);
    expect(() => openFake(folderWith(bytes.subarray(0, 100)))).toThrow(/shorter than a header/);
    const elsewhere = folderWith(bytes, '/data/journal-0000000077.seg');
    expect(() => openFake(elsewhere)).toThrow(/says it is generation 1/);
  });
});

describe('a data folder', () => {
  it('is refused while a living process has it, and taken over from a dead one', async () => {
    const journal = open();
    expect(() => open()).toThrow(new DataFolderInUseError(directory, process.pid));
    await journal.close();
    const lock = join(directory, 'lock');
    fs.writeFileSync(lock, JSON.stringify({ pid: process.ppid, started: '' }));
    expect(() => open()).toThrow(`in use by process ${process.ppid}`);
    // The same number, but another process: it began at another time.
    for (const stale of ['', '{', JSON.stringify({ pid: process.ppid, started: '1' }), '{"pid":4194305}']) {
      fs.writeFileSync(lock, stale);
      await open().close();
      expect(fs.existsSync(lock)).toBe(false);
    }
  });

  it('is given free when it cannot be opened', () => {
    expect(() => open({ segmentBytes: 1001 })).toThrow(/segmentBytes is 1001/);
    expect(fs.existsSync(join(directory, 'lock'))).toBe(false);
  });
});

describe('a failing disk', () => {
  const failing = (code: string, after: number): Io => {
    let writes = 0;
    return {
      ...nodeIo,
      write(fd, bytes, offset, length, position, done) {
        if (++writes <= after) nodeIo.write(fd, bytes, offset, length, position, done);
        else setImmediate(() => done(Object.assign(new Error(`${code}: refused`), { code }), 0));
      },
    };
  };

  it.each(['ENOSPC', 'EIO'])('(%s) stops the journal once and for all', async (code) => {
    const journal = open({ io: failing(code, 2) });
    for (let term = 1; term <= 2; term++) {
      journal.write(save(term));
      await durable(journal);
    }
    journal.write(save(3));
    await expect(durable(journal)).rejects.toThrow(code);
    journal.onFailure = () => expect.unreachable();
    expect(journal.write(save(4))).toBe(4);
    journal.flush();
    journal.compact([save(9)]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(journal.durable).toBe(2);
    await journal.close();
    const again = open();
    expect(terms(again)).toEqual([1, 2]);
    await again.close();
  });

  it('stops the journal when no further segment can be made, and never at once', async () => {
    let full = false;
    const io: Io = {
      ...nodeIo,
      open(path, flags) {
        if (full && path.includes('spare'))
          throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
        return nodeIo.open(path, flags);
      },
    };
    const journal = open({ io, segmentBytes: 1024 });
    full = true;
    const failure = new Promise<Error>((resolve) => {
      journal.onFailure = resolve;
    });
    for (let term = 1; term <= 40; term++) journal.write(save(term));
    journal.flush();
    expect((await failure).message).toContain('ENOSPC');
    const { durable } = journal;
    expect(durable).toBeGreaterThan(0);
    await journal.close();
    const again = open();
    expect(terms(again)).toHaveLength(durable);
    await again.close();
  });

  it('is written to in as many pieces as it likes', async () => {
    const io: Io = {
      ...nodeIo,
      write: (fd, bytes, offset, length, position, done) =>
        nodeIo.write(fd, bytes, offset, Math.ceil(length / 3), position, done),
    };
    const journal = open({ io });
    for (let term = 1; term <= 20; term++) journal.write(save(term));
    await journal.close();
    const again = open();
    expect(terms(again)).toHaveLength(20);
    await again.close();
  });
});

describe('segments', () => {
  it('grow in number, are replaced by an image, and are used again without their old records', async () => {
    let journal = open({ segmentBytes: 1024 });
    for (let round = 0; round < 6; round++) {
      for (let term = 1; term <= 60; term++) journal.write(save(term));
      await durable(journal);
      const before = segments().length;
      expect(before).toBeGreaterThan(3);
      journal.compact([save(1000 + round)]);
      journal.write(save(2000 + round));
      await durable(journal);
      const after = segments();
      expect(after.length).toBeLessThan(before);
      expect(fs.readdirSync(directory).length).toBeLessThan(after.length + 4);
      // Half of the rounds end in a kill: what an earlier life of the file held must not come back.
      if (round % 2 === 0) kill();
      else await journal.close();
      journal = open({ segmentBytes: 1024 });
      expect(terms(journal)).toEqual([1000 + round, 2000 + round]);
      expect(journal.report.torn).toBeNull();
      expect(journal.written).toBe((round + 1) * 61);
    }
    await journal.close();
  });

  it('may begin with an image of nothing', async () => {
    const journal = open();
    journal.write(save(1));
    await durable(journal);
    journal.compact([]);
    await journal.close();
    const again = open();
    expect([terms(again), again.written]).toEqual([[], 1]);
    again.write(save(2));
    await again.close();
    const last = open();
    expect([terms(last), last.written]).toEqual([[2], 2]);
    await last.close();
  });

  it('hold a record larger than a segment', async () => {
    const journal = open();
    const batch = packBatch([{ slot: 1, epoch: 1, tag: 0, command: new Uint8Array(100_000).fill(7) }]);
    journal.write(save(1));
    journal.write({ kind: 'entries', log: 'main', batch });
    journal.write(save(2));
    await journal.close();
    const again = open();
    const records = [...again.recover()];
    expect(records.map((record) => record.kind)).toEqual(['save', 'entries', 'save']);
    const found = records[1]?.kind === 'entries' ? records[1].batch.bytes : [];
    expect(Buffer.compare(Buffer.from(found), batch.bytes)).toBe(0);
    await again.close();
  });

  it('are filled ahead, so that a full journal finds the next one ready', async () => {
    const journal = open({ segmentBytes: 512 * 1024 });
    const batch = packBatch([{ slot: 1, epoch: 1, tag: 0, command: new Uint8Array(20_000).fill(7) }]);
    for (let i = 0; i < 25; i++) {
      journal.write({ kind: 'entries', log: 'main', batch });
      await durable(journal);
    }
    const ready = fs.readdirSync(directory).filter((name) => name.startsWith('spare'));
    expect(ready).toHaveLength(1);
    expect(fs.readFileSync(join(directory, ready[0]!)).every((byte) => byte === 0)).toBe(true);
    for (let i = 0; i < 3; i++) journal.write({ kind: 'entries', log: 'main', batch });
    await durable(journal);
    expect(segments()).toHaveLength(2);
    expect(fs.readdirSync(directory)).not.toContain(ready[0]);
    await journal.close();
  });
});
