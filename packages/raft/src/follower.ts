import type { NodeId, Slot } from '@quorate/interface';
import type { AppendEntries } from './messages.ts';
import { Part } from './part.ts';

/** AppendEntries RPC, receiver: §5.3. */
export class Follower extends Part {
  onAppendEntries(from: NodeId, message: AppendEntries): void {
    const { state, log } = this;
    const { prevLogIndex, prevLogTerm, entries } = message;
    // 1. Reply false if term < currentTerm (§5.1). The deposed leader learns currentTerm from it and steps down.
    if (message.term < state.currentTerm) {
      this.refuseOldTerm(from);
      return;
    }
    this.raft.election.hear(from);
    if (entries.first !== prevLogIndex + 1)
      throw new Error(`AppendEntries behind ${prevLogIndex} begins at ${entries.first}`);

    // What a snapshot here has replaced is committed, so this leader's log holds the same (§5.4.3, Leader Completeness).
    if (prevLogIndex < log.first - 1) {
      this.owe(state.commitIndex, message.readRound);
      return;
    }
    // 2. Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm (§5.3).
    if (log.epochAt(prevLogIndex) !== prevLogTerm) {
      this.refuse(from, message);
      return;
    }
    // 3. and 4. By the check above, both logs are equal up to prevLogIndex (Log Matching).
    if (entries.count > 0) this.store(message);
    const lastNewIndex = prevLogIndex + entries.count;
    this.learnCommit(message.leaderCommit, lastNewIndex);
    this.owe(lastNewIndex, message.readRound);
  }

  /**
   * 5. If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry). What stands here behind the
   * last new entry was not compared with the leader's log, and may be another's.
   */
  protected learnCommit(leaderCommit: Slot, lastNewIndex: Slot): void {
    const committed = Math.min(leaderCommit, lastNewIndex);
    if (committed > this.state.commitIndex) this.commitTo(committed);
  }

  /** Stores what is new of the entries. Only a real conflict removes anything: a late copy must not undo what came after it. */
  protected store({ entries }: AppendEntries): void {
    const { state, log } = this;
    const from = log.firstMismatch(entries);
    if (from === entries.first + entries.count) return;
    // 3. If an existing entry conflicts with a new one, delete the existing entry and all that follow it (§5.3).
    if (from <= log.last) {
      if (from <= state.commitIndex) throw new Error(`a leader replaces committed entry ${from}`);
      log.truncateFrom(from);
    }
    // 4. Append any new entries not already in the log.
    log.putBatch(entries, from);
  }

  /**
   * The answer to all AppendEntries of one burst is one message, sent by `settle`. It may be: within a term the leader's log
   * only grows, and this log's common beginning with it too, so the furthest match speaks for the others. A new term drops it.
   */
  owe(matchIndex: Slot, readRound: number): void {
    const { state } = this;
    if (matchIndex > state.owedMatchIndex) state.owedMatchIndex = matchIndex;
    if (readRound > state.heardReadRound) state.heardReadRound = readRound;
  }

  /** Sends what is owed. `send` holds it back until the entries that it speaks for are durable. */
  settle(): void {
    const { state, ports } = this;
    if (state.owedMatchIndex < 0) return;
    const matchIndex = state.owedMatchIndex;
    state.owedMatchIndex = -1;
    if (state.leader === null) return; // it has become a pre-candidate since, and no longer knows one
    ports.send(state.leader, {
      type: 'AppendEntriesResponse',
      term: state.currentTerm,
      success: true,
      matchIndex,
      prevLogIndex: 0,
      hintIndex: 0,
      hintTerm: 0,
      readRound: state.heardReadRound,
    });
  }

  /** Fast back-off (end of §5.3): the hint lets the leader skip all entries of a conflicting term at once. Never waits for `settle`. */
  protected refuse(from: NodeId, { prevLogIndex, prevLogTerm, readRound }: AppendEntries): void {
    const { state, ports, log } = this;
    const hintIndex = this.lastOfTermAtMost(prevLogIndex, prevLogTerm);
    ports.send(from, {
      type: 'AppendEntriesResponse',
      term: state.currentTerm,
      success: false,
      matchIndex: 0,
      prevLogIndex,
      hintIndex,
      hintTerm: log.epochAt(hintIndex),
      readRound,
    });
  }

  /** The answer to a leader of an earlier term. */
  refuseOldTerm(from: NodeId): void {
    this.ports.send(from, {
      type: 'AppendEntriesResponse',
      term: this.state.currentTerm,
      success: false,
      matchIndex: 0,
      prevLogIndex: 0,
      hintIndex: 0,
      hintTerm: 0,
      readRound: 0,
    });
  }
}
