import {
  type NodeId,
  type Outcome,
  type Ports,
  type Refusal,
  type ReplicaView,
  type Request,
  type Slot,
  type Vote,
  writeU32,
} from '@quorate/interface';
import {
  type Durable,
  TwoPhaseCommit,
  type TwoPhaseCommitMessage,
  type TwoPhaseCommitState,
  type TwoPhaseCommitTimer,
  twoPhaseCommit,
} from '../src/index.ts';
import type { World } from './harness.ts';
import { TestLog, unused, type Write } from './log.ts';
import { FakeResource } from './resource.ts';

type Message = TwoPhaseCommitMessage;

/** A request and what became of it. */
export class TestClient implements Request {
  status: 'open' | 'ok' | Refusal = 'open';
  answeredAt = -1;
  slot: Slot = 0;
  value: number | undefined;
  readonly kind: 'write' | 'read' | 'admin';
  readonly client: number;
  readonly sequence = 1;
  readonly command: Uint8Array;
  readonly participants: readonly NodeId[];
  constructor(
    kind: 'write' | 'read' | 'admin',
    client: number,
    key: number,
    value: number,
    participants: readonly NodeId[],
  ) {
    this.kind = kind;
    this.client = client;
    this.command = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, key, value);
    writeU32(this.command, 0, client);
    this.participants = participants;
  }
  answer(status: 'ok' | Refusal, at: number): void {
    if (this.status !== 'open') throw new Error(`answered ${status} after ${this.status}`);
    this.status = status;
    this.answeredAt = at;
  }
}

