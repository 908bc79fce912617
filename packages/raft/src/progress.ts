import type { NodeId, Slot } from '@quorate/interface';
import type { RaftKnobs } from './knobs.ts';
import type { RaftState } from './state.ts';

/*
 * How a leader paces one follower; the paper leaves this open. Three modes (as in etcd's Raft):
 * - probe: where the logs meet is a guess, so one message at a time, then wait for its answer or the next heartbeat;
 * - replicate: it is known, so messages follow one another without waiting (dissertation §10.2.1), within a window;
 * - snapshot: the follower needs entries that are compacted away; nothing but heartbeats until it has installed a snapshot.
 */
export type ProgressMode = 'probe' | 'replicate' | 'snapshot';

/** The pacing of one follower. `nextIndex` and `matchIndex` stand in `RaftState`, as in Figure 2. */
export interface Progress {
  mode: ProgressMode;
  /** Probe: the one message has been sent. */
  probeSent: boolean;
  /** Snapshot: when it was sent, in milliseconds of the leader's clock. */
  snapshotSentAt: number;
  /** Replicate: messages with entries that are under way, oldest at `head` of two rings: the last index of each, and its bytes. */
  inflightLast: Slot[];
  inflightBytes: number[];
  head: number;
  count: number;
  bytes: number;
}

/** The progress of a peer of which nothing is known. */
export function idleProgress(): Progress {
  return {
    mode: 'probe',
    probeSent: false,
    snapshotSentAt: 0,
    inflightLast: [],
    inflightBytes: [],
    head: 0,
    count: 0,
    bytes: 0,
  };
}

/** Whether nothing with entries may be sent to this follower now. */
export function isPaused(progress: Progress, knobs: RaftKnobs): boolean {
  switch (progress.mode) {
    case 'probe':
      return progress.probeSent;
    case 'replicate':
      return progress.count >= knobs.maxInflight || progress.bytes >= knobs.maxInflightBytes;
    case 'snapshot':
      return true;
    default:
      return progress.mode satisfies never;
  }
}

/** From here on, one message at a time, the next one from `nextIndex`. */
export function becomeProbe(state: RaftState, peer: NodeId, nextIndex: Slot): void {
  const progress = state.progress[peer]!;
  progress.mode = 'probe';
  progress.probeSent = false;
  state.nextIndex[peer] = nextIndex;
  forgetInflight(progress);
}

/** The follower matches up to matchIndex: from here on, messages follow one another. */
export function becomeReplicate(state: RaftState, peer: NodeId): void {
  const progress = state.progress[peer]!;
  progress.mode = 'replicate';
  state.nextIndex[peer] = state.matchIndex[peer]! + 1;
  forgetInflight(progress);
}

/** A snapshot up to `index` is on its way. */
export function becomeSnapshot(state: RaftState, peer: NodeId, index: Slot, now: number): void {
  const progress = state.progress[peer]!;
  progress.mode = 'snapshot';
  progress.snapshotSentAt = now;
  state.nextIndex[peer] = index + 1;
  forgetInflight(progress);
}

/** Notes a message whose last entry is `last`. Replicating, nextIndex is optimistic: it moves on before the answer. */
export function noteSent(
  state: RaftState,
  peer: NodeId,
  last: Slot,
  bytes: number,
  maxInflight: number,
): void {
  const progress = state.progress[peer]!;
  if (progress.mode === 'probe') {
    progress.probeSent = true;
    return;
  }
  state.nextIndex[peer] = last + 1;
  const at = (progress.head + progress.count) % maxInflight;
  progress.inflightLast[at] = last;
  progress.inflightBytes[at] = bytes;
  progress.count++;
  progress.bytes += bytes;
}

/** The follower matches up to `matchIndex`: what was under way up to there has arrived. */
export function noteArrived(progress: Progress, matchIndex: Slot, maxInflight: number): void {
  while (progress.count > 0 && progress.inflightLast[progress.head]! <= matchIndex) {
    progress.bytes -= progress.inflightBytes[progress.head]!;
    progress.count--;
    progress.head = (progress.head + 1) % maxInflight;
  }
  if (progress.count === 0) progress.head = 0; // so that the rings stay as short as the traffic allows
}

function forgetInflight(progress: Progress): void {
  progress.head = 0;
  progress.count = 0;
  progress.bytes = 0;
}
