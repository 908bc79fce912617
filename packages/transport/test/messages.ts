import fc from 'fast-check';
import {
  FRAME_KINDS,
  type FrameHandler,
  FrameReader,
  MessageDecoder,
  type MessageEncoder,
} from '../src/index.ts';

/** Any message, as far as the codec may know: what the tests send. */
export interface AnyMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

const bytes = fc.uint8Array({ maxLength: 300 });
const name = fc
  .stringMatching(/^[a-z][A-Za-z0-9_]{0,8}$/)
  .filter((n) => !['constructor', 'type'].includes(n));
const whole = fc.maxSafeInteger().map((n) => n + 0);
const fraction = fc
  .double({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 52), max: 2 ** 52 })
  .map((n) => n + 0);

/** Values that messages may hold. -0 is left out: it arrives as 0. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    whole,
    fraction,
    fc.integer({ min: -40, max: 300 }).map((n) => n + 0),
    fc.string({ unit: 'grapheme', maxLength: 90 }),
    bytes,
    fc.array(tie('any'), { maxLength: 20 }),
    fc.dictionary(name, tie('any'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).any;

const batch = fc.oneof(
  fc.record({ first: fc.nat(), count: fc.constant(0), bytes: fc.constant(new Uint8Array(0)) }),
  fc.record({
    first: fc.nat(),
    count: fc.integer({ min: 1, max: 20 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 500 }),
  }),
);

/** Messages of many shapes, with and without bulk fields. */
export const message: fc.Arbitrary<AnyMessage> = fc
  .tuple(
    fc.record({ type: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }) }),
    fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true }),
    fc.record({ entries: batch, command: bytes, data: bytes }, { requiredKeys: [] }),
  )
  .map(([type, fields, bulk]) => ({ ...fields, ...type, ...bulk }));

/** What a connection does with an encoder: structures first, where the other end lacks some. */
export class Sender {
  readonly #encoder: MessageEncoder<AnyMessage>;
  #told = 0;

  constructor(encoder: MessageEncoder<AnyMessage>) {
    this.#encoder = encoder;
  }

  /** The frames to write for one message. */
  frames(one: AnyMessage): Uint8Array[] {
    const frame = this.#encoder.encode(one);
    if (this.#told === this.#encoder.structureCount) return [frame];
    const structures = this.#encoder.structures(this.#told);
    this.#told = this.#encoder.structureCount;
    return [structures, frame];
  }
}

/** The other end: chunks in, messages out. */
export class Receiver {
  readonly messages: AnyMessage[] = [];
  readonly decoder = new MessageDecoder<AnyMessage>();
  structureFrames = 0;
  readonly #onFrame: FrameHandler = (kind, chunk, start, end) => {
    if (kind === FRAME_KINDS.structures) {
      this.structureFrames++;
      this.decoder.addStructures(chunk, start, end);
    } else this.messages.push(this.decoder.decode(chunk, start, end));
  };
  readonly reader = new FrameReader(this.#onFrame);
}

/** Puts byte sections behind one another. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Cuts bytes at the given places, each taken modulo the length. */
export function cut(all: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((p) => p % (all.length + 1)))].sort((a, b) => a - b);
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const end of [...sorted, all.length]) {
    pieces.push(all.slice(start, end));
    start = end;
  }
  return pieces;
}