/** One node: a disk that outlives crashes, and while it is up a replica with its resource. */
export class TestNode
  implements Ports<Message, TwoPhaseCommitTimer, Durable>, ReplicaView<TwoPhaseCommitState>
{
  up = false;
  replica!: TwoPhaseCommit;
  resource = new FakeResource();
  /** Everything written, in order; the first `durableWrites` survive a crash. */
  writes: Write[] = [];
  durableWrites = 0;
  saved: Durable = twoPhaseCommit.initial;
  /** False: nothing becomes durable until `sync`. */
  autoSync = true;
  readonly roles: string[] = [];
  readonly decisions: [Slot, Outcome][] = [];
  readonly timers = new Map<string, number>();
  readonly changedFrom = Number.POSITIVE_INFINITY;
  readonly durableLast = 0;
  private logs = new Map<string, TestLog>();
  private held: { after: number; to: NodeId; message: Message }[] = [];
  private toSelf: Message[] = [];
  private votes: { slot: Slot; vote: Vote }[] = [];
  private assigned = new Map<Slot, TestClient>();
  private lockedReads: TestClient[] = [];
  private forced = 0;
  private syncing = false;
  readonly id: NodeId;
  readonly world: World;

  constructor(world: World, id: NodeId) {
    this.world = world;
    this.id = id;
  }

  get state(): TwoPhaseCommitState {
    return this.replica.state;
  }

  start(): void {
    this.up = true;
    const { members, knobs } = this.world;
    this.replica = new TwoPhaseCommit(
      { id: this.id, members, ports: this, knobs, durable: this.saved },
      this.world.roles,
    );
    this.step((replica) => replica.start());
  }

  /** All that was not durable is lost, `extra` unforced records perhaps excepted. */
  crash(extra = 0): void {
    this.up = false;
    this.writes = this.writes.slice(0, Math.min(this.writes.length, this.durableWrites + extra));
    this.durableWrites = this.forced = this.writes.length;
    this.logs = new Map();
    this.resource = new FakeResource(this.resource.checkpoint);
    this.held = [];
    this.toSelf = [];
    this.votes = [];
    this.lockedReads = [];
    this.assigned = new Map();
    this.timers.clear();
    this.syncing = false;
    this.saved = twoPhaseCommit.initial;
    for (const write of this.writes) write.redo(this);
  }

  restart(): void {
    this.start();
    for (const monitor of this.world.monitors)
      this.world.judge(monitor.onRestart?.(this.id, this.world.nodes) ?? null);
  }

  /** The driver's checkpoint: decided transactions are in the resource's snapshot, ended records go. */
  checkpoint(): void {
    this.resource.save();
    for (const name of ['coordinator', 'participant']) {
      const log = this.log(name);
      for (const slot of log.ended) log.held.delete(slot);
    }
    // A compacted journal: what is held now, all durable.
    const { saved } = this;
    this.writes = [];
    this.save(saved);
    for (const [name, log] of this.logs)
      for (const entry of log.held.values())
        this.writes.push({ name: 'kept', forced: true, redo: (node) => node.log(name).place(entry) });
    this.durableWrites = this.forced = this.writes.length;
    this.step((replica) => replica.onSnapshot(1));
    this.sync();
  }

  sync(): void {
    this.syncing = false;
    this.durableWrites = this.writes.length;
    const free = this.held.filter((one) => one.after <= this.durableWrites);
    this.held = this.held.filter((one) => one.after > this.durableWrites);
    for (const { to, message } of free) this.release(to, message);
    this.step(() => {});
  }

  step(act: (replica: TwoPhaseCommit) => void): void {
    if (!this.up) return;
    act(this.replica);
    do {
      for (let next = this.toSelf.shift(); next !== undefined; next = this.toSelf.shift())
        this.replica.onMessage(this.id, next);
      this.replica.settle();
      for (const { slot, vote } of this.votes.splice(0)) this.replica.onPrepared(slot, vote);
    } while (this.toSelf.length + this.votes.length > 0);
    if (this.autoSync && !this.syncing && this.forced > this.durableWrites) {
      this.syncing = true;
      this.world.at(this.world.syncDelay, () => this.up && this.syncing && this.sync());
    }
    for (const monitor of this.world.monitors) this.world.judge(monitor.afterStep(this.id, this.world.nodes));
  }

  /** The resource answers a prepare that waited. */
  voted(slot: Slot, vote: Vote): void {
    this.votes.push({ slot, vote });
    this.step(() => {});
  }

  journal(name: string, forced: boolean, redo: (node: TestNode) => void): void {
    this.writes.push({ name, forced, redo });
    if (forced) this.forced = this.writes.length;
    redo(this);
  }

  /** The names of the records written, forced ones with an exclamation mark. */
  written(): string[] {
    return this.writes
      .filter(({ name }) => name !== 'save')
      .map(({ name, forced }) => (forced ? `${name}!` : name));
  }

  private release(to: NodeId, message: Message): void {
    if (to === this.id) this.toSelf.push(message);
    else this.world.transmit(this.id, to, message);
  }

  // ---- ports ----------------------------------------------------------------------------------------------------------------

  send(to: NodeId, message: Message): void {
    if (this.forced > this.durableWrites) this.held.push({ after: this.forced, to, message });
    else this.release(to, message);
  }
  sendEarly(to: NodeId, message: Message): void {
    this.release(to, message);
  }
  broadcast(to: readonly NodeId[], message: Message): void {
    for (const one of to) this.send(one, message);
  }
  setTimer(timer: TwoPhaseCommitTimer, milliseconds: number, key = 0): void {
    const name = `${timer} ${key}`;
    const due = this.world.now + milliseconds;
    this.timers.set(name, due);
    this.world.at(milliseconds, () => {
      if (this.timers.get(name) !== due) return;
      this.timers.delete(name);
      this.step((replica) => replica.onTimer(timer));
    });
  }
  clearTimer(timer: TwoPhaseCommitTimer, key = 0): void {
    this.timers.delete(`${timer} ${key}`);
  }
  save(durable: Durable, forced = true): void {
    this.journal('save', forced, (node) => {
      node.saved = durable;
    });
  }
  log(name = 'main'): TestLog {
    let log = this.logs.get(name);
    if (log === undefined) {
      log = new TestLog(this, name);
      this.logs.set(name, log);
    }
    return log;
  }
  decide(slot: Slot, outcome: Outcome): void {
    this.decisions.push([slot, outcome]);
    for (const monitor of this.world.monitors)
      this.world.judge(monitor.onDecide?.(this.id, slot, outcome, this.world.nodes) ?? null);
    this.resource.finish(slot, outcome);
    this.assigned.get(slot)?.answer(outcome === 'committed' ? 'ok' : 'aborted', this.world.now);
    this.votes.push(...this.resource.released());
    for (const read of this.lockedReads.splice(0)) this.readLocked(read);
  }
  prepare(slot: Slot, command: Uint8Array): void {
    const vote = this.resource.prepare(slot, command);
    if (vote !== 'waiting') this.votes.push({ slot, vote });
  }
  hold(slot: Slot, command: Uint8Array): void {
    this.resource.hold(slot, command);
  }
  readLocked(request: Request): void {
    const read = request as TestClient;
    if (!this.resource.readable(read.command)) this.lockedReads.push(read);
    else {
      read.value = this.resource.read(read.command);
      read.answer('ok', this.world.now);
    }
  }
  assign(request: Request, slot: Slot): void {
    (request as TestClient).slot = slot;
    this.assigned.set(slot, request as TestClient);
  }
  refuse(request: Request, why: Refusal): void {
    (request as TestClient).answer(why, this.world.now);
  }
  announce(role: string): void {
    this.roles.push(role);
  }
  now(): number {
    return this.world.now;
  }
  random(): number {
    return this.world.random();
  }
  readAt = unused;
  sendSnapshot = unused;
  installSnapshot = unused;
  connect = unused;
}
