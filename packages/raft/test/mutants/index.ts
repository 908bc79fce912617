/**
 * Raft with planted bugs, each a small override, to see that the checks can say no. Exported as `@quorate/raft/mutants`.
 * @packageDocumentation
 */
import type { Context, Mutant } from '@quorate/interface';
import {
  type AppendEntries,
  type AppendEntriesResponse,
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

/** By name: what is wrong, with the rule that it breaks, and the parts that take the place of `RAFT_PARTS`. */
export const PLANTED: Readonly<Record<string, Partial<RaftParts> & { readonly about: string }>> = {
  'vote-not-saved': {
    about: 'a vote is not saved before it is given (Figure 2, persistent state)',
    Election: class extends Election {
      protected override castVote(candidate: number): void {
        this.state.votedFor = candidate;
      }
    },
  },
  'vote-for-any-log': {
    about: 'a vote is given to any log (§5.4.1)',
    Election: class extends Election {
      protected override isUpToDate(): boolean {
        return true;
      }
    },
  },
  'vote-by-log-length': {
    about: 'a vote is given to any log that is as long, whatever its last term (§5.4.1)',
    Election: class extends Election {
      protected override isUpToDate(candidate: { lastLogIndex: number }): boolean {
        return candidate.lastLogIndex >= this.log.last;
      }
    },
  },
  'second-vote': {
    about: 'a second vote is given in one term (§5.2)',
    Election: class extends Election {
      override onRequestVote(from: number, message: RequestVote): void {
        this.state.votedFor = null;
        super.onRequestVote(from, message);
      }
    },
  },
  'earlier-term-committed-by-counting': {
    about: 'entries of earlier terms are committed by counting (§5.4.2, Figure 8)',
    Leader: class extends Leader {
      protected override advanceCommitIndex(): void {
        const { state } = this;
        const sorted = state.voters.map((voter) => state.matchIndex[voter]!).sort((a, b) => b - a);
        const n = sorted[sorted.length >> 1]!;
        if (n > state.commitIndex) this.commitTo(n);
      }
    },
  },
  'ack-credited-after-a-b-a': {
    about:
      'an acknowledgement counts though the term has changed since, and perhaps the log with it (A, B, A)',
    Leader: class extends Leader {
      override onAppendEntriesResponse(from: number, message: AppendEntriesResponse): void {
        const { currentTerm } = this.state;
        const late = message.term < currentTerm && message.success;
        super.onAppendEntriesResponse(from, late ? { ...message, term: currentTerm, readRound: 0 } : message);
      }
    },
  },
  'leader-counts-own-disk-early': {
    about: 'the leader counts itself before its disk is done (dissertation §10.2.1)',
    Leader: class extends Leader {
      protected override acknowledgeToSelf(): void {
        this.state.matchIndex[this.state.id] = this.log.last;
        super.acknowledgeToSelf();
      }
    },
  },
  'follower-acks-before-fsync': {
    about: 'a follower acknowledges before its disk is done (Figure 2, before responding to RPCs)',
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
  'logs-not-compared': {
    about: 'the logs are not compared at prevLogIndex (§5.3)',
    Follower: class extends Follower {
      override onAppendEntries(from: number, message: AppendEntries): void {
        super.onAppendEntries(from, { ...message, prevLogTerm: this.log.epochAt(message.prevLogIndex) });
      }
    },
  },
  'commit-past-last-new-entry': {
    about: 'a heartbeat commits what was not compared (Figure 2, AppendEntries 5)',
    Follower: class extends Follower {
      protected override learnCommit(leaderCommit: number): void {
        super.learnCommit(leaderCommit, this.log.last);
      }
    },
  },
  'truncate-on-any-append': {
    about: 'every AppendEntries truncates the log, not only a conflict (Figure 2, AppendEntries 3)',
    Follower: class extends Follower {
      protected override store(message: AppendEntries): void {
        if (message.prevLogIndex < this.log.last) this.log.truncateFrom(message.prevLogIndex + 1);
        super.store(message);
      }
    },
  },
  'stale-read-without-round': {
    about: 'reads are answered without a read round (§8)',
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
  'read-before-own-entry': {
    about: 'reads are answered before an entry of the own term is committed (§8)',
    Reads: class extends Reads {
      override beginRound(): boolean {
        this.state.termStart = 0;
        return super.beginRound();
      }
    },
  },
  'snapshot-keeps-conflicting-log': {
    about: 'a conflicting log is kept under a snapshot (Figure 13, 7)',
    Snapshots: class extends Snapshots {
      override onInstallSnapshot(from: number, message: Parameters<Snapshots['onInstallSnapshot']>[1]): void {
        const term = this.log.epochAt(message.lastIncludedIndex);
        super.onInstallSnapshot(from, term < 0 ? message : { ...message, lastIncludedTerm: term });
      }
    },
  },
  'no-probing-after-mismatch': {
    about: 'nextIndex is not decremented after a mismatch (§5.3)',
    Leader: class extends Leader {
      protected override onMismatch(): void {}
    },
  },
};

/** The bugs that a whole cluster under swarm faults shows, as protocols. */
export const mutants: readonly Mutant[] = Object.entries(PLANTED).map(([name, { about, ...parts }]) => ({
  name,
  about,
  protocol: {
    ...raft,
    create: (context: Context<RaftMessage, RaftTimer, RaftDurable>) =>
      new RaftReplica(context, { ...RAFT_PARTS, ...parts }),
  },
}));
