import type { Costs, Guarantee, Observation, Protocol } from '@quorate/interface';
import { majority } from '@quorate/quorum';
import { explain } from './explain.ts';
import { raftInvariants } from './invariants.ts';
import { KNOBS } from './knobs.ts';
import type { RaftMessage } from './messages.ts';
import { RaftReplica } from './replica.ts';
import type { RaftDurable, RaftState, RaftTimer } from './state.ts';

/** Raft's safety rests on no clock, no order and no bound of the network (§2), so it promises all of this under all faults. */
const GUARANTEES: readonly Guarantee[] = [
  { check: 'invariants', exceptUnder: [], source: 'Raft, Figure 3' },
  { check: 'agreement', exceptUnder: [], source: 'Raft, §5.4.3, State Machine Safety' },
  {
    check: 'linearizable',
    exceptUnder: [],
    source: 'Raft, §8; reads by read-index: dissertation §6.4',
  },
  { check: 'exactly-once', exceptUnder: [], source: 'Raft, §8; dissertation §6.3' },
  {
    check: 'progress',
    exceptUnder: [],
    // A leader that is heard and hears nobody, or a server that hears nobody and is heard, stops plain Raft for good.
    onBadLinks: { preVote: 1, checkQuorum: 1 },
    source: 'Raft, §2 and §5.6: while a majority is up and connected; dissertation §6.2 and §9.6',
  },
  {
    check: 'convergence',
    exceptUnder: [],
    onBadLinks: { preVote: 1, checkQuorum: 1 },
    source: 'Raft, §5.3: the leader brings every log up to its own, and equal logs make equal states (§2)',
  },
];

function costs(n: number): Costs {
  return {
    messagesPerDecision: 2 * (n - 1),
    delaysPerDecision: 2,
    forcedWritesPerDecision: majority(n),
    forcedWritesInAll: n,
    source:
      'Raft, §5.3: one round of AppendEntries, which a majority makes durable; the commit index rides on the next message',
  };
}

function observe(state: Readonly<RaftState>): Observation {
  const common = {
    'voted for': state.votedFor ?? 'nobody',
    commitIndex: state.commitIndex,
    snapshot: state.snapshotIndex,
  };
  const matches = (): Record<string, string> =>
    Object.fromEntries(
      state.peers.map((peer) => [
        `node ${peer}`,
        `match ${state.matchIndex[peer]}, next ${state.nextIndex[peer]}, ${state.progress[peer]!.mode}`,
      ]),
    );
  return {
    role: state.role,
    epoch: state.currentTerm,
    leader: state.leader,
    details: state.role === 'leader' ? { ...common, ...matches() } : common,
  };
}

/** Raft as a value: what the workbench needs to run, check, compare and draw it. */
export const raft: Protocol<RaftMessage, RaftTimer, RaftDurable, RaftState> = {
  name: 'raft',
  title: 'Raft',
  family: 'replicated-log',
  source:
    'D. Ongaro, J. Ousterhout: In Search of an Understandable Consensus Algorithm (extended version), 2014',
  assumes: { fifoLinks: false, synchrony: false, noPartitions: false },
  guarantees: GUARANTEES,
  progress: 'majority',
  reads: 'read-index',
  knobs: KNOBS,
  invariants: raftInvariants,
  costs,
  initial: { currentTerm: 0, votedFor: null },
  create: (context) => new RaftReplica(context),
  observe,
  explain,
};
