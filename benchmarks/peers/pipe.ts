import { connect, type Socket } from 'node:net';

const SLAB_BYTES = 64 * 1024;

/**
 * One TCP connection of a lean client. What is written during one turn of the event loop leaves in one piece at its end. Bytes lie in slabs
 * that are used once, so that nothing handed to the socket is overwritten.
 */
export class Pipe {
  /** What `reserve` made room in. */
  slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  readonly #socket: Socket;
  #start = 0;
  #end = 0;
  #willFlush = false;
  #isGone = false;

  /**
   * @param onData takes the bytes that have not been taken yet, and returns how many of them it took
   * @param onGone the connection failed, or was closed by the other end; told once
   */
  constructor(
    port: number,
    onData: (bytes: Buffer, length: number) => number,
    onGone: (why: string) => void,
    host = '127.0.0.1',
  ) {
    const socket = connect({ port, host, noDelay: true });
    this.#socket = socket;
    let left: Buffer | undefined;
    socket.on('data', (chunk: Buffer) => {
      const bytes = left === undefined ? chunk : Buffer.concat([left, chunk]);
      const taken = onData(bytes, bytes.length);
      left = taken === bytes.length ? undefined : bytes.subarray(taken);
    });
    const gone = (why: string): void => {
      if (this.#isGone) return;
      this.#isGone = true;
      socket.destroy();
      onGone(why);
    };
    socket.on('error', (error) => gone(error.message));
    socket.on('close', () => gone('closed by the other end'));
  }

  get gone(): boolean {
    return this.#isGone;
  }

  /** Makes room for `length` bytes in `slab`, which the caller fills at once, and returns where. */
  reserve(length: number): number {
    if (this.#end + length > this.slab.length) {
      this.#send();
      this.slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
      this.#start = 0;
      this.#end = 0;
    }
    const at = this.#end;
    this.#end += length;
    if (!this.#willFlush) {
      this.#willFlush = true;
      process.nextTick(this.#flush);
    }
    return at;
  }

  append(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length); // before `slab` is read: it may be a new one
    this.slab.set(bytes, at);
  }

  /** Closes without telling. */
  close(): void {
    this.#isGone = true;
    this.#socket.destroy();
  }

  readonly #flush = (): void => {
    this.#willFlush = false;
    this.#send();
  };

  #send(): void {
    if (this.#end === this.#start || this.#isGone) return;
    this.#socket.write(this.slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}
