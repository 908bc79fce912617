import type { EntryBatch, Epoch, Slot } from '@quorate/interface';

/**
 * One record of a replica's journal: everything that the replica must find again after a crash, as one ordered stream. `log` names the
 * log that the record belongs to.
 *
 * - `save`: the protocol's small durable state (plain data), replaced as a whole.
 * - `entries`: consecutive entries that were appended, put, or taken over from a peer.
 * - `mark`: a held entry's new epoch and tag; its command stays.
 * - `truncate`: `slot` and all behind it are removed.
 * - `forget`: `slot` and all before it are in a durable snapshot; `epoch` is the epoch of `slot` (-1: it was a hole).
 * - `restart`: all is dropped; the log goes on behind `slot`, whose epoch is `epoch`.
 * - `end`: nobody will ask for `slot` again.
 */
export type JournalRecord =
  | { readonly kind: 'save'; readonly durable: unknown }
  | { readonly kind: 'entries'; readonly log: string; readonly batch: EntryBatch }
  | {
      readonly kind: 'mark';
      readonly log: string;
      readonly slot: Slot;
      readonly epoch: Epoch;
      readonly tag: number;
    }
  | { readonly kind: 'truncate'; readonly log: string; readonly slot: Slot }
  | { readonly kind: 'forget'; readonly log: string; readonly slot: Slot; readonly epoch: Epoch }
  | { readonly kind: 'restart'; readonly log: string; readonly slot: Slot; readonly epoch: Epoch }
  | { readonly kind: 'end'; readonly log: string; readonly slot: Slot };

/** Something that has gathered writes and has not put them into the journal yet. */
export interface Gatherer {
  /** Writes out what was gathered. */
  sync(): void;
}

/**
 * A replica's write-ahead journal: one ordered stream of records, made durable in groups. Not re-entrant across processes: one
 * replica owns it. After a crash `recover` yields a prefix of what was written which holds at least everything reported durable.
 *
 * Sequences go on across restarts: a fresh journal begins with `written` and `durable` at 0, a recovered one at its last record.
 */
export interface Journal {
  /** Buffers one record and returns its sequence: 1 for the first ever written, then rising by 1. Its contents must not change afterwards. */
  write(record: JournalRecord): number;
  /** The sequence of the last record written. */
  readonly written: number;
  /** The sequence up to which everything is durable. */
  readonly durable: number;
  /**
   * Begins to make everything written so far durable. One group, or a few, are on their way at a time and become durable in order; what
   * is written meanwhile forms the next one, which begins by itself if `flush` was called for it. Does nothing when nothing is new. Never
   * calls back synchronously.
   */
  flush(): void;
  /**
   * Begins a new segment with `image`, records which recreate everything written so far. It is written and made durable like a
   * flush; once durable, it replaces all older segments. Records written later follow it.
   */
  compact(image: Iterable<JournalRecord>): void;
  /** What survived, in order. To be called once, before the first write. */
  recover(): Iterable<JournalRecord>;
  /** Called, never synchronously, whenever `durable` has risen; set by the owner. */
  onDurable: (sequence: number) => void;
  /** Called once when a write or sync failed. The journal has stopped for good: nothing becomes durable any more (a retried sync proves nothing). */
  onFailure: (error: Error) => void;
  /** Stops. On disk, what was written is made durable first and the folder is given free. */
  close(): void | Promise<void>;
  /**
   * The log that holds appended entries back for a moment to write them as one record. `write` calls its `sync` first, so that
   * records stay in the order in which they were made. Managed by the logs.
   */
  gathering?: Gatherer | undefined;
}

/** A state machine's whole state as it was when `slot`, decided in `epoch`, had been applied. */
export interface Snapshot {
  readonly slot: Slot;
  readonly epoch: Epoch;
  readonly bytes: Uint8Array;
}

/** Keeps the newest complete snapshot of one replica. */
export interface SnapshotStore {
  readonly newest: Snapshot | undefined;
  /**
   * Stores a snapshot; `done` is called, never synchronously, once it, or one of a higher slot, is durable and is `newest`. Several may be
   * on their way, a replica's own and a peer's: the one of the highest slot stays. Its bytes must not change afterwards.
   */
  save(snapshot: Snapshot, done: () => void): void;
  /** Called once when saving failed: the store has stopped for good, the older snapshot stays. */
  onFailure: (error: Error) => void;
}
