import { ProtocolError } from './errors.ts';

/** The fields of one shape of message, or of an object inside one, in their order. */
export type Fields = readonly string[];

/** At most so many shapes may one endpoint use. */
export const MAX_STRUCTURES = 1024;
const MAX_FIELDS = 64;
const MAX_NAME_LENGTH = 64;
const NAME = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
/** Names that would mean something else to an object. */
const RESERVED = new Set(['__proto__', 'constructor', 'hasOwnProperty', 'prototype', 'toJSON']);

/**
 * Checks one shape's field names: identifiers of at most 64 characters, each once, at most 64 of them.
 * @throws ProtocolError `structure`
 */
export function checkFields(fields: Fields): void {
  if (fields.length > MAX_FIELDS)
    throw new ProtocolError(
      'structure',
      `an object of ${fields.length} fields, at most ${MAX_FIELDS} are allowed`,
    );
  if (new Set(fields).size !== fields.length)
    throw new ProtocolError('structure', `an object with a field twice: ${fields.join(', ')}`);
  for (const name of fields) {
    if (name.length > MAX_NAME_LENGTH || !NAME.test(name) || RESERVED.has(name))
      throw new ProtocolError('structure', `an object with a field named ${JSON.stringify(name)}`);
  }
}

/** Shapes `from` onwards as bytes: u16 `from`, u16 count; each u8 fields; each u8 length and ASCII; little-endian. */
export function encodeStructures(structures: readonly Fields[], from: number): Uint8Array {
  const bytes: number[] = [];
  const count = structures.length - from;
  bytes.push(from & 0xff, from >>> 8, count & 0xff, count >>> 8);
  for (const fields of structures.slice(from)) {
    bytes.push(fields.length);
    for (const name of fields) {
      bytes.push(name.length);
      for (let i = 0; i < name.length; i++) bytes.push(name.charCodeAt(i));
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * The shapes in what `encodeStructures` wrote.
 * @param known how many shapes came before; the bytes must go on from there.
 * @throws ProtocolError
 */
export function decodeStructures(bytes: Uint8Array, known: number): string[][] {
  let position = 0;
  const next = (): number => {
    const byte = bytes[position++];
    if (byte === undefined) throw new ProtocolError('truncated', 'list of structures ends too soon');
    return byte;
  };
  const from = next() | (next() << 8);
  const count = next() | (next() << 8);
  if (from !== known)
    throw new ProtocolError('structure', `structures from ${from} on were told where ${known} are known`);
  if (known + count > MAX_STRUCTURES)
    throw new ProtocolError(
      'structure',
      `${known + count} structures, at most ${MAX_STRUCTURES} are allowed`,
    );
  const structures: string[][] = [];
  for (let i = 0; i < count; i++) {
    const fields: string[] = [];
    for (let left = next(); left > 0; left--) {
      let name = '';
      for (let letters = next(); letters > 0; letters--) name += String.fromCharCode(next());
      fields.push(name);
    }
    checkFields(fields);
    structures.push(fields);
  }
  if (position !== bytes.length) throw new ProtocolError('trailing', 'bytes behind a list of structures');
  return structures;
}
