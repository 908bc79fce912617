import { readU32, writeU32 } from '@quorate/interface';
import { FrameError } from './errors.ts';

/**
 * The version of all that travels between replicas and clients. It stands in every frame; a frame of another version ends
 * the connection.
 */
export const WIRE_VERSION = 1;

/** Bytes before each frame's payload: u32 length of the payload, u8 version, u8 kind; little-endian. */
export const FRAME_HEADER_BYTES = 6;

/** The largest payload accepted unless another limit is given: 16 MiB. */
export const DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** What a frame holds. The numbers are on the wire: never reuse one. */
export const FRAME_KINDS = {
  hello: 1,
  welcome: 2,
  refused: 3,
  ping: 4,
  structures: 5,
  message: 6,
  request: 7,
  response: 8,
} as const;

const LAST_KIND = 8;

/** Up to here a frame's memory is reserved at once; beyond, only as its bytes come in. */
const RESERVE_BYTES = 1024 * 1024;

/** Writes a frame's header at `offset`; the payload of `length` bytes is to follow it. Returns the offset behind the header. */
export function writeFrameHeader(target: Uint8Array, offset: number, kind: number, length: number): number {
  writeU32(target, offset, length);
  target[offset + 4] = WIRE_VERSION;
  target[offset + 5] = kind;
  return offset + FRAME_HEADER_BYTES;
}

/** A whole frame around a payload, which is copied. */
export function frame(kind: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  writeFrameHeader(bytes, 0, kind, payload.length);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/**
 * Takes one complete frame: its payload is `bytes` from `start` to `end`. Nobody writes those bytes again, so a view of them
 * may be kept for good; it keeps the chunk that it lies in from being freed.
 */
export type FrameHandler = (kind: number, bytes: Uint8Array, start: number, end: number) => void;

/**
 * Cuts a stream of chunks, of any sizes, into frames. A frame that lies inside one chunk is handed over where it is; one
 * that straddles chunks is copied together once (above 1 MiB in steps, so that memory is only taken for bytes that came).
 */
export class FrameReader {
  /** The largest payload accepted from now on. */
  maxFrameBytes: number;
  readonly #onFrame: FrameHandler;
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES);
  #headerFilled = 0;
  /** The payload being put together; undefined between frames and while a header is incomplete. */
  #partial: Uint8Array | undefined;
  #partialFilled = 0;
  #partialLength = 0;
  #stopped = false;

  constructor(onFrame: FrameHandler, maxFrameBytes = DEFAULT_MAX_FRAME_BYTES) {
    this.#onFrame = onFrame;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Whether a frame has begun and is not complete. */
  get midFrame(): boolean {
    return this.#headerFilled > 0;
  }

  /** No frame is handed over any more, not even the rest of the chunk at hand. */
  stop(): void {
    this.#stopped = true;
    this.#partial = undefined;
  }

  /**
   * Takes the stream's next chunk, which must not be written again, and hands over the frames that it completes.
   * @throws FrameError where a header is not acceptable; the reader has then stopped.
   */
  push(chunk: Uint8Array): void {
    if (this.#stopped) return;
    let position = 0;
    if (this.#headerFilled > 0) position = this.#resume(chunk);
    while (!this.#stopped && position < chunk.length) {
      const start = position + FRAME_HEADER_BYTES;
      if (start > chunk.length) {
        this.#fillHeader(chunk, position);
        return;
      }
      const length = this.#checkHeader(chunk, position);
      const end = start + length;
      if (end > chunk.length) {
        this.#headerFilled = FRAME_HEADER_BYTES;
        this.#header.set(chunk.subarray(position, start));
        this.#begin(length);
        this.#fill(chunk, start);
        return;
      }
      position = end;
      this.#onFrame(chunk[start - 1]!, chunk, start, end);
    }
  }

  /** Goes on with the frame that an earlier chunk began, and returns where the next one begins. */
  #resume(chunk: Uint8Array): number {
    let position = 0;
    if (this.#partial === undefined) {
      position = this.#fillHeader(chunk, 0);
      if (this.#headerFilled < FRAME_HEADER_BYTES) return position;
      this.#begin(this.#checkHeader(this.#header, 0));
    }
    position = this.#fill(chunk, position);
    const payload = this.#partial;
    if (payload !== undefined && this.#partialFilled === this.#partialLength) {
      this.#partial = undefined;
      this.#headerFilled = 0;
      this.#onFrame(this.#header[5]!, payload, 0, this.#partialLength);
    }
    return position;
  }

  #fillHeader(chunk: Uint8Array, position: number): number {
    const taken = Math.min(FRAME_HEADER_BYTES - this.#headerFilled, chunk.length - position);
    this.#header.set(chunk.subarray(position, position + taken), this.#headerFilled);
    this.#headerFilled += taken;
    return position + taken;
  }

  #begin(length: number): void {
    this.#partial = new Uint8Array(Math.min(length, RESERVE_BYTES));
    this.#partialFilled = 0;
    this.#partialLength = length;
  }

  /** Copies what the chunk has of the partial frame, and returns the position behind it. */
  #fill(chunk: Uint8Array, position: number): number {
    let target = this.#partial!;
    const taken = Math.min(this.#partialLength - this.#partialFilled, chunk.length - position);
    const filled = this.#partialFilled + taken;
    if (filled > target.length) {
      const larger = new Uint8Array(Math.min(this.#partialLength, Math.max(filled, 2 * target.length)));
      larger.set(target.subarray(0, this.#partialFilled));
      target = larger;
      this.#partial = larger;
    }
    target.set(chunk.subarray(position, position + taken), this.#partialFilled);
    this.#partialFilled = filled;
    return position + taken;
  }

  #checkHeader(bytes: Uint8Array, offset: number): number {
    const length = readU32(bytes, offset);
    const version = bytes[offset + 4]!;
    const kind = bytes[offset + 5]!;
    if (version !== WIRE_VERSION)
      throw this.#refuse('version', `frame of wire version ${version}, this is version ${WIRE_VERSION}`);
    if (kind === 0 || kind > LAST_KIND) throw this.#refuse('kind', `frame of unknown kind ${kind}`);
    if (length > this.maxFrameBytes)
      throw this.#refuse('oversized', `frame of ${length} bytes, at most ${this.maxFrameBytes} are allowed`);
    return length;
  }

  #refuse(reason: FrameError['reason'], detail: string): FrameError {
    this.stop();
    return new FrameError(reason, detail);
  }
}
