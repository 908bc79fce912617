import type { Outcome, Slot, Vote } from './identifiers.ts';

/** What replicated-log and single-decree drivers apply decisions to. Deterministic: same commands, same results, same bytes. */
export interface StateMachine {
  /**
   * Carries out a decided command, exactly once for each (client, sequence) in it, and returns the encoded result for the client.
   * The command stands in `bytes` from `start` (default 0) up to `end` (default: its end), so that none has to be cut out of its section.
   * Nobody changes these bytes afterwards: they may be kept, until `snapshot` is called.
   */
  apply(bytes: Uint8Array, start?: number, end?: number): Uint8Array;
  /** Answers a read-only command from the present state. */
  read(command: Uint8Array): Uint8Array;
  /** The whole state, sessions included, as bytes that `restore` accepts and nobody changes. Equal states give equal bytes. From here on no command is kept that went before. */
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): void;
}

/** A state machine that can also take part in atomic commitment, with locks held from `prepare` or `hold` to `finish`. */
export interface Resource extends StateMachine {
  /** Tries to lock and check; `waiting` where locks are held by others: the vote comes later through `released`. */
  prepare(slot: Slot, command: Uint8Array): Vote | 'waiting';
  /** Takes an in-doubt transaction's locks again after a restart; never waits, never fails. */
  hold(slot: Slot, command: Uint8Array): void;
  /** Applies (`committed`) or discards a transaction and releases its locks. The result for the client, or null if aborted. Works for a slot never prepared too (replay at restart), for which `command` is given. */
  finish(slot: Slot, outcome: Outcome, command?: Uint8Array): Uint8Array | null;
  /** Prepares that waited and can now be answered, each once, in a deterministic order. */
  released(): { readonly slot: Slot; readonly vote: Vote }[];
  /** Whether no prepared transaction holds what this read needs. */
  readable(command: Uint8Array): boolean;
}

/** The session header at the start of every command: client u32, sequence u32, little-endian; the operation follows. */
export const SESSION_HEADER_BYTES = 8;
