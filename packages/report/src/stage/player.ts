import type { FaultPlan, ResolvedEvent } from '@quorate/faults';
import {
  type Broken,
  type RunFile,
  record,
  runFileOf,
  Session,
  type SimulationOptions,
} from '@quorate/simulator';
import type { Trace } from '@quorate/trace';
import { Diagram, isTurningPoint } from '../see/diagram.ts';
import type { UnpackedTrace } from '../see/inflate.ts';
import { type Looked, lookedFrom, type ProtocolFace } from '../see/looked.ts';

/** How far a run is simulated ahead of what is shown, virtual µs: messages under way are drawn where they are, so when they arrive must be known. */
const AHEAD = 60_000;

/**
 * A run, and a moment in it that is looked at. A recorded run is there from beginning to end; a run that is played goes on as far as it is
 * looked at. Whoever intervenes changes what comes after the moment: the run is played from there on. Of a run that is known by its trace alone
 * nothing can be played on.
 */
export class Player {
  readonly protocol: ProtocolFace;
  /** The planted bug that the protocol has, by its name. */
  readonly mutant: string | undefined;
  readonly nodes: number;
  recorder!: Looked;
  diagram!: Diagram;
  /** The moment: virtual µs, and the events of the trace that have happened by then. */
  time = 0;
  events = 0;
  /** The latest moment looked at so far; of a recorded run, its end. */
  furthest = 0;
  /** Changes with everything that a reader can see. */
  version = 0;
  /** Null where only the trace is known. */
  readonly #options: SimulationOptions | null;
  #plan: FaultPlan | undefined;
  /** Undefined for a recorded run. */
  #session: Session | undefined;
  #broken: Broken | null = null;
  #hash: string | null = null;

  private constructor(
    protocol: ProtocolFace,
    nodes: number,
    options: SimulationOptions | null,
    mutant?: string,
  ) {
    this.protocol = protocol;
    this.mutant = mutant;
    this.nodes = nodes;
    this.#options = options;
    this.#plan = options?.faults;
  }

  /**
   * A run from beginning to end.
   * @param eventsMax give up when it gets longer
   * @throws RangeError then
   */
  static recorded(options: SimulationOptions, mutant?: string, eventsMax?: number): Player {
    const player = new Player(options.protocol, options.nodes, options, mutant);
    const { result, recorder } = record(options, eventsMax);
    const { trace, checks } = result.simulation;
    player.#hash = result.traceHash;
    if (checks.violation !== null) player.#broken = { ...checks.violation, events: trace.length };
    player.#open(trace, recorder);
    return player;
  }

  /** A run that is known by its trace file alone, and perhaps by its plan of faults. */
  static traced(protocol: ProtocolFace, traced: UnpackedTrace, nodes: number, faults?: FaultPlan): Player {
    const player = new Player(protocol, nodes, null);
    player.#plan = faults;
    player.#open(traced.trace, lookedFrom(traced, nodes, faults));
    return player;
  }

  /** A run that goes on as it is looked at. */
  static live(options: SimulationOptions, mutant?: string): Player {
    const player = new Player(options.protocol, options.nodes, options, mutant);
    player.#show(new Session(options));
    player.seek(0);
    return player;
  }

  /**
   * A run that was led by hand, at its end, to be led on.
   * @throws RangeError where it is too long for that: it may come from anywhere
   */
  static resumed(options: SimulationOptions, mutant?: string): Player {
    const player = new Player(options.protocol, options.nodes, options, mutant);
    const session = new Session(options);
    const end = Math.round(options.milliseconds * 1000);
    if (session.runUntil(({ trace }) => trace.length > RESUMED_MAX, end))
      throw new RangeError(`more than ${RESUMED_MAX} events`);
    player.#show(session);
    player.seek(end);
    return player;
  }

