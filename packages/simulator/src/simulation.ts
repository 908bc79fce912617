import type { Response } from '@quorate/driver';
import {
  type FaultEvent,
  faultClassesOfEvent,
  isMomentary,
  noFaults,
  type ResolvedEvent,
  resolveEvent,
  schedule,
} from '@quorate/faults';
import {
  type FaultClass,
  type Membership,
  type Message,
  type NodeId,
  type Request,
  resolveKnobs,
} from '@quorate/interface';
import type { CrashFaults } from '@quorate/log/memory';
import { KeyValueStore } from '@quorate/state-machine';
import { Kind, Trace } from '@quorate/trace';
import { Checks } from './checks.ts';
import { Clients } from './clients.ts';
import { DUE } from './due.ts';
import { LoadProcess } from './load-process.ts';
import { LOST, MessageFaults, ON_TIME } from './message-faults.ts';
import { type CpuModel, cpuOf, type DiskModel, diskOf, diskState, diskTime } from './models.ts';
import { Network } from './network.ts';
import { SimulatedNode } from './node.ts';
import { driverSettings, type SimulationOptions, type TimedRequest } from './options.ts';
import { Host, Processor } from './processor.ts';
import { EventQueue } from './queue.ts';
import { type RandomStream, splitSeed } from './random.ts';
import { holderOf } from './roles.ts';
import { LAN, type Topology } from './topology.ts';

/** Independent random streams: a change in one part of a run does not shift the numbers that another draws. */
const STREAMS = { network: 0, faults: 1, disk: 2, workload: 3, clients: 4, nodes: 5 } as const;

/** A whole cluster under load, in virtual time. */
export class Simulation {
  readonly options: SimulationOptions;
  readonly trace: Trace;
  readonly network: Network;
  readonly checks: Checks;
  readonly clients: Clients;
  readonly nodes: readonly SimulatedNode[];
  readonly cpu: CpuModel;
  readonly topology: Topology;
  readonly #queue = new EventQueue();
  readonly #streams: RandomStream[];
  readonly #nodeById: SimulatedNode[] = [];
  /** Clients that share a machine with replicas; undefined where theirs are free. */
  readonly load: LoadProcess | undefined;
  readonly #disk: DiskModel;
  /** Planned, and then whatever is begun by hand. */
  readonly #faults: FaultEvent[];
  readonly #requests: TimedRequest[];
  readonly #messageFaults: MessageFaults;
  readonly #resolved = new Map<number, ResolvedEvent>();
  readonly #faultRandom = () => this.#streams[STREAMS.faults]!.next();
  /** Messages, requests and answers delivered over links. */
  delivered = 0;
  /** How often each fault of the plan took effect, by class. */
  readonly fired = new Map<FaultClass, number>();
  /** Sees each fault as it begins, by its index. */
  onFault: ((index: number, event: ResolvedEvent) => void) | undefined;
  /** Sees each node after its step, before what it changed is forgotten, and when it goes down; for an observer's own. */
  onStep: ((node: SimulatedNode) => void) | undefined;
  #stopped = false;
  /** The fault plan goes no further. */
  #frozen = false;

  constructor(options: SimulationOptions) {
    const { protocol, nodes } = options;
    this.options = options;
    this.topology = options.topology ?? LAN;
    this.cpu = cpuOf(options.cpu);
    this.#disk = diskOf(options.disk);
    this.trace = new Trace(options.trace ?? 'counted');
    this.#streams = splitSeed(options.seed, STREAMS.nodes + nodes + 1);
    const ids = Array.from({ length: nodes }, (_, i) => i + 1);
    const members: Membership = { voters: ids, learners: [], observers: [] };
    this.network = new Network(ids, this.topology, protocol.assumes.fifoLinks, {
      queue: this.#queue,
      trace: this.trace,
      random: this.#streams[STREAMS.network]!,
      faultRandom: this.#streams[STREAMS.faults]!,
      deliverKind: DUE.deliver,
    });
    this.checks = new Checks(protocol, () => this.now);
    const { replicasPerHost, coresPerHost, syncMicroseconds, load } = this.cpu;
    const threads = replicasPerHost * (syncMicroseconds > 0 ? 2 : 1);
    const hosts = Array.from({ length: Math.ceil(nodes / replicasPerHost) }, (_, host) => {
      return new Host(coresPerHost, threads + (host === 0 && load !== null ? 1 : 0));
    });
    const knobs = resolveKnobs(protocol, options.knobs, this.topology.timeScale);
    const driver = driverSettings(options);
    this.nodes = ids.map((id) => {
      const machine = () => options.machine?.(this, id) ?? new KeyValueStore();
      const host = hosts[Math.floor((id - 1) / replicasPerHost)]!;
      const node = new SimulatedNode(this, id, host, { protocol, members, knobs, driver, machine });
      this.#nodeById[id] = node;
      return node;
    });
    if (load !== null) {
      this.load = new LoadProcess(
        load,
        new Processor(hosts[0]!),
        (client, node, sequence, response) => this.clients.onResponse(client, node, sequence, response),
        (at) => this.#queue.push(at, DUE.loadTurn, 0),
      );
    }
    this.#faults = [...(options.faults ?? noFaults).events];
    this.#requests = [...(options.requests ?? [])];
    this.#messageFaults = new MessageFaults(protocol.assumes.fifoLinks);
    this.clients = new Clients(this, options.workload, {
      workload: this.#streams[STREAMS.workload]!,
      behaviour: this.#streams[STREAMS.clients]!,
    });
  }

