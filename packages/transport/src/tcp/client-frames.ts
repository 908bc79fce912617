import {
  NO_BYTES,
  type NodeId,
  type Refusal,
  type Request,
  readU32,
  SESSION_HEADER_BYTES,
  writeU32,
} from '@quorate/interface';
import { ProtocolError } from '../errors.ts';
import { FRAME_HEADER_BYTES, FRAME_KINDS, writeFrameHeader } from '../framing.ts';
import type { Wire } from './wire.ts';

/** How a request ended: carried out, or why not. */
export type Status = 'ok' | Refusal;

/** The order is the number on the wire. */
const STATUSES: readonly Status[] = [
  'ok',
  'not-leader',
  'busy',
  'aborted',
  'stopped',
  'unsupported',
  'unknown',
];
const KINDS: readonly Request['kind'][] = ['write', 'read', 'admin'];
const STATUS_NUMBER = new Map(STATUSES.map((status, number) => [status, number]));

const REQUEST_BYTES = 2;
const RESPONSE_BYTES = 13;
const MAX_PARTICIPANTS = 255;
const NO_PARTICIPANTS: readonly NodeId[] = [];

/**
 * Buffers a request frame: u8 kind (0 write, 1 read, 2 admin), u8 number of participants, each a u32, then the command, which
 * begins with the session header (client u32, sequence u32); little-endian.
 */
export function writeRequest(
  wire: Wire,
  kind: Request['kind'],
  command: Uint8Array,
  participants: readonly NodeId[],
): void {
  const length = REQUEST_BYTES + 4 * participants.length + command.length;
  const start = wire.reserve(FRAME_HEADER_BYTES + length);
  const target = wire.slab;
  let offset = writeFrameHeader(target, start, FRAME_KINDS.request, length);
  target[offset++] = KINDS.indexOf(kind);
  target[offset++] = participants.length;
  for (const id of participants) {
    writeU32(target, offset, id);
    offset += 4;
  }
  target.set(command, offset);
}

/** @throws RangeError where a request can't be put into a frame: a caller's mistake */
export function checkRequest(command: Uint8Array, participants: readonly NodeId[]): void {
  if (command.length < SESSION_HEADER_BYTES) throw new RangeError('a command without its session header');
  if (readU32(command, 0) === 0) throw new RangeError('a command of client 0: clients count from 1');
  if (participants.length > MAX_PARTICIPANTS)
    throw new RangeError(`${participants.length} participants, at most ${MAX_PARTICIPANTS} fit a request`);
}

/** The request in a frame's payload; its command is a view. @throws ProtocolError */
export function readRequest(bytes: Uint8Array, start: number, end: number): Request {
  const kind = KINDS[bytes[start]!];
  const count = bytes[start + 1]!;
  const commandAt = start + REQUEST_BYTES + 4 * count;
  if (end - start < REQUEST_BYTES || commandAt + SESSION_HEADER_BYTES > end)
    throw new ProtocolError('truncated', 'request without a command');
  if (kind === undefined) throw new ProtocolError('type', `request of unknown kind ${bytes[start]}`);
  const client = readU32(bytes, commandAt);
  if (client === 0) throw new ProtocolError('shape', 'request of client 0');
  return {
    kind,
    client,
    sequence: readU32(bytes, commandAt + 4),
    command: bytes.subarray(commandAt, end),
    participants: count === 0 ? NO_PARTICIPANTS : readParticipants(bytes, start + REQUEST_BYTES, count),
  };
}

function readParticipants(bytes: Uint8Array, offset: number, count: number): NodeId[] {
  const participants: NodeId[] = [];
  for (let i = 0; i < count; i++) participants.push(readU32(bytes, offset + 4 * i));
  return participants;
}

/** Buffers a response frame: u32 client, u32 sequence, u8 status, i32 leader (-1: none known), then the result; little-endian. */
export function writeResponse(
  wire: Wire,
  client: number,
  sequence: number,
  status: Status,
  leader: NodeId | null,
  result: Uint8Array,
): void {
  const length = RESPONSE_BYTES + result.length;
  const start = wire.reserve(FRAME_HEADER_BYTES + length);
  const target = wire.slab;
  const offset = writeFrameHeader(target, start, FRAME_KINDS.response, length);
  writeU32(target, offset, client);
  writeU32(target, offset + 4, sequence);
  target[offset + 8] = STATUS_NUMBER.get(status)!;
  writeU32(target, offset + 9, leader ?? -1);
  if (result.length > 0) target.set(result, offset + RESPONSE_BYTES);
}

/** Takes a response apart; `result` may be kept, and is never changed. */
export type ResponseReader = (
  client: number,
  sequence: number,
  status: Status,
  leader: NodeId | null,
  result: Uint8Array,
) => void;

/** Reads the response in a frame's payload. @throws ProtocolError */
export function readResponse(bytes: Uint8Array, start: number, end: number, take: ResponseReader): void {
  if (end - start < RESPONSE_BYTES) throw new ProtocolError('truncated', 'response ends too soon');
  const status = STATUSES[bytes[start + 8]!];
  if (status === undefined) throw new ProtocolError('type', `response of unknown status ${bytes[start + 8]}`);
  const leader = readU32(bytes, start + 9) | 0;
  take(
    readU32(bytes, start),
    readU32(bytes, start + 4),
    status,
    leader < 0 ? null : leader,
    resultAt(bytes, start + RESPONSE_BYTES, end),
  );
}

/** Results that are no longer than this are handed out as the one before them where they equal it. */
const REPEATED_BYTES = 8;
let repeated: Uint8Array = NO_BYTES;

/** Most results are short and say the same, so that a view of each would be the greater part of reading it. */
function resultAt(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  if (length > REPEATED_BYTES) return bytes.subarray(start, end);
  let same = length === repeated.length;
  for (let i = 0; same && i < length; i++) same = repeated[i] === bytes[start + i];
  if (!same) repeated = bytes.slice(start, end);
  return repeated;
}
