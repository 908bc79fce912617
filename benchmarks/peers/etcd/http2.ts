import { Pipe } from '../pipe.ts';

/** Takes the end of a call: the message that answers it, a view, or null where the server refused it or nobody knows. */
export type CallHandler = (answer: Buffer | null, isKnown: boolean) => void;

const FRAME_HEADER = 9;
const FRAME = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const ACK = 0x1;
const PADDED = 0x8;
const SETTING = { headerTableSize: 1, enablePush: 2, initialWindow: 4, frameSize: 5 } as const;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** What each end may send before the other has said more (§6.9.2). */
const FIRST_WINDOW = 65_535;
/** What the server may send before we say that we have taken it. */
const OUR_WINDOW = 1 << 30;
/** The largest frame that every server takes (§4.2). */
const FIRST_FRAME_SIZE = 16_384;
/** gRPC's own five bytes before a message: compressed or not, and its length. */
const MESSAGE_HEADER = 5;

interface Call {
  answer: Buffer | null;
  readonly done: CallHandler;
}

/** A call that waits until the server takes more. */
interface Waiting {
  readonly headers: Buffer;
  readonly message: Buffer;
  readonly done: CallHandler;
  /** Its stream, 0 before it has one, and how much of the message was sent. */
  stream: number;
  sent: number;
}

/**
 * HTTP/2 as far as unary gRPC calls to one server need it (RFC 9113), on one connection. Node's own `http2` makes objects and events for
 * each stream, which costs a load's process more than etcd takes; here a call is a constant block of headers, a data frame, and an entry
 * in a map. A call is answered where a message has come; headers are not read: a gRPC server that refuses sends no message.
 */
export class Http2Connection {
  /** Resolves when the server's settings have come. @throws Error where the connection fails before */
  readonly ready: Promise<void>;
  readonly #pipe: Pipe;
  readonly #authority: string;
  readonly #calls = new Map<number, Call>();
  readonly #waiting: Waiting[] = [];
  #stream = -1;
  /** Bytes that the server takes at the moment, on the connection and on a fresh stream. */
  #window = FIRST_WINDOW;
  #streamWindow = FIRST_WINDOW;
  #frameSize = FIRST_FRAME_SIZE;
  /** Bytes that we took and did not say so. */
  #taken = 0;
  #isRefused = false;
  #opened!: () => void;
  #failed!: (error: Error) => void;

