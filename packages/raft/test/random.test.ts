import { describe, expect, test } from 'vitest';
import {
  type AppendEntries,
  Election,
  Follower,
  Leader,
  type RaftParts,
  Reads,
  type RequestVote,
  Snapshots,
} from '../src/index.ts';
import { randomRun } from './random-run.ts';

test('safe under any network and any crash, live once they end', () => {
  const totals = { decided: 0, reads: 0, leaders: 0 };
  for (let seed = 1; seed <= 200; seed++) {
    const outcome = randomRun(seed, 1500);
    totals.decided += outcome.decided;
    totals.reads += outcome.reads;
    totals.leaders += outcome.leaders;
  }
  // The runs did something: commits, reads, changes of leader.
  expect(totals.decided).toBeGreaterThan(4000);
  expect(totals.reads).toBeGreaterThan(500);
  expect(totals.leaders).toBeGreaterThan(500);
});

describe('the same runs find planted bugs', () => {
  const bugs: Record<string, Partial<RaftParts>> = {
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
        override onInstallSnapshot(
          from: number,
          message: Parameters<Snapshots['onInstallSnapshot']>[1],
        ): void {
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
  for (const [bug, parts] of Object.entries(bugs))
    test(bug, () => {
      let found: string | undefined;
      for (let seed = 1; seed <= 500 && found === undefined; seed++) {
        try {
          randomRun(seed, 1500, parts);
        } catch (error) {
          found = `seed ${seed}: ${(error as Error).message}`;
        }
      }
      expect(found).toBeDefined();
    });
});
