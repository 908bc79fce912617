import { Driver, type DriverSettings, type Response, type World } from '@quorate/driver';
import {
  type AnyProtocol,
  type Membership,
  type Message,
  modelledSize,
  type NodeId,
  type Request,
  type Resource,
  type Slot,
} from '@quorate/interface';
import { MemoryDisk, MemoryJournal, MemorySnapshotStore } from '@quorate/log/memory';
import { DISK_FINE, DISK_FULL } from './models.ts';
import { type Host, Processor } from './processor.ts';
import type { Simulation } from './simulation.ts';

/** What a node needs to know of its run. */
export interface NodeOptions {
  readonly protocol: AnyProtocol;
  readonly members: Membership;
  readonly knobs: Readonly<Record<string, number>>;
  readonly driver: Partial<DriverSettings>;
  machine(): Resource;
}

/** Stands where the sender does, for inputs that are not messages. */
const FROM_CLIENT = -1;
const FROM_INSIDE = -2;

/** Something that the machine itself does: a disk is done, a timer, a link. */
type Act = () => void;

/** One simulated machine: a disk and a clock that outlive crashes, a processor, and while it is up a driver with its replica. */
export class SimulatedNode implements World {
  readonly id: NodeId;
  driver: Driver | undefined;
  /** What the driver applies decisions to. */
  machine: Resource | undefined;
  /** Counts starts: events of an earlier life are void. */
  life = 0;
  up = false;
  paused = false;
  /** Stopped by itself, with the reason. */
  haltedBy: 'assertion' | 'storage' | null = null;
  readonly disk = new MemoryDisk();
  readonly processor: Processor;
  /** What its durable writes take of the host's cores. */
  readonly writer: Processor;
  readonly #simulation: Simulation;
  readonly #options: NodeOptions;
  /** What waits for the processor, in columns: senders (or where else it comes from), messages, requests or acts, causes. */
  readonly #senders: NodeId[] = [];
  readonly #payloads: (Message | Request | Act | undefined)[] = [];
  readonly #causes: number[] = [];
  #waiting = 0;
  #turnScheduled = false;
  #armed = Number.POSITIVE_INFINITY;
  #clockRate = 1;
  #clockAt = 0;
  #clockBase: number;

  constructor(simulation: Simulation, id: NodeId, host: Host, options: NodeOptions) {
    this.#simulation = simulation;
    this.processor = new Processor(host);
    this.writer = new Processor(host);
    this.#options = options;
    this.id = id;
    this.#clockBase = id * 1_000_000; // clocks of different replicas have nothing to do with one another
  }

  // ---- life and death -------------------------------------------------------------------------------------------------------

  start(): void {
    const { protocol, members, knobs, driver } = this.#options;
    this.life++;
    this.up = true;
    this.haltedBy = null;
    this.#armed = Number.POSITIVE_INFINITY;
    this.#turnScheduled = false;
    this.processor.reset(this.#simulation.now);
    const { id } = this;
    const schedule = (_kind: string, bytes: number, done: (error?: Error) => void) =>
      this.#simulation.diskWrite(this, bytes, done);
    this.machine = this.#options.machine();
    this.driver = new Driver({
      protocol,
      id,
      members,
      knobs,
      journal: new MemoryJournal(this.disk, schedule),
      snapshots: new MemorySnapshotStore(this.disk, schedule),
      machine: this.machine,
      world: this,
      trace: this.#simulation.trace,
      settings: driver,
    });
    this.#simulation.checks.watch(this);
    this.driver.start();
    this.driver.settle();
    this.#simulation.stepped(this);
  }

  /** Power or process gone: memory lost, and of what was not durable whatever the flags say. */
  stop(random: () => number, faults: { lostWrites: boolean; tornWrites: boolean }): void {
    this.up = false;
    this.paused = false;
    this.driver = undefined;
    this.machine = undefined;
    this.#payloads.fill(undefined, 0, this.#waiting);
    this.#waiting = 0;
    this.disk.crash(random, faults);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.#wake();
    this.#turn();
  }

  // ---- inputs, as the processor gets to them ----------------------------------------------------------------------------------

  /** A message or request has arrived at the network card (`from` is -1 for a client). */
  arrive(from: NodeId, payload: Message | Request, cause: number): void {
    this.#take(from, payload, cause);
  }

  /** What comes while the processor is at work, or stopped, makes its next burst. */
  #take(from: NodeId, payload: Message | Request | Act, cause: number): void {
    const { processor } = this;
    const { now } = this.#simulation;
    if (!this.paused && this.#waiting === 0 && processor.begin(now)) {
      processor.work(now, this.#simulation.cpu.turnMicroseconds);
      this.#deliver(from, payload, cause);
      this.#settle();
      return;
    }
    const at = this.#waiting++;
    this.#senders[at] = from;
    this.#payloads[at] = payload;
    this.#causes[at] = cause;
    this.#scheduleTurn();
  }

  /** The processor may be free: takes in all that has arrived. */
  onTurn(): void {
    this.#turnScheduled = false;
    this.#turn();
  }

  #turn(): void {
    if (!this.up || this.paused || this.#waiting === 0) return;
    const { now } = this.#simulation;
    if (!this.processor.begin(now)) {
      this.#scheduleTurn();
      return;
    }
    this.processor.work(now, this.#simulation.cpu.turnMicroseconds);
    const count = this.#waiting;
    for (let at = 0; at < count && this.up; at++) {
      const payload = this.#payloads[at]!;
      this.#payloads[at] = undefined;
      this.#deliver(this.#senders[at]!, payload, this.#causes[at]!);
    }
    this.#waiting = 0;
    this.#settle();
  }

  #scheduleTurn(): void {
    if (this.#turnScheduled || this.paused) return;
    this.#turnScheduled = true;
    this.#simulation.scheduleTurn(this, this.processor.nextFree(this.#simulation.now));
  }

  #deliver(from: NodeId, payload: Message | Request | Act, cause: number): void {
    const { cpu, now } = this.#simulation;
    if (from === FROM_INSIDE) (payload as Act)();
    else if (from === FROM_CLIENT) {
      const request = payload as Request;
      this.processor.work(now, cpu.receiveMicroseconds + request.command.length * cpu.byteMicroseconds);
      this.driver!.onRequest(request, cause);
    } else {
      const message = payload as Message;
      if (cpu.receiveMicroseconds > 0)
        this.processor.work(now, cpu.receiveMicroseconds + modelledSize(message) * cpu.byteMicroseconds);
      this.driver!.onMessage(from, message, cause);
    }
  }

  #settle(): void {
    if (this.driver === undefined) return;
    this.driver.settle();
    this.#simulation.stepped(this);
  }

