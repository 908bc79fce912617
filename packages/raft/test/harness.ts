import {
  type Context,
  type Monitor,
  type NodeId,
  type Ports,
  type Refusal,
  type ReplicaView,
  type Request,
  resolveKnobs,
} from '@quorate/interface';
import {
  RAFT_PARTS,
  type RaftDurable,
  type RaftMessage,
  type RaftParts,
  RaftReplica,
  type RaftState,
  type RaftTimer,
  raft,
} from '../src/index.ts';
import { TestLog } from './test-log.ts';

export interface Packet {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: RaftMessage;
  /** With InstallSnapshot: the state behind it. */
  readonly state?: readonly string[];
}

export interface Options {
  readonly nodes?: number;
  readonly knobs?: Record<string, number>;
  readonly parts?: Partial<RaftParts>;
  /** Terms of the entries that a server's log begins with, by server; its currentTerm is at least the last. */
  readonly logs?: Record<NodeId, readonly number[]>;
  readonly terms?: Record<NodeId, number>;
  /** False: nothing is durable before `sync` is called. */
  readonly autoSync?: boolean;
  readonly seed?: number;
}

const encode = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const decode = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** A 32-bit generator (mulberry32), so that every run of a test is the same. */
export function generator(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One server with a disk of its own: the ports, as simply as they can be done. */
export class TestNode implements Ports<RaftMessage, RaftTimer, RaftDurable>, ReplicaView<RaftState> {
  readonly id: NodeId;
  up = true;
  replica!: RaftReplica;
  mainLog!: TestLog;
  timers = new Map<RaftTimer, number>();
  /** What the state machine has been given: the commands, by slot. Slot 0 is no slot. */
  applied: string[] = [''];
  snapshot: readonly string[] = [''];
  answers: { request: Request; slot: number }[] = [];
  refusals: { request: Request; why: Refusal; leader: NodeId | null }[] = [];
  announced: string[] = [];
  /** Everything handed to `send`, `sendEarly` and `broadcast`, in order. */
  sent: Packet[] = [];

  private readonly cluster: Cluster;
  private journal: ((disk: { log: TestLog; durable: RaftDurable }) => void)[] = [];
  private lasts: number[] = [];
  private durable = 0;
  private held: { after: number; packet: Packet }[] = [];
  private toSelf: RaftMessage[] = [];
  /** The snapshot that came with the header now being delivered. */
  staged: readonly string[] | undefined;

  constructor(cluster: Cluster, id: NodeId) {
    this.cluster = cluster;
    this.id = id;
  }

  // ---- life ----------------------------------------------------------------------------------------------------------

  preload(terms: readonly number[], currentTerm: number): void {
    const durable = { currentTerm: Math.max(currentTerm, terms.at(-1) ?? 0), votedFor: null };
    this.journal.push((disk) => {
      disk.durable = durable;
      for (const [i, term] of terms.entries()) disk.log.append(term, 0, encode(`${i + 1}@${term}`));
    });
    this.lasts.push(terms.length);
    this.durable = this.journal.length;
  }

  boot(): void {
    const disk = { log: new TestLog(), durable: raft.initial };
    for (const again of this.journal) again(disk);
    this.mainLog = disk.log;
    this.mainLog.changedFrom = 1;
    this.mainLog.onWrite = (again, last) => this.write((on) => again(on.log), last);
    this.up = true;
    if (this.snapshot.length - 1 > this.mainLog.last) throw new Error('the snapshot is ahead of the log');
    this.applied = [...this.snapshot];
    const context: Context<RaftMessage, RaftTimer, RaftDurable> = {
      id: this.id,
      members: { voters: this.cluster.ids, learners: [], observers: [] },
      ports: this,
      knobs: this.cluster.knobs,
      durable: disk.durable,
    };
    this.replica = new RaftReplica(context, this.cluster.parts);
    this.step(() => {
      this.replica.start();
      if (this.snapshot.length > 1) this.replica.onSnapshot(this.snapshot.length - 1);
    });
  }

  /** Memory is lost, and the last `lost` journal records that were not durable yet (default: all of those). */
  crash(lost = Number.POSITIVE_INFINITY): void {
    const kept = Math.max(this.durable, this.journal.length - lost);
    this.journal.length = kept;
    this.lasts.length = kept;
    this.durable = kept;
    this.up = false;
    this.held = [];
    this.toSelf = [];
    this.timers.clear();
  }

  /** One burst of inputs, then settle, as the driver does it. */
  step(act: () => void): void {
    act();
    do {
      for (let next = this.toSelf.shift(); next !== undefined; next = this.toSelf.shift())
        this.replica.onMessage(this.id, next);
      this.replica.settle();
      if (this.cluster.autoSync) this.release();
    } while (this.toSelf.length > 0);
    this.cluster.check(this.id);
    this.mainLog.changedFrom = Number.POSITIVE_INFINITY;
  }

  /** The disk is done, with the first `records` of the journal (default: all): what waited for them goes out. */
  sync(records = this.journal.length): void {
    this.step(() => this.release(records));
  }

  /** Records in the journal, … */
  get written(): number {
    return this.journal.length;
  }
  /** … and how many of them are durable. */
  get synced(): number {
    return this.durable;
  }

  takeSnapshot(): void {
    if (this.applied.length === this.snapshot.length) return;
    this.durable = this.journal.length; // a snapshot never covers what its log could still lose
    this.snapshot = [...this.applied];
    this.step(() => {
      this.release();
      this.replica.onSnapshot(this.applied.length - 1);
    });
  }

  private release(records = this.journal.length): void {
    this.durable = Math.max(this.durable, records);
    while (this.held.length > 0 && this.held[0]!.after <= this.durable) this.leave(this.held.shift()!.packet);
  }

  private write(again: (disk: { log: TestLog; durable: RaftDurable }) => void, last: number): void {
    this.journal.push(again);
    this.lasts.push(last);
  }

  private leave(packet: Packet): void {
    if (packet.to === this.id) this.toSelf.push(packet.message);
    else this.cluster.transmit(packet);
  }

  // ---- what monitors see ----------------------------------------------------------------------------------------------

  get state(): Readonly<RaftState> {
    return this.replica.state;
  }
  get changedFrom(): number {
    return this.mainLog.changedFrom;
  }
  get durableLast(): number {
    let last = this.durable === 0 ? 0 : this.lasts[this.durable - 1]!;
    for (let i = this.durable; i < this.lasts.length; i++) last = Math.min(last, this.lasts[i]!);
    return last;
  }

  // ---- ports ----------------------------------------------------------------------------------------------------------

  send(to: NodeId, message: RaftMessage): void {
    const packet = { from: this.id, to, message };
    this.sent.push(packet);
    if (this.journal.length > this.durable) this.held.push({ after: this.journal.length, packet });
    else this.leave(packet);
  }
  sendEarly(to: NodeId, message: RaftMessage): void {
    const packet = { from: this.id, to, message };
    this.sent.push(packet);
    this.leave(packet);
  }
  broadcast(to: readonly NodeId[], message: RaftMessage): void {
    for (const peer of to) this.send(peer, message);
  }
  setTimer(timer: RaftTimer, milliseconds: number): void {
    this.timers.set(timer, this.cluster.now + milliseconds);
  }
  clearTimer(timer: RaftTimer): void {
    this.timers.delete(timer);
  }
  save(durable: Readonly<RaftDurable>): void {
    this.write((disk) => {
      disk.durable = durable;
    }, this.mainLog.last);
  }
  log(): TestLog {
    return this.mainLog;
  }
  decide(slot: number): void {
    this.cluster.decided(this.id, slot);
    if (slot !== this.applied.length) throw new Error(`${slot} decided after ${this.applied.length - 1}`);
    this.applied.push(decode(this.mainLog.entryAt(slot)!.command));
  }
  readAt(request: Request, slot: number): void {
    if (slot >= this.applied.length) throw new Error('a leader applies what it commits at once');
    this.answers.push({ request, slot });
  }
  refuse(request: Request, why: Refusal, leader: NodeId | null): void {
    this.refusals.push({ request, why, leader });
  }
  sendSnapshot(to: NodeId, header: RaftMessage): void {
    const packet = { from: this.id, to, message: header, state: this.snapshot };
    this.sent.push(packet);
    this.leave(packet);
  }
  installSnapshot(slot: number): void {
    if (this.staged?.length !== slot + 1) throw new Error(`snapshot ${slot} is not staged`);
    this.snapshot = this.staged;
    this.applied = [...this.staged];
    this.durable = this.journal.length;
  }
  announce(role: string, epoch: number, leader: NodeId | null): void {
    this.announced.push(`${role} ${epoch} ${leader ?? '-'}`);
  }
  now(): number {
    return this.cluster.now;
  }
  random(): number {
    return this.cluster.random();
  }
  prepare(): never {
    throw new Error('not for Raft');
  }
  hold(): never {
    throw new Error('not for Raft');
  }
  readLocked(): never {
    throw new Error('not for Raft');
  }
  assign(): never {
    throw new Error('not for Raft');
  }
  connect(): never {
    throw new Error('not for Raft yet');
  }
}

/** Servers 1 to n, and every message that is under way between them. Nothing moves but by the calls of a test. */
export class Cluster {
  readonly ids: NodeId[];
  readonly knobs: Record<string, number>;
  readonly parts: RaftParts;
  readonly nodes: TestNode[] = [];
  readonly random: () => number;
  autoSync: boolean;
  now = 1000;
  network: Packet[] = [];
  /** Links that lose everything, as `from>to`. */
  readonly cut = new Set<string>();
  private readonly monitors: Monitor<RaftState>[] = raft.invariants.map((invariant) => invariant.monitor());
  private requests = 0;

  constructor(options: Options = {}) {
    const count = options.nodes ?? 3;
    this.ids = Array.from({ length: count }, (_, i) => i + 1);
    this.knobs = resolveKnobs(raft, options.knobs);
    this.parts = { ...RAFT_PARTS, ...options.parts };
    this.autoSync = options.autoSync ?? true;
    this.random = generator(options.seed ?? 1);
    for (const id of this.ids) {
      const node = new TestNode(this, id);
      this.nodes[id] = node;
      node.preload(options.logs?.[id] ?? [], options.terms?.[id] ?? 0);
      node.boot();
    }
  }

  node(id: NodeId): TestNode {
    return this.nodes[id]!;
  }
  state(id: NodeId): RaftState {
    return this.node(id).state as RaftState;
  }
  /** The terms along a server's log, from index 1. */
  terms(id: NodeId): number[] {
    return this.node(id).mainLog.entries.map((entry) => entry.epoch);
  }
  get leader(): NodeId | undefined {
    const leaders = this.ids.filter((id) => this.node(id).up && this.state(id).role === 'leader');
    return leaders.sort((a, b) => this.state(b).currentTerm - this.state(a).currentTerm)[0];
  }

  // ---- the network ----------------------------------------------------------------------------------------------------

  transmit(packet: Packet): void {
    if (!this.cut.has(`${packet.from}>${packet.to}`)) this.network.push(packet);
  }
  isolate(...ids: NodeId[]): void {
    for (const a of ids)
      for (const b of this.ids) {
        if (ids.includes(b)) continue;
        this.cut.add(`${a}>${b}`);
        this.cut.add(`${b}>${a}`);
      }
  }
  heal(): void {
    this.cut.clear();
  }
  /** Delivers packets to one server, as one burst. */
  deliver(...burst: readonly Packet[]): void {
    if (burst.length === 0) return;
    const node = this.node(burst[0]!.to);
    if (!node.up) return;
    node.step(() => {
      for (const { from, to, message, state } of burst) {
        if (this.cut.has(`${from}>${to}`)) continue;
        node.staged = state;
        node.replica.onMessage(from, message);
      }
    });
  }
  /** Delivers everything under way, and what follows from it, in order. */
  run(): void {
    for (let next = this.network.shift(); next !== undefined; next = this.network.shift()) this.deliver(next);
  }
  /** Delivers what is under way from or to certain servers only; the rest is lost. */
  runOnly(...ids: NodeId[]): void {
    for (let next = this.network.shift(); next !== undefined; next = this.network.shift())
      if (ids.includes(next.from) && ids.includes(next.to)) this.deliver(next);
  }

  // ---- time -----------------------------------------------------------------------------------------------------------

  /** Lets one timer of one server fire now, whatever its deadline. */
  fire(id: NodeId, timer: RaftTimer): void {
    const node = this.node(id);
    node.timers.delete(timer);
    node.step(() => node.replica.onTimer(timer));
  }
  /** Fires the first timer to come, moving time there. */
  tick(): void {
    let due: { node: TestNode; timer: RaftTimer; at: number } | undefined;
    for (const id of this.ids)
      for (const [timer, at] of this.node(id).timers)
        if (due === undefined || at < due.at) due = { node: this.node(id), timer, at };
    if (due === undefined) return;
    this.now = Math.max(this.now, due.at);
    this.fire(due.node.id, due.timer);
  }
  /** Lets so much time pass, delivering every message at once. */
  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    const next = () => Math.min(...this.ids.flatMap((id) => [...this.node(id).timers.values()]));
    this.run();
    while (next() <= until) {
      this.tick();
      this.run();
    }
    this.now = until;
  }
  /** Has server `id` run out of patience, without that any other does. */
  campaign(id: NodeId): void {
    this.now += 2 * this.knobs.electionTimeout! + 1;
    this.fire(id, 'election');
  }
  /** Makes `id` leader by an election in which everybody takes part. */
  elect(id: NodeId): void {
    this.campaign(id);
    this.run();
    if (this.state(id).role !== 'leader') throw new Error(`node ${id} was not elected`);
  }

  // ---- clients --------------------------------------------------------------------------------------------------------

  request(kind: Request['kind'], command = ''): Request {
    this.requests++;
    return { kind, client: 1, sequence: this.requests, command: encode(command), participants: [] };
  }
  write(id: NodeId, ...commands: string[]): void {
    const node = this.node(id);
    node.step(() => {
      for (const command of commands) node.replica.onRequest(this.request('write', command));
    });
  }
  read(id: NodeId): Request {
    const node = this.node(id);
    const request = this.request('read');
    node.step(() => node.replica.onRequest(request));
    return request;
  }

  // ---- invariants -----------------------------------------------------------------------------------------------------

  check(id: NodeId): void {
    for (const monitor of this.monitors) this.judge(monitor.afterStep(id, this.nodes));
  }
  decided(id: NodeId, slot: number): void {
    for (const monitor of this.monitors)
      this.judge(monitor.onDecide?.(id, slot, 'committed', this.nodes) ?? null);
  }
  private judge(wrong: string | null): void {
    if (wrong !== null) throw new Error(`invariant: ${wrong}`);
  }
}

/** The commands a server has applied, without the no-ops. */
export function commands(node: TestNode): string[] {
  return node.applied.filter((command) => command !== '');
}
