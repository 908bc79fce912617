import { readU32 } from '@quorate/interface';
import type { JournalRecord } from '../journal.ts';
import { JournalCorruptError } from './errors.ts';
import {
  ALIGNMENT,
  decodeHeader,
  KIND,
  markOf,
  readRecord,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
  sequenceOf,
} from './format.ts';
import { type Io, readFile } from './io.ts';
import { decodeRecord } from './record-buffer.ts';

/** Bytes at the journal's end that were written and never became durable; they are left out. */
export interface TornTail {
  readonly file: string;
  /** Where the first bad record begins. */
  readonly offset: number;
  /** Whole records found behind it, left out too, as one before them is missing. */
  readonly dropped: number;
}

/** What opening a journal found. */
export interface RecoveryReport {
  /** Records to replay. */
  readonly records: number;
  /** The sequence of the last one. */
  readonly last: number;
  /** The files they are in. */
  readonly segments: number;
  readonly torn: TornTail | null;
}

/** What survived in a folder. */
export interface Recovered {
  readonly records: JournalRecord[];
  readonly report: RecoveryReport;
  /** The highest generation seen. */
  readonly generation: number;
  /** Paths of the segments that are needed. */
  readonly needed: readonly string[];
  /** Paths of the segments that are not. */
  readonly spare: readonly string[];
}

interface Segment {
  readonly path: string;
  readonly header: SegmentHeader;
  readonly bytes: Uint8Array;
}

/** A beginning and the segments that go on from it, as far as they could be read. */
interface Chain {
  records: JournalRecord[];
  paths: string[];
  /** Sequence of the last record read. */
  last: number;
  /** Where reading stopped for good, if it did; else the end of the last segment. */
  path: string;
  offset: number;
  broken: boolean;
  /** Whether the last segment shows traces of something behind its last record. */
  torn: boolean;
  dropped: number;
  inImage: boolean;
  /** Its beginning is missing: a compaction that was taking old segments out of use was cut off, or somebody removed files. */
  headless: boolean;
}

/**
 * Reads all segments of a folder, oldest first. The newest image that is complete is the beginning; behind it records follow by
 * sequence until the first bad one. That is the torn tail of a crash if nothing anywhere says that it had been durable.
 * @throws JournalCorruptError if something does.
 */
export function recoverSegments(io: Io, paths: readonly string[], generations: readonly number[]): Recovered {
  let chain: Chain | undefined;
  let complete: Chain | undefined;
  const abandoned: Chain[] = [];
  let highestMark = 0;
  for (const [i, path] of paths.entries()) {
    const segment = readSegment(io, path, generations[i]!);
    const { header } = segment;
    highestMark = Math.max(highestMark, header.mark);
    if (chain === undefined || header.image) {
      if (chain !== undefined && chain !== complete) abandoned.push(chain);
      chain = beginChain(segment);
    }
    highestMark = Math.max(highestMark, readInto(chain, segment));
    if (!chain.inImage && !chain.headless) complete = chain;
  }
  if (chain === undefined) return NOTHING;
  // An image that was cut off by a crash never counted: what it was to replace is still there, unless it is damaged instead.
  if (chain !== complete) abandoned.push(chain);
  if (complete === undefined) {
    const reason = chain.headless
      ? 'files older than it are missing'
      : 'the image that it begins with is incomplete';
    throw new JournalCorruptError(chain.path, chain.offset, reason);
  }
  if (highestMark > complete.last) {
    const reason = `record ${complete.last + 1} is bad or missing, though all up to ${highestMark} had been durable`;
    throw new JournalCorruptError(complete.path, complete.offset, reason);
  }
  const tornChain = complete.torn
    ? complete
    : abandoned.find((other) => !other.headless && other.path > complete.path);
  const needed = complete.paths;
  return {
    records: complete.records,
    report: {
      records: complete.records.length,
      last: complete.last,
      segments: needed.length,
      torn:
        tornChain === undefined
          ? null
          : { file: tornChain.path, offset: tornChain.offset, dropped: tornChain.dropped },
    },
    generation: generations[generations.length - 1]!,
    needed,
    spare: paths.filter((path) => !needed.includes(path)),
  };
}

const NOTHING: Recovered = {
  records: [],
  report: { records: 0, last: 0, segments: 0, torn: null },
  generation: 0,
  needed: [],
  spare: [],
};

