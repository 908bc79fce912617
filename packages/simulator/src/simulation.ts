import type { Response } from '@quorate/driver';
import {
  type FaultEvent,
  type FaultPlan,
  faultClassesOfEvent,
  noFaults,
  type ResolvedEvent,
  type Role,
  resolveEvent,
  schedule,
} from '@quorate/faults';
import {
  type AnyProtocol,
  type FaultClass,
  type Membership,
  type Message,
  type NodeId,
  type Request,
  type Resource,
  resolveKnobs,
} from '@quorate/interface';
import { KeyValueStore } from '@quorate/state-machine';
import { Kind, Trace, type TraceMode } from '@quorate/trace';
import { Checks } from './checks.ts';
import { Clients } from './clients.ts';
import { LoadProcess } from './load-process.ts';
import { type CpuModel, type DiskModel, SERVER_CPU, SSD } from './models.ts';
import { Network } from './network.ts';
import { SimulatedNode } from './node.ts';
import { Host, Processor } from './processor.ts';
import { EventQueue } from './queue.ts';
import { type RandomStream, splitSeed } from './random.ts';
import { LAN, type Topology } from './topology.ts';
import type { Workload } from './workload.ts';

/** What to simulate. Everything that can influence a run is in here: equal options, equal trace. */
export interface SimulationOptions {
  readonly protocol: AnyProtocol;
  readonly nodes: number;
  readonly seed: number;
  /** Virtual time under load, milliseconds; healing and quiet time come on top. */
  readonly milliseconds: number;
  readonly workload: Workload;
  readonly topology?: Topology;
  readonly cpu?: CpuModel;
  readonly disk?: DiskModel;
  /** The protocol's knobs that are not to have their defaults; `ms` ones for a LAN: the topology scales them. */
  readonly knobs?: Readonly<Record<string, number>>;
  readonly snapshotEvery?: number;
  readonly faults?: FaultPlan;
  readonly trace?: TraceMode;
  /** Virtual milliseconds, after the load and with all faults healed, in which the cluster must answer again. Default 10,000 × time scale. */
  readonly graceMilliseconds?: number;
  /** The state machine of a node that starts, for an observer's own. Default: a `KeyValueStore`. */
  readonly machine?: (simulation: Simulation, node: NodeId) => Resource;
}

/** The kinds of events in the queue. */
const DELIVER = 0;
const REQUEST = 1;
const RESPONSE = 2;
const WAKE = 3;
const DISK = 4;
const TURN = 5;
const FAULT = 6;
const LINK = 7;
const CLIENT_TIMER = 8;
const ARRIVAL = 9;
const RESTART = 10;
const LOAD_TURN = 11;

