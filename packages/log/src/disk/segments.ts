import { encodeHeader, SEGMENT_HEADER_BYTES } from './format.ts';
import { type Io, OPEN, syncDirectory, writeFully } from './io.ts';

/** The first segment's size; each further one is four times as large until the full size is reached, so that a small journal stays small. */
const FIRST_SEGMENT_BYTES = 1024 * 1024;
/** Zeros are written in pieces of this size. */
const FILL_BYTES = 256 * 1024;
/** For each byte of journal this many bytes of zeros may be written ahead, so that the next segment is full in time. */
const FILL_RATE = 5;
/** Old segments kept for use again. */
const SPARES_MAX = 2;

const ZEROS = new Uint8Array(FILL_BYTES);

/** The segment that is being written. Every write to `fd` is durable when it is done. */
export interface OpenSegment {
  readonly path: string;
  readonly fd: number;
  readonly generation: number;
  readonly size: number;
  /** Where the next record goes. */
  position: number;
}

interface Spare {
  readonly path: string;
  /** All of it is zeros: the records in it will be easy to tell from what stood there. */
  readonly fresh: boolean;
}

/**
 * A folder's segment files. Their space is filled with zeros ahead, or taken from old segments, so that a write to the journal changes no
 * file's size: the disk then has one thing to do instead of two. Where that is not ready in time a write is slower, never wrong.
 */
export class Segments {
  private readonly io: Io;
  private readonly directory: string;
  private readonly sizeMax: number;
  private readonly spares: Spare[] = [];
  private live: { path: string; generation: number }[] = [];
  private spareNumber = 0;
  private nextSize: number;
  /** Names may have changed since the directory was last made durable; what an earlier process left is not known. */
  private renamed = true;
  private filling: { path: string; fd: number; size: number; filled: number; busy: boolean } | undefined;
  private credit = 0;
  private closed = false;

  constructor(io: Io, directory: string, sizeMax: number) {
    this.io = io;
    this.directory = directory;
    this.sizeMax = sizeMax;
    this.nextSize = Math.min(FIRST_SEGMENT_BYTES, sizeMax);
  }

  /** Segment files by rising generation; and spare ones, which are taken over. */
  scan(): { paths: string[]; generations: number[] } {
    const found: { path: string; generation: number }[] = [];
    for (const name of this.io.list(this.directory)) {
      const number = Number(/^(?:journal|spare)-(\d{10})\.seg$/.exec(name)?.[1] ?? Number.NaN);
      if (Number.isNaN(number)) continue;
      const path = `${this.directory}/${name}`;
      if (name.startsWith('journal')) found.push({ path, generation: number });
      else {
        this.spareNumber = Math.max(this.spareNumber, number);
        this.addSpare({ path, fresh: false });
      }
    }
    found.sort((a, b) => a.generation - b.generation);
    this.live = found;
    return { paths: found.map(({ path }) => path), generations: found.map(({ generation }) => generation) };
  }

  /** Takes segments which are no longer needed out of use, durably before anything else is written. */
  retire(needless: (path: string, generation: number) => boolean): void {
    const kept: typeof this.live = [];
    for (const segment of this.live) {
      if (needless(segment.path, segment.generation)) this.recycle(segment.path);
      else kept.push(segment);
    }
    this.live = kept;
  }

  /** Begins the segment of `generation`, with room for `need` bytes at least. Its header and name are durable on return. */
  begin(header: {
    generation: number;
    first: number;
    mark: number;
    image: boolean;
    need: number;
  }): OpenSegment {
    // A header must not be overwritten while the file might come back under its old name.
    this.syncRenames();
    const { generation, first, mark, image } = header;
    const spare = this.takeSpare(SEGMENT_HEADER_BYTES + header.need);
    const fd = this.io.open(spare.path, OPEN.log);
    try {
      const size = this.io.size(fd);
      const recycled = !spare.fresh;
      writeFully(this.io, fd, encodeHeader({ generation, size, first, mark, image, recycled }), 0);
      // O_DSYNC made the header durable; this, the file's size too, which `create` had set.
      this.io.syncNow(fd);
      const path = `${this.directory}/journal-${padded(generation)}.seg`;
      this.io.rename(spare.path, path);
      this.renamed = true;
      this.syncRenames();
      this.live.push({ path, generation });
      return { path, fd, generation, size, position: SEGMENT_HEADER_BYTES };
    } catch (error) {
      this.io.close(fd);
      throw error;
    }
  }

  /** `bytes` of journal were written: time to prepare as much of the next segment. */
  wrote(bytes: number): void {
    if (this.spares.length > 0 || this.closed) return;
    this.credit += bytes * FILL_RATE;
    if (this.credit >= FILL_BYTES) this.fill();
  }

  close(): void {
    this.closed = true;
    if (this.filling !== undefined && !this.filling.busy) this.io.close(this.filling.fd);
  }

  private fill(): void {
    this.filling ??= this.create();
    const { filling } = this;
    if (filling.busy) return;
    const length = Math.min(FILL_BYTES, filling.size - filling.filled);
    filling.busy = true;
    this.credit = Math.min(this.credit - length, 4 * FILL_BYTES);
    this.io.write(filling.fd, ZEROS, 0, length, filling.filled, (error, count) => {
      filling.busy = false;
      filling.filled += count;
      if (this.closed || error !== null) {
        // Without a spare the journal makes its next segment itself, and reports what then goes wrong.
        this.closed = true;
        this.io.close(filling.fd);
      } else if (filling.filled === filling.size) {
        this.io.close(filling.fd);
        this.filling = undefined;
        this.spares.push({ path: filling.path, fresh: true });
      } else if (this.credit >= FILL_BYTES) this.fill();
    });
  }

  private create(size = this.nextSize) {
    const path = this.newSparePath();
    this.io.close(this.io.open(path, OPEN.create));
    const fd = this.io.open(path, OPEN.log);
    this.io.truncate(fd, size);
    this.renamed = true;
    this.nextSize = Math.min(this.nextSize * 4, this.sizeMax);
    return { path, fd, size, filled: 0, busy: false };
  }

  private takeSpare(need: number): Spare {
    for (let i = 0; i < this.spares.length; i++) {
      const spare = this.spares[i]!;
      const fd = this.io.open(spare.path, OPEN.read);
      const size = this.io.size(fd);
      this.io.close(fd);
      if (size < need) continue;
      this.spares.splice(i, 1);
      return spare;
    }
    // Little was written so far: a small first segment is filled here and now. A large one is not, and its writes are slower.
    const file = this.create(Math.max(need, this.nextSize));
    try {
      if (file.size <= FIRST_SEGMENT_BYTES) writeFully(this.io, file.fd, new Uint8Array(file.size), 0);
    } finally {
      this.io.close(file.fd);
    }
    return { path: file.path, fresh: true };
  }

  private recycle(path: string): void {
    const spare = this.newSparePath();
    this.io.rename(path, spare);
    this.renamed = true;
    this.addSpare({ path: spare, fresh: false });
  }

  private addSpare(spare: Spare): void {
    if (this.spares.length < SPARES_MAX) this.spares.push(spare);
    else this.io.unlink(spare.path);
  }

  private newSparePath(): string {
    this.spareNumber++;
    return `${this.directory}/spare-${padded(this.spareNumber)}.seg`;
  }

  private syncRenames(): void {
    if (!this.renamed) return;
    this.renamed = false;
    syncDirectory(this.io, this.directory);
  }
}

function padded(number: number): string {
  return String(number).padStart(10, '0');
}