function readSegment(io: Io, path: string, generation: number): Segment {
  const bytes = readFile(io, path);
  const header = decodeHeader(bytes);
  if (typeof header === 'string') throw new JournalCorruptError(path, 0, header);
  if (header.generation !== generation)
    throw new JournalCorruptError(path, 12, `it says it is generation ${header.generation}`);
  // A segment has its full size, durably, before it gets its name, and keeps it: no crash makes it shorter.
  if (bytes.length < header.size)
    throw new JournalCorruptError(
      path,
      bytes.length,
      `it ends here, and it should have ${header.size} bytes`,
    );
  return { path, header, bytes };
}

function beginChain({ path, header }: Segment): Chain {
  return {
    records: [],
    paths: [],
    last: header.first - 1,
    path,
    offset: SEGMENT_HEADER_BYTES,
    broken: false,
    torn: false,
    dropped: 0,
    inImage: header.image,
    headless: !header.image && header.first !== 1,
  };
}

/** Reads a segment's records to the end of `chain` and returns the highest durable mark that stands anywhere in it. */
function readInto(chain: Chain, { path, header, bytes }: Segment): number {
  let offset = SEGMENT_HEADER_BYTES;
  let highestMark = 0;
  if (!chain.broken && header.first !== chain.last + 1) chain.broken = true;
  if (!chain.broken) {
    let empty = true;
    let size = readRecord(bytes, offset, header.generation);
    while (size > 0 && follows(chain, bytes, offset, offset === SEGMENT_HEADER_BYTES && header.image)) {
      highestMark = Math.max(highestMark, markOf(bytes, offset));
      take(chain, path, bytes, offset);
      if (bytes[offset + 28] !== KIND.seal) empty = false;
      offset += size;
      size = readRecord(bytes, offset, header.generation);
    }
    if (!empty) chain.paths.push(path);
    chain.path = path;
    chain.offset = offset;
  }
  const rest = searchRest(bytes, offset, header);
  if (!chain.broken) {
    chain.torn = rest.traces;
    chain.dropped = rest.records;
  }
  return Math.max(highestMark, rest.highestMark);
}

/** Whether the whole record at `offset` is the one that comes next. An image begins where its segment begins. */
function follows(chain: Chain, bytes: Uint8Array, offset: number, atImage: boolean): boolean {
  const kind = bytes[offset + 28]!;
  if ((kind === KIND.imageBegin) !== atImage) return false;
  if (kind === KIND.imageEnd && !chain.inImage) return false;
  const without = chain.inImage || kind === KIND.seal;
  return sequenceOf(bytes, offset) === (without ? chain.last : chain.last + 1);
}

function take(chain: Chain, path: string, bytes: Uint8Array, offset: number): void {
  if (bytes[offset + 28] === KIND.imageEnd) chain.inImage = false;
  else chain.last = sequenceOf(bytes, offset);
  const record = decoded(bytes, offset);
  if (record instanceof Error) {
    const reason = `the record's checksum is right and its content is not (${record.message})`;
    throw new JournalCorruptError(path, offset, reason);
  }
  if (record !== undefined) chain.records.push(record);
}

function decoded(bytes: Uint8Array, offset: number): JournalRecord | Error | undefined {
  try {
    return decodeRecord(bytes, offset);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Looks for whole records of the segment's generation behind the place where reading stopped: how many, and what they say was
 * durable. `traces`: somebody had written here, as far as one can tell.
 */
function searchRest(
  bytes: Uint8Array,
  start: number,
  header: SegmentHeader,
): { records: number; highestMark: number; traces: boolean } {
  let records = 0;
  let highestMark = 0;
  let traces = false;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  let offset = start;
  while (offset + 4 <= bytes.length) {
    const i = offset >>> 2;
    if (!header.recycled && (words[i] !== 0 || words[i + 1] !== 0)) traces = true;
    const size = words[i + 4] === header.generation ? readRecord(bytes, offset, header.generation) : 0;
    if (size > 0) {
      records++;
      highestMark = Math.max(highestMark, markOf(bytes, offset));
      traces = true;
    }
    offset += size > 0 ? size : ALIGNMENT;
  }
  if (start + 20 <= bytes.length && readU32(bytes, start + 16) === header.generation) traces = true;
  return { records, highestMark, traces };
}
