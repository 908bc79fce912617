/**
 * Raft with planted bugs, each a small override, to see that the checks can say no. Exported as `@quorate/raft/mutants`.
 * @packageDocumentation
 */
import type { Context, Mutant } from '@quorate/interface';
import {
  type AppendEntries,
  Election,
  Follower,
  Leader,
  RAFT_PARTS,
  type RaftDurable,
  type RaftMessage,
  type RaftParts,
  RaftReplica,
  type RaftTimer,
  Reads,
  type RequestVote,
  raft,
  Snapshots,
} from '@quorate/raft';

/** By what is wrong: the parts that take the place of `RAFT_PARTS`. */
export const PLANTED: Readonly<Record<string, Partial<RaftParts>>> = {
  'a vote is not saved': {
    Election: class extends Election {
      protected override castVote(candidate: number): void {
        this.state.votedFor = candidate;
      }
    },
  },
  'a vote is given to any log': {
    Election: class extends Election {
      protected override isUpToDate(): boolean {
        return true;
      }
    },
  },
  'a second vote in one term': {
    Election: class extends Election {
      override onRequestVote(from: number, message: RequestVote): void {
        this.state.votedFor = null;
        super.onRequestVote(from, message);
      }
    },
  },
  'entries of earlier terms are committed by counting': {
    Leader: class extends Leader {
      protected override advanceCommitIndex(): void {
        const { state } = this;
        const sorted = state.voters.map((voter) => state.matchIndex[voter]!).sort((a, b) => b - a);
        const n = sorted[sorted.length >> 1]!;
        if (n > state.commitIndex) this.commitTo(n);
      }
    },
  },
  'the leader counts itself before its disk is done': {
    Leader: class extends Leader {
      protected override acknowledgeToSelf(): void {
        this.state.matchIndex[this.state.id] = this.log.last;
        super.acknowledgeToSelf();
      }
    },
  },
  'a follower acknowledges before its disk is done': {
    Follower: class extends Follower {
      override settle(): void {
        const { state, ports } = this;
        const patient = ports.send;
        ports.send = (to, message) => ports.sendEarly(to, message);
        super.settle();
        ports.send = patient;
        state.owedMatchIndex = -1;
      }
    },
  },
  'the logs are not compared at prevLogIndex': {
    Follower: class extends Follower {
      override onAppendEntries(from: number, message: AppendEntries): void {
        super.onAppendEntries(from, { ...message, prevLogTerm: this.log.epochAt(message.prevLogIndex) });
      }
    },
  },
  'a heartbeat commits what was not compared': {
    Follower: class extends Follower {
      protected override learnCommit(leaderCommit: number): void {
        super.learnCommit(leaderCommit, this.log.last);
      }
    },
  },
  'every AppendEntries truncates the log': {
    Follower: class extends Follower {
      protected override store(message: AppendEntries): void {
        if (message.prevLogIndex < this.log.last) this.log.truncateFrom(message.prevLogIndex + 1);
        super.store(message);
      }
    },
  },
  'reads are not confirmed': {
    Reads: class extends Reads {
      override beginRound(): boolean {
        const { state } = this;
        for (const request of state.waitingReads) this.ports.readAt(request, state.commitIndex);
        state.pendingReads -= state.waitingReads.length;
        state.waitingReads = [];
        return false;
      }
    },
  },
  'reads before an own entry is committed': {
    Reads: class extends Reads {
      override beginRound(): boolean {
        this.state.termStart = 0;
        return super.beginRound();
      }
    },
  },
  'a conflicting log is kept under a snapshot': {
    Snapshots: class extends Snapshots {
      override onInstallSnapshot(from: number, message: Parameters<Snapshots['onInstallSnapshot']>[1]): void {
        const term = this.log.epochAt(message.lastIncludedIndex);
        super.onInstallSnapshot(from, term < 0 ? message : { ...message, lastIncludedTerm: term });
      }
    },
  },
  'no fall back to probing': {
    Leader: class extends Leader {
      protected override onMismatch(): void {}
    },
  },
};

/** The bugs that a whole cluster under swarm faults shows, as protocols. */
export const mutants: readonly Mutant[] = Object.entries(PLANTED).map(([about, parts]) => ({
  name: about.replaceAll(/\W+/g, '-').toLowerCase(),
  about,
  protocol: {
    ...raft,
    create: (context: Context<RaftMessage, RaftTimer, RaftDurable>) =>
      new RaftReplica(context, { ...RAFT_PARTS, ...parts }),
  },
}));
