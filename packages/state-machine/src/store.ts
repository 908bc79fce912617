import type { Outcome, Resource, Slot, Vote } from '@quorate/interface';
import { APPEND, CAS, CommandView, DELETE, GET, PUT } from './commands.ts';
import { LockTable } from './locks.ts';
import { EXPIRED, MALFORMED, MISMATCH, OK, STALE, withValue } from './results.ts';
import { SessionTable } from './sessions.ts';
import { byUnits, readSnapshot, writeSnapshot } from './snapshots.ts';
import { readUtf8 } from './utf8.ts';
import { Value } from './values.ts';

/** Settings of a store. Replicas of one cluster must agree on them. */
export interface StoreOptions {
  /** How many clients' sessions are remembered, at least 1; the longest unused is dropped first. Default 100,000. */
  readonly sessions?: number;
}

/**
 * A map from strings to strings that carries out each client's command exactly once, under a replicated log (`apply`) or under
 * atomic commitment (`prepare`, then `finish`, which applies; nothing is written before it).
 *
 * Of each session the last sequence and its result are kept (Raft dissertation §6.3): a command with that sequence returns that
 * result again, one with a lower sequence is `stale`, and neither is carried out. Once sessions had to be dropped, an unknown
 * client's command is `expired` unless it has sequence 1, which begins a session.
 *
 * Result bytes may be shared: never change them. Command bytes and snapshots are kept and referred to, a value's command until the next
 * snapshot is made: never change them either.
 */
export class KeyValueStore implements Resource {
  readonly #limit: number;
  #values = new Map<string, Value>();
  #sessions: SessionTable;
  #locks = new LockTable();
  /** Command bytes of the transactions that are prepared or wait to be. */
  readonly #pending = new Map<Slot, Uint8Array>();
  readonly #view = new CommandView();

  /** @throws RangeError on a number of sessions that is not a positive integer. */
  constructor(options: StoreOptions = {}) {
    this.#limit = options.sessions ?? 100_000;
    if (!Number.isInteger(this.#limit) || this.#limit < 1)
      throw new RangeError(`sessions must be a positive integer, not ${this.#limit}`);
    this.#sessions = new SessionTable(this.#limit);
  }

  apply(bytes: Uint8Array, start = 0, end: number = bytes.length): Uint8Array {
    const view = this.#view;
    if (!view.read(bytes, start, end)) return MALFORMED;
    const sessions = this.#sessions;
    const { client, sequence } = view;
    let place = sessions.use(client);
    if (place < 0) {
      if (sessions.dropped && sequence !== 1) return EXPIRED;
      place = sessions.open(client);
    }
    const before = sessions.sequences[place]!;
    if (sequence === before) return sessions.results[place]!;
    if (sequence < before) return STALE;
    const result = this.#execute(bytes);
    sessions.sequences[place] = sequence;
    if (sessions.results[place] !== result) sessions.results[place] = result;
    return result;
  }

  /** The result of a `get`, whatever its session; any other command is `malformed` here. */
  read(command: Uint8Array): Uint8Array {
    return this.#view.read(command) && this.#view.kind === GET ? this.#execute(command) : MALFORMED;
  }

  /** Locks are left out: they come back through `hold`. */
  snapshot(): Uint8Array {
    return writeSnapshot(this.#values, this.#sessions);
  }

  /** Drops locks and waiting transactions too. @throws RangeError on bytes that are no snapshot; the state is unchanged then. */
  restore(bytes: Uint8Array): void {
    [this.#values, this.#sessions] = readSnapshot(bytes, this.#limit);
    this.#locks = new LockTable();
    this.#pending.clear();
  }

  /**
   * Locks the command's key and client, by wait-die (see `LockTable`). Every command that gets its locks is `yes`: a duplicate,
   * a `cas` that won't match and malformed bytes too, since `finish` gives them the same result on every node.
   */
  prepare(slot: Slot, command: Uint8Array): Vote | 'waiting' {
    const vote = this.#locks.acquire(slot, this.#keyOf(command), this.#view.client);
    if (vote !== 'no') this.#pending.set(slot, command);
    return vote;
  }

  /** @throws Error where another transaction in doubt holds the same key or client, which only a corrupt journal can claim. */
  hold(slot: Slot, command: Uint8Array): void {
    this.#locks.retake(slot, this.#keyOf(command), this.#view.client);
    this.#pending.set(slot, command);
  }

  /** @throws RangeError where a transaction that was never prepared is to be committed without its command. */
  finish(slot: Slot, outcome: Outcome, command?: Uint8Array): Uint8Array | null {
    const bytes = this.#pending.get(slot) ?? command;
    this.#pending.delete(slot);
    let result: Uint8Array | null = null;
    if (outcome !== 'aborted') {
      if (bytes === undefined)
        throw new RangeError(`transaction ${slot} is unknown and came without its command`);
      result = this.apply(bytes);
    }
    this.#locks.release(slot);
    return result;
  }

  released(): { readonly slot: Slot; readonly vote: Vote }[] {
    const answers = this.#locks.answers();
    for (const { slot, vote } of answers) if (vote === 'no') this.#pending.delete(slot);
    return answers;
  }

  readable(command: Uint8Array): boolean {
    const key = this.#keyOf(command);
    return key === null || !this.#locks.locked(key);
  }

  /** Whether the transaction holds its locks (AC5: while it is in doubt, it must). */
  holds(slot: Slot): boolean {
    return this.#locks.holds(slot);
  }

  /** How many keys have a value. */
  get size(): number {
    return this.#values.size;
  }

  /** All keys with their values, sorted by key: for comparing replicas and for looking at. */
  entries(): [key: string, value: string][] {
    const keys = [...this.#values.keys()].sort(byUnits);
    return keys.map((key) => [key, textOf(this.#values.get(key)!)]);
  }

  /** The key that `command` needs; null, with the view undefined, where it is malformed. */
  #keyOf(command: Uint8Array): string | null {
    return this.#view.read(command) ? this.#view.key : null;
  }

  /** Carries out the operation in the view, whose bytes are `command`. */
  #execute(command: Uint8Array): Uint8Array {
    const { kind, key, valueFrom, valueTo } = this.#view;
    const value = this.#values.get(key);
    switch (kind) {
      case GET:
        return value === undefined ? OK : withValue(OK, value);
      case DELETE:
        if (value !== undefined) this.#values.delete(key);
        return OK;
      case CAS:
        if (!this.#expected(value, command))
          return value === undefined ? MISMATCH : withValue(MISMATCH, value);
        break;
      case PUT:
        break;
      case APPEND:
        if (value === undefined) break;
        value.append(command, valueFrom, valueTo);
        return OK;
    }
    if (value === undefined) this.#values.set(key, new Value(command, valueFrom, valueTo));
    else value.set(command, valueFrom, valueTo);
    return OK;
  }

  #expected(value: Value | undefined, command: Uint8Array): boolean {
    const { expectedFrom, expectedLength } = this.#view;
    if (value === undefined || expectedFrom < 0) return value === undefined && expectedFrom < 0;
    return value.equals(command, expectedFrom, expectedLength);
  }
}

function textOf(value: Value): string {
  return readUtf8(value.bytes, value.from, value.from + value.length);
}
