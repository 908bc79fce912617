import { readU32 } from '@quorate/interface';
import type { Gatherer, Journal, JournalRecord } from '../journal.ts';
import { KIND, recordSize, SEGMENT_HEADER_BYTES, sealRecord, sequenceOf } from './format.ts';
import { type Io, nodeIo, OPEN, writeAll, writeFully } from './io.ts';
import { lockFolder } from './lock.ts';
import { RecordBuffer } from './record-buffer.ts';
import { type RecoveryReport, recoverSegments } from './recovery.ts';
import { type OpenSegment, Segments } from './segments.ts';

/** What may be set for a journal on disk. */
export interface DiskJournalOptions {
  /** Size of a full segment file in bytes; default 64 MiB. A larger record gets a larger file. */
  readonly segmentBytes?: number;
  /** The file operations; default the real ones. */
  readonly io?: Io;
}

const DEFAULT_SEGMENT_BYTES = 64 * 1024 * 1024;

/** So many writes may be on their way. A second one makes use of the time in which the disk answers the first; a third would only make groups smaller. */
const WRITES_MAX = 2;

/** A piece of a buffer on its way to one segment in one write. */
interface Write {
  readonly buffer: RecordBuffer;
  readonly length: number;
  /** Sequence of its last record. */
  readonly to: number;
  /** It completes an image: older segments have had their day. */
  readonly imageEnd: boolean;
  /** The buffer's last piece. */
  readonly isLast: boolean;
  isDone: boolean;
}

/**
 * A journal in a folder of its own. Each group is one asynchronous write, durable when it is done (O_DSYNC), into space that was
 * allocated before. Two may be on their way, and count as durable in their order: after a crash the second may be there without the
 * first, and what stands behind such a hole is left out, as of any torn tail. Failed writes stop it for good.
 */
export class DiskJournal implements Journal {
  written: number;
  durable: number;
  onDurable: (sequence: number) => void = ignore;
  onFailure: (error: Error) => void = ignore;
  gathering: Gatherer | undefined = undefined;
  /** What `open` found. */
  readonly report: RecoveryReport;

  private readonly io: Io;
  private readonly unlock: () => void;
  private readonly segments: Segments;
  private segment: OpenSegment;
  private recovered: JournalRecord[] | undefined;

  /** Gathers what is written. */
  private active = new RecordBuffer();
  /** What is being handed to the disk, from `flownTo` on. */
  private flying: RecordBuffer | undefined;
  private flownTo = 0;
  private readonly spare: RecordBuffer[] = [];
  /** In order; and how many of them the disk has not answered. */
  private readonly writes: Write[] = [];
  private underWay = 0;
  private wanted = false;
  private stopped = false;
  /** The next record stands inside an image; and the generation of the segment where the newest image begins. */
  private inImage = false;
  private imageGeneration = 0;
  private closing: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  private closed: Promise<void> | undefined;

