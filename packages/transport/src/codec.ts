import type { Message } from '@quorate/interface';
import { Packr, RESERVE_START_SPACE } from 'msgpackr/pack';
import { Unpackr } from 'msgpackr/unpack';
import { checkEncoded } from './check.ts';
import { ProtocolError } from './errors.ts';
import {
  DEFAULT_MAX_FRAME_BYTES,
  FRAME_HEADER_BYTES,
  FRAME_KINDS,
  frame,
  writeFrameHeader,
} from './framing.ts';
import { checkFields, decodeStructures, encodeStructures, MAX_STRUCTURES } from './structures.ts';

/** msgpackr's table of record structures: field lists, with notes of its own on the array and on each list. */
type Table = (string[] & { isShared?: boolean; highByte?: number })[] & { sharedLength?: number };

/** The first structures have ids of one byte; from here on, ids have a second. */
const ONE_BYTE_IDS = 32;

/**
 * Turns messages into frames. One serves a whole endpoint: an object's field names are written once, in a table of
 * structures that grows with each new shape, and a message only names its structure. Whoever sends a frame first sees to it
 * that the receiver was told `structureCount` structures (see `structures`). A message's frame does not depend on the
 * receiver, so one that goes to several is encoded once.
 *
 * Bulk bytes are copied into the frame as they are. A message is plain objects, arrays, Uint8Arrays, strings, finite numbers below
 * 2^53, booleans and null: anything else is refused, except that sets, errors and regular expressions become arrays.
 */
export class MessageEncoder<M extends Message> {
  readonly #packr: Packr & { structures: Table };
  readonly #table: Table = [];
  readonly #maxFrameBytes: number;
  #last: M | undefined;
  #lastFrame: Uint8Array = new Uint8Array(0);
  #encoded = 0;

  constructor(maxFrameBytes = DEFAULT_MAX_FRAME_BYTES) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#packr = new Packr({
      structures: this.#table,
      maxSharedStructures: MAX_STRUCTURES + 1,
      maxOwnStructures: 0,
      shouldShareStructure: (fields: string[]) => this.#admit(fields),
    }) as Packr & { structures: Table };
  }

  /** How many structures a receiver must know to read everything encoded so far. */
  get structureCount(): number {
    return this.#table.length;
  }

  /** How many messages were really encoded, that is, without those sent again. */
  get encoded(): number {
    return this.#encoded;
  }

  /**
   * The message as one frame. The same message again, directly after, gives the same frame. The bytes are never written
   * again, so they may be kept and shared; treat them as frozen.
   * @throws ProtocolError where the message holds what no message may hold, or is larger than a frame may be.
   */
  encode(message: M): Uint8Array {
    if (message === this.#last) return this.#lastFrame;
    this.#last = undefined;
    const bytes: Uint8Array = this.#packr.pack(message, RESERVE_START_SPACE | FRAME_HEADER_BYTES);
    const length = bytes.length - FRAME_HEADER_BYTES;
    if (length > this.#maxFrameBytes)
      throw new ProtocolError(
        'size',
        `${message.type} of ${length} bytes, at most ${this.#maxFrameBytes} fit a frame`,
      );
    // What a peer would refuse never leaves: the author of a protocol learns of it here, not from a closed connection.
    checkEncoded(bytes, FRAME_HEADER_BYTES, bytes.length, this.#table, this.#maxFrameBytes);
    writeFrameHeader(bytes, 0, FRAME_KINDS.message, length);
    this.#encoded++;
    this.#last = message;
    this.#lastFrame = bytes;
    return bytes;
  }

  /** A frame that tells a receiver, who knows the first `known` structures, all others. */
  structures(known: number): Uint8Array {
    return frame(FRAME_KINDS.structures, encodeStructures(this.#table, known));
  }

  #admit(fields: string[]): boolean {
    checkFields(fields);
    if (this.#table.length >= MAX_STRUCTURES)
      throw new ProtocolError(
        'structure',
        `objects of more than ${MAX_STRUCTURES} shapes; an object with changing fields should be an array`,
      );
    return true;
  }
}

/**
 * Turns the payloads of one connection's frames back into messages. Bulk bytes are views on the payload: they may be kept as
 * long as the payload is not written again, which is so for what `FrameReader` hands over.
 */
export class MessageDecoder<M extends Message> {
  readonly #table: Table = Object.assign([], { sharedLength: 0 });
  readonly #unpackr: Unpackr;
  readonly #range = { start: 0, end: 0 };
  readonly #costMax: number;

  constructor(maxFrameBytes = DEFAULT_MAX_FRAME_BYTES) {
    this.#costMax = maxFrameBytes;
    this.#unpackr = new Unpackr({ structures: this.#table });
  }

  /** Takes a structures frame's payload. @throws ProtocolError */
  addStructures(bytes: Uint8Array, start = 0, end = bytes.length): void {
    for (const fields of decodeStructures(bytes.subarray(start, end), this.#table.length)) {
      const structure: Table[number] = fields;
      structure.isShared = true;
      const index = this.#table.length;
      if (index >= ONE_BYTE_IDS) structure.highByte = (index - ONE_BYTE_IDS) >> 5;
      this.#table.push(structure);
    }
    this.#table.sharedLength = this.#table.length;
  }

  /**
   * The message in a message frame's payload.
   * @throws ProtocolError where the bytes are not one, and then nothing of them was acted upon. A message that passes has a
   * `type` and well-formed bulk fields; whether it has its type's other fields is the sender's promise.
   */
  decode(bytes: Uint8Array, start = 0, end = bytes.length): M {
    checkEncoded(bytes, start, end, this.#table, this.#costMax);
    this.#range.start = start;
    this.#range.end = end;
    const message: unknown = this.#unpackr.unpack(bytes, this.#range);
    checkShape(message);
    return message as M;
  }
}

function checkShape(value: unknown): asserts value is Message {
  if (typeof value !== 'object' || value === null || typeof (value as Message).type !== 'string')
    throw new ProtocolError('shape', 'value without a type');
  const { type, entries, command, data } = value as Message;
  if (entries !== undefined) {
    const { first, count, bytes } = entries ?? {};
    const whole = Number.isSafeInteger(first) && Number.isSafeInteger(count) && count >= 0;
    if (!whole || !(bytes instanceof Uint8Array) || (count === 0) !== (bytes.length === 0))
      throw new ProtocolError('shape', `${type} whose entries are not a batch`);
  }
  if (command !== undefined && !(command instanceof Uint8Array))
    throw new ProtocolError('shape', `${type} whose command is not bytes`);
  if (data !== undefined && !(data instanceof Uint8Array))
    throw new ProtocolError('shape', `${type} whose data is not bytes`);
}
