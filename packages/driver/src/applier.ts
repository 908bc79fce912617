import {
  CLIENT_COMMAND,
  type Outcome,
  type Refusal,
  type Request,
  readU32,
  type Slot,
  type Vote,
} from '@quorate/interface';
import type { JournaledLog, JournalRecord, Snapshot } from '@quorate/log';
import { Kind } from '@quorate/trace';
import type { DriverParts, DriverSettings } from './driver.ts';
import type { Response } from './world.ts';

/** What the applier asks of its driver. */
export interface ApplierHooks {
  logs(): Iterable<JournaledLog>;
  durable(): unknown;
  snapshotMade(slot: Slot): void;
  prepared(slot: Slot, vote: Vote): void;
}

/** What a client asked last here; `sequence` is 0 once that was answered. */
interface Expected {
  sequence: number;
  cause: number;
}

/** Places of answered clients are swept when there are more than this, and more than half of all are answered. */
const SWEEP_ABOVE = 4096;

/**
 * The part of a driver behind the protocol's decisions: applies them to the state machine, in slot order for replicated logs and as they
 * fall for atomic commitment, answers clients, keeps reads until they may be answered, and makes snapshots.
 */
export class Applier {
  readonly #parts: DriverParts;
  readonly #settings: DriverSettings;
  readonly #log: JournaledLog;
  readonly #hooks: ApplierHooks;
  readonly #sequential: boolean;
  /** Requests that came in here and are not answered, by client: one at a time each. */
  readonly #expected = new Map<number, Expected>();
  #open = 0;
  /** Atomic commitment: who asked for a transaction. */
  readonly #assigned = new Map<Slot, { readonly request: Request; readonly cause: number }>();
  /** Votes of the local resource that the protocol has not been told yet. */
  #votes: { readonly slot: Slot; readonly vote: Vote }[] = [];
  #reads: { readonly request: Request; readonly slot: Slot }[] = [];
  #lockedReads: Request[] = [];
  #decidedTo: Slot;
  applied: Slot;
  #snapshotAt: Slot;
  #finished = 0;
  /** Of commands applied since the last snapshot was made, or prepared. */
  #bytes = 0;
  #saving = false;

  constructor(
    parts: DriverParts,
    settings: DriverSettings,
    log: JournaledLog,
    applied: Slot,
    hooks: ApplierHooks,
  ) {
    this.#parts = parts;
    this.#settings = settings;
    this.#log = log;
    this.#hooks = hooks;
    this.#sequential = parts.protocol.family !== 'atomic-commit';
    this.applied = this.#decidedTo = this.#snapshotAt = applied;
  }

  // ---- clients ----------------------------------------------------------------------------------------------------------------

  /** Remembers who asked, so that the answer finds them. */
  expect(request: Request, cause: number): void {
    const place = this.#expected.get(request.client);
    if (place === undefined) {
      if (this.#expected.size > SWEEP_ABOVE && this.#expected.size > 2 * this.#open) this.#sweep();
      this.#expected.set(request.client, { sequence: request.sequence, cause });
      this.#open++;
      return;
    }
    if (place.sequence === 0) this.#open++;
    place.sequence = request.sequence;
    place.cause = cause;
  }

  #sweep(): void {
    for (const [client, { sequence }] of this.#expected) if (sequence === 0) this.#expected.delete(client);
  }

  assign(request: Request, slot: Slot): void {
    this.#assigned.set(slot, { request, cause: this.#expected.get(request.client)?.cause ?? 0 });
  }

  refuse(request: Request, why: Refusal, leader: number | null): void {
    this.#answer(request.client, request.sequence, { status: why, leader });
  }

  #answer(client: number, sequence: number, response: Response): void {
    const expected = this.#expected.get(client);
    if (expected === undefined || expected.sequence !== sequence) return; // asked elsewhere, or already answered
    expected.sequence = 0;
    this.#open--;
    const { trace, id, world } = this.#parts;
    const status = response.status === 'ok' ? 0 : trace.id(response.status);
    trace.add(Kind.respond, id, client, sequence, status, expected.cause);
    world.respond(client, sequence, response, expected.cause);
  }

  // ---- decisions --------------------------------------------------------------------------------------------------------------