  /** Virtual µs since the start. */
  get now(): number {
    return this.#queue.time;
  }

  // ---- running -------------------------------------------------------------------------------------------------------------

  /** Starts the nodes, the faults and the load. */
  start(): void {
    for (const node of this.nodes) node.start();
    for (const { at, phase, index } of schedule({ version: 1, events: this.#faults })) {
      this.#queue.push(Math.round(at * 1000), DUE.fault, index, phase === 'begin' ? 1 : 0);
    }
    for (const [index, { at }] of this.#requests.entries())
      this.#queue.push(Math.round(at * 1000), DUE.ask, index);
    this.clients.start();
  }

  /** Runs up to a virtual time (µs), or until `done` says so, or a rule is broken. */
  runUntil(time: number, done?: () => boolean): void {
    while (this.step(time)) if (done?.()) return;
  }

  /** Carries out the next thing due by `limit`; false where nothing is, or a rule is broken: then the run is over. */
  step(limit: number): boolean {
    if (this.#stopped || !this.#queue.next(limit)) return false;
    this.trace.time = this.#queue.time;
    this.#dispatch();
    if (this.checks.violation !== null) this.#stopped = true;
    return true;
  }

  // ---- by hand: as if it had been planned from the start --------------------------------------------------------------------

  /** Moves on to a time before which nothing is due; what is done by hand then comes before all else at that time. */
  advance(time: number): void {
    this.#queue.advance(time);
    this.trace.time = time;
  }

  /** Begins a fault now and says its index. */
  begin(event: FaultEvent): number {
    const index = this.#faults.push(event) - 1;
    this.#beginFault(index);
    return index;
  }

  /** Ends a fault now; nothing happens where it is not active. */
  end(index: number): void {
    this.#endFault(index);
  }

  /** A client's request, now. */
  ask(request: TimedRequest): void {
    this.clients.ask(request.node, request.operation);
  }

  /** The faults that are active now, by their index. */
  get activeFaults(): ReadonlyMap<number, ResolvedEvent> {
    return this.#resolved;
  }

  #dispatch(): void {
    const { kind, a, b, c, d, payload } = this.#queue;
    switch (kind) {
      case DUE.deliver:
        this.#deliver(a, b, c, d, payload as Message);
        break;
      case DUE.request:
        this.#request(a, payload as Request, d);
        break;
      case DUE.response:
        this.#response(a, b, c, payload as Response);
        break;
      case DUE.wake:
        if (this.#nodeById[a]!.life === c) this.#nodeById[a]!.onAlarm();
        break;
      case DUE.disk:
        this.#nodeById[a]!.onDisk(c, b, payload as (error?: Error) => void);
        break;
      case DUE.write:
        if (this.#nodeById[a]!.life === c)
          this.diskWrite(this.#nodeById[a]!, b, payload as (error?: Error) => void);
        break;
      case DUE.turn:
        if (this.#nodeById[a]!.life === c) this.#nodeById[a]!.onTurn();
        break;
      case DUE.fault:
        if (this.#frozen) break;
        if (b === 1) this.#beginFault(a);
        else this.#endFault(a);
        break;
      case DUE.link:
        this.#nodeById[a]!.onLink(b, c === 1);
        break;
      case DUE.clientTimer:
        this.clients.onTimer(a);
        break;
      case DUE.arrival:
        this.clients.onArrival();
        break;
      case DUE.restart:
        if (!this.#nodeById[a]!.up && this.#mayRun(this.#nodeById[a]!)) this.restart(this.#nodeById[a]!);
        break;
      case DUE.loadTurn:
        this.load!.onTurn(this.now);
        break;
      case DUE.ask:
        this.ask(this.#requests[a]!);
        break;
      default:
        throw new Error(`unknown event kind ${kind}`);
    }
  }

  #deliver(to: NodeId, from: NodeId, id: number, cause: number, message: Message): void {
    if (this.#messageFaults.active && this.#isTampered(to, from, id, cause, message)) return;
    const node = this.#nodeById[to]!;
    if (!node.up) {
      this.trace.add(Kind.drop, to, from, id, this.trace.id('down'));
      return;
    }
    this.delivered++;
    this.trace.add(Kind.deliver, to, from, id, 0, cause);
    node.arrive(from, message, cause);
  }

  /** Whether a message does not arrive now: it is lost, or comes later. */
  #isTampered(to: NodeId, from: NodeId, id: number, cause: number, message: Message): boolean {
    const due = this.#messageFaults.dueAt(id, from, to, this.now);
    if (due === ON_TIME) return false;
    if (due === LOST) this.trace.add(Kind.drop, to, from, id, this.trace.id('dropped'));
    else this.#queue.push(due, DUE.deliver, to, from, id, cause, message);
    return true;
  }

  #request(to: NodeId, request: Request, cause: number): void {
    const node = this.#nodeById[to]!;
    if (!node.up) return;
    this.delivered++;
    node.arrive(-1, request, cause);
  }

  #response(client: number, node: NodeId, sequence: number, response: Response): void {
    this.delivered++;
    if (this.load === undefined) this.clients.onResponse(client, node, sequence, response);
    else this.load.arrive(this.now, { client, node, sequence, response });
  }

  /** A step of a node is over: its invariants are checked. */
  stepped(node: SimulatedNode): void {
    if (node.driver === undefined) return;
    this.checks.stepped(node);
    this.onStep?.(node);
    node.driver.clearChanged();
  }

  // ---- what nodes and clients ask for ---------------------------------------------------------------------------------------

  scheduleWake(node: SimulatedNode, at: number): void {
    this.#queue.push(at, DUE.wake, node.id, 0, node.life);
  }

  scheduleTurn(node: SimulatedNode, at: number): void {
    this.#queue.push(at, DUE.turn, node.id, 0, node.life);
  }

  /** A write of a node's disk begins, once a core is free where that takes one; the disk's state now decides how it will end. */
  diskWrite(node: SimulatedNode, bytes: number, done: (error?: Error) => void): void {
    const { writer } = node;
    const cpuMicroseconds = this.cpu.syncMicroseconds;
    if (cpuMicroseconds > 0 && !writer.begin(this.now)) {
      this.#queue.push(writer.nextFree(this.now), DUE.write, node.id, bytes, node.life, 0, done);
      return;
    }
    writer.work(this.now, cpuMicroseconds);
    const faults = this.network.faults.node(node.id);
    const took = cpuMicroseconds + diskTime(this.#disk, bytes, faults, this.#streams[STREAMS.disk]!);
    this.#queue.push(this.now + Math.ceil(took), DUE.disk, node.id, diskState(faults), node.life, 0, done);
  }

  respond(
    node: SimulatedNode,
    client: number,
    sequence: number,
    response: Response,
    _cause: number,
    at: number,
  ): void {
    const index = this.clients.indexOf(client);
    if (index < 0) return;
    const delay = this.network.clientDelay(this.clients.homeOf(index), node.id);
    if (delay < 0) return;
    this.#queue.push(Math.ceil(at + delay), DUE.response, client, node.id, sequence, 0, response);
  }

  sendRequest(home: NodeId, node: NodeId, request: Request, cause: number): void {
    const delay = this.network.clientDelay(home, node);
    if (delay < 0) return;
    const leaves = Math.max(this.now, this.load?.processor.busyUntil ?? 0);
    this.#queue.push(Math.ceil(leaves + delay), DUE.request, node, 0, 0, cause, request);
  }

  scheduleClientTimer(client: number, at: number): void {
    this.#queue.push(Math.ceil(at), DUE.clientTimer, client);
  }

  scheduleArrival(at: number): void {
    this.#queue.push(Math.ceil(at), DUE.arrival, 0);
  }

  randomOf(id: NodeId): number {
    return this.#streams[STREAMS.nodes + id]!.next();
  }

  halted(node: SimulatedNode, why: Error, kind: 'assertion' | 'storage'): void {
    this.onStep?.(node);
    if (kind === 'assertion') {
      this.checks.failed(node, why);
      return;
    }
    this.#linksOf(node, false);
    // Only a modelled fault makes a write fail. Its end starts the replica again; where it has ended since the write began, do so now.
    if (this.#mayRun(node)) this.#queue.push(this.now + 1000, DUE.restart, node.id);
  }

  #mayRun(node: SimulatedNode): boolean {
    const faults = this.network.faults.node(node.id);
    return !faults.down && !faults.diskFailing && !faults.diskFull;
  }

  // ---- faults ------------------------------------------------------------------------------------------------------------------

  #beginFault(index: number): void {
    const event = this.#faults[index]!;
    const resolved = resolveEvent(event, (role, taken) => holderOf(this, role, taken));
    if (resolved === null) return;
    if (!isMomentary(resolved)) this.#resolved.set(index, resolved);
    this.trace.add(Kind.fault, 0, index, isMomentary(resolved) ? 2 : 1);
    this.onFault?.(index, resolved);
    for (const faultClass of faultClassesOfEvent(event)) {
      this.fired.set(faultClass, (this.fired.get(faultClass) ?? 0) + 1);
    }
    this.network.faults.begin(index, resolved);
    switch (resolved.kind) {
      case 'crash':
        this.crash(this.#nodeById[resolved.node]!, resolved);
        break;
      case 'pause':
        if (this.#nodeById[resolved.node]!.up) this.#nodeById[resolved.node]!.pause();
        break;
      case 'clock-jump':
        this.#nodeById[resolved.node]!.jumpClock(resolved.milliseconds);
        break;
      case 'clock-skew':
        this.#nodeById[resolved.node]!.setClockRate(this.network.faults.node(resolved.node).clockRate);
        break;
      case 'drop-message':
        this.#messageFaults.drop(resolved.message);
        break;
      case 'hold-message':
        this.#messageFaults.hold(resolved.message, Math.round(resolved.milliseconds * 1000));
        break;
    }
  }

  #endFault(index: number): void {
    const resolved = this.#resolved.get(index);
    if (resolved === undefined) return;
    this.#resolved.delete(index);
    this.trace.add(Kind.fault, 0, index, 0);
    this.network.faults.end(index);
    if (!('node' in resolved)) return;
    const node = this.#nodeById[resolved.node]!;
    const faults = this.network.faults.node(node.id);
    node.setClockRate(faults.clockRate);
    if (!faults.paused) node.resume();
    if (!node.up && this.#mayRun(node)) this.restart(node);
  }

  /** The plan goes no further: what is wrong with nodes of `core`, and with links between them, ends; all other faults stay as they are for good. */
  freeze(core: readonly NodeId[]): void {
    this.#frozen = true;
    this.#endFaults((fault) => 'node' in fault && core.includes(fault.node));
    this.network.faults.freeze(core);
    this.#revive(core);
  }

  /** Ends all faults, and starts again what they stopped. */
  heal(): void {
    this.#frozen = true;
    this.#endFaults(() => true);
    this.network.faults.clear();
    this.#revive(this.nodes.map(({ id }) => id));
  }

  #endFaults(which: (fault: ResolvedEvent) => boolean): void {
    const active = [...this.#resolved].filter(([, fault]) => which(fault)).sort(([x], [y]) => x - y);
    for (const [index] of active) this.#endFault(index);
  }

  #revive(ids: readonly NodeId[]): void {
    for (const id of ids) {
      const node = this.#nodeById[id]!;
      node.setClockRate(1);
      node.resume();
      if (!node.up) this.restart(node);
    }
  }

  /** Who leads now, as far as anyone can tell from outside. */
  leader(): NodeId | null {
    return holderOf(this, 'leader', []);
  }

  /** `random` decides what is lost, as `MemoryDisk.crash` has it; default: the run's own. */
  crash(node: SimulatedNode, faults: CrashFaults, random = this.#faultRandom): void {
    if (!node.up && node.haltedBy === null) return;
    this.trace.add(Kind.crash, node.id);
    node.stop(random, faults);
    this.onStep?.(node);
    this.#linksOf(node, false);
  }

  restart(node: SimulatedNode): void {
    if (node.haltedBy !== null) node.stop(this.#faultRandom, { lostWrites: true, tornWrites: false });
    this.trace.add(Kind.restart, node.id);
    node.start();
    this.checks.restarted(node);
    this.#linksOf(node, true);
  }

  /** The others see their links to a node break or come back, and after a restart it sees its own. */
  #linksOf(node: SimulatedNode, up: boolean): void {
    for (const other of this.nodes) {
      if (other === node) continue;
      const at = this.now + 1000;
      this.#queue.push(at, DUE.link, other.id, node.id, up ? 1 : 0);
      if (up && other.up) this.#queue.push(at, DUE.link, node.id, other.id, 1);
    }
  }
}