  /**
   * Opens the journal in `directory`, which is made if need be, and reads what is there. Everything found is durable on return.
   * @throws DataFolderInUseError where another process has it. @throws JournalCorruptError where something is damaged that had been
   * durable. @throws the file system's errors.
   */
  static open(directory: string, options: DiskJournalOptions = {}): DiskJournal {
    const io = options.io ?? nodeIo;
    io.makeDirectory(directory);
    const unlock = lockFolder(io, directory);
    try {
      return new DiskJournal(io, directory, options.segmentBytes ?? DEFAULT_SEGMENT_BYTES, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  private constructor(io: Io, directory: string, segmentBytes: number, unlock: () => void) {
    if (
      !Number.isSafeInteger(segmentBytes) ||
      segmentBytes < 2 * SEGMENT_HEADER_BYTES ||
      segmentBytes % 8 !== 0
    )
      throw new RangeError(`segmentBytes is ${segmentBytes}; it has to be a multiple of 8 from 1024 on`);
    this.io = io;
    this.unlock = unlock;
    this.segments = new Segments(io, directory, segmentBytes);
    const { paths, generations } = this.segments.scan();
    const { records, report, generation, needed } = recoverSegments(io, paths, generations);
    // What was read may come from the page cache alone, and a second crash must not take back what is reported from here on.
    for (const path of needed) syncFile(io, path);
    this.segments.retire((path) => !needed.includes(path));
    this.recovered = records;
    this.report = report;
    this.written = report.last;
    this.durable = report.last;
    const { last } = report;
    this.segment = this.segments.begin({
      generation: generation + 1,
      first: last + 1,
      mark: last,
      image: false,
      need: 0,
    });
  }

  recover(): Iterable<JournalRecord> {
    const records = this.recovered ?? [];
    this.recovered = undefined;
    return records;
  }

  write(record: JournalRecord): number {
    if (this.gathering !== undefined) this.gathering.sync();
    const sequence = ++this.written;
    if (!this.stopped) this.active.add(record, sequence);
    return sequence;
  }

  flush(): void {
    if (this.active.used === 0 || this.stopped) return;
    this.wanted = true;
    this.submit();
  }

  compact(image: Iterable<JournalRecord>): void {
    const records = [...image];
    if (this.stopped) return;
    const sequence = this.written;
    this.active.addMarker(KIND.imageBegin, sequence);
    for (const record of records) this.active.add(record, sequence);
    this.active.addMarker(KIND.imageEnd, sequence);
    this.flush();
  }

  /** Makes durable what was written, seals the journal and gives the folder free. Nothing may be written afterwards. Rejects where the folder cannot be given free. */
  close(): Promise<void> {
    this.closed ??= new Promise((resolve, reject) => {
      this.closing = { resolve, reject };
      this.flush();
      this.finishIfIdle();
    });
    return this.closed;
  }

  /** Sends pieces on their way while there are any that may go. */
  private submit(): void {
    try {
      while (!this.stopped && this.writes.length < WRITES_MAX) {
        if (this.flying === undefined && !this.takeGroup()) return;
        if (!this.makeRoom()) return;
        this.writePiece();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** Begins the next group, if somebody waits for it. */
  private takeGroup(): boolean {
    if (!this.wanted || this.active.used === 0) return false;
    this.flying = this.active;
    this.flownTo = 0;
    this.active = this.spare.pop() ?? new RecordBuffer();
    this.wanted = false;
    return true;
  }

  /** Goes on to a new segment if the next record does not fit or begins an image; false where that has to wait for writes to the present one. */
  private makeRoom(): boolean {
    const { bytes } = this.flying!;
    const at = this.flownTo;
    const image = bytes[at + 28] === KIND.imageBegin;
    const need = recordSize(readU32(bytes, at));
    if (!image && this.segment.position + need <= this.segment.size) return true;
    if (this.writes.length > 0) return false;
    const sequence = sequenceOf(bytes, at);
    const previous = this.segment;
    this.segment = this.segments.begin({
      generation: previous.generation + 1,
      first: image || this.inImage ? sequence + 1 : sequence,
      mark: this.durable,
      image,
      need,
    });
    this.io.close(previous.fd);
    if (image) this.imageGeneration = this.segment.generation;
    return true;
  }

  /** Finishes as many records as fit into the segment and stand before the next image, and hands them to the disk. */
  private writePiece(): void {
    const { segment, flownTo } = this;
    const buffer = this.flying!;
    const { bytes, used } = buffer;
    const limit = flownTo + segment.size - segment.position;
    let at = flownTo;
    let to = 0;
    let imageEnd = false;
    while (at < used) {
      const kind = bytes[at + 28];
      if (kind === KIND.imageBegin && at > flownTo) break;
      if (at + recordSize(readU32(bytes, at)) > limit) break;
      if (kind === KIND.imageBegin) this.inImage = true;
      if (kind === KIND.imageEnd) {
        this.inImage = false;
        imageEnd = true;
      }
      to = sequenceOf(bytes, at);
      at = sealRecord(bytes, at, segment.generation, this.durable);
    }
    const length = at - flownTo;
    const { position } = segment;
    const write: Write = { buffer, length, to, imageEnd, isLast: at === used, isDone: false };
    segment.position += length;
    this.flownTo = at;
    if (write.isLast) this.flying = undefined;
    this.writes.push(write);
    this.underWay++;
    writeAll(this.io, segment.fd, bytes, flownTo, length, position, (error) => this.onWritten(write, error));
  }

  private onWritten(write: Write, error: Error | null): void {
    this.underWay--;
    if (error !== null) this.fail(error);
    if (this.stopped) {
      this.finishIfIdle();
      return;
    }
    write.isDone = true;
    const before = this.durable;
    while (!this.stopped && this.writes[0]?.isDone === true) this.land(this.writes.shift()!);
    this.submit();
    if (this.durable > before && !this.stopped) this.onDurable(this.durable);
    this.finishIfIdle();
  }

  /** A write is durable, and so are all before it. */
  private land({ buffer, length, to, imageEnd, isLast }: Write): void {
    this.durable = to;
    if (isLast) {
      buffer.clear();
      this.spare.push(buffer);
    }
    try {
      if (imageEnd) this.segments.retire((_path, generation) => generation < this.imageGeneration);
      this.segments.wrote(length);
    } catch (failure) {
      this.fail(failure);
    }
  }

  /** What reached the disk is unknown from here on, so nothing counts as durable any more and nothing is tried again. */
  private fail(cause: unknown): void {
    if (this.stopped) return;
    this.stopped = true;
    const error = cause instanceof Error ? cause : new Error(String(cause));
    queueMicrotask(() => {
      this.onFailure(error);
      this.finishIfIdle();
    });
  }

  /** Closing waits for writes that are under way, failed or not: the file's number must not mean another file by then. */
  private finishIfIdle(): void {
    if (this.closing === undefined || this.underWay > 0) return;
    if (!this.stopped && (this.flying !== undefined || this.active.used > 0)) return;
    const { closing } = this;
    this.closing = undefined;
    if (!this.stopped) this.seal();
    this.stopped = true;
    try {
      this.segments.close();
      this.io.close(this.segment.fd);
      this.unlock();
      closing.resolve();
    } catch (error) {
      closing.reject(error);
    }
  }

  /** Says on disk that all is durable, so that damage to the last records is told from a torn tail. */
  private seal(): void {
    const { segment, active } = this;
    active.addMarker(KIND.seal, this.written);
    if (segment.position + active.used > segment.size) return;
    sealRecord(active.bytes, 0, segment.generation, this.durable);
    try {
      writeFully(this.io, segment.fd, active.bytes.subarray(0, active.used), segment.position);
    } catch (error) {
      this.fail(error);
    }
  }
}

function ignore(): void {}

function syncFile(io: Io, path: string): void {
  const fd = io.open(path, OPEN.update);
  try {
    io.syncNow(fd);
  } finally {
    io.close(fd);
  }
}