  decide(slot: Slot, outcome: Outcome): void {
    if (!this.#sequential) {
      this.#finish(slot, outcome);
      return;
    }
    if (slot <= this.#snapshotAt) return; // an installed snapshot holds it already
    if (slot !== this.#decidedTo + 1) {
      throw new Error(`decisions come in slot order: ${slot} does not follow ${this.#decidedTo}`);
    }
    this.#decidedTo = slot;
  }

  /** Whether `run` has anything to do. */
  get hasWork(): boolean {
    return this.applied < this.#decidedTo || this.#reads.length > 0 || this.#finished > 0;
  }

  /** Applies what was decided, answers clients and reads, makes a snapshot when one is due. */
  run(): void {
    const { trace, id, machine } = this.#parts;
    while (this.applied < this.#decidedTo) {
      const slot = this.applied + 1;
      const log = this.#log;
      if (!log.view(slot)) throw new Error(`slot ${slot} is decided but not in the log`);
      if (log.tagAt(slot) === CLIENT_COMMAND) {
        const bytes = log.viewBytes;
        const start = log.viewStart;
        const end = log.viewEnd;
        this.#bytes += end - start;
        const result = machine.apply(bytes, start, end);
        if (this.#open > 0) {
          this.#answer(readU32(bytes, start), readU32(bytes, start + 4), { status: 'ok', result });
        }
      }
      this.applied = slot;
      trace.add(Kind.apply, id, slot);
    }
    if (this.#reads.length > 0) this.#answerReads();
    this.#maybeSnapshot(this.#sequential ? this.applied - this.#snapshotAt : this.#finished);
  }

  /** Atomic commitment: applies or discards a transaction at once, and lets those go on that waited for its locks. */
  #finish(slot: Slot, outcome: Outcome): void {
    const { machine, trace, id } = this.#parts;
    const result = machine.finish(slot, outcome);
    this.#finished++;
    trace.add(Kind.apply, id, slot);
    const assigned = this.#assigned.get(slot);
    if (assigned !== undefined) {
      this.#assigned.delete(slot);
      const { client, sequence } = assigned.request;
      this.#answer(
        client,
        sequence,
        result === null ? { status: 'aborted', leader: null } : { status: 'ok', result },
      );
    }
    for (const released of machine.released()) this.#votes.push(released);
    if (this.#lockedReads.length > 0) this.#answerLockedReads();
  }

  // ---- atomic commitment: the local resource -------------------------------------------------------------------------------------

  prepare(slot: Slot, command: Uint8Array): void {
    this.#bytes += command.length;
    const vote = this.#parts.machine.prepare(slot, command);
    if (vote !== 'waiting') this.#votes.push({ slot, vote });
  }

  get hasVotes(): boolean {
    return this.#votes.length > 0;
  }

  /** Tells the protocol what the resource answered; its answers may free locks and bring more. */
  giveVotes(): void {
    while (this.#votes.length > 0) {
      const votes = this.#votes;
      this.#votes = [];
      for (const { slot, vote } of votes) this.#hooks.prepared(slot, vote);
    }
  }

  readLocked(request: Request): void {
    if (this.#parts.machine.readable(request.command)) this.#answerRead(request);
    else this.#lockedReads.push(request);
  }

  #answerLockedReads(): void {
    const waiting = this.#lockedReads;
    this.#lockedReads = [];
    for (const request of waiting) this.readLocked(request);
  }

  // ---- reads --------------------------------------------------------------------------------------------------------------------

  readAt(request: Request, slot: Slot): void {
    this.#reads.push({ request, slot }); // answered at the end of the burst
  }

  #answerReads(): void {
    const waiting = this.#reads;
    this.#reads = [];
    for (const read of waiting) {
      if (read.slot <= this.applied) this.#answerRead(read.request);
      else this.#reads.push(read);
    }
  }

  #answerRead(request: Request): void {
    const result = this.#parts.machine.read(request.command);
    this.#answer(request.client, request.sequence, { status: 'ok', result });
  }

  // ---- snapshots ----------------------------------------------------------------------------------------------------------------

  /** Makes a snapshot once enough was applied since the last, and shortens the journal to what it does not cover. */
  #maybeSnapshot(appliedSince: number): void {
    const { snapshots, machine, trace, id } = this.#parts;
    const { snapshotEvery, snapshotBytes } = this.#settings;
    if (snapshotEvery === 0 || this.#saving) return;
    if (appliedSince < snapshotEvery && this.#bytes < snapshotBytes) return;
    this.#saving = true;
    this.#bytes = 0;
    // For atomic commitment a snapshot is a checkpoint: all committed transactions, none in doubt. Its slot just counts checkpoints.
    const slot = this.#sequential ? this.applied : this.#snapshotAt + 1;
    const epoch = this.#sequential ? this.#log.epochAt(slot) : 0;
    this.#finished = 0;
    const covered = [...this.#hooks.logs()].map((log) => [log, log.ended()] as const);
    const snapshot: Snapshot = { slot, epoch, bytes: machine.snapshot() };
    snapshots.save(snapshot, () => {
      this.#saving = false;
      if (slot <= this.#snapshotAt) return; // a newer one was installed meanwhile
      this.#snapshotAt = slot;
      trace.add(Kind.snapshot, id, slot, 0);
      for (const [log, slots] of covered) log.drop(slots);
      this.#hooks.snapshotMade(slot);
      this.#compact();
    });
  }

  #compact(): void {
    const image: JournalRecord[] = [{ kind: 'save', durable: this.#hooks.durable() }];
    for (const log of this.#hooks.logs()) {
      log.sync();
      image.push(...log.image());
    }
    this.#parts.journal.compact(image);
  }

  /** Replaces the state by a peer's snapshot. Slots that it covers count as decided and applied. */
  install(snapshot: Snapshot): void {
    if (snapshot.slot <= this.applied) return;
    this.#parts.machine.restore(snapshot.bytes);
    this.applied = this.#decidedTo = this.#snapshotAt = snapshot.slot;
    this.#bytes = 0;
  }
}
