import type { Epoch, Log, Slot } from '@quorate/interface';
import type { RaftKnobs } from './knobs.ts';
import type { RaftReplica } from './replica.ts';
import type { RaftPorts, RaftState } from './state.ts';

/**
 * What the parts of a server share: its state, its ports, its log, and the other parts through `raft`. Election, Follower,
 * Leader, Reads and Snapshots each hold the handlers of their own messages.
 */
export abstract class Part {
  protected readonly raft: RaftReplica;
  protected readonly state: RaftState;
  protected readonly ports: RaftPorts;
  protected readonly log: Log;
  protected readonly knobs: RaftKnobs;

  constructor(raft: RaftReplica) {
    this.raft = raft;
    this.state = raft.state;
    this.ports = raft.ports;
    this.log = raft.log;
    this.knobs = raft.knobs;
  }

  /**
   * Figure 2, all servers: commitIndex moves up to `index`, and each entry that it passes is handed out, in order. (Applying
   * it, Figure 2's lastApplied, is the driver's work.)
   */
  protected commitTo(index: Slot): void {
    const { state, ports, log } = this;
    if (index > log.last) throw new Error(`commitIndex ${index} would pass the last entry, ${log.last}`);
    while (state.commitIndex < index) ports.decide(++state.commitIndex, 'committed');
  }

  /**
   * The last entry at or before `index` whose term is at most `term`: no later one can match a log that has `term` at `index`,
   * since terms never decrease along a log. Ends at the entry before the log's first, which is committed and so matches.
   */
  protected lastOfTermAtMost(index: Slot, term: Epoch): Slot {
    const { log } = this;
    let at = Math.min(index, log.last);
    while (at >= log.first && log.epochAt(at) > term) at--;
    return at;
  }
}
