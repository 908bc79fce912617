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

/** A piece of the flying buffer that goes to one segment in one write. */
interface Piece {
  end: number;
  /** Sequence of its last record. */
  to: number;
  /** It completes an image: older segments have had their day. */
  imageEnd: boolean;
}

/**
 * A journal in a folder of its own. Each group is one asynchronous write, durable when it is done (O_DSYNC), into space that was
 * allocated before. Failed writes stop it for good.
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

  /** Gathers what is written; swaps with `flying`, which is on its way to disk from `flownTo` on. */
  private active = new RecordBuffer();
  private flying = new RecordBuffer();
  private flownTo = 0;
  private busy = false;
  private wanted = false;
  private stopped = false;
  private readonly piece: Piece = { end: 0, to: 0, imageEnd: false };
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
    if (this.busy) this.wanted = true;
    else if (this.active.used > 0 && !this.stopped) this.begin();
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
      if (this.busy) this.wanted = true;
      else if (this.active.used > 0 && !this.stopped) this.begin();
      else this.finish();
    });
    return this.closed;
  }

  private begin(): void {
    const { active } = this;
    this.active = this.flying;
    this.flying = active;
    this.flownTo = 0;
    this.busy = true;
    this.wanted = false;
    this.submit();
  }

  /** Sends the next piece of the flying buffer on its way. */
  private submit(): void {
    try {
      this.makeRoom();
      const { segment, flownTo, piece } = this;
      this.measure();
      const length = piece.end - flownTo;
      writeAll(this.io, segment.fd, this.flying.bytes, flownTo, length, segment.position, this.onWritten);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Goes on to a new segment if the next record does not fit or begins an image. */
  private makeRoom(): void {
    const { bytes } = this.flying;
    const at = this.flownTo;
    const image = bytes[at + 28] === KIND.imageBegin;
    const need = recordSize(readU32(bytes, at));
    if (!image && this.segment.position + need <= this.segment.size) return;
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
  }

  /** Finishes as many records as fit into the segment and stand before the next image. */
  private measure(): void {
    const { segment, flying, piece } = this;
    const { bytes, used } = flying;
    const room = segment.size - segment.position;
    let at = this.flownTo;
    const limit = at + room;
    piece.imageEnd = false;
    while (at < used) {
      const kind = bytes[at + 28];
      if (kind === KIND.imageBegin && at > this.flownTo) break;
      if (at + recordSize(readU32(bytes, at)) > limit) break;
      if (kind === KIND.imageBegin) this.inImage = true;
      if (kind === KIND.imageEnd) {
        this.inImage = false;
        piece.imageEnd = true;
      }
      piece.to = sequenceOf(bytes, at);
      at = sealRecord(bytes, at, segment.generation, this.durable);
    }
    piece.end = at;
  }

  private readonly onWritten = (error: Error | null): void => {
    if (error !== null) {
      this.fail(error);
      return;
    }
    const { piece, segment, flying } = this;
    const length = piece.end - this.flownTo;
    const risen = piece.to > this.durable;
    segment.position += length;
    this.durable = piece.to;
    this.flownTo = piece.end;
    try {
      if (piece.imageEnd) this.segments.retire((_path, generation) => generation < this.imageGeneration);
      this.segments.wrote(length);
    } catch (failure) {
      this.fail(failure);
      return;
    }
    if (this.flownTo < flying.used) this.submit();
    else this.rest();
    if (risen) this.onDurable(this.durable);
  };

  /** The group is durable: the next one, if somebody waits for it. */
  private rest(): void {
    this.flying.clear();
    this.busy = false;
    if (this.wanted && this.active.used > 0) this.begin();
    else if (this.closing !== undefined) this.finish();
  }

  /** What reached the disk is unknown from here on, so nothing counts as durable any more and nothing is tried again. */
  private fail(cause: unknown): void {
    if (this.stopped) return;
    this.stopped = true;
    this.busy = false;
    const error = cause instanceof Error ? cause : new Error(String(cause));
    queueMicrotask(() => {
      this.onFailure(error);
      if (this.closing !== undefined) this.finish();
    });
  }

  private finish(): void {
    const { closing } = this;
    this.closing = undefined;
    if (!this.stopped) this.seal();
    this.stopped = true;
    try {
      this.segments.close();
      this.io.close(this.segment.fd);
      this.unlock();
      closing?.resolve();
    } catch (error) {
      closing?.reject(error);
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
