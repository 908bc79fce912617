/**
 * ZooKeeper's wire encoding, as far as a load needs it (`zookeeper.jute` in its sources): big-endian; a buffer and a string are an i32 length
 * and bytes; records are their fields one after another; each frame begins with an i32 length.
 */
import type { Pipe } from '../pipe.ts';

export const OPCODE = { create: 1, getData: 4, setData: 5, ping: 11 } as const;
/** The xid of pings, in requests and in their answers. */
export const PING_XID = -2;
export const OK = 0;
export const NODE_EXISTS = -110;

const LENGTH = 4;
const REQUEST_HEADER = 8;
/** xid i32, zxid i64, err i32. */
export const REPLY_HEADER = 16;
const ANY_VERSION = -1;
const ALL_PERMISSIONS = 31;
const SCHEME = Buffer.from('world');
const ANYONE = Buffer.from('anyone');
const PASSWORD_BYTES = 16;

/** ConnectRequest: protocol version, last zxid seen, time-out, session, password, read-only. */
export function connectRequest(timeoutMilliseconds: number): Buffer {
  const length = 4 + 8 + 4 + 8 + 4 + PASSWORD_BYTES + 1;
  const frame = Buffer.alloc(LENGTH + length);
  frame.writeInt32BE(length, 0);
  frame.writeInt32BE(timeoutMilliseconds, LENGTH + 12);
  frame.writeInt32BE(PASSWORD_BYTES, LENGTH + 24);
  return frame;
}

/** The session's number in a ConnectResponse that begins at `at`; 0n: refused. */
export function sessionOf(bytes: Buffer, at: number): bigint {
  return bytes.readBigInt64BE(at + 8);
}

export function ping(): Buffer {
  const frame = Buffer.alloc(LENGTH + REQUEST_HEADER);
  frame.writeInt32BE(REQUEST_HEADER, 0);
  frame.writeInt32BE(PING_XID, LENGTH);
  frame.writeInt32BE(OPCODE.ping, LENGTH + 4);
  return frame;
}

/** SetDataRequest: path, data, version. */
export function writeSetData(pipe: Pipe, xid: number, path: string, value: string): void {
  const [pathBytes, valueBytes] = [Buffer.byteLength(path), Buffer.byteLength(value)];
  let at = begin(pipe, xid, OPCODE.setData, 4 + pathBytes + 4 + valueBytes + 4);
  const { slab } = pipe;
  at = writeText(slab, at, path, pathBytes);
  at = writeText(slab, at, value, valueBytes);
  slab.writeInt32BE(ANY_VERSION, at);
}

/** GetDataRequest: path, watch. */
export function writeGetData(pipe: Pipe, xid: number, path: string): void {
  const pathBytes = Buffer.byteLength(path);
  const at = begin(pipe, xid, OPCODE.getData, 4 + pathBytes + 1);
  pipe.slab[writeText(pipe.slab, at, path, pathBytes)] = 0;
}

/** CreateRequest: path, data, ACL (everything to everybody), flags (0: persistent). */
export function writeCreate(pipe: Pipe, xid: number, path: string, value: string): void {
  const [pathBytes, valueBytes] = [Buffer.byteLength(path), Buffer.byteLength(value)];
  const acl = 4 + 4 + 4 + SCHEME.length + 4 + ANYONE.length;
  let at = begin(pipe, xid, OPCODE.create, 4 + pathBytes + 4 + valueBytes + acl + 4);
  const { slab } = pipe;
  at = writeText(slab, at, path, pathBytes);
  at = writeText(slab, at, value, valueBytes);
  at = slab.writeInt32BE(1, at);
  at = slab.writeInt32BE(ALL_PERMISSIONS, at);
  for (const bytes of [SCHEME, ANYONE]) {
    at = slab.writeInt32BE(bytes.length, at);
    at += bytes.copy(slab, at);
  }
  slab.writeInt32BE(0, at);
}

/** Makes room for a request of `length` bytes behind its header and returns where they go. */
function begin(pipe: Pipe, xid: number, opcode: number, length: number): number {
  let at = pipe.reserve(LENGTH + REQUEST_HEADER + length);
  const { slab } = pipe;
  at = slab.writeInt32BE(REQUEST_HEADER + length, at);
  at = slab.writeInt32BE(xid, at);
  return slab.writeInt32BE(opcode, at);
}

function writeText(slab: Buffer, at: number, text: string, length: number): number {
  slab.writeInt32BE(length, at);
  slab.write(text, at + 4);
  return at + 4 + length;
}
