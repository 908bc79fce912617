import { NO_BYTES } from '@quorate/interface';

const FIRST_ROOM = 64;
const NOBODY = -1;

/**
 * The sessions in order of last use, so that the longest unused can go when there are too many. All of it follows from the
 * commands applied, never from a clock: every replica forgets the same session at the same command.
 *
 * Of each client its last command's sequence and what that returned are kept. One request is outstanding at a time, so the last one is
 * enough. Sessions are places in columns: each command moves one to the newest end, which as objects would cost more than to carry it out.
 */
export class SessionTable {
  /** Whether any session was ever dropped. Until then, an unknown client is surely a new one. */
  dropped = false;
  /** By place. */
  clients = new Uint32Array(FIRST_ROOM);
  /** By place: the last command's. 0 before the first. */
  sequences = new Uint32Array(FIRST_ROOM);
  /** By place: what the last command returned. */
  readonly results: Uint8Array[] = [];
  readonly #limit: number;
  readonly #places = new Map<number, number>();
  #older = new Int32Array(FIRST_ROOM);
  #newer = new Int32Array(FIRST_ROOM);
  #oldest = NOBODY;
  #newest = NOBODY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#places.size;
  }

  /** The place of the client's session, which thereby becomes the newest; -1 where there is none. */
  use(client: number): number {
    const place = this.#places.get(client);
    if (place === undefined) return NOBODY;
    if (place !== this.#newest) {
      this.#unlink(place);
      this.#link(place);
    }
    return place;
  }

  /** Adds a session and returns its place; the oldest one gives its own where there would be too many. */
  open(client: number): number {
    let place = this.#places.size;
    if (place >= this.#limit) {
      place = this.#oldest;
      this.#places.delete(this.clients[place]!);
      this.#unlink(place);
      this.dropped = true;
    } else if (place === this.clients.length) this.#grow();
    this.#places.set(client, place);
    this.clients[place] = client;
    this.sequences[place] = 0;
    this.results[place] = NO_BYTES;
    this.#link(place);
    return place;
  }

  /** The places from the longest unused to the newest. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (let place = this.#oldest; place !== NOBODY; place = this.#newer[place]!) yield place;
  }

  #link(place: number): void {
    this.#older[place] = this.#newest;
    this.#newer[place] = NOBODY;
    if (this.#newest === NOBODY) this.#oldest = place;
    else this.#newer[this.#newest] = place;
    this.#newest = place;
  }

  #unlink(place: number): void {
    const older = this.#older[place]!;
    const newer = this.#newer[place]!;
    if (older === NOBODY) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NOBODY) this.#newest = older;
    else this.#older[newer] = older;
  }

  #grow(): void {
    const length = 2 * this.clients.length;
    const grown = <A extends Uint32Array | Int32Array>(to: A, from: A): A => {
      to.set(from);
      return to;
    };
    this.clients = grown(new Uint32Array(length), this.clients);
    this.sequences = grown(new Uint32Array(length), this.sequences);
    this.#older = grown(new Int32Array(length), this.#older);
    this.#newer = grown(new Int32Array(length), this.#newer);
  }
}
