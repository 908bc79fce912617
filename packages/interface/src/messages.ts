import type { EntryBatch } from './entries.ts';

/**
 * The base of every protocol's closed message union. Messages are immutable plain objects, each built by one literal with
 * all its fields in one order. Bulk bytes travel in `entries` (log entries), `command` (one command) or `data` only, so that
 * codecs, size models and traces find them without knowing the protocol.
 */
export interface Message {
  readonly type: string;
  readonly entries?: EntryBatch;
  readonly command?: Uint8Array;
  readonly data?: Uint8Array;
}

/** The size, in bytes, that every message is taken to have besides its bulk bytes, where nothing is really encoded (simulation). */
export const MESSAGE_OVERHEAD_BYTES = 48;

/** A message's size in bytes as the simulator's link and CPU models count it: a fixed overhead and the bulk bytes. */
export function modelledSize(message: Message): number {
  let size = MESSAGE_OVERHEAD_BYTES;
  if (message.entries !== undefined) size += message.entries.bytes.length;
  if (message.command !== undefined) size += message.command.length;
  if (message.data !== undefined) size += message.data.length;
  return size;
}
