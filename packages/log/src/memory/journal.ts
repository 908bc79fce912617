import type { Gatherer, Journal, JournalRecord } from '../journal.ts';
import type { MemoryDisk } from './disk.ts';
import { copyPlain } from './plain.ts';

/**
 * The world's clock and disk, as the journal needs them: calls `done` once the modelled time for making `bytes` bytes durable has
 * passed, with an error where the modelled disk failed or is full. Never calls it synchronously, and at most once.
 */
export type DiskSchedule = (kind: 'sync' | 'snapshot', bytes: number, done: (error?: Error) => void) => void;

/** Bytes that a record is taken to need besides its entries. */
const RECORD_BYTES = 40;

/** A journal over a modelled disk. Records are kept as objects; the bytes of entries are shared, not copied. */
export class MemoryJournal implements Journal {
  written: number;
  durable: number;
  onDurable: (sequence: number) => void = ignore;
  onFailure: (error: Error) => void = ignore;
  gathering: Gatherer | undefined = undefined;

  private readonly disk: MemoryDisk;
  private readonly schedule: DiskSchedule;
  private readonly life: number;
  private stopped = false;

  /** The group on its way: up to which sequence, and with which image. */
  private flying = false;
  private flyingTo = 0;
  private flyingImage: readonly JournalRecord[] | undefined = undefined;
  private flyingImageAt = 0;
  /** What the next group will hold. */
  private wanted = false;
  private bytes = 0;
  private image: readonly JournalRecord[] | undefined = undefined;
  private imageAt = 0;

  /** A journal made earlier over the same disk is dead from here on. */
  constructor(disk: MemoryDisk, schedule: DiskSchedule) {
    this.disk = disk;
    this.schedule = schedule;
    this.life = disk.life;
    disk.owner = this;
    this.written = disk.written;
    // What a predecessor had written without a crash in between is read back as it is, like a closed file.
    this.durable = disk.written;
    disk.durable = disk.written;
  }

  *recover(): Iterable<JournalRecord> {
    for (const record of this.disk.image) yield thawed(record);
    for (const record of this.disk.tail) yield thawed(record);
  }

  write(record: JournalRecord): number {
    if (this.gathering !== undefined) this.gathering.sync();
    if (this.alive()) {
      this.disk.tail.push(thawed(record));
      this.bytes += recordBytes(record);
    }
    return ++this.written;
  }

  flush(): void {
    if (!this.alive()) return;
    if (this.flying) this.wanted = true;
    else if (this.written > this.durable || this.image !== undefined) this.begin();
  }

  compact(image: Iterable<JournalRecord>): void {
    const records: JournalRecord[] = [];
    for (const record of image) {
      records.push(thawed(record));
      this.bytes += recordBytes(record);
    }
    this.image = records;
    this.imageAt = this.written;
    this.flush();
  }

  /** Nothing is written any more; what was written is read back by the next journal over the disk. */
  close(): void {
    this.stopped = true;
  }

  private alive(): boolean {
    return !this.stopped && this.disk.life === this.life && this.disk.owner === this;
  }

  private begin(): void {
    const { bytes } = this;
    this.flying = true;
    this.flyingTo = this.written;
    this.flyingImage = this.image;
    this.flyingImageAt = this.imageAt;
    this.wanted = false;
    this.bytes = 0;
    this.image = undefined;
    this.schedule('sync', bytes, this.done);
  }

  private readonly done = (error?: Error): void => {
    if (!this.alive() || !this.flying) return;
    this.flying = false;
    if (error !== undefined) {
      this.stopped = true;
      this.onFailure(error);
      return;
    }
    const risen = this.flyingTo > this.durable;
    this.durable = this.flyingTo;
    this.disk.durable = this.flyingTo;
    if (this.flyingImage !== undefined) this.disk.replace(this.flyingImage, this.flyingImageAt);
    this.flyingImage = undefined;
    if (this.wanted) this.flush();
    if (risen) this.onDurable(this.durable);
  };
}

function ignore(): void {}

/** Saved states are copied on the way in and out: whoever changes his own later must not change the disk. */
function thawed(record: JournalRecord): JournalRecord {
  return record.kind === 'save' ? { kind: 'save', durable: copyPlain(record.durable) } : record;
}

function recordBytes(record: JournalRecord): number {
  return record.kind === 'entries' ? RECORD_BYTES + record.batch.bytes.length : RECORD_BYTES;
}
