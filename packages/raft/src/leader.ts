import {
  type EntryBatch,
  emptyBatch,
  NO_BYTES,
  type NodeId,
  type Request,
  type Slot,
} from '@quorate/interface';
import { quorumReached } from './membership.ts';
import type { AppendEntries, AppendEntriesResponse } from './messages.ts';
import { Part } from './part.ts';
import { becomeProbe, becomeReplicate, isPaused, noteArrived, noteSent } from './progress.ts';
import { TAG_COMMAND, TAG_NOOP } from './state.ts';

/** Rules for leaders: §5.3, §5.4.2; pipelining as in the dissertation's §10.2. */
export class Leader extends Part {
  /** AppendEntries built since `settle` began: peers at the same place get the same object, which is then encoded once. */
  private readonly built: AppendEntries[] = [];
  private builtCount = 0;

  /** Upon election: initialize nextIndex to last log index + 1 and matchIndex to 0 (Figure 2). */
  begin(): void {
    const { state, ports, log, knobs } = this;
    const nextIndex = log.last + 1;
    for (const peer of state.peers) becomeProbe(state, peer, nextIndex);
    state.matchIndex.fill(0);
    state.selfAckSent = 0;
    // §8: a no-op at the start of its term, since only by committing an entry of its own term does a leader learn which
    // earlier entries are committed (§5.4.2). It is also the initial AppendEntries that tells the others (§5.2).
    state.termStart = this.append(TAG_NOOP, NO_BYTES);
    state.heartbeatDue = true;
    ports.setTimer('heartbeat', knobs.heartbeatInterval);
  }

  // ---- Requests ----------------------------------------------------------------------------------------------------

  /** Command received from client: append entry to local log (§5.3). The client is answered once it is committed and applied. */
  onWrite(request: Request): void {
    const { state, ports, log, knobs } = this;
    if (log.last - state.commitIndex >= knobs.maxPending) {
      ports.refuse(request, 'busy', state.id);
      return;
    }
    this.append(TAG_COMMAND, request.command);
  }

  /** Leader Append-Only (§5.3): this is the only way in which a leader changes its log. */
  protected append(tag: number, command: Uint8Array): Slot {
    return this.log.append(this.state.currentTerm, tag, command);
  }

  // ---- Sending -----------------------------------------------------------------------------------------------------

  /** Idle periods: a heartbeat to each server, to prevent election timeouts (§5.2). `settle` sends it. */
  onHeartbeatTimer(): void {
    const { state, ports, knobs } = this;
    if (state.role !== 'leader') return;
    state.heartbeatDue = true;
    ports.setTimer('heartbeat', knobs.heartbeatInterval);
  }

  /** After each burst of inputs: all that has been appended goes out, in as few messages as possible. */
  settle(): void {
    const { state, log } = this;
    const roundBegun = this.raft.reads.beginRound();
    const everyone = roundBegun || state.heartbeatDue;
    state.heartbeatDue = false;
    this.builtCount = 0;
    if (log.last > state.selfAckSent) this.acknowledgeToSelf();
    for (let i = 0; i < state.peers.length; i++) {
      const peer = state.peers[i]!;
      if (!this.sendEntries(peer) && everyone) this.sendHeartbeat(peer);
    }
  }

  /**
   * The leader's own log is one vote for its entries, like any other, and counts once it is durable: this message to itself
   * arrives then. It names the term, so that it says nothing about entries which a later leader put in their place.
   */
  protected acknowledgeToSelf(): void {
    const { state, ports, log } = this;
    state.selfAckSent = log.last;
    ports.send(state.id, {
      type: 'AppendEntriesResponse',
      term: state.currentTerm,
      success: true,
      matchIndex: log.last,
      prevLogIndex: 0,
      hintIndex: 0,
      hintTerm: 0,
      readRound: 0,
    });
  }

  /**
   * If last log index ≥ nextIndex for a follower: send AppendEntries with entries starting at nextIndex (§5.3). They need not
   * wait for the leader's own disk, as they promise nothing in its name (dissertation §10.2.1): `sendEarly`.
   * Returns whether anything was sent.
   */
  protected sendEntries(peer: NodeId): boolean {
    const { state, ports, log, knobs } = this;
    const progress = state.progress[peer]!;
    let sent = false;
    while (state.nextIndex[peer]! <= log.last && !isPaused(progress, knobs)) {
      const nextIndex = state.nextIndex[peer]!;
      if (nextIndex < log.first) {
        this.raft.snapshots.sendTo(peer);
        return true;
      }
      const message = this.appendEntries(nextIndex, true);
      ports.sendEarly(peer, message);
      const { count, bytes } = message.entries;
      noteSent(state, peer, nextIndex + count - 1, bytes.length, knobs.maxInflight);
      sent = true;
    }
    return sent;
  }

