/** How long to wait before the next attempt to connect. */
export interface BackoffOptions {
  /** Milliseconds after the first failure; doubles with each further one. Default 20. */
  readonly first?: number;
  /** Milliseconds at most. Default 1000. */
  readonly most?: number;
}

/** Exponential backoff with jitter: each wait is between half and all of a span that doubles up to a bound. */
export class Backoff {
  readonly #first: number;
  readonly #most: number;
  #span: number;

  constructor(options: BackoffOptions = {}) {
    this.#first = options.first ?? 20;
    this.#most = options.most ?? 1000;
    if (!(this.#first > 0) || !(this.#most >= this.#first))
      throw new RangeError(`backoff from ${this.#first} to ${this.#most} ms: must be above 0 and not fall`);
    this.#span = this.#first;
  }

  /** Milliseconds to wait this time. */
  next(): number {
    const wait = this.#span * (0.5 + 0.5 * Math.random());
    this.#span = Math.min(this.#most, 2 * this.#span);
    return wait;
  }

  /** To be called when a connection has ended that lasted so many milliseconds: a short one does not count as a success. */
  lasted(milliseconds: number): void {
    if (milliseconds >= this.#most) this.#span = this.#first;
  }

  /** The next wait is a first one again. */
  reset(): void {
    this.#span = this.#first;
  }
}
