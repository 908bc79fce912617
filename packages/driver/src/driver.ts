import type {
  AnyProtocol,
  Epoch,
  Log,
  Membership,
  Message,
  NodeId,
  Outcome,
  Ports,
  Refusal,
  Replica,
  Request,
  Resource,
  Slot,
} from '@quorate/interface';
import { type Journal, JournaledLog, type SnapshotStore } from '@quorate/log';
import { Kind, type Trace } from '@quorate/trace';
import { Applier } from './applier.ts';
import { HeldMessages } from './held.ts';
import { SnapshotStreams } from './snapshots.ts';
import { Timers } from './timers.ts';
import type { World } from './world.ts';

/** What may be set for a driver, besides its protocol's knobs. */
export interface DriverSettings {
  /** Applied commands between two snapshots; 0 for none. In atomic commitment a tenth of the default: there each ended transaction is a record of its own until then. */
  readonly snapshotEvery: number;
  /** A snapshot is made earlier once the commands applied since the last have so many bytes, which the log holds in memory meanwhile. */
  readonly snapshotBytes: number;
  /** Bytes of a snapshot sent at once. */
  readonly snapshotChunkBytes: number;
  /** Milliseconds after which a snapshot chunk without an answer is sent again. */
  readonly snapshotRetryMilliseconds: number;
}

export const DEFAULT_SETTINGS: DriverSettings = {
  snapshotEvery: 100_000,
  snapshotBytes: 32 * 1024 * 1024,
  snapshotChunkBytes: 65_536,
  snapshotRetryMilliseconds: 200,
};

const CHECKPOINT_EVERY = 10_000;

/** What a driver is made of. */
export interface DriverParts {
  readonly protocol: AnyProtocol;
  readonly id: NodeId;
  readonly members: Membership;
  /** The protocol's knobs, resolved (`resolveKnobs`). */
  readonly knobs: Readonly<Record<string, number>>;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly machine: Resource;
  readonly world: World;
  readonly trace: Trace;
  readonly settings?: Partial<DriverSettings>;
}

type AnyReplica = Replica<Message, string, unknown>;

/**
 * One replica's step loop. Whoever owns it delivers a burst of inputs (`onMessage`, `onRequest`, …), then calls `settle`. The driver
 * gives each input to the protocol, records its port calls, and lets their effects out in the right order: journal before promise,
 * decision before application before answer. Every call is synchronous; after a halt none has an effect.
 */
export class Driver implements Ports<Message, string, unknown> {
  readonly id: NodeId;
  readonly replica: AnyReplica;
  readonly protocol: AnyProtocol;
  readonly #parts: DriverParts;
  readonly #world: World;
  readonly #trace: Trace;
  readonly #journal: Journal;
  readonly #logs = new Map<string, JournaledLog>();
  readonly #mainLog: JournaledLog;
  readonly #timers = new Timers();
  readonly #held = new HeldMessages();
  readonly #applier: Applier;
  readonly #streams: SnapshotStreams;
  /** Messages to self whose forced writes are durable; they are inputs of the same burst. */
  readonly #toSelf: Message[] = [];
  readonly #toSelfCauses: number[] = [];
  #toSelfCount = 0;
  /** Sequence of the last forced journal record: what a message sent now has to wait for. */
  #forced = 0;
  #durable: unknown;
  /** The client operation that the present input descends from; 0 for timers. */
  #cause = 0;
  #halted = false;
  /** Whether the main log is a sequence of slots, not a set of records. */
  readonly #sequential: boolean;

