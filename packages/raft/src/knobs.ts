import type { Knob } from '@quorate/interface';

/** What may be set. Defaults are for a LAN with round trips of about a millisecond (§5.6: broadcast time ≪ election timeout). */
export const KNOBS = {
  electionTimeout: {
    default: 150,
    unit: 'ms',
    draw: [100, 150, 300],
    about: 'T: a server that hears no leader for a time drawn from [T, 2T) starts an election (§5.2)',
  },
  heartbeatInterval: {
    default: 30,
    unit: 'ms',
    draw: [10, 30, 50],
    about: 'how often an idle leader is heard; well below electionTimeout',
  },
  preVote: {
    default: 1,
    unit: 'switch',
    draw: [0, 1],
    about: 'ask whether an election could be won before starting its term (dissertation §9.6)',
  },
  checkQuorum: {
    default: 1,
    unit: 'switch',
    draw: [0, 1],
    about:
      'a leader that hears no majority for T steps down (dissertation §6.2), and servers that hear a leader ignore RequestVote (dissertation §4.2.3)',
  },
  maxEntriesPerAppend: {
    default: 8192,
    unit: 'count',
    draw: [1, 8, 8192],
    about: 'entries in one AppendEntries at most',
  },
  maxAppendBytes: {
    default: 1_048_576,
    unit: 'bytes',
    draw: [128, 4096, 1_048_576],
    about: 'bytes of entries in one AppendEntries at most, but at least one entry',
  },
  maxInflight: {
    default: 256,
    unit: 'count',
    draw: [1, 4, 256],
    about: 'AppendEntries with entries under way to one follower at most; 1 is stop-and-wait',
  },
  maxInflightBytes: {
    default: 16_777_216,
    unit: 'bytes',
    draw: [1024, 16_777_216],
    about: 'bytes of entries under way to one follower, above which the leader waits for an answer',
  },
  maxPending: {
    default: 16_384,
    unit: 'count',
    draw: [16, 16_384],
    about: 'uncommitted entries, and reads being confirmed, above which a leader refuses requests as busy',
  },
  snapshotTrailing: {
    default: 1024,
    unit: 'count',
    draw: [0, 16, 1024],
    about: 'entries kept behind a snapshot, so that a follower a little behind needs no snapshot (§7)',
  },
  snapshotRetry: {
    default: 3000,
    unit: 'ms',
    draw: [500, 3000],
    about: 'how long a leader waits for a follower to install a snapshot before it begins anew',
  },
} as const satisfies Record<string, Knob>;

/** Every knob's value, resolved. */
export type RaftKnobs = { readonly [Name in keyof typeof KNOBS]: number };
