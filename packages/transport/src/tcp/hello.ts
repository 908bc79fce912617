import type { NodeId } from '@quorate/interface';
import { ProtocolError } from '../errors.ts';
import { FRAME_KINDS, frame } from '../framing.ts';

/**
 * What the one who dials wants:
 * - `peer`: a session between two nodes.
 * - `client`: to send requests.
 * - `knock`: nothing but to say that it has started, so that the node that is to dial it does so at once.
 */
export type Role = 'peer' | 'client' | 'knock';

const ROLES: readonly Role[] = ['peer', 'client', 'knock'];

/** The first frame in each direction: hello from the one who dials, welcome (or refused) from the one who listens. */
export interface Hello {
  readonly role: Role;
  /** Who speaks; 0 for a client. */
  readonly node: NodeId;
  /** Whom it takes the other for; 0: anyone will do. */
  readonly expects: NodeId;
  /** A random number for each start of a process. */
  readonly incarnation: number;
  /** The cluster's name; empty from a client that takes any. */
  readonly cluster: string;
  /** The protocol's name; empty from a client. */
  readonly protocol: string;
}

/** Until the greeting is over, frames may not be larger. */
export const MAX_HELLO_BYTES = 1024;
const MAX_NAME_BYTES = 255;
const FIXED_BYTES = 13;
const NO_BODY = new Uint8Array(0);

/** A whole hello or welcome frame: u8 role, u32 node, u32 expects, u32 incarnation, then u8 length and UTF-8 of both names; little-endian. */
export function encodeHello(kind: number, hello: Hello): Uint8Array {
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed[0] = ROLES.indexOf(hello.role);
  fixed.writeUInt32LE(hello.node, 1);
  fixed.writeUInt32LE(hello.expects, 5);
  fixed.writeUInt32LE(hello.incarnation, 9);
  return frame(kind, Buffer.concat([fixed, name(hello.cluster), name(hello.protocol)]));
}

/** @throws ProtocolError */
export function decodeHello(bytes: Uint8Array, start: number, end: number): Hello {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  if (buffer.length < FIXED_BYTES + 2) throw new ProtocolError('truncated', 'greeting ends too soon');
  const role = ROLES[buffer[0]!];
  if (role === undefined) throw new ProtocolError('shape', `greeting in unknown role ${buffer[0]}`);
  const clusterEnd = FIXED_BYTES + 1 + buffer[FIXED_BYTES]!;
  const protocolEnd = clusterEnd + 1 + (buffer[clusterEnd] ?? 0);
  if (protocolEnd !== buffer.length)
    throw new ProtocolError('truncated', 'greeting whose names do not fill it exactly');
  return {
    role,
    node: buffer.readUInt32LE(1),
    expects: buffer.readUInt32LE(5),
    incarnation: buffer.readUInt32LE(9),
    cluster: buffer.toString('utf8', FIXED_BYTES + 1, clusterEnd),
    protocol: buffer.toString('utf8', clusterEnd + 1, protocolEnd),
  };
}

/** A frame that refuses a connection and says why. */
export function encodeRefusal(reason: string): Uint8Array {
  return frame(FRAME_KINDS.refused, Buffer.from(reason.slice(0, 300), 'utf8'));
}

/** The reason in a refused frame, fit for a log: without control characters. */
export function decodeRefusal(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

/** Says that its sender is there. */
export const PING_FRAME: Uint8Array = frame(FRAME_KINDS.ping, NO_BODY);

/** @throws RangeError where a name is too long to be said in a greeting */
export function checkName(what: string, value: string): void {
  if (Buffer.byteLength(value, 'utf8') > MAX_NAME_BYTES)
    throw new RangeError(`${what} is longer than ${MAX_NAME_BYTES} bytes`);
}

function name(value: string): Uint8Array {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([Uint8Array.of(bytes.length), bytes]);
}