  constructor(parts: DriverParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.protocol = parts.protocol;
    this.#sequential = parts.protocol.family !== 'atomic-commit';
    this.#world = parts.world;
    this.#trace = parts.trace;
    this.#journal = parts.journal;
    const checkpoints = this.#sequential ? {} : { snapshotEvery: CHECKPOINT_EVERY };
    const settings = { ...DEFAULT_SETTINGS, ...checkpoints, ...parts.settings };
    this.#durable = parts.protocol.initial;
    this.#mainLog = this.#logNamed('main');
    this.#recoverJournal();
    const snapshot = parts.snapshots.newest;
    if (snapshot !== undefined) {
      parts.machine.restore(snapshot.bytes);
      // The log may be from before the snapshot came, or conflict with it: what a snapshot holds is decided, so it wins.
      if (this.#sequential && this.#mainLog.epochAt(snapshot.slot) !== snapshot.epoch) {
        this.#mainLog.restartAt(snapshot.slot, snapshot.epoch);
      }
    }
    this.#applier = new Applier(parts, settings, this.#mainLog, snapshot?.slot ?? 0, {
      logs: () => this.#logs.values(),
      durable: () => this.#durable,
      snapshotMade: (slot) => this.#step(() => this.replica.onSnapshot(slot)),
      prepared: (slot, vote) => this.replica.onPrepared(slot, vote),
    });
    this.#streams = new SnapshotStreams(
      parts.world,
      parts.snapshots,
      this.#timers,
      settings,
      (from, header) => this.#step(() => this.replica.onMessage(from, header)),
    );
    this.#journal.onDurable = (sequence) => this.#onDurable(sequence);
    this.#journal.onFailure = (error) => this.#halt(error, 'storage');
    parts.snapshots.onFailure = (error) => this.#halt(error, 'storage');
    this.replica = parts.protocol.create({
      id: parts.id,
      members: parts.members,
      ports: this,
      knobs: parts.knobs,
      durable: this.#durable,
    }) as AnyReplica;
  }

  // ---- inputs -------------------------------------------------------------------------------------------------------------

  /** Starts the protocol on what was recovered. Call once, before any other input; `settle` after it. */
  start(): void {
    const recovered = this.#parts.snapshots.newest;
    this.#input(0, () => {
      this.replica.start();
      if (recovered !== undefined) this.replica.onSnapshot(recovered.slot);
    });
  }

  /** A message from a peer (or, for snapshot pieces, from its driver). */
  onMessage(from: NodeId, message: Message, cause = 0): void {
    if (this.#halted) return;
    this.#cause = cause;
    try {
      if (!this.#streams.handle(from, message)) this.replica.onMessage(from, message);
    } catch (error) {
      this.#halt(error, 'assertion');
    }
  }

  /** A client's request. `cause` is a number of the world's own, which comes back with all that descends from the request, the answer last. */
  onRequest(request: Request, cause = 0): void {
    if (this.#halted) return;
    this.#cause = cause;
    this.#trace.add(Kind.request, this.id, request.client, request.sequence, cause);
    this.#applier.expect(request, cause);
    try {
      this.replica.onRequest(request);
    } catch (error) {
      this.#halt(error, 'assertion');
    }
  }

  /** A link to `peer` came up or went down. */
  onLink(peer: NodeId, up: boolean): void {
    this.#input(0, () => this.replica.onLink(peer, up));
    if (up) this.#streams.resume(peer);
  }

  /** Time has come for timers: fires those due and asks for the next wake-up. */
  onWake(): void {
    const now = this.#world.now();
    for (
      let due = this.#timers.takeDue(now);
      due !== undefined && !this.#halted;
      due = this.#timers.takeDue(now)
    ) {
      const { timer, key } = due;
      if (timer === SnapshotStreams.TIMER) {
        this.#streams.retry(key);
        continue;
      }
      this.#trace.add(Kind.timer, this.id, this.#trace.id(timer), key);
      this.#input(0, () => this.replica.onTimer(timer, key));
    }
    if (this.#timers.next !== Number.POSITIVE_INFINITY) this.#world.wakeAt(this.#timers.next);
  }

  /**
   * Ends a burst: lets the protocol send its batch, starts one journal flush for all that the burst wrote, applies what was decided
   * and answers clients.
   */
  settle(): void {
    if (this.#halted) return;
    try {
      do {
        if (this.#toSelfCount > 0) this.#drainSelf();
        this.replica.settle();
        if (this.#applier.hasVotes) this.#applier.giveVotes();
      } while (this.#toSelfCount > 0 || this.#applier.hasVotes);
      this.#syncLogs();
      if (this.#forced > this.#journal.durable) this.#journal.flush();
      if (this.#applier.hasWork) this.#applier.run();
      if (this.#applier.hasVotes) this.settle();
    } catch (error) {
      this.#halt(error, 'assertion');
    }
  }

  get halted(): boolean {
    return this.#halted;
  }

  /** The log that `log()` gives the protocol. */
  get mainLog(): JournaledLog {
    return this.#mainLog;
  }

  // ---- what an observer may see --------------------------------------------------------------------------------------------

  /** The last slot of the main log that would survive a crash now. */
  get durableLast(): Slot {
    return this.#mainLog.durableLast(this.#journal.durable);
  }

  /** The lowest slot of the main log changed since `clearChanged`. */
  get changedFrom(): Slot {
    return this.#mainLog.changedFrom;
  }

  clearChanged(): void {
    this.#mainLog.clearChanged();
  }

  /** Slot up to which the state machine stands (replicated logs). */
  get applied(): Slot {
    return this.#applier.applied;
  }

  // ---- ports ---------------------------------------------------------------------------------------------------------------

  send(to: NodeId, message: Message): void {
    if (this.#mainLog.pendingForced) this.#syncLogs();
    if (this.#forced > this.#journal.durable) this.#held.push(this.#forced, to, message, this.#cause);
    else this.#release(to, message, this.#cause);
  }

  sendEarly(to: NodeId, message: Message): void {
    if (this.protocol.assumes.fifoLinks && this.#held.waitsFor(to)) this.send(to, message);
    else this.#release(to, message, this.#cause);
  }

  broadcast(to: readonly NodeId[], message: Message): void {
    for (const peer of to) this.send(peer, message);
  }

  setTimer(timer: string, milliseconds: number, key = 0): void {
    const deadline = this.#world.now() + milliseconds;
    const before = this.#timers.next;
    this.#timers.set(timer, key, deadline);
    if (deadline < before) this.#world.wakeAt(deadline);
  }

  clearTimer(timer: string, key = 0): void {
    this.#timers.clear(timer, key);
  }

  save(durable: unknown, forced = true): void {
    this.#syncLogs();
    this.#durable = durable;
    this.#wrote(this.#journal.write({ kind: 'save', durable }), forced);
  }

  log(name = 'main'): Log {
    return name === 'main' ? this.#mainLog : this.#logNamed(name);
  }

  decide(slot: Slot, outcome: Outcome): void {
    this.#trace.add(Kind.decide, this.id, slot, outcome === 'committed' ? 0 : outcome === 'aborted' ? 1 : 2);
    this.#world.decided?.(slot, outcome);
    this.#applier.decide(slot, outcome);
  }

  prepare(slot: Slot, command: Uint8Array): void {
    this.#applier.prepare(slot, command);
  }

  hold(slot: Slot, command: Uint8Array): void {
    this.#parts.machine.hold(slot, command);
  }

  readAt(request: Request, slot: Slot): void {
    this.#applier.readAt(request, slot);
  }

  readLocked(request: Request): void {
    this.#applier.readLocked(request);
  }

  assign(request: Request, slot: Slot): void {
    this.#applier.assign(request, slot);
  }

  refuse(request: Request, why: Refusal, leader: NodeId | null): void {
    this.#applier.refuse(request, why, leader);
  }

  sendSnapshot(to: NodeId, header: Message): void {
    this.#streams.send(to, header);
  }

  installSnapshot(slot: Slot, epoch: Epoch): void {
    const snapshot = this.#parts.snapshots.newest;
    // A newer one may have been staged meanwhile. What snapshots hold is decided, so the newer serves as well.
    if (snapshot === undefined || snapshot.slot < slot) {
      throw new Error(`the snapshot of slot ${slot}, epoch ${epoch} is to be installed, but was not staged`);
    }
    this.#trace.add(Kind.snapshot, this.id, slot, 1);
    this.#applier.install(snapshot);
  }

  connect(members: Membership): void {
    this.#world.connect(members);
  }

  announce(role: string, epoch: Epoch, leader: NodeId | null): void {
    this.#trace.add(Kind.role, this.id, this.#trace.id(role), epoch, leader ?? -1);
    this.#world.announced?.(role, epoch, leader);
  }

  now(): number {
    return this.#world.now();
  }

  random(): number {
    return this.#world.random();
  }

  // ---- inside --------------------------------------------------------------------------------------------------------------

  #input(cause: number, act: () => void): void {
    if (this.#halted) return;
    this.#cause = cause;
    try {
      act();
    } catch (error) {
      this.#halt(error, 'assertion');
    }
  }

  /** An input that came by itself (a disk is done): it ends its own burst. */
  #step(act: () => void): void {
    this.#input(0, act);
    this.settle();
  }

  #drainSelf(): void {
    // What these inputs send to self comes to the same list's end.
    for (let at = 0; at < this.#toSelfCount; at++) {
      this.#cause = this.#toSelfCauses[at]!;
      this.replica.onMessage(this.id, this.#toSelf[at]!);
    }
    this.#toSelfCount = 0;
  }

  #release(to: NodeId, message: Message, cause: number): void {
    if (to === this.id) {
      const at = this.#toSelfCount++;
      this.#toSelf[at] = message;
      this.#toSelfCauses[at] = cause;
    } else this.#world.transmit(to, message, cause);
  }

  readonly #releaseHeld = (to: NodeId, message: Message, cause: number): void =>
    this.#release(to, message, cause);

  #onDurable(sequence: number): void {
    if (this.#halted) return;
    this.#trace.add(Kind.sync, this.id, sequence);
    this.#held.releaseUpTo(sequence, this.#releaseHeld);
    this.settle();
  }

  #logNamed(name: string): JournaledLog {
    let log = this.#logs.get(name);
    if (log === undefined) {
      log = new JournaledLog(
        name,
        this.#sequential ? 'sequence' : 'records',
        this.#journal,
        (sequence, forced) => this.#wrote(sequence, forced),
      );
      this.#logs.set(name, log);
    }
    return log;
  }

  #wrote(sequence: number, forced: boolean): void {
    if (forced) this.#forced = sequence;
    this.#trace.add(Kind.write, this.id, sequence, forced ? 1 : 0, this.#cause);
  }

  #syncLogs(): void {
    if (this.#sequential) this.#mainLog.sync();
    else for (const log of this.#logs.values()) log.sync();
  }

  #recoverJournal(): void {
    for (const record of this.#journal.recover()) {
      if (record.kind === 'save') this.#durable = record.durable;
      else this.#logNamed(record.log).replay(record);
    }
    this.#forced = this.#journal.durable;
  }

  #halt(error: unknown, kind: 'assertion' | 'storage'): void {
    if (this.#halted) return;
    this.#halted = true;
    const why = error instanceof Error ? error : new Error(String(error));
    this.#trace.add(Kind.halt, this.id, this.#trace.id(kind));
    this.#world.halted(why, kind);
  }
}
