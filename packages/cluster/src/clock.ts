/** A replica's monotonic clock in milliseconds, which faults may make wrong. */
export class ReplicaClock {
  #rate = 1;
  #since = 0;
  #base = 0;

  now(): number {
    return this.#base + (performance.now() - this.#since) * this.#rate;
  }

  /** Real milliseconds until this clock shows `deadline`. */
  until(deadline: number): number {
    return (deadline - this.now()) / this.#rate;
  }

  get rate(): number {
    return this.#rate;
  }

  /** Lets the clock run `rate` times as fast from now on. */
  setRate(rate: number): void {
    this.#base = this.now();
    this.#since = performance.now();
    this.#rate = rate;
  }

  jump(milliseconds: number): void {
    this.#base += milliseconds;
  }
}
