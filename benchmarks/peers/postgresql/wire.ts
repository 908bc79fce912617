/**
 * PostgreSQL's protocol, version 3, as far as a load needs it: a message is a byte for its kind, an i32 length that counts itself, and its
 * fields; strings end with a zero byte.
 */
import type { Pipe } from '../pipe.ts';

const VERSION_3 = 3 << 16;
const ZERO = 1;
const KIND = { bind: 66, execute: 69, parse: 80, query: 81, sync: 83 } as const;
/** What a server's message is, by its first byte. */
export const SAYS = { authentication: 82, complete: 67, error: 69, ready: 90, row: 68 } as const;
/** Behind a server's message's first byte and length. */
export const HEADER = 5;

export function startup(user: string, database: string): Buffer {
  const fields = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const message = Buffer.alloc(8 + fields.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(VERSION_3, 4);
  fields.copy(message, 8);
  return message;
}

/** Runs one statement, or several; the server answers and is ready again. */
export function writeQuery(pipe: Pipe, text: string): void {
  const at = begin(pipe, KIND.query, Buffer.byteLength(text) + ZERO);
  writeText(pipe.slab, at, text);
}

/** Gives a statement a name (empty: for the next `writeBind` of that name). */
export function writeParse(pipe: Pipe, name: string, text: string): void {
  let at = begin(pipe, KIND.parse, name.length + ZERO + Buffer.byteLength(text) + ZERO + 2);
  at = writeText(pipe.slab, at, name);
  at = writeText(pipe.slab, at, text);
  pipe.slab.writeInt16BE(0, at); // the types of its parameters follow from the text
}

/** Binds values to a named statement, all as text, and runs it. */
export function writeRun(pipe: Pipe, name: string, values: readonly string[]): void {
  let bytes = ZERO + name.length + ZERO + 2 + 2 + 2;
  for (const value of values) bytes += 4 + Buffer.byteLength(value);
  let at = begin(pipe, KIND.bind, bytes);
  let { slab } = pipe;
  at = writeText(slab, at, '');
  at = writeText(slab, at, name);
  at = slab.writeInt16BE(0, at);
  at = slab.writeInt16BE(values.length, at);
  for (const value of values) {
    const length = slab.write(value, at + 4);
    slab.writeInt32BE(length, at);
    at += 4 + length;
  }
  slab.writeInt16BE(0, at);
  at = begin(pipe, KIND.execute, ZERO + 4);
  slab = pipe.slab;
  at = writeText(slab, at, '');
  slab.writeInt32BE(0, at); // all rows
}

/** Ends what belongs together: the server is ready again behind it, whatever went wrong before. */
export function writeSync(pipe: Pipe): void {
  begin(pipe, KIND.sync, 0);
}

function begin(pipe: Pipe, kind: number, length: number): number {
  const at = pipe.reserve(HEADER + length);
  pipe.slab[at] = kind;
  return pipe.slab.writeInt32BE(4 + length, at + 1);
}

function writeText(slab: Buffer, at: number, text: string): number {
  const length = slab.write(text, at);
  slab[at + length] = 0;
  return at + length + ZERO;
}

/** A string that ends with a zero byte. */
export function readText(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at, bytes.indexOf(0, at));
}

/** An ErrorResponse's message, of its fields: a byte for the kind and a string each, then a zero byte. */
export function readError(bytes: Buffer, start: number): string {
  for (let at = start; bytes[at] !== 0; ) {
    const text = readText(bytes, at + 1);
    if (bytes[at] === 77) return text; // M
    at += 1 + Buffer.byteLength(text) + ZERO;
  }
  return 'an error without a message';
}

/** The first column of a DataRow, or null. */
export function readColumn(bytes: Buffer, start: number): string | null {
  const length = bytes.readInt32BE(start + 2);
  return length < 0 ? null : bytes.toString('utf8', start + 6, start + 6 + length);
}
