import { readU32, writeU32 } from '@quorate/interface';
import { SessionTable } from './sessions.ts';
import { readUtf8, utf8Length, writeUtf8 } from './utf8.ts';
import { Value } from './values.ts';

const VERSION = 1;
/** Version u8, whether sessions were dropped u8, number of keys u32, number of sessions u32. */
const HEADER_BYTES = 10;
/** Client u32, sequence u32, length of the result u32. */
const SESSION_BYTES = 12;

/**
 * The state as bytes, to which the values refer from now on: so what commands they came from may go. Layout, little-endian: the header above; per key, in the order of their UTF-16 units: key length u32, key,
 * value length u32, value; per session, longest unused first, since that order decides which goes next: client u32, sequence u32,
 * result length u32, result.
 */
export function writeSnapshot(values: ReadonlyMap<string, Value>, sessions: SessionTable): Uint8Array {
  const keys = [...values.keys()].sort(byUnits);
  let size = HEADER_BYTES;
  for (const key of keys) size += 8 + utf8Length(key) + values.get(key)!.length;
  for (const place of sessions) size += SESSION_BYTES + sessions.results[place]!.length;
  const bytes = new Uint8Array(size);
  bytes[0] = VERSION;
  bytes[1] = sessions.dropped ? 1 : 0;
  writeU32(bytes, 2, keys.length);
  writeU32(bytes, 6, sessions.size);
  let offset = HEADER_BYTES;
  for (const key of keys) {
    const value = values.get(key)!;
    const keyEnd = writeUtf8(bytes, offset + 4, key);
    writeU32(bytes, offset, keyEnd - offset - 4);
    writeU32(bytes, keyEnd, value.length);
    offset = keyEnd + 4 + value.length;
    value.copyTo(bytes, keyEnd + 4);
    value.set(bytes, keyEnd + 4, offset);
  }
  for (const place of sessions) {
    const result = sessions.results[place]!;
    writeU32(bytes, offset, sessions.clients[place]!);
    writeU32(bytes, offset + 4, sessions.sequences[place]!);
    writeU32(bytes, offset + 8, result.length);
    bytes.set(result, offset + SESSION_BYTES);
    offset += SESSION_BYTES + result.length;
  }
  return bytes;
}

/**
 * Reads what `writeSnapshot` wrote; the values refer to `bytes`, which nobody may change any more. `limit` is the new session table's.
 * @throws RangeError where `bytes` are no snapshot of this version.
 */
export function readSnapshot(bytes: Uint8Array, limit: number): [Map<string, Value>, SessionTable] {
  if (bytes.length < HEADER_BYTES || bytes[0] !== VERSION)
    throw new RangeError(`not a key-value snapshot of version ${VERSION}`);
  const values = new Map<string, Value>();
  const sessions = new SessionTable(limit);
  let offset = HEADER_BYTES;
  // Moves over `length` bytes and returns where they begin; everything read passes here.
  const skip = (length: number): number => {
    const start = offset;
    offset += length;
    if (offset > bytes.length) throw new RangeError('the snapshot is cut off');
    return start;
  };
  for (let left = readU32(bytes, 2); left > 0; left--) {
    const keyLength = readU32(bytes, skip(4));
    const keyAt = skip(keyLength);
    const valueLength = readU32(bytes, skip(4));
    const valueAt = skip(valueLength);
    const key = readUtf8(bytes, keyAt, keyAt + keyLength);
    values.set(key, new Value(bytes, valueAt, valueAt + valueLength));
  }
  for (let left = readU32(bytes, 6); left > 0; left--) {
    const at = skip(SESSION_BYTES);
    const place = sessions.open(readU32(bytes, at));
    sessions.sequences[place] = readU32(bytes, at + 4);
    const resultAt = skip(readU32(bytes, at + 8));
    sessions.results[place] = bytes.slice(resultAt, offset);
  }
  if (offset !== bytes.length) throw new RangeError('the snapshot has bytes behind its end');
  sessions.dropped ||= bytes[1] === 1;
  return [values, sessions];
}

/** Not `localeCompare`: the order must be the same on every machine. */
export function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
