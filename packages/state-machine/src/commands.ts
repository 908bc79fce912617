import { readU32, SESSION_HEADER_BYTES, writeU32 } from '@quorate/interface';
import { readKey } from './keys.ts';
import { readUtf8, utf8Length, writeUtf8 } from './utf8.ts';

/**
 * What can be done to a key. Keys are at most 65,535 bytes of UTF-8.
 * - `get`: the value, or null where there is none.
 * - `put`: sets the value.
 * - `delete`: removes the key; succeeds also where there is none.
 * - `cas` (compare and set): sets the value if the present one equals `expected`, where null means that there is none.
 * - `append`: adds `value` behind the present value; an absent one counts as empty.
 */
export type Operation =
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'put'; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'cas'; readonly key: string; readonly expected: string | null; readonly value: string }
  | { readonly kind: 'append'; readonly key: string; readonly value: string };

/** An operation within a client's session; see `Request` of `@quorate/interface` for both numbers. */
export interface Command {
  /** 1 to 2^32 - 1. */
  readonly client: number;
  /** 1 to 2^32 - 1. A retry has the number of what it repeats. */
  readonly sequence: number;
  readonly operation: Operation;
}

export const KINDS = ['get', 'put', 'delete', 'cas', 'append'] as const;
export const GET = 0;
export const PUT = 1;
export const DELETE = 2;
export const CAS = 3;
export const APPEND = 4;

const KIND_AT = SESSION_HEADER_BYTES;
const KEY_LENGTH_AT = KIND_AT + 1;
const KEY_AT = KEY_LENGTH_AT + 2;
/** Stands for the length of an `expected` that is null. */
const ABSENT = 0xffff_ffff;

/**
 * Encodes a command. Layout, little-endian: client u32, sequence u32, kind u8 (0 get, 1 put, 2 delete, 3 cas, 4 append), key
 * length u16, key; for `cas` the expected value's length u32 (2^32 - 1: null) and bytes; for `put`, `cas` and `append` the
 * value, which ends with the command.
 * @throws RangeError on a client or sequence out of bounds, or a key that is too long.
 */
export function encodeCommand(command: Command): Uint8Array {
  const { client, sequence, operation } = command;
  if (!isSessionNumber(client)) throw new RangeError(`client must be 1 to 2^32 - 1, not ${client}`);
  if (!isSessionNumber(sequence)) throw new RangeError(`sequence must be 1 to 2^32 - 1, not ${sequence}`);
  const keyLength = utf8Length(operation.key);
  if (keyLength > 0xffff) throw new RangeError(`a key has at most 65535 bytes, not ${keyLength}`);
  const expected = operation.kind === 'cas' ? operation.expected : null;
  const expectedLength = expected === null ? 0 : utf8Length(expected);
  const value = operation.kind === 'get' || operation.kind === 'delete' ? '' : operation.value;
  const bytes = new Uint8Array(
    KEY_AT + keyLength + (operation.kind === 'cas' ? 4 + expectedLength : 0) + utf8Length(value),
  );
  writeU32(bytes, 0, client);
  writeU32(bytes, 4, sequence);
  bytes[KIND_AT] = KINDS.indexOf(operation.kind);
  bytes[KEY_LENGTH_AT] = keyLength & 0xff;
  bytes[KEY_LENGTH_AT + 1] = keyLength >>> 8;
  let offset = writeUtf8(bytes, KEY_AT, operation.key);
  if (operation.kind === 'cas') {
    writeU32(bytes, offset, expected === null ? ABSENT : expectedLength);
    offset = writeUtf8(bytes, offset + 4, expected ?? '');
  }
  writeUtf8(bytes, offset, value);
  return bytes;
}

/** @throws RangeError where `bytes` are no command. */
export function decodeCommand(bytes: Uint8Array): Command {
  const view = new CommandView();
  if (!view.read(bytes)) throw new RangeError('malformed command');
  return { client: view.client, sequence: view.sequence, operation: operationOf(view, bytes) };
}

function operationOf(view: CommandView, bytes: Uint8Array): Operation {
  const key = view.key;
  const kind = KINDS[view.kind]!;
  if (kind === 'get' || kind === 'delete') return { kind, key };
  const value = readUtf8(bytes, view.valueFrom, bytes.length);
  if (kind !== 'cas') return { kind, key, value };
  const expected =
    view.expectedFrom < 0
      ? null
      : readUtf8(bytes, view.expectedFrom, view.expectedFrom + view.expectedLength);
  return { kind, key, expected, value };
}

/** The fields of one command after another, read in place: a store has one of these and makes no garbage. */
export class CommandView {
  client = 0;
  sequence = 0;
  /** Index into `KINDS`. */
  kind = GET;
  key = '';
  /** -1 where the expected value is null. */
  expectedFrom = -1;
  expectedLength = 0;
  /** The value goes from here … */
  valueFrom = 0;
  /** … to the command's end. */
  valueTo = 0;

  /** Reads the command that stands in `bytes` from `start` to `end`. False, with the fields undefined, where none does. */
  read(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
    if (end - start < KEY_AT) return false;
    this.client = readU32(bytes, start);
    this.sequence = readU32(bytes, start + 4);
    this.kind = bytes[start + KIND_AT]!;
    const keyLength = bytes[start + KEY_LENGTH_AT]! + (bytes[start + KEY_LENGTH_AT + 1]! << 8);
    let offset = start + KEY_AT + keyLength;
    if (this.client === 0 || this.sequence === 0 || this.kind > APPEND || offset > end) return false;
    this.key = readKey(bytes, start + KEY_AT, offset);
    if (this.kind === CAS) {
      if (offset + 4 > end) return false;
      const length = readU32(bytes, offset);
      offset += 4;
      this.expectedFrom = length === ABSENT ? -1 : offset;
      this.expectedLength = length === ABSENT ? 0 : length;
      offset += this.expectedLength;
      if (offset > end) return false;
    }
    this.valueFrom = offset;
    this.valueTo = end;
    return (this.kind !== GET && this.kind !== DELETE) || offset === end;
  }
}

function isSessionNumber(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 0xffff_ffff;
}
