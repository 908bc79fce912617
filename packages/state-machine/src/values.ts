/** A value that changes in place: its room is reused, so that overwriting makes no garbage and appending costs what it appends. */
export class Value {
  bytes: Uint8Array;
  length: number;

  /** Copies `source` from `from` to `to`. */
  constructor(source: Uint8Array, from: number, to: number) {
    this.bytes = source.slice(from, to);
    this.length = this.bytes.length;
  }

  set(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    // Keeping room of more than four times the value's size would waste too much.
    if (length > this.bytes.length || length * 4 < this.bytes.length) {
      this.bytes = source.slice(from, to);
    } else {
      for (let i = 0; i < length; i++) this.bytes[i] = source[from + i]!;
    }
    this.length = length;
  }

  append(source: Uint8Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (length > this.bytes.length) {
      const roomier = new Uint8Array(length * 2);
      roomier.set(this.bytes.subarray(0, this.length));
      this.bytes = roomier;
    }
    for (let i = this.length, j = from; i < length; i++, j++) this.bytes[i] = source[j]!;
    this.length = length;
  }

  equals(other: Uint8Array, from: number, length: number): boolean {
    if (length !== this.length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[i] !== other[from + i]) return false;
    return true;
  }
}
