import { type Outcome, readU32, type Slot, type Vote } from '@quorate/interface';

/** Bytes before the operation: the session header. */
const KEY = 8;

/** What a resource keeps at a checkpoint. */
export interface Checkpoint {
  readonly values: ReadonlyMap<number, number>;
  readonly done: ReadonlySet<number>;
}

/** Numbered cells under exclusive locks with wait-die; commands are a session header, a cell and a value. */
export class FakeResource {
  readonly values: Map<number, number>;
  /** Clients whose command was carried out, each has one: what is carried out again after a restart changes nothing. */
  readonly done: Set<number>;
  /** What the last checkpoint saved. */
  checkpoint: Checkpoint;
  /** Who holds each cell. */
  readonly locks = new Map<number, Slot>();
  /** What it votes instead of what it would. */
  force: Vote | 'waiting' | null = null;
  /** Commands finished with a commit, in order. */
  readonly applied: Slot[] = [];
  private readonly pending = new Map<Slot, Uint8Array>();
  private readonly waiting: Slot[] = [];
  private freed: { slot: Slot; vote: Vote }[] = [];

  constructor(checkpoint: Checkpoint = { values: new Map(), done: new Set() }) {
    this.checkpoint = checkpoint;
    this.values = new Map(checkpoint.values);
    this.done = new Set(checkpoint.done);
  }

  save(): void {
    this.checkpoint = { values: new Map(this.values), done: new Set(this.done) };
  }

  prepare(slot: Slot, command: Uint8Array): Vote | 'waiting' {
    if (command.length !== KEY + 2) throw new Error(`a command of ${command.length} bytes`);
    this.pending.set(slot, command);
    if (this.force === 'waiting') return 'waiting';
    if (this.force === 'no' || this.force === 'readonly') {
      this.pending.delete(slot);
      return this.force;
    }
    const holder = this.locks.get(command[KEY]!);
    if (holder === undefined) {
      this.locks.set(command[KEY]!, slot);
      return 'yes';
    }
    if (slot > holder) {
      this.pending.delete(slot);
      return 'no'; // the younger dies
    }
    this.waiting.push(slot);
    return 'waiting';
  }

  hold(slot: Slot, command: Uint8Array): void {
    const holder = this.locks.get(command[KEY]!);
    if (holder !== undefined && holder !== slot) throw new Error(`${slot} and ${holder} hold the same cell`);
    this.locks.set(command[KEY]!, slot);
    this.pending.set(slot, command);
  }

  finish(slot: Slot, outcome: Outcome): void {
    const command = this.pending.get(slot);
    this.pending.delete(slot);
    const at = this.waiting.indexOf(slot);
    if (at >= 0) this.waiting.splice(at, 1);
    if (command === undefined) return;
    const key = command[KEY]!;
    const client = readU32(command, 0);
    if (outcome === 'committed' && !this.done.has(client)) {
      this.done.add(client);
      this.values.set(key, command[KEY + 1]!);
      this.applied.push(slot);
    }
    if (this.locks.get(key) !== slot) return;
    this.locks.delete(key);
    this.grant(key);
  }

  /** The youngest waiter first, so that the others wait for a younger holder. */
  private grant(key: number): void {
    const waiters = this.waiting.filter((slot) => this.pending.get(slot)![KEY] === key).sort((a, b) => b - a);
    const next = waiters[0];
    if (next === undefined) return;
    this.waiting.splice(this.waiting.indexOf(next), 1);
    this.locks.set(key, next);
    this.freed.push({ slot: next, vote: 'yes' });
  }

  released(): { slot: Slot; vote: Vote }[] {
    const freed = this.freed;
    this.freed = [];
    return freed;
  }

  readable(command: Uint8Array): boolean {
    return !this.locks.has(command[KEY]!);
  }

  read(command: Uint8Array): number | undefined {
    return this.values.get(command[KEY]!);
  }
}
