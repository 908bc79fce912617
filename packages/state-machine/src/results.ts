import { readUtf8, utf8Length, writeUtf8 } from './utf8.ts';
import type { Value } from './values.ts';

/**
 * How a command ended.
 * - `ok`: carried out.
 * - `mismatch`: a `cas` found another value than it expected, and changed nothing.
 * - `stale`: the session has gone on to a later request; not carried out now, and what came of it is no longer known.
 * - `expired`: the session is unknown, because it was used too long ago; not carried out now, and whether it was before is no
 *   longer known. Go on with a new client number.
 * - `malformed`: the bytes are no command, or not one that can be read from; nothing happened.
 */
export type Status = 'ok' | 'mismatch' | 'stale' | 'expired' | 'malformed';

/** What a command returns. `value` is what `get` found, or what stood in the way of a `cas`; null: none, or nothing to tell. */
export interface Result {
  readonly status: Status;
  readonly value: string | null;
}

const STATUSES: readonly Status[] = ['ok', 'mismatch', 'stale', 'expired', 'malformed'];
/** Bytes before a result's value: status u8, whether there is a value u8. */
const HEADER_BYTES = 2;

/** Encodes a result. Layout: status u8 (in the order of `Status`), 1 or 0 for with or without a value u8, value. */
export function encodeResult(result: Result): Uint8Array {
  const { status, value } = result;
  const bytes = new Uint8Array(HEADER_BYTES + (value === null ? 0 : utf8Length(value)));
  bytes[0] = STATUSES.indexOf(status);
  bytes[1] = value === null ? 0 : 1;
  if (value !== null) writeUtf8(bytes, HEADER_BYTES, value);
  return bytes;
}

/** @throws RangeError where `bytes` are no result. */
export function decodeResult(bytes: Uint8Array): Result {
  const status = STATUSES[bytes[0] ?? -1];
  const present = bytes[1];
  if (status === undefined || (present !== 1 && !(present === 0 && bytes.length === HEADER_BYTES)))
    throw new RangeError('malformed result');
  return { status, value: present === 1 ? readUtf8(bytes, HEADER_BYTES, bytes.length) : null };
}

// Results without a value are shared: never change a result's bytes.
export const OK: Uint8Array = encodeResult({ status: 'ok', value: null });
export const MISMATCH: Uint8Array = encodeResult({ status: 'mismatch', value: null });
export const STALE: Uint8Array = encodeResult({ status: 'stale', value: null });
export const EXPIRED: Uint8Array = encodeResult({ status: 'expired', value: null });
export const MALFORMED: Uint8Array = encodeResult({ status: 'malformed', value: null });

/** A result like `bare`, one of the shared ones, with `value`. */
export function withValue(bare: Uint8Array, value: Value): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + value.length);
  bytes[0] = bare[0]!;
  bytes[1] = 1;
  value.copyTo(bytes, HEADER_BYTES);
  return bytes;
}
