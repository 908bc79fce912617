import { closeSync, constants, fsyncSync, openSync, write, writeSync } from 'node:fs';

const SEGMENT_BYTES = 64 * 1024 * 1024;
const FILL_BYTES = 1024 * 1024;
const OUTSTANDING = 2;

/**
 * A file of zeros, written in place from its beginning on, and again from there when it is full; each write is durable when it is done
 * (O_DSYNC, one hop to the thread pool). Up to two writes are under way; what comes meanwhile goes into the next one. Nothing is ever read.
 */
export class Segment {
  /** Writes so far. */
  syncs = 0;
  readonly #file: number;
  /** How many groups are durable, told in order. */
  readonly #onDurable: (groups: number) => void;
  #waiting: Uint8Array[] = [];
  #groups = 0;
  #at = 0;
  /** Writes under way, oldest first: the groups that are on disk with each, and whether it is done. */
  readonly #writes: { readonly groups: number; done: boolean }[] = [];

  constructor(path: string, onDurable: (groups: number) => void) {
    this.#onDurable = onDurable;
    const zeros = new Uint8Array(FILL_BYTES);
    const fresh = openSync(path, 'wx');
    for (let at = 0; at < SEGMENT_BYTES; at += FILL_BYTES) writeSync(fresh, zeros);
    fsyncSync(fresh);
    closeSync(fresh);
    this.#file = openSync(path, constants.O_RDWR | constants.O_DSYNC);
  }

  append(group: Uint8Array): void {
    this.#waiting.push(group);
    this.#groups++;
    if (this.#writes.length < OUTSTANDING) this.#begin();
  }

  #begin(): void {
    const bytes = this.#waiting.length === 1 ? this.#waiting[0]! : Buffer.concat(this.#waiting);
    this.#waiting = [];
    if (this.#at + bytes.length > SEGMENT_BYTES) this.#at = 0;
    const own = { groups: this.#groups, done: false };
    this.#writes.push(own);
    write(this.#file, bytes, 0, bytes.length, this.#at, (error) => {
      if (error !== null) throw error;
      own.done = true;
      this.#done();
    });
    this.#at += bytes.length;
  }

  #done(): void {
    let durable = 0;
    while (this.#writes[0]?.done) {
      durable = this.#writes.shift()!.groups;
      this.syncs++;
    }
    if (durable > 0) this.#onDurable(durable);
    while (this.#waiting.length > 0 && this.#writes.length < OUTSTANDING) this.#begin();
  }
}