  #open(trace: Trace, recorder: Looked): void {
    this.recorder = recorder;
    this.diagram = new Diagram(trace, this.nodes);
    this.furthest = this.diagram.end;
    this.seek(0);
  }

  /** Whether the run can be made again: then it can be led on from any moment, and its rules were checked. */
  get canRun(): boolean {
    return this.#options !== null;
  }

  get isLive(): boolean {
    return this.#session !== undefined;
  }

  /** @throws RangeError where only the trace is known */
  get options(): SimulationOptions {
    if (this.#options === null) throw new RangeError('only the trace of this run is known');
    return this.#options;
  }

  /** The trace hash of a recorded run; null while it can still change. */
  get traceHash(): string | null {
    return this.#hash !== null && this.#session === undefined ? this.#hash : null;
  }

  /** The rule that is broken by the moment looked at. */
  get broken(): Broken | null {
    return this.#broken !== null && this.events >= this.#broken.events ? this.#broken : null;
  }

  /** The rule that breaks after the moment looked at, where that was looked at before. */
  get brokenLater(): Broken | null {
    const broken = this.#broken;
    return broken !== null && this.broken === null && broken.time <= this.furthest ? broken : null;
  }

  /** Nothing comes after this moment: the recording ends, or a rule broke. */
  get atEnd(): boolean {
    if (this.broken !== null) return true;
    return this.#session === undefined && this.time >= this.furthest;
  }

  // ---- to other moments -----------------------------------------------------------------------------------------------------

  /** To a virtual time, µs. */
  seek(time: number): void {
    const wanted = Math.max(0, time);
    this.#extend(wanted + AHEAD);
    this.time = Math.min(wanted, this.#last);
    this.events = this.diagram.eventsBy(this.time);
    this.#moved();
  }

  /** To where so many events have happened, the last of them just now. */
  seekEvent(events: number): void {
    while (this.#session !== undefined && this.diagram.times.length < events && this.#session.step())
      this.diagram.update();
    this.#noteBroken();
    this.events = Math.max(0, Math.min(events, this.diagram.times.length));
    this.time = this.diagram.times[this.events - 1] ?? 0;
    this.#extend(this.time + AHEAD);
    this.#moved();
  }

  step(events: number): void {
    if (events > 0 && this.broken !== null) return;
    this.seekEvent(this.events + events);
  }

  /** When the next event comes, virtual µs; Infinity where none does. */
  get nextTime(): number {
    if (this.broken !== null) return Number.POSITIVE_INFINITY;
    if (this.#session !== undefined && this.diagram.times.length <= this.events) {
      this.#session.step();
      this.#grown();
    }
    return this.diagram.times[this.events] ?? Number.POSITIVE_INFINITY;
  }

  /** To the next event that changes something for good: a role, a decision, a crash, a fault, an operation's end. */
  toTurningPoint(): void {
    const { trace } = this.diagram;
    for (let at = this.events; at < LIMIT + this.events; at++) {
      if (this.diagram.times.length <= at) {
        if (this.#session === undefined || !this.#session.step()) break;
        this.#grown();
      }
      if (!isTurningPoint(trace.at(at).kind)) continue;
      this.seekEvent(at + 1);
      return;
    }
    this.seekEvent(this.diagram.times.length);
  }

  // ---- by hand --------------------------------------------------------------------------------------------------------------

  /** Does something at the moment looked at; what came after it before is gone. */
  intervene(act: (session: Session) => void): void {
    const from = this.#session ?? new Session(this.options);
    const session = from.fork(Math.round(this.time));
    act(session);
    const { now } = session;
    this.#show(session);
    this.furthest = now;
    this.seek(now);
  }

  /** The run up to the moment looked at, as a value that anyone can run again. */
  runFile(): RunFile {
    const session = (this.#session ?? new Session(this.options)).fork(Math.round(this.time));
    return runFileOf(session.run(), session.trace.hash(), this.mutant);
  }

  /** The faults that are active at the moment looked at; by whom they hit, where the plan has a role. */
  get activeFaults(): readonly { readonly index: number; readonly event: ResolvedEvent | undefined }[] {
    const { time, diagram } = this;
    return diagram.faults
      .filter((span) => span.at < this.events && time < span.to)
      .map(({ index }) => ({ index, event: this.recorder.faults.get(index) }));
  }

  /** A fault by its place in the plan. */
  fault(index: number) {
    const session = this.#session;
    return session === undefined ? this.#plan?.events[index] : session.faults[index];
  }

  #show(session: Session): void {
    this.#session = session;
    this.recorder = session.recorder;
    this.diagram = new Diagram(session.trace, this.nodes);
    this.#broken = session.broken;
  }

  #extend(time: number): void {
    if (this.#session === undefined || this.#session.now >= time) return;
    this.#session.runTo(time);
    this.#grown();
  }

  #grown(): void {
    this.diagram.update();
    this.#noteBroken();
  }

  #noteBroken(): void {
    if (this.#session !== undefined) this.#broken = this.#session.broken;
  }

  get #last(): number {
    if (this.#broken !== null) return this.#broken.time;
    return this.#session === undefined ? this.diagram.end : Number.POSITIVE_INFINITY;
  }

  #moved(): void {
    this.furthest = Math.max(this.furthest, this.time);
    this.version++;
  }
}

/** Nobody has led a run of more events by hand. */
const RESUMED_MAX = 1_000_000;

/** How many events are looked through for a turning point before it is given up. */
const LIMIT = 200_000;
