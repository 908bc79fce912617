import type { Epoch, Slot } from './identifiers.ts';

/**
 * The tag of a client's command in a replicated log: the only kind that drivers apply to the state machine. All other tags are
 * the protocol's own (no-ops, configurations).
 */
export const CLIENT_COMMAND = 0;

/** One entry of a log. `tag` is the protocol's own small kind, 0 to 255 (Raft: command, no-op; 2PC: prepared, committed, …). */
export interface Entry {
  readonly slot: Slot;
  readonly epoch: Epoch;
  readonly tag: number;
  readonly command: Uint8Array;
}

/**
 * Consecutive entries as one raw byte section, which is sent, journalled and forwarded as it is: an entry's bytes are encoded
 * once, where the request came in. Treat `bytes` as frozen.
 *
 * Layout, little-endian, per entry: u32 length of the command, u32 epoch (low), u16 epoch (high), u8 tag, u8 zero, command.
 */
export interface EntryBatch {
  /** Slot of the first entry; the others follow without a gap. */
  readonly first: Slot;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Bytes before each entry's command in an `EntryBatch`. */
export const ENTRY_HEADER_BYTES = 12;

/** The batch of no entries which would begin at `first`: what a heartbeat carries. */
export function emptyBatch(first: Slot): EntryBatch {
  return { first, count: 0, bytes: NO_BYTES };
}

/** Zero bytes, shared: the command of no-ops and markers. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Writes one entry at `offset` of `target` and returns the offset behind it. */
export function writeEntry(
  target: Uint8Array,
  offset: number,
  epoch: Epoch,
  tag: number,
  command: Uint8Array,
): number {
  writeU32(target, offset, command.length);
  writeU32(target, offset + 4, epoch >>> 0);
  const high = Math.floor(epoch / 0x1_0000_0000);
  target[offset + 8] = high & 0xff;
  target[offset + 9] = high >>> 8;
  target[offset + 10] = tag;
  target[offset + 11] = 0;
  target.set(command, offset + ENTRY_HEADER_BYTES);
  return offset + ENTRY_HEADER_BYTES + command.length;
}

/** The epoch of the entry whose header begins at `offset`. */
export function readEpoch(bytes: Uint8Array, offset: number): Epoch {
  const low = readU32(bytes, offset + 4);
  const high = (bytes[offset + 8]! | (bytes[offset + 9]! << 8)) >>> 0;
  return high === 0 ? low : high * 0x1_0000_0000 + low;
}

/** The tag of the entry whose header begins at `offset`. */
export function readTag(bytes: Uint8Array, offset: number): number {
  return bytes[offset + 10]!;
}

/** The command length of the entry whose header begins at `offset`. */
export function readCommandLength(bytes: Uint8Array, offset: number): number {
  return readU32(bytes, offset);
}

/** Packs entries, which must be consecutive, into one batch. `first` is needed only when there are none. */
export function packBatch(entries: readonly Entry[], first: Slot = entries[0]?.slot ?? 1): EntryBatch {
  let size = 0;
  for (const entry of entries) size += ENTRY_HEADER_BYTES + entry.command.length;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const [i, entry] of entries.entries()) {
    if (entry.slot !== first + i)
      throw new RangeError(`slot ${entry.slot} does not follow ${first + i - 1} in a batch`);
    offset = writeEntry(bytes, offset, entry.epoch, entry.tag, entry.command);
  }
  return { first, count: entries.length, bytes };
}

/**
 * Unpacks a batch; commands are views, not copies.
 * @throws RangeError where `bytes` is shorter or longer than its headers say.
 */
export function unpackBatch(batch: EntryBatch): Entry[] {
  const entries: Entry[] = [];
  let offset = 0;
  for (let i = 0; i < batch.count; i++) {
    if (offset + ENTRY_HEADER_BYTES > batch.bytes.length)
      throw new RangeError('entry batch ends inside a header');
    const start = offset + ENTRY_HEADER_BYTES;
    const end = start + readCommandLength(batch.bytes, offset);
    if (end > batch.bytes.length) throw new RangeError('entry batch ends inside a command');
    entries.push({
      slot: batch.first + i,
      epoch: readEpoch(batch.bytes, offset),
      tag: readTag(batch.bytes, offset),
      command: batch.bytes.subarray(start, end),
    });
    offset = end;
  }
  if (offset !== batch.bytes.length) throw new RangeError('entry batch has bytes behind its last entry');
  return entries;
}

/** Writes `value` as an unsigned 32-bit little-endian number. */
export function writeU32(target: Uint8Array, offset: number, value: number): void {
  target[offset] = value & 0xff;
  target[offset + 1] = (value >>> 8) & 0xff;
  target[offset + 2] = (value >>> 16) & 0xff;
  target[offset + 3] = value >>> 24;
}

/** Reads an unsigned 32-bit little-endian number. */
export function readU32(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>>
    0
  );
}
