import { type FaultEvent, isMomentary, noFaults, schedule } from '@quorate/faults';
import type { NodeId } from '@quorate/interface';
import type { Operation } from '@quorate/state-machine';
import type { Violation } from './checks.ts';
import type { SimulationOptions, TimedRequest } from './options.ts';
import { Recorder } from './recorder.ts';
import { Simulation } from './simulation.ts';

type Distributive<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A fault begun by hand: when it begins and ends is when that is done. */
export type HandFault = Distributive<FaultEvent, 'at' | 'for'>;

/** A rule that broke while a session ran. */
export interface Broken extends Violation {
  /** Events in the trace when it was found: the event before that position is the one that broke it. */
  readonly events: number;
}

/**
 * A run that is led by hand. Whatever is done to it is noted as if it had been planned from the start, so at any moment the run so far
 * is a plain value, `run`: simulating that gives the same trace, to the byte. Each intervention has a virtual microsecond of its own and comes
 * first in it, as planned events do. There is no going back: `fork` runs the same beginning again, which costs what it cost before.
 */
export class Session {
  readonly simulation: Simulation;
  readonly recorder: Recorder;
  broken: Broken | null = null;
  readonly #options: SimulationOptions;
  /** Planned, in order of time, and then begun by hand; the position is the index in the trace. */
  readonly #faults: FaultEvent[];
  /** What was ended by hand: index, and virtual µs. */
  readonly #ended = new Map<number, number>();
  readonly #requests: TimedRequest[];
  /** Microseconds in which something planned happens, or an intervention did. */
  readonly #taken = new Set<number>();

  /** @param options the run to lead; it goes on after `milliseconds`, and is neither healed nor ended by itself */
  constructor(options: SimulationOptions) {
    // In order of time, so that what a fork leaves out are the last ones, and the others keep their indices.
    const events = (options.faults ?? noFaults).events.toSorted((a, b) => a.at - b.at);
    this.#options = { ...options, trace: 'full', recover: false, faults: { version: 1, events } };
    this.#faults = [...events];
    this.#requests = [...(options.requests ?? [])];
    for (const { at } of [...schedule(this.#options.faults!), ...this.#requests])
      this.#taken.add(Math.round(at * 1000));
    this.simulation = new Simulation(this.#options);
    this.recorder = new Recorder(this.simulation);
    this.simulation.start();
    this.#look();
  }

  /** Virtual µs since the start. */
  get now(): number {
    return this.simulation.now;
  }

  get trace(): Simulation['trace'] {
    return this.simulation.trace;
  }

  /** Planned, in order of time, and then begun by hand, by the index that the trace has. */
  get faults(): readonly FaultEvent[] {
    return this.#faults;
  }

  // ---- going on -------------------------------------------------------------------------------------------------------------

  /** Goes on until something is added to the trace, but not beyond `limit` (virtual µs); false where nothing was. */
  step(limit = Number.POSITIVE_INFINITY): boolean {
    const { length } = this.trace;
    while (this.trace.length === length) if (!this.#step(limit)) return false;
    return true;
  }

  /** Goes on to a virtual time, µs; all that is due then has happened. A broken rule ends the run before. */
  runTo(time: number): void {
    while (this.#step(time));
    if (this.broken === null && time > this.now) this.simulation.advance(time);
  }

  /** Goes on until `done` says so after some event. False where it does not by `limit`, virtual µs. */
  runUntil(done: (session: Session) => boolean, limit: number): boolean {
    while (!done(this)) if (!this.#step(limit)) return false;
    return true;
  }

  #step(limit: number): boolean {
    const more = this.simulation.step(limit);
    if (more) this.#look();
    return more;
  }

  #look(): void {
    const { violation } = this.simulation.checks;
    if (violation !== null && this.broken === null) this.broken = { ...violation, events: this.trace.length };
  }

  // ---- interventions --------------------------------------------------------------------------------------------------------

  /** Begins a fault. @returns its index, by which `end` ends it; null where the run is over */
  begin(fault: HandFault): number | null {
    if (!this.#moment()) return null;
    const event = { at: this.now / 1000, ...fault } as FaultEvent;
    this.#faults.push(event);
    const index = this.simulation.begin(event);
    this.#look();
    return index;
  }

  /**
   * Ends a fault that is active, planned or begun by hand; nothing happens otherwise.
   * @throws RangeError for a clog, whose messages are on their way already
   */
  end(index: number): void {
    const active = this.simulation.activeFaults.get(index);
    if (active === undefined) return;
    if (active.kind === 'clog') throw new RangeError('a clog ends when it was planned to end');
    if (!this.#moment() || !this.simulation.activeFaults.has(index)) return;
    this.#ended.set(index, this.now);
    this.simulation.end(index);
    this.#look();
  }

  /** A client beside `node` asks it for something. */
  ask(node: NodeId, operation: Operation): void {
    if (!this.#moment()) return;
    const request = { at: this.now / 1000, node, operation };
    this.#requests.push(request);
    this.simulation.ask(request);
    this.#look();
  }

  /** Moves on to the next microsecond that is free; false where the run is over. */
  #moment(): boolean {
    let time = this.now + 1;
    while (this.#taken.has(time)) time++;
    this.runTo(time - 1);
    if (this.broken !== null) return false;
    this.simulation.advance(time);
    this.#taken.add(time);
    return true;
  }

  // ---- the run as a value ---------------------------------------------------------------------------------------------------

  /** The run up to now. Goes on to the end of the present microsecond first, so that it ends where `simulate` ends. */
  run(): SimulationOptions {
    this.runTo(this.now);
    const faults = this.#faultsBy(this.now);
    // What is planned for later stays where something was begun by hand: that has its index behind it.
    const last = faults.findLastIndex((event) => hasBegun(event, this.now));
    return this.#prefix(this.now, faults.slice(0, last + 1));
  }

  /**
   * The same run again up to a virtual time, µs, without what was planned or done after it. What was begun by hand before something planned has
   * another index in the fork.
   */
  fork(time: number): Session {
    const faults = this.#faultsBy(time).filter((event) => hasBegun(event, time));
    const session = new Session(this.#prefix(time, faults));
    session.runTo(time);
    return session;
  }

  /** All faults, with an end where they had been ended by hand by then. */
  #faultsBy(time: number): FaultEvent[] {
    return this.#faults.map((event, index) => {
      const end = this.#ended.get(index);
      if (end === undefined || end > time || isMomentary(event)) return event;
      return { ...event, for: (end - Math.round(event.at * 1000)) / 1000 };
    });
  }

  #prefix(time: number, events: readonly FaultEvent[]): SimulationOptions {
    return {
      ...this.#options,
      milliseconds: time / 1000,
      faults: { version: 1, events },
      requests: this.#requests.filter((request) => hasBegun(request, time)),
    };
  }
}

/** Whether something planned (`at` in ms) has begun by a virtual time, µs. */
function hasBegun({ at }: { readonly at: number }, time: number): boolean {
  return Math.round(at * 1000) <= time;
}
