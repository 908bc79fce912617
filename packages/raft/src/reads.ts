import type { NodeId, Request } from '@quorate/interface';
import { quorumReached } from './membership.ts';
import { Part } from './part.ts';

/*
 * Linearizable reads without a log entry: §8, dissertation §6.4 (read-index). A leader may have been replaced without knowing
 * it, so before it answers it must hear from a majority, after the read arrived, that its term still rules.
 *
 * Confirmations are numbered within a term. Each AppendEntries carries the newest number, each answer echoes it, and an
 * echo of n shows that its sender was still in this term after round n had begun. Numbers are never reused, so no late
 * answer can confirm a later read.
 */
export class Reads extends Part {
  /** Upon election: a new term counts its rounds from 1. */
  begin(): void {
    const { state } = this;
    state.readRound = 0;
    state.echoedRound.fill(0);
  }

  onRead(request: Request): void {
    const { state, ports, knobs } = this;
    if (state.pendingReads >= knobs.maxPending) {
      ports.refuse(request, 'busy', state.id);
      return;
    }
    state.waitingReads.push(request);
    state.pendingReads++;
  }

  /** One round for all reads that wait. True where one has begun: every peer must be sent its number now. */
  beginRound(): boolean {
    const { state } = this;
    if (state.waitingReads.length === 0) return false;
    // Until an entry of its own term is committed, a leader's commitIndex may be behind what its predecessors committed and
    // answered (§8). Reads wait until then.
    if (state.commitIndex < state.termStart) return false;
    state.readRound++;
    // readIndex is read after the reads arrived, so it covers every write that was answered before them.
    state.confirmingReads.push({
      round: state.readRound,
      readIndex: state.commitIndex,
      requests: state.waitingReads,
    });
    state.waitingReads = [];
    this.onEcho(state.id, state.readRound);
    return true;
  }

  /** `from` was still in this term after `round` had begun. */
  onEcho(from: NodeId, round: number): void {
    const { state, ports } = this;
    if (round <= state.echoedRound[from]!) return;
    state.echoedRound[from] = round;
    const confirmed = quorumReached(state, state.echoedRound);
    while (state.confirmingReads.length > 0 && state.confirmingReads[0]!.round <= confirmed) {
      const { readIndex, requests } = state.confirmingReads.shift()!;
      state.pendingReads -= requests.length;
      // Nobody had replaced this leader when the round began, so at that time nothing behind readIndex was committed.
      for (const request of requests) ports.readAt(request, readIndex);
    }
  }

  /** No longer leader: what is not confirmed by now never will be. */
  abandon(): void {
    const { state, ports } = this;
    for (const { requests } of state.confirmingReads)
      for (const request of requests) ports.refuse(request, 'not-leader', state.leader);
    for (const request of state.waitingReads) ports.refuse(request, 'not-leader', state.leader);
    state.confirmingReads = [];
    state.waitingReads = [];
    state.pendingReads = 0;
  }
}
