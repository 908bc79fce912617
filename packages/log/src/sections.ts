import type { Entry, EntryBatch, Slot } from '@quorate/interface';
import { ENTRY_HEADER_BYTES, readCommandLength, writeEntry } from '@quorate/interface';

/**
 * Checks that a batch's bytes are exactly its headers and commands, and returns the offset at which slot `from` begins.
 * @throws RangeError on malformed bytes, numbers out of range, or a `from` outside the batch (`first + count` is allowed).
 */
export function checkBatch(batch: EntryBatch, from: Slot): number {
  const { first, count, bytes } = batch;
  if (!Number.isSafeInteger(first) || first < 0 || !Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`an entry batch cannot hold ${count} entries from slot ${first} on`);
  if (!(from >= first && from <= first + count))
    throw new RangeError(`slot ${from} is not in the batch of ${count} from slot ${first} on`);
  const skip = from - first;
  let start = 0;
  let offset = 0;
  for (let i = 0; i < count; i++) {
    if (i === skip) start = offset;
    const next = offset + ENTRY_HEADER_BYTES;
    if (next > bytes.length) throw new RangeError('entry batch ends inside a header');
    if (bytes[next - 1] !== 0) throw new RangeError('entry batch holds a header whose last byte is not zero');
    offset = next + readCommandLength(bytes, offset);
    if (offset > bytes.length) throw new RangeError('entry batch ends inside a command');
  }
  if (offset !== bytes.length) throw new RangeError('entry batch has bytes behind its last entry');
  return skip === count ? offset : start;
}

/** The batch that holds one entry, as bytes of its own. @throws RangeError on a slot, epoch or tag that no entry can have. */
export function packOne(entry: Entry): EntryBatch {
  checkSlot(entry.slot);
  checkEpochAndTag(entry.epoch, entry.tag);
  const bytes = newSection(ENTRY_HEADER_BYTES + entry.command.length);
  writeEntry(bytes, 0, entry.epoch, entry.tag, entry.command);
  return { first: entry.slot, count: 1, bytes };
}

export function checkSlot(slot: Slot): void {
  if (!Number.isSafeInteger(slot) || slot < 0) throw new RangeError(`${slot} is no slot`);
}

/** An epoch fits in 48 bits, a tag in 8: what an entry's header has room for. */
export function checkEpochAndTag(epoch: number, tag: number): void {
  if (!(epoch >= 0 && epoch < 2 ** 48 && Math.floor(epoch) === epoch))
    throw new RangeError(`epoch ${epoch} is not a whole number from 0 to 2^48 - 1`);
  if ((tag & 0xff) !== tag) throw new RangeError(`tag ${tag} is not a whole number from 0 to 255`);
}

const SLAB_BYTES = 16 * 1024;
/** The engine keeps arrays up to this size inside the object itself: cheaper than a view. */
const ON_HEAP_MAX = 64;
/** Larger sections get memory of their own, so that they do not keep a slab's other sections alive. */
const SLICED_MAX = 2 * 1024;
let slab = new Uint8Array(0);
let slabUsed = 0;

/**
 * Room for a section of `size` bytes. Small ones are cut from shared slabs: an allocation each would cost more than all the rest of an
 * entry's way through the log.
 */
export function newSection(size: number): Uint8Array {
  if (size <= ON_HEAP_MAX || size > SLICED_MAX) return new Uint8Array(size);
  if (slabUsed + size > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    slabUsed = 0;
  }
  const start = slabUsed;
  slabUsed += size;
  return slab.subarray(start, slabUsed);
}