  /**
   * AppendEntries without entries. Its check at nextIndex - 1 also finds out whether all that is under way has arrived, so
   * that lost messages, of either direction, are noticed by the next heartbeat.
   */
  protected sendHeartbeat(peer: NodeId): void {
    const { state, ports, log } = this;
    if (state.nextIndex[peer]! < log.first) state.nextIndex[peer] = log.first; // the term before it is gone
    ports.sendEarly(peer, this.appendEntries(state.nextIndex[peer]!, false));
  }

  protected appendEntries(nextIndex: Slot, withEntries: boolean): AppendEntries {
    const { state, log } = this;
    const prevLogIndex = nextIndex - 1;
    for (let i = 0; i < this.builtCount; i++) {
      const message = this.built[i]!;
      if (message.prevLogIndex === prevLogIndex && message.entries.count > 0 === withEntries) return message;
    }
    const message: AppendEntries = {
      type: 'AppendEntries',
      term: state.currentTerm,
      prevLogIndex,
      prevLogTerm: log.epochAt(prevLogIndex),
      entries: withEntries ? this.entriesFrom(nextIndex) : emptyBatch(nextIndex),
      leaderCommit: state.commitIndex,
      readRound: state.readRound,
    };
    this.built[this.builtCount++] = message;
    return message;
  }

  protected entriesFrom(nextIndex: Slot): EntryBatch {
    const { log, knobs } = this;
    const to = Math.min(log.last, nextIndex + knobs.maxEntriesPerAppend - 1);
    return log.slice(nextIndex, to, knobs.maxAppendBytes);
  }

  // ---- Answers -----------------------------------------------------------------------------------------------------

  onAppendEntriesResponse(from: NodeId, message: AppendEntriesResponse): void {
    const { state } = this;
    // Only answers of this very term count: an earlier one may speak of entries that have been replaced since.
    if (state.role !== 'leader' || message.term !== state.currentTerm) return;
    if (state.progress[from] === undefined) return; // not a member
    state.recentActive[from] = true;
    this.raft.reads.onEcho(from, message.readRound);
    if (message.success) this.onMatch(from, message.matchIndex);
    else this.onMismatch(from, message);
  }

  /** If successful: update nextIndex and matchIndex for follower (§5.3). */
  protected onMatch(from: NodeId, matchIndex: Slot): void {
    const { state, log, knobs } = this;
    if (matchIndex > log.last) throw new Error(`node ${from} acknowledges ${matchIndex}, beyond ${log.last}`);
    const advanced = matchIndex > state.matchIndex[from]!;
    if (advanced) state.matchIndex[from] = matchIndex;
    if (from !== state.id) {
      const progress = state.progress[from]!;
      if (progress.mode === 'replicate') noteArrived(progress, matchIndex, knobs.maxInflight);
      else if (progress.mode === 'probe' || matchIndex >= log.first - 1) becomeReplicate(state, from); // where the logs meet is known now, and what follows is still here
      // A late answer may also say that the follower is beyond the snapshot under way to it, while what follows is compacted away.
      if (state.nextIndex[from]! <= matchIndex) state.nextIndex[from] = matchIndex + 1;
    }
    if (advanced && matchIndex > state.commitIndex) this.advanceCommitIndex();
  }

  /**
   * If there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term == currentTerm: set
   * commitIndex = N (§5.3, §5.4). An entry of an earlier term on a majority may still be replaced (Figure 8); it is committed
   * by what stands behind it.
   */
  protected advanceCommitIndex(): void {
    const { state, log } = this;
    const n = quorumReached(state, state.matchIndex);
    if (n > state.commitIndex && log.epochAt(n) === state.currentTerm) this.commitTo(n);
  }

  /** If AppendEntries fails because of log inconsistency: decrement nextIndex and retry (§5.3); `settle` retries. */
  protected onMismatch(from: NodeId, message: AppendEntriesResponse): void {
    const { state, ports, knobs } = this;
    const progress = state.progress[from]!;
    const matchIndex = state.matchIndex[from]!;
    const { prevLogIndex } = message;
    // Late answers: to what has matched since, or to another message than the probe under way.
    if (prevLogIndex <= matchIndex) return;
    if (progress.mode === 'probe' && prevLogIndex !== state.nextIndex[from]! - 1) return;
    if (progress.mode === 'snapshot' && ports.now() - progress.snapshotSentAt < knobs.snapshotRetry) return;
    // The hint is the follower's last entry that may match. The last of our own that may match it is where to try next, so
    // each conflicting term costs one message at most, where the paper's decrement costs one for each entry.
    const candidate = this.lastOfTermAtMost(message.hintIndex, message.hintTerm);
    becomeProbe(state, from, Math.max(matchIndex, Math.min(candidate, prevLogIndex - 1)) + 1);
  }

  /** What was under way on a link that went down is lost. Once it is up again there is no need to wait for a heartbeat. */
  onLink(peer: NodeId, up: boolean): void {
    const { state } = this;
    if (state.role !== 'leader' || !state.peers.includes(peer)) return;
    becomeProbe(state, peer, state.matchIndex[peer]! + 1);
    state.progress[peer]!.probeSent = !up;
  }
}
