import { crc32 } from 'node:zlib';
import { readU32, writeU32 } from '@quorate/interface';

/*
 * Segment file: a header of 512 bytes, then records, each at a multiple of 8. All numbers are little-endian; "f64" are whole numbers
 * as IEEE doubles.
 *
 * Header: 8 bytes magic, u32 version, u32 generation, f64 size of the file, f64 sequence of the first record, f64 sequence that was
 * durable at its creation, u8 flags, 3 zero bytes, u32 CRC-32 of all before.
 *
 * Record: u32 length of the body, u32 CRC-32 of all behind it (begun with the length), u64 sequence, u32 generation of its segment,
 * u64 sequence that was durable when it was written, u8 kind, u8 length of the log's name, u16 zero, body (name, then fields).
 */

export const SEGMENT_HEADER_BYTES = 512;
export const RECORD_HEADER_BYTES = 32;
export const ALIGNMENT = 8;

const MAGIC = [0x51, 0x55, 0x4f, 0x52, 0x4a, 0x52, 0x4e, 0x4c]; // QUORJRNL
/** Version 1 had CRC-32C, which Node cannot compute by itself. */
const VERSION = 2;
const HEADER_FIELDS_BYTES = 44;
const FLAG_IMAGE = 1;
const FLAG_RECYCLED = 2;

/** The number of each kind of record on disk. The last three are the journal's own and have no sequence of their own. */
export const KIND = {
  save: 1,
  entries: 2,
  mark: 3,
  truncate: 4,
  forget: 5,
  restart: 6,
  end: 7,
  imageBegin: 8,
  imageEnd: 9,
  /** Written when the journal is closed: says that everything before it is durable. */
  seal: 10,
} as const;

/** What a segment's header says. */
export interface SegmentHeader {
  readonly generation: number;
  readonly size: number;
  /** The sequence that the first record with one of its own has or will have. */
  readonly first: number;
  /** What was durable when the segment was begun. */
  readonly mark: number;
  /** Whether it begins with an image, which replaces all older segments. */
  readonly image: boolean;
  /** Whether it may hold old bytes behind its last record; else zeros. */
  readonly recycled: boolean;
}

export function encodeHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  writeU32(bytes, 8, VERSION);
  writeU32(bytes, 12, header.generation);
  view.setFloat64(16, header.size, true);
  view.setFloat64(24, header.first, true);
  view.setFloat64(32, header.mark, true);
  bytes[40] = (header.image ? FLAG_IMAGE : 0) | (header.recycled ? FLAG_RECYCLED : 0);
  writeU32(bytes, HEADER_FIELDS_BYTES, crc32(bytes.subarray(0, HEADER_FIELDS_BYTES)));
  return bytes;
}

/** The header at the beginning of `bytes`, or what is wrong with it. */
export function decodeHeader(bytes: Uint8Array): SegmentHeader | string {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'it is shorter than a header';
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) return 'it does not begin like a journal';
  const version = readU32(bytes, 8);
  if (version !== VERSION) return `it has version ${version} and this program reads version ${VERSION}`;
  if (readU32(bytes, HEADER_FIELDS_BYTES) !== crc32(bytes.subarray(0, HEADER_FIELDS_BYTES)))
    return 'its header has a wrong checksum';
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    generation: readU32(bytes, 12),
    size: view.getFloat64(16, true),
    first: view.getFloat64(24, true),
    mark: view.getFloat64(32, true),
    image: (bytes[40]! & FLAG_IMAGE) !== 0,
    recycled: (bytes[40]! & FLAG_RECYCLED) !== 0,
  };
}

/** The bytes that a record with a body of `length` bytes takes. */
export function recordSize(length: number): number {
  return (RECORD_HEADER_BYTES + length + ALIGNMENT - 1) & -ALIGNMENT;
}

/** Fills in what is known only when the record at `offset` goes to its segment, and its checksum. Returns the offset behind it. */
export function sealRecord(bytes: Uint8Array, offset: number, generation: number, mark: number): number {
  const length = readU32(bytes, offset);
  writeU32(bytes, offset + 16, generation);
  writeU64(bytes, offset + 20, mark);
  writeU32(bytes, offset + 4, checksum(bytes, offset, length));
  return offset + recordSize(length);
}

/** The size of the record of this generation at `offset`, or 0 where no whole and unharmed one stands. */
export function readRecord(bytes: Uint8Array, offset: number, generation: number): number {
  if (offset + RECORD_HEADER_BYTES > bytes.length) return 0;
  if (readU32(bytes, offset + 16) !== generation) return 0;
  const length = readU32(bytes, offset);
  if (length > bytes.length - offset - RECORD_HEADER_BYTES) return 0;
  const size = recordSize(length);
  if (offset + size > bytes.length) return 0;
  for (let i = offset + RECORD_HEADER_BYTES + length; i < offset + size; i++) if (bytes[i] !== 0) return 0;
  if (readU32(bytes, offset + 4) !== checksum(bytes, offset, length)) return 0;
  const kind = bytes[offset + 28]!;
  return kind >= KIND.save && kind <= KIND.seal ? size : 0;
}

export function sequenceOf(bytes: Uint8Array, offset: number): number {
  return readU64(bytes, offset + 8);
}

export function markOf(bytes: Uint8Array, offset: number): number {
  return readU64(bytes, offset + 20);
}

export function writeU64(bytes: Uint8Array, offset: number, value: number): void {
  writeU32(bytes, offset, value >>> 0);
  writeU32(bytes, offset + 4, Math.floor(value / 0x1_0000_0000));
}

function readU64(bytes: Uint8Array, offset: number): number {
  return readU32(bytes, offset) + readU32(bytes, offset + 4) * 0x1_0000_0000;
}

function checksum(bytes: Uint8Array, offset: number, length: number): number {
  return crc32(bytes.subarray(offset + 8, offset + RECORD_HEADER_BYTES + length), length);
}
