import type { NodeId, Slot } from '@quorate/interface';
import type { InstallSnapshot } from './messages.ts';
import { Part } from './part.ts';
import { becomeSnapshot } from './progress.ts';

/** Log compaction: §7. Taking, storing and streaming snapshots is the driver's work; which entries they replace is Raft's. */
export class Snapshots extends Part {
  /** A durable snapshot covers everything up to `slot`: taken just now, or found at restart. */
  onSnapshot(slot: Slot): void {
    const { state, log, knobs } = this;
    if (slot <= state.snapshotIndex) return;
    const term = log.epochAt(slot);
    if (term < 0) throw new Error(`a snapshot of ${slot} does not meet the log, ${log.first} to ${log.last}`);
    state.snapshotIndex = slot;
    state.snapshotTerm = term;
    // At restart: only committed entries are applied, and so in a snapshot.
    if (slot > state.commitIndex) state.commitIndex = slot;
    const covered = slot - knobs.snapshotTrailing;
    if (covered >= log.first) log.forget(covered);
  }

  /** A leader has discarded the next log entry that it needs to send to a follower (§7). */
  sendTo(peer: NodeId): void {
    const { state, ports, log } = this;
    if (state.snapshotIndex < log.first - 1)
      throw new Error(`entries up to ${log.first - 1} are gone, the snapshot ends at ${state.snapshotIndex}`);
    becomeSnapshot(state, peer, state.snapshotIndex, ports.now());
    ports.sendSnapshot(peer, {
      type: 'InstallSnapshot',
      term: state.currentTerm,
      lastIncludedIndex: state.snapshotIndex,
      lastIncludedTerm: state.snapshotTerm,
    });
  }

  /** InstallSnapshot RPC, receiver (Figure 13): the state behind this header is staged durably. */
  onInstallSnapshot(from: NodeId, message: InstallSnapshot): void {
    const { state, ports, log } = this;
    const { lastIncludedIndex, lastIncludedTerm } = message;
    // 1. Reply immediately if term < currentTerm.
    if (message.term < state.currentTerm) {
      this.raft.follower.refuseOldTerm(from);
      return;
    }
    this.raft.election.hear(from);
    if (lastIncludedIndex > state.commitIndex) {
      if (log.epochAt(lastIncludedIndex) === lastIncludedTerm) {
        // 6. The log holds the snapshot's last entry, and so by Log Matching all that it covers: retain the log. What the
        //    snapshot says is then only that all this is committed, and the state machine gets there through the log.
        this.commitTo(lastIncludedIndex);
      } else {
        // 7. and 8. Discard the entire log: an entry of another term stands there, or none. Keeping what conflicts would
        //    make the leader send this snapshot again, for ever.
        log.restartAt(lastIncludedIndex, lastIncludedTerm);
        state.commitIndex = lastIncludedIndex;
        state.snapshotIndex = lastIncludedIndex;
        state.snapshotTerm = lastIncludedTerm;
        ports.installSnapshot(lastIncludedIndex, lastIncludedTerm);
      }
    }
    // Everything up to commitIndex is in this leader's log too (§5.4.3), so an old snapshot is answered with that.
    this.raft.follower.owe(state.commitIndex, 0);
  }
}
