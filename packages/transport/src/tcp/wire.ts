import { connect, type Socket } from 'node:net';
import { FrameError, ProtocolError } from '../errors.ts';
import { FrameReader } from '../framing.ts';
import { type Address, Counters } from '../transport.ts';
import { MAX_HELLO_BYTES, PING_FRAME } from './hello.ts';

/** Who uses a wire. All calls come from the event loop, none from inside a call of the wire except `onGone`. */
export interface WireOwner {
  /** @throws ProtocolError, FrameError to have the wire closed as for any bad frame */
  onFrame(wire: Wire, kind: number, bytes: Uint8Array, start: number, end: number): void;
  /** After the frames of one chunk. */
  onBurst(wire: Wire): void;
  /** The wire is closed, and nothing else will come of it. `bad`: for what the other end sent. */
  onGone(wire: Wire, reason: string, bad: boolean): void;
  /** The other end takes bytes again after it did not for a while. */
  onDrain?(wire: Wire): void;
}

/** What all wires of one endpoint share. */
export interface WireShop {
  readonly counters: Counters;
  /** Wires with something to flush. */
  readonly dirty: Wire[];
  /** Wires whose sockets are not yet closed. */
  readonly open: Set<Wire>;
}

/** Pings, and looks for, connections that are quiet, as `Wire.tick` says; calls it every `pingMilliseconds`. */
export function keepTicking(
  shop: WireShop,
  pingMilliseconds = 1000,
  idleMilliseconds = 5000,
): NodeJS.Timeout {
  const idleTicks = Math.ceil(idleMilliseconds / pingMilliseconds);
  return setInterval(() => {
    for (const wire of shop.open) wire.tick(idleTicks);
    flushAll(shop);
  }, pingMilliseconds);
}

/** A fresh one. */
export function wireShop(): WireShop {
  return { counters: new Counters(), dirty: [], open: new Set() };
}

/** Opens a connection, which may still be under way. */
export function dial(address: Address, shop: WireShop, owner: WireOwner): Wire {
  const { host, port } = address;
  const options = { host, port, noDelay: true, highWaterMark: SOCKET_BUFFER_BYTES };
  return new Wire(connect(options), `${host}:${port}`, shop, owner);
}

/** Flushes every wire that has something to flush, and forgets those that have not. */
export function flushAll(shop: WireShop): void {
  const { dirty } = shop;
  if (dirty.length === 0) return;
  // By index, and emptied afterwards: a wire that fails here may make its owner write to another.
  for (let i = 0; i < dirty.length; i++) dirty[i]!.flush();
  dirty.length = 0;
}

const NOBODY: WireOwner = { onFrame() {}, onBurst() {}, onGone() {} };
/** The reason given where the other end closed a connection in order. */
export const LEFT = 'closed by the other end';
const NO_SLAB = new Uint8Array(0);
/** Slabs double in size from the first to the largest, so that thousands of quiet connections cost little. */
const FIRST_SLAB_BYTES = 4 * 1024;
const MAX_SLAB_BYTES = 64 * 1024;
/** From this size on, a frame is handed to the socket as it is, instead of being copied behind others. */
const SHARE_BYTES = 32 * 1024;
/** Bytes that a socket may hold before it wants us to wait for its drain. */
export const SOCKET_BUFFER_BYTES = 256 * 1024;

/**
 * One TCP connection: frames in, buffered frames out. Written bytes lie in slabs that are used once, so that nothing handed
 * to the socket is ever overwritten.
 */
export class Wire {
  owner: WireOwner;
  readonly remote: string;
  /** The slab being filled: `reserve` says where. */
  slab: Uint8Array = NO_SLAB;
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #shop: WireShop;
  readonly #reader: FrameReader;
  #slabBytes = FIRST_SLAB_BYTES / 2;
  #start = 0;
  #end = 0;
  /** Complete pieces that go before the slab's. */
  #pieces: Uint8Array[] = [];
  #buffered = 0;
  #inSocket = 0;
  #isDirty = false;
  #mustDrain = false;
  #isGone = false;
  #isGreeted = false;
  #delivered = false;
  #silentTicks = 0;
  #ageTicks = 0;
  #spoke = false;

