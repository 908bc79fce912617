import { readU32, writeU32 } from '@quorate/interface';
import { Packr } from 'msgpackr';
import type { JournalRecord } from '../journal.ts';
import { KIND, RECORD_HEADER_BYTES, recordSize, writeU64 } from './format.ts';

const INITIAL_BYTES = 256 * 1024;
/** A buffer that grew beyond this for one burst is given back. */
const KEPT_BYTES = 1024 * 1024;

const packr = new Packr({ useRecords: false });
const names = new Map<string, Uint8Array>();

/** Records laid out one behind another as they go to disk, except what `sealRecord` fills in. */
export class RecordBuffer {
  bytes = new Uint8Array(INITIAL_BYTES);
  used = 0;
  private view = new DataView(this.bytes.buffer);

  clear(): void {
    this.used = 0;
    if (this.bytes.length > KEPT_BYTES) this.grow(INITIAL_BYTES);
  }

  /** A record of the journal's own, without a body. */
  addMarker(kind: number, sequence: number): void {
    this.begin(kind, '', 0, sequence);
  }

  add(record: JournalRecord, sequence: number): void {
    switch (record.kind) {
      case 'save': {
        const body = packr.pack(record.durable);
        const at = this.begin(KIND.save, '', body.length, sequence);
        this.bytes.set(body, at);
        break;
      }
      case 'entries': {
        const { first, count, bytes } = record.batch;
        const at = this.begin(KIND.entries, record.log, 12 + bytes.length, sequence);
        this.view.setFloat64(at, first, true);
        writeU32(this.bytes, at + 8, count);
        this.bytes.set(bytes, at + 12);
        break;
      }
      case 'mark': {
        const at = this.begin(KIND.mark, record.log, 17, sequence);
        this.slotAndEpoch(at, record.slot, record.epoch);
        this.bytes[at + 16] = record.tag;
        break;
      }
      case 'forget':
      case 'restart':
        this.slotAndEpoch(this.begin(KIND[record.kind], record.log, 16, sequence), record.slot, record.epoch);
        break;
      case 'truncate':
      case 'end': {
        const at = this.begin(KIND[record.kind], record.log, 8, sequence);
        this.view.setFloat64(at, record.slot, true);
        break;
      }
      default:
        record satisfies never;
    }
  }

  private slotAndEpoch(at: number, slot: number, epoch: number): void {
    this.view.setFloat64(at, slot, true);
    this.view.setFloat64(at + 8, epoch, true);
  }

  /**
   * Makes room, writes the head and returns the offset of the fields behind the log's name. `bytes` and `view` may be others afterwards, so
   * whoever writes the fields must read them anew.
   */
  private begin(kind: number, log: string, length: number, sequence: number): number {
    const name = nameBytes(log);
    const start = this.used;
    const size = recordSize(name.length + length);
    if (start + size > this.bytes.length) this.grow(Math.max(this.bytes.length * 2, start + size));
    const { bytes } = this;
    bytes.fill(0, start + size - 8, start + size);
    writeU32(bytes, start, name.length + length);
    writeU64(bytes, start + 8, sequence);
    bytes[start + 28] = kind;
    bytes[start + 29] = name.length;
    bytes[start + 30] = 0;
    bytes[start + 31] = 0;
    bytes.set(name, start + RECORD_HEADER_BYTES);
    this.used = start + size;
    return start + RECORD_HEADER_BYTES + name.length;
  }

  private grow(length: number): void {
    const bytes = new Uint8Array(length);
    bytes.set(this.bytes.subarray(0, this.used));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}

/**
 * The record at `offset`, which `readRecord` found unharmed; undefined for the journal's own kinds. Its bytes are copies, so that
 * nothing keeps a whole segment in memory. Throws where the fields do not fit the kind.
 */
export function decodeRecord(bytes: Uint8Array, offset: number): JournalRecord | undefined {
  const kind = bytes[offset + 28]!;
  const at = offset + RECORD_HEADER_BYTES + bytes[offset + 29]!;
  const end = offset + RECORD_HEADER_BYTES + readU32(bytes, offset);
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, end - at);
  const log = Buffer.from(bytes.subarray(offset + RECORD_HEADER_BYTES, at)).toString();
  const slot = () => view.getFloat64(0, true);
  const epoch = () => view.getFloat64(8, true);
  switch (kind) {
    case KIND.save:
      return { kind: 'save', durable: packr.unpack(bytes.slice(at, end)) };
    case KIND.entries: {
      const batch = { first: slot(), count: readU32(bytes, at + 8), bytes: bytes.slice(at + 12, end) };
      return { kind: 'entries', log, batch };
    }
    case KIND.mark:
      return { kind: 'mark', log, slot: slot(), epoch: epoch(), tag: view.getUint8(16) };
    case KIND.truncate:
      return { kind: 'truncate', log, slot: slot() };
    case KIND.forget:
      return { kind: 'forget', log, slot: slot(), epoch: epoch() };
    case KIND.restart:
      return { kind: 'restart', log, slot: slot(), epoch: epoch() };
    case KIND.end:
      return { kind: 'end', log, slot: slot() };
    default:
      return undefined;
  }
}

function nameBytes(log: string): Uint8Array {
  let bytes = names.get(log);
  if (bytes === undefined) {
    bytes = new Uint8Array(Buffer.from(log));
    if (bytes.length > 255) throw new RangeError(`the log name "${log}" is longer than 255 bytes`);
    names.set(log, bytes);
  }
  return bytes;
}
