/** The cores of one simulated machine, which the processes on it share. A burst keeps its core until it is done. */
export class Host {
  /** When each core will be free, virtual µs. */
  readonly #freeAt: Float64Array;
  /** With a core for each process nobody waits for one: when a process is free, so is its core. */
  readonly #shared: boolean;

  constructor(cores: number, processes: number) {
    this.#freeAt = new Float64Array(cores);
    this.#shared = processes > cores;
  }

  /** A core that is free at `now`; -1 where there is none. */
  free(now: number): number {
    if (!this.#shared) return 0;
    for (let core = 0; core < this.#freeAt.length; core++) if (this.#freeAt[core]! <= now) return core;
    return -1;
  }

  /** When the next core falls free. */
  get nextFree(): number {
    let next = this.#freeAt[0]!;
    for (let core = 1; core < this.#freeAt.length; core++) next = Math.min(next, this.#freeAt[core]!);
    return next;
  }

  /** A process works on this core until then. */
  occupy(core: number, until: number): void {
    if (this.#shared) this.#freeAt[core] = until;
  }
}

/** What one process does with the cores of its host: one burst at a time. Times in virtual µs. */
export class Processor {
  /** When it will have done all that it was given. */
  busyUntil = 0;
  /** All that it ever worked. */
  worked = 0;
  readonly #host: Host;
  #core = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Takes a core for a burst; false where it is still at work, or no core is free. */
  begin(now: number): boolean {
    if (this.busyUntil > now) return false;
    const core = this.#host.free(now);
    if (core < 0) return false;
    this.#core = core;
    return true;
  }

  /** When it is worth asking again. */
  nextFree(now: number): number {
    return Math.max(now, Math.ceil(Math.max(this.busyUntil, this.#host.nextFree)));
  }

  /** Works so long within the present burst. */
  work(now: number, microseconds: number): void {
    if (microseconds === 0) return;
    this.worked += microseconds;
    this.busyUntil = Math.max(this.busyUntil, now) + microseconds;
    this.#host.occupy(this.#core, this.busyUntil);
  }

  /** The process is gone, and its work with it. */
  reset(now: number): void {
    this.busyUntil = now;
  }
}