  /** @param remote the other end's address, for people */
  constructor(socket: Socket, remote: string, shop: WireShop, owner: WireOwner) {
    this.owner = owner;
    this.#socket = socket;
    this.#shop = shop;
    this.remote = remote;
    this.#reader = new FrameReader((kind, bytes, start, end) => {
      this.#delivered = true;
      this.owner.onFrame(this, kind, bytes, start, end);
    }, MAX_HELLO_BYTES);
    shop.open.add(this);
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('error', (error) => this.destroy(error.message));
    socket.on('end', () => this.destroy(LEFT));
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.destroy('closed');
        shop.open.delete(this);
        resolve();
      });
    });
  }

  /** Bytes sent but not yet taken by the operating system. */
  get pending(): number {
    return this.#buffered + this.#inSocket;
  }

  /** Bytes pending, asked anew. */
  measure(): number {
    this.#inSocket = this.#socket.writableLength;
    return this.pending;
  }

  get gone(): boolean {
    return this.#isGone;
  }

  /** The greeting is over: frames of normal size may come. */
  greeted(maxFrameBytes: number): void {
    this.#isGreeted = true;
    this.#reader.maxFrameBytes = maxFrameBytes;
  }

  /** Makes room for `length` bytes in `slab`, which the caller fills at once, and returns where. */
  reserve(length: number): number {
    if (this.#end + length > this.slab.length) {
      this.#seal();
      this.#slabBytes = Math.min(2 * this.#slabBytes, MAX_SLAB_BYTES);
      this.slab = Buffer.allocUnsafeSlow(Math.max(this.#slabBytes, length));
      this.#start = 0;
      this.#end = 0;
    }
    const offset = this.#end;
    this.#end += length;
    this.#note(length);
    return offset;
  }

  /** Adds a frame, whose bytes nobody writes again. */
  append(frame: Uint8Array): void {
    // A large frame is shared unless that would keep a much larger buffer around it alive.
    if (frame.length >= SHARE_BYTES && frame.length * 8 >= frame.buffer.byteLength) {
      this.#seal();
      this.#pieces.push(frame);
      this.#note(frame.length);
      return;
    }
    const offset = this.reserve(frame.length);
    this.slab.set(frame, offset);
  }

  /** Hands everything buffered to the socket, in one write, unless it still has too much to do. */
  flush(): void {
    this.#isDirty = false;
    if (this.#isGone || this.#mustDrain || this.#buffered === 0) return;
    this.#seal();
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#shop.counters.writes++;
    this.#shop.counters.bytesSent += this.#buffered;
    this.#buffered = 0;
    let more: boolean;
    if (pieces.length === 1) more = this.#socket.write(pieces[0]!);
    else {
      this.#socket.cork();
      more = true;
      for (const piece of pieces) more = this.#socket.write(piece);
      this.#socket.uncork();
    }
    this.#mustDrain = !more;
    this.#inSocket = this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#silentTicks = 0;
    this.#socket.resume();
  }

  /** Closes now; what is not yet sent is lost. Calls `onGone`, once. */
  destroy(reason: string, bad = false): void {
    if (this.#isGone) return;
    const owner = this.#leave();
    this.#socket.destroy();
    owner.onGone(this, reason, bad);
  }

  /** Closes without telling the owner, after a last frame and whatever else is buffered was sent, if that goes quickly. */
  finish(last?: Uint8Array): void {
    if (this.#isGone) return;
    if (last !== undefined) this.append(last);
    this.flush();
    this.#leave();
    const timer = setTimeout(() => this.#socket.destroy(), 200);
    this.#socket.on('close', () => clearTimeout(timer));
    this.#socket.destroySoon();
  }

  /**
   * To be called at regular intervals, `flushAll` after it: adds a ping where nothing else was sent since the last call, and closes the wire where
   * nothing came in, or no greeting was completed, within `idleTicks` calls.
   */
  tick(idleTicks: number): void {
    if (this.#isGone) return;
    this.#ageTicks++;
    if (!this.#isGreeted) {
      if (this.#ageTicks > idleTicks) this.destroy('no greeting in time', true);
      return;
    }
    if (!this.#spoke && this.measure() === 0) this.append(PING_FRAME);
    this.#spoke = false;
    if (this.#socket.isPaused() || ++this.#silentTicks <= idleTicks) return;
    this.destroy(this.#reader.midFrame ? 'silent in the middle of a frame' : 'silent for too long');
  }

  #note(length: number): void {
    this.#buffered += length;
    this.#spoke = true;
    if (this.#isDirty) return;
    this.#isDirty = true;
    this.#shop.dirty.push(this);
  }

  #seal(): void {
    if (this.#end === this.#start) return;
    this.#pieces.push(this.slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }

  #leave(): WireOwner {
    this.#isGone = true;
    this.#reader.stop();
    this.#pieces = [];
    this.#buffered = 0;
    const owner = this.owner;
    this.owner = NOBODY;
    return owner;
  }

  #onData(chunk: Buffer): void {
    if (this.#isGone) return;
    this.#silentTicks = 0;
    this.#shop.counters.bytesReceived += chunk.length;
    this.#delivered = false;
    let fault: FrameError | ProtocolError | undefined;
    try {
      // A plain Uint8Array: what protocols get must not have Buffer's own ideas of `slice`.
      this.#reader.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof ProtocolError)) throw error;
      fault = error;
      this.#reader.stop();
    }
    if (this.#delivered) this.owner.onBurst(this);
    if (fault !== undefined) this.destroy(`${fault.reason}: ${fault.message}`, true);
  }

  #onDrain(): void {
    this.#mustDrain = false;
    this.#inSocket = this.#socket.writableLength;
    this.flush();
    this.owner.onDrain?.(this);
  }
}
