import { readU32 } from '@quorate/interface';
import { ProtocolError, type ProtocolErrorReason } from './errors.ts';
import type { Fields } from './structures.ts';

const MAX_DEPTH = 32;

/** What decoding costs in memory, roughly and generously, beside a value's own bytes. */
const VALUE_COST = 8;
const OBJECT_COST = 64;

/** Open containers' counts of values still to come. One array serves all calls: none is re-entrant. */
const open = new Uint32Array(MAX_DEPTH);

/**
 * Walks the msgpack bytes from `start` to `end` without decoding them, and admits exactly what messages are made of: null,
 * booleans, finite numbers below 2^53, strings, byte sections, arrays, and records of known structures. So the decoder
 * behind it never meets an extension (dates, regular expressions, sets, errors, references, inline record definitions),
 * and never allocates more than `costMax` bytes for one message, however it was crafted.
 * @throws ProtocolError
 */
export function checkEncoded(
  bytes: Uint8Array,
  start: number,
  end: number,
  structures: readonly (Fields | undefined)[],
  costMax: number,
): void {
  let position = start;
  let depth = 0;
  let remaining = 1;
  let cost = 0;
  for (;;) {
    while (remaining === 0) {
      if (depth === 0) {
        if (position !== end) fail('trailing', `${end - position} bytes behind a message`);
        return;
      }
      remaining = open[--depth]!;
    }
    remaining--;
    if (position >= end) fail('truncated', 'message ends inside a value');
    const token = bytes[position++]!;
    let children = -1;
    if (token < 0x40 || token >= 0xe0) continue;
    if (token < 0x80) {
      let index = token - 0x40;
      if (index >= 32) index += bytes[position++]! << 5;
      const fields = structures[index];
      if (fields === undefined) fail('structure', `record of structure ${index}, which was not told`);
      children = fields!.length;
    } else if (token >= 0xa0 && token < 0xc0) {
      position += token - 0xa0;
      cost += token - 0xa0 + VALUE_COST;
    } else if (token >= 0x90 && token < 0xa0) children = token - 0x90;
    else if (token === 0xdc) {
      children = u16(bytes, position);
      position += 2;
    } else if (token === 0xdd) {
      children = u32(bytes, position);
      position += 4;
    } else {
      const size = sizeOf(token, bytes, position);
      position += size;
      cost += token >= 0xd9 ? size + VALUE_COST : token >= 0xc4 && token <= 0xc6 ? OBJECT_COST : 0;
    }
    // Not `>`: behind the end there is no byte to read a length from, and then position is NaN.
    if (!(position <= end)) fail('truncated', 'message ends inside a value');
    if (children >= 0) {
      cost += OBJECT_COST + VALUE_COST * children;
      if (depth === MAX_DEPTH) fail('depth', `values nested more than ${MAX_DEPTH} deep`);
      open[depth++] = remaining;
      remaining = children;
    }
    if (cost > costMax) fail('size', `message would take more than ${costMax} bytes of memory`);
  }
}

/** Bytes behind `token` that belong to a value without children; fails on those that no message has. */
function sizeOf(token: number, bytes: Uint8Array, position: number): number {
  switch (token) {
    case 0xc0: // null
    case 0xc2: // false
    case 0xc3: // true
      return 0;
    case 0xc4: // bytes
    case 0xd9: // string
      return 1 + bytes[position]!;
    case 0xc5:
    case 0xda:
      return 2 + u16(bytes, position);
    case 0xc6:
    case 0xdb:
      return 4 + u32(bytes, position);
    case 0xcc: // integers of 8, 16 and 32 bits
    case 0xd0:
      return 1;
    case 0xcd:
    case 0xd1:
      return 2;
    case 0xce:
    case 0xd2:
      return 4;
    case 0xcb: {
      // A double of 2^53 or more, an infinity and NaN all have an exponent of 1023 + 53 or more.
      const exponent = ((bytes[position]! & 0x7f) << 4) | (bytes[position + 1]! >> 4);
      if (exponent >= 1076) fail('number', 'number that is not finite and below 2^53');
      return 8;
    }
    case 0xcf: // integers of 64 bits
    case 0xd3:
      return fail('number', 'integer of 64 bits');
    case 0xd4:
      if (bytes[position] === 0) fail('undefined', 'field that is undefined');
  }
  return fail('type', `value of a type that messages do not have (0x${token.toString(16)})`);
}

function u16(bytes: Uint8Array, position: number): number {
  return (bytes[position]! << 8) | bytes[position + 1]!;
}

function u32(bytes: Uint8Array, position: number): number {
  return position + 4 > bytes.length ? 0xffff_ffff : swap(readU32(bytes, position));
}

/** msgpack's numbers are big-endian. */
function swap(value: number): number {
  return ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value & 0xff00) << 8) | ((value & 0xff) << 24)) >>> 0;
}

function fail(reason: ProtocolErrorReason, detail: string): never {
  throw new ProtocolError(reason, detail);
}