/** How a disk was when a write to it began. */
export const DISK_FINE = 0;
export const DISK_FULL = 1;
export const DISK_FAILING = 2;

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
  readonly #plan: FaultPlan;
  readonly #resolved = new Map<number, ResolvedEvent>();
  /** Messages, requests and answers delivered over links. */
  delivered = 0;
  /** How often each fault of the plan took effect, by class. */
  readonly fired = new Map<FaultClass, number>();
  #stopped = false;

  constructor(options: SimulationOptions) {
    const { protocol, nodes } = options;
    this.options = options;
    this.topology = options.topology ?? LAN;
    this.cpu = options.cpu ?? SERVER_CPU;
    this.#disk = options.disk ?? SSD;
    this.trace = new Trace(options.trace ?? 'counted');
    this.#streams = splitSeed(options.seed, STREAMS.nodes + nodes + 1);
    const ids = Array.from({ length: nodes }, (_, i) => i + 1);
    const members: Membership = { voters: ids, learners: [], observers: [] };
    this.network = new Network(ids, this.topology, protocol.assumes.fifoLinks, {
      queue: this.#queue,
      trace: this.trace,
      random: this.#streams[STREAMS.network]!,
      faultRandom: this.#streams[STREAMS.faults]!,
      deliverKind: DELIVER,
    });
    this.checks = new Checks(protocol, () => this.now);
    const { replicasPerHost, coresPerHost, load } = this.cpu;
    const hosts = Array.from({ length: Math.ceil(nodes / replicasPerHost) }, (_, host) => {
      return new Host(coresPerHost, replicasPerHost + (host === 0 && load !== null ? 1 : 0));
    });
    const knobs = resolveKnobs(protocol, options.knobs, this.topology.timeScale);
    const driver = options.snapshotEvery === undefined ? {} : { snapshotEvery: options.snapshotEvery };
    this.nodes = ids.map((id) => {
      const machine = () => options.machine?.(this, id) ?? new KeyValueStore();
      const processor = new Processor(hosts[Math.floor((id - 1) / replicasPerHost)]!);
      const node = new SimulatedNode(this, id, processor, { protocol, members, knobs, driver, machine });
      this.#nodeById[id] = node;
      return node;
    });
    if (load !== null) {
      this.load = new LoadProcess(
        load,
        new Processor(hosts[0]!),
        (client, node, sequence, response) => this.clients.onResponse(client, node, sequence, response),
        (at) => this.#queue.push(at, LOAD_TURN, 0),
      );
    }
    this.#plan = options.faults ?? noFaults;
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
    for (const { at, phase, index } of schedule(this.#plan)) {
      this.#queue.push(Math.round(at * 1000), FAULT, index, phase === 'begin' ? 1 : 0);
    }
    this.clients.start();
  }

  /** Runs up to a virtual time (µs), or until `done` says so, or a rule is broken. */
  runUntil(time: number, done?: () => boolean): void {
    const queue = this.#queue;
    while (!this.#stopped && queue.next(time)) {
      this.trace.time = queue.time;
      this.#dispatch();
      if (this.checks.violation !== null) this.#stopped = true;
      if (done?.()) return;
    }
  }

  #dispatch(): void {
    const { kind, a, b, c, d, payload } = this.#queue;
    switch (kind) {
      case DELIVER:
        this.#deliver(a, b, c, d, payload as Message);
        break;
      case REQUEST:
        this.#request(a, payload as Request, d);
        break;
      case RESPONSE:
        this.#response(a, b, c, payload as Response);
        break;
      case WAKE:
        if (this.#nodeById[a]!.life === c) this.#nodeById[a]!.onAlarm();
        break;
      case DISK:
        this.#nodeById[a]!.onDisk(c, b, payload as (error?: Error) => void);
        break;
      case TURN:
        if (this.#nodeById[a]!.life === c) this.#nodeById[a]!.onTurn();
        break;
      case FAULT:
        if (b === 1) this.#beginFault(a);
        else this.#endFault(a);
        break;
      case LINK:
        this.#nodeById[a]!.onLink(b, c === 1);
        break;
      case CLIENT_TIMER:
        this.clients.onTimer(a);
        break;
      case ARRIVAL:
        this.clients.onArrival();
        break;
      case RESTART:
        if (!this.#nodeById[a]!.up && this.#mayRun(this.#nodeById[a]!)) this.restart(this.#nodeById[a]!);
        break;
      case LOAD_TURN:
        this.load!.onTurn(this.now);
        break;
      default:
        throw new Error(`unknown event kind ${kind}`);
    }
  }

  #deliver(to: NodeId, from: NodeId, id: number, cause: number, message: Message): void {
    const node = this.#nodeById[to]!;
    if (!node.up) {
      this.trace.add(Kind.drop, to, from, id, this.trace.id('down'));
      return;
    }
    this.delivered++;
    this.trace.add(Kind.deliver, to, from, id, 0, cause);
    node.arrive(from, message, cause);
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
    node.driver.clearChanged();
  }

  // ---- what nodes and clients ask for ---------------------------------------------------------------------------------------

  scheduleWake(node: SimulatedNode, at: number): void {
    this.#queue.push(at, WAKE, node.id, 0, node.life);
  }

  scheduleTurn(node: SimulatedNode, at: number): void {
    this.#queue.push(at, TURN, node.id, 0, node.life);
  }

  /** A write of a node's disk begins; its state now decides how it will end. */
  diskWrite(node: SimulatedNode, bytes: number, done: (error?: Error) => void): void {
    const faults = this.network.faults.node(node.id);
    const { syncMicroseconds, jitterMicroseconds, bytesPerMicrosecond } = this.#disk;
    let took = syncMicroseconds + bytes / bytesPerMicrosecond;
    if (jitterMicroseconds > 0) took += jitterMicroseconds * this.#streams[STREAMS.disk]!.exponential();
    took = took * faults.diskFactor + faults.diskMilliseconds * 1000;
    const state = faults.diskFull ? DISK_FULL : faults.diskFailing ? DISK_FAILING : DISK_FINE;
    this.#queue.push(this.now + Math.ceil(took), DISK, node.id, state, node.life, 0, done);
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
    this.#queue.push(Math.ceil(at + delay), RESPONSE, index, node.id, sequence, client, response);
  }

  sendRequest(home: NodeId, node: NodeId, request: Request, cause: number): void {
    const delay = this.network.clientDelay(home, node);
    if (delay < 0) return;
    const leaves = Math.max(this.now, this.load?.processor.busyUntil ?? 0);
    this.#queue.push(Math.ceil(leaves + delay), REQUEST, node, 0, 0, cause, request);
  }

  scheduleClientTimer(client: number, at: number): void {
    this.#queue.push(Math.ceil(at), CLIENT_TIMER, client);
  }

  scheduleArrival(at: number): void {
    this.#queue.push(Math.ceil(at), ARRIVAL, 0);
  }

  randomOf(id: NodeId): number {
    return this.#streams[STREAMS.nodes + id]!.next();
  }

  halted(node: SimulatedNode, why: Error, kind: 'assertion' | 'storage'): void {
    if (kind === 'assertion') {
      this.checks.failed(node, why);
      return;
    }
    this.#linksOf(node, false);
    // Only a modelled fault makes a write fail. Its end starts the replica again; where it has ended since the write began, do so now.
    if (this.#mayRun(node)) this.#queue.push(this.now + 1000, RESTART, node.id);
  }

  #mayRun(node: SimulatedNode): boolean {
    const faults = this.network.faults.node(node.id);
    return !faults.down && !faults.diskFailing && !faults.diskFull;
  }

  // ---- faults ------------------------------------------------------------------------------------------------------------------

  #beginFault(index: number): void {
    const event = this.#plan.events[index]!;
    const resolved = this.#resolve(event);
    if (resolved === undefined) return;
    this.#resolved.set(index, resolved);
    this.trace.add(Kind.fault, 0, index, 1);
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

  /** Ends all faults, and starts again what they stopped: the run's second phase, in which progress is owed. */
  heal(): void {
    for (const index of [...this.#resolved.keys()].sort((x, y) => x - y)) this.#endFault(index);
    this.network.faults.clear();
    for (const node of this.nodes) {
      node.setClockRate(1);
      node.resume();
      if (!node.up) this.restart(node);
    }
  }

  #resolve(event: FaultEvent): ResolvedEvent | undefined {
    return resolveEvent(event, (role, taken) => this.#holderOf(role, taken)) ?? undefined;
  }

  /** Who has a role now, as the replicas themselves say; of several leaders, the one of the highest epoch. */
  #holderOf(role: Role, taken: readonly NodeId[]): NodeId | null {
    let holder: NodeId | null = null;
    let highest = -1;
    for (const node of this.nodes) {
      if (!node.up || taken.includes(node.id)) continue;
      const observed = this.options.protocol.observe(node.driver!.replica.state);
      const leads = observed.role === 'leader' || observed.role === 'coordinator';
      const fits = role === 'follower' ? !leads : leads || this.options.protocol.family === 'atomic-commit';
      if (!fits || observed.epoch <= highest) continue;
      holder = node.id;
      highest = observed.epoch;
    }
    return holder;
  }

  /** Who leads now, as far as anyone can tell from outside. */
  leader(): NodeId | null {
    return this.#holderOf('leader', []);
  }

  crash(node: SimulatedNode, faults: { lostWrites: boolean; tornWrites: boolean }): void {
    if (!node.up && node.haltedBy === null) return;
    this.trace.add(Kind.crash, node.id);
    node.stop(() => this.#streams[STREAMS.faults]!.next(), faults);
    this.#linksOf(node, false);
  }

  restart(node: SimulatedNode): void {
    if (node.haltedBy !== null)
      node.stop(() => this.#streams[STREAMS.faults]!.next(), { lostWrites: true, tornWrites: false });
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
      this.#queue.push(at, LINK, other.id, node.id, up ? 1 : 0);
      if (up && other.up) this.#queue.push(at, LINK, node.id, other.id, 1);
    }
  }
}