  constructor(port: number) {
    this.ready = new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#failed = reject;
    });
    this.#authority = `127.0.0.1:${port}`;
    this.#pipe = new Pipe(
      port,
      (bytes, length) => this.#onData(bytes, length),
      (why) => this.#onGone(why),
    );
    this.#pipe.append(PREFACE);
    // No table of headers: then nothing that the server sends refers to what it sent before, and no headers need be read.
    this.#pipe.append(settings([SETTING.headerTableSize, 0], [SETTING.enablePush, 0]));
    this.#pipe.append(windowUpdate(OUR_WINDOW - FIRST_WINDOW));
  }

  /** No calls are taken any more. */
  get gone(): boolean {
    return this.#pipe.gone || this.#isRefused;
  }

  /** The headers of calls of a method, to be made once. */
  headersOf(path: string): Buffer {
    return headerBlock(path, this.#authority);
  }

  /**
   * Makes a call. @param write fills in the message
   * @throws RangeError on a message that the server would not take in one piece
   */
  call(
    headers: Buffer,
    length: number,
    write: (target: Buffer, at: number) => void,
    done: CallHandler,
  ): void {
    const bytes = MESSAGE_HEADER + length;
    if (bytes > this.#streamWindow) throw new RangeError(`a message of ${length} bytes is too long`);
    if (this.#waiting.length > 0 || bytes > this.#window || bytes > this.#frameSize) {
      const message = Buffer.allocUnsafe(bytes);
      fill(message, 0, length, write);
      this.#waiting.push({ headers, message, done, stream: 0, sent: 0 });
      this.#sendWaiting();
      return;
    }
    const stream = this.#begin(headers, done);
    const at = this.#pipe.reserve(FRAME_HEADER + bytes);
    const { slab } = this.#pipe;
    writeFrame(slab, at, bytes, FRAME.data, END_STREAM, stream);
    fill(slab, at + FRAME_HEADER, length, write);
    this.#window -= bytes;
  }

  close(): void {
    this.#pipe.close();
  }

  #begin(headers: Buffer, done: CallHandler): number {
    this.#stream += 2;
    this.#calls.set(this.#stream, { answer: null, done });
    const at = this.#pipe.reserve(FRAME_HEADER + headers.length);
    const { slab } = this.#pipe;
    writeFrame(slab, at, headers.length, FRAME.headers, END_HEADERS, this.#stream);
    headers.copy(slab, at + FRAME_HEADER);
    return this.#stream;
  }

  /** As much as the server takes: it may not say that it takes more before it has got a good part of that. */
  #sendWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#window > 0; next = this.#waiting[0]) {
      const { headers, message, done } = next;
      if (next.stream === 0) next.stream = this.#begin(headers, done);
      const length = Math.min(message.length - next.sent, this.#window, this.#frameSize);
      const part = message.subarray(next.sent, next.sent + length);
      next.sent += length;
      const isLast = next.sent === message.length;
      const at = this.#pipe.reserve(FRAME_HEADER + length);
      writeFrame(this.#pipe.slab, at, length, FRAME.data, isLast ? END_STREAM : 0, next.stream);
      part.copy(this.#pipe.slab, at + FRAME_HEADER);
      this.#window -= length;
      if (isLast) this.#waiting.shift();
    }
  }

  // ---- what comes in ----------------------------------------------------------------------------------------------------------

  #onData(bytes: Buffer, length: number): number {
    let at = 0;
    while (length - at >= FRAME_HEADER) {
      const end = at + FRAME_HEADER + bytes.readUIntBE(at, 3);
      if (end > length) break;
      const stream = bytes.readUInt32BE(at + 5) & 0x7fff_ffff;
      this.#onFrame(bytes[at + 3]!, bytes[at + 4]!, stream, bytes, at + FRAME_HEADER, end);
      at = end;
    }
    return at;
  }

  #onFrame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): void {
    switch (type) {
      case FRAME.data:
        this.#onMessage(stream, flags, bytes, start, end);
        break;
      case FRAME.headers:
        break;
      case FRAME.reset:
        this.#end(stream);
        return;
      case FRAME.settings:
        if ((flags & ACK) === 0) this.#onSettings(bytes, start, end);
        return;
      case FRAME.ping:
        if ((flags & ACK) === 0) this.#pipe.append(frame(FRAME.ping, ACK, 0, bytes.subarray(start, end)));
        return;
      case FRAME.windowUpdate:
        if (stream === 0) {
          this.#window += bytes.readUInt32BE(start) & 0x7fff_ffff;
          this.#sendWaiting();
        }
        return;
      case FRAME.goAway:
        this.#isRefused = true;
        return;
      default: // a kind that we do not know is to be ignored (§4.1)
        return;
    }
    if ((flags & END_STREAM) !== 0) this.#end(stream);
  }

  #onMessage(stream: number, flags: number, bytes: Buffer, start: number, end: number): void {
    this.#taken += end - start;
    if (this.#taken > OUR_WINDOW / 2) {
      this.#pipe.append(windowUpdate(this.#taken));
      this.#taken = 0;
    }
    const call = this.#calls.get(stream);
    if (call === undefined) return;
    const padding = (flags & PADDED) === 0 ? 0 : bytes[start]!;
    const part = bytes.subarray(padding === 0 ? start : start + 1, end - padding);
    if (call.answer === null) call.answer = part.subarray(MESSAGE_HEADER);
    else if (part.length > 0) call.answer = Buffer.concat([call.answer, part]);
  }

  #onSettings(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at + 6 <= end; at += 6) {
      const value = bytes.readUInt32BE(at + 2);
      const setting = bytes.readUInt16BE(at);
      if (setting === SETTING.initialWindow) this.#streamWindow = value;
      if (setting === SETTING.frameSize) this.#frameSize = value;
    }
    this.#pipe.append(frame(FRAME.settings, ACK, 0, NOTHING));
    this.#opened();
  }

  #end(stream: number): void {
    const call = this.#calls.get(stream);
    if (call === undefined) return;
    this.#calls.delete(stream);
    call.done(call.answer, true);
  }

  #onGone(why: string): void {
    this.#failed(new Error(`etcd: ${why}`));
    const lost = [...this.#calls.values(), ...this.#waiting.filter(({ stream }) => stream === 0)];
    this.#calls.clear();
    this.#waiting.length = 0;
    for (const { done } of lost) done(null, false);
  }
}

// ---- frames ---------------------------------------------------------------------------------------------------------------------

const NOTHING = Buffer.alloc(0);

function writeFrame(
  target: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): void {
  target.writeUIntBE(length, at, 3);
  target[at + 3] = type;
  target[at + 4] = flags;
  target.writeUInt32BE(stream, at + 5);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEADER + payload.length);
  writeFrame(bytes, 0, payload.length, type, flags, stream);
  payload.copy(bytes, FRAME_HEADER);
  return bytes;
}

function settings(...pairs: readonly (readonly [setting: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * pairs.length);
  for (const [i, [setting, value]] of pairs.entries()) {
    payload.writeUInt16BE(setting, 6 * i);
    payload.writeUInt32BE(value, 6 * i + 2);
  }
  return frame(FRAME.settings, 0, 0, payload);
}

function windowUpdate(bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frame(FRAME.windowUpdate, 0, 0, payload);
}

function fill(target: Buffer, at: number, length: number, write: (target: Buffer, at: number) => void): void {
  target[at] = 0; // not compressed
  target.writeUInt32BE(length, at + 1);
  write(target, at + MESSAGE_HEADER);
}

/**
 * The headers of a gRPC call (RFC 7541): whole fields of the static table where it has them, else literals that are not to be remembered,
 * named by the static table (`:authority` 1, `:path` 4, `content-type` 31 = 15 + 16) or in full.
 */
export function headerBlock(path: string, authority: string): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
  return Buffer.concat([
    Buffer.of(0x83, 0x86), // :method POST, :scheme http
    Buffer.of(0x04),
    text(path),
    Buffer.of(0x01),
    text(authority),
    Buffer.of(0x0f, 0x10),
    text('application/grpc'),
    Buffer.of(0x00),
    text('te'),
    text('trailers'),
  ]);
}