  /** A wake-up comes; one that an earlier one has replaced is void. */
  onAlarm(): void {
    if (this.#simulation.now === this.#armed) this.#wake();
  }

  #wake(): void {
    if (this.up && !this.paused) this.#take(FROM_INSIDE, this.#lookAtTimers, 0); // else `resume` wakes it
  }

  readonly #lookAtTimers: Act = () => {
    this.#armed = Number.POSITIVE_INFINITY;
    this.driver!.onWake();
  };

  onLink(peer: NodeId, up: boolean): void {
    if (this.up) this.#take(FROM_INSIDE, () => this.driver!.onLink(peer, up), 0);
  }

  /** A durable write has ended, well or (see `DISK_FULL`, `DISK_FAILING`) not. */
  onDisk(life: number, state: number, done: (error?: Error) => void): void {
    if (!this.up || life !== this.life) return;
    if (state === DISK_FINE) this.#take(FROM_INSIDE, done, 0);
    else {
      const why = state === DISK_FULL ? 'no space left on the simulated disk' : 'a simulated sync failed';
      this.#take(FROM_INSIDE, () => done(new Error(why)), 0);
    }
  }

  // ---- the world around the driver -----------------------------------------------------------------------------------------

  transmit(to: NodeId, message: Message, cause: number): void {
    const { cpu, now, network } = this.#simulation;
    if (cpu.sendMicroseconds > 0)
      this.processor.work(now, cpu.sendMicroseconds + modelledSize(message) * cpu.byteMicroseconds);
    network.send(this.id, to, message, cause, Math.max(this.processor.busyUntil, now));
  }

  respond(client: number, sequence: number, response: Response, cause: number): void {
    const { cpu, now } = this.#simulation;
    this.processor.work(now, cpu.sendMicroseconds);
    this.#simulation.respond(
      this,
      client,
      sequence,
      response,
      cause,
      Math.max(this.processor.busyUntil, now),
    );
  }

  wakeAt(deadline: number): void {
    const { now } = this.#simulation;
    const ahead = ((deadline - this.now()) * 1000) / this.#clockRate;
    const at = ahead <= 0 ? now : now + Math.max(1, Math.ceil(ahead - 1e-6));
    if (at >= this.#armed) return;
    this.#armed = at;
    this.#simulation.scheduleWake(this, at);
  }

  connect(_members: Membership): void {
    // Every node of a simulation can reach every other one.
  }

  now(): number {
    return this.#clockBase + ((this.#simulation.now - this.#clockAt) * this.#clockRate) / 1000;
  }

  random(): number {
    return this.#simulation.randomOf(this.id);
  }

  halted(why: Error, kind: 'assertion' | 'storage'): void {
    this.up = false;
    this.haltedBy = kind;
    this.#simulation.halted(this, why, kind);
  }

  announced(role: string): void {
    if (role === 'leader') this.#simulation.clients.onLeader(this.id);
  }

  decided(slot: Slot, outcome: 'committed' | 'aborted' | 'chosen'): void {
    this.#simulation.checks.decided(this, slot, outcome);
  }

  /** Lets the clock run at another rate from now on. */
  setClockRate(rate: number): void {
    if (rate === this.#clockRate) return;
    this.#clockBase = this.now();
    this.#clockAt = this.#simulation.now;
    this.#clockRate = rate;
    this.#wake(); // deadlines now lie elsewhere
  }

  /** Puts the clock forward. (A monotonic clock never jumps back.) */
  jumpClock(milliseconds: number): void {
    this.#clockBase += milliseconds;
    this.#wake();
  }
}
