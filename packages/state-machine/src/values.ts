/**
 * A value as a place in frozen bytes: of the command that put it, or of the snapshot that was made or restored since. So to put costs no
 * copy. Only a value that is appended to has bytes of its own, with room to grow.
 */
export class Value {
  bytes: Uint8Array;
  from: number;
  length: number;
  #isOwn = false;

  /** The bytes of `source` from `from` to `to`, which nobody changes any more. */
  constructor(source: Uint8Array, from: number, to: number) {
    this.bytes = source;
    this.from = from;
    this.length = to - from;
  }

  set(source: Uint8Array, from: number, to: number): void {
    this.bytes = source;
    this.from = from;
    this.length = to - from;
    this.#isOwn = false;
  }

  append(source: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (!this.#isOwn || length > this.bytes.length) {
      const roomier = new Uint8Array(length * 2);
      this.copyTo(roomier, 0);
      this.bytes = roomier;
      this.from = 0;
      this.#isOwn = true;
    }
    for (let i = this.length, j = from; i < length; i++, j++) this.bytes[i] = source[j]!;
    this.length = length;
  }

  equals(other: Uint8Array, from: number, length: number): boolean {
    if (length !== this.length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[this.from + i] !== other[from + i]) return false;
    return true;
  }

  /** Copies the value to `offset` of `target`. */
  copyTo(target: Uint8Array, offset: number): void {
    target.set(this.bytes.subarray(this.from, this.from + this.length), offset);
  }
}
