import type { Epoch, Invariant, Monitor, NodeId, Outcome, ReplicaView, Slot } from '@quorate/interface';
import { majority } from '@quorate/quorum';
import { EntryHistory } from './history.ts';
import type { RaftState } from './state.ts';

/*
 * Figure 3's properties and what they rest on, as an outside observer of the whole cluster can check them after every step.
 * Each ends early where a step cannot have broken it. A replica that has restarted is known by its new state object.
 */

type Views = readonly (ReplicaView<RaftState> | undefined)[];
type RaftMonitor = Monitor<RaftState>;

/** Figure 3, Election Safety: at most one leader can be elected in a given term. Over the whole history, not only now. */
class ElectionSafety implements RaftMonitor {
  private readonly leaderOf = new Map<Epoch, NodeId>();
  private readonly checked: Epoch[] = [];

  afterStep(id: NodeId, replicas: Views): string | null {
    const { role, currentTerm } = replicas[id]!.state;
    if (role !== 'leader' || this.checked[id] === currentTerm) return null;
    this.checked[id] = currentTerm;
    const known = this.leaderOf.get(currentTerm);
    if (known !== undefined && known !== id) return `term ${currentTerm} has two leaders: ${known} and ${id}`;
    this.leaderOf.set(currentTerm, id);
    return null;
  }
}

/** Figure 3, Leader Append-Only: a leader never overwrites or deletes entries in its log; it only appends new entries. */
class LeaderAppendOnly implements RaftMonitor {
  private readonly terms: Epoch[] = [];
  private readonly lasts: Slot[] = [];

  afterStep(id: NodeId, replicas: Views): string | null {
    const view = replicas[id]!;
    const { role, currentTerm } = view.state;
    if (role !== 'leader') {
      this.terms[id] = -1;
      return null;
    }
    if (view.changedFrom === Number.POSITIVE_INFINITY && this.terms[id] === currentTerm) return null;
    const last = this.lasts[id]!;
    const appends = this.terms[id] !== currentTerm || view.changedFrom > last;
    this.terms[id] = currentTerm;
    this.lasts[id] = view.log().last;
    return appends
      ? null
      : `leader ${id} of term ${currentTerm} changed entry ${view.changedFrom} of ${last}`;
  }
}

/**
 * Figure 3, Log Matching: if two logs contain an entry with the same index and term, the logs are identical in all entries up
 * through that index. By induction: equal index and term have equal commands and equal previous terms.
 */
class LogMatching implements RaftMonitor {
  private readonly history = new EntryHistory();

  afterStep(id: NodeId, replicas: Views): string | null {
    const view = replicas[id]!;
    if (view.changedFrom === Number.POSITIVE_INFINITY) return null;
    const log = view.log();
    for (let slot = Math.max(view.changedFrom, log.first); slot <= log.last; slot++) {
      if (log.tagAt(slot) < 0) return `node ${id} has a hole on slot ${slot}`;
      const wrong = this.history.note(log, slot);
      if (wrong !== null) return `node ${id}: ${wrong}`;
    }
    return null;
  }
}

/**
 * Figure 3, Leader Completeness: if a log entry is committed in a given term, it is present in the logs of the leaders of all
 * higher-numbered terms. Also State Machine Safety, over the history of decisions: no two servers decide different entries on
 * one index; with Log Matching, comparing their terms is enough.
 */
class Committed implements RaftMonitor {
  /** By slot: the committed entry's term, and the term in which it was first committed. */
  private readonly terms: Epoch[] = [-1];
  private readonly committedIn: Epoch[] = [-1];
  private readonly checked: Epoch[] = [];

  onDecide(id: NodeId, slot: Slot, _outcome: Outcome, replicas: Views): string | null {
    const view = replicas[id]!;
    const term = view.log().epochAt(slot);
    const known = this.terms[slot];
    if (known === undefined) {
      if (slot !== this.terms.length) return `slot ${slot} is decided, but ${this.terms.length} never was`;
      this.terms.push(term);
      this.committedIn.push(view.state.currentTerm);
      return null;
    }
    return known === term
      ? null
      : `slot ${slot}: node ${id} decides an entry of term ${term}, before it was ${known}`;
  }

  afterStep(id: NodeId, replicas: Views): string | null {
    const view = replicas[id]!;
    const { role, currentTerm } = view.state;
    if (role !== 'leader' || this.checked[id] === currentTerm) return null;
    this.checked[id] = currentTerm;
    const log = view.log();
    for (let slot = this.terms.length - 1; slot >= log.first; slot--) {
      // A leader elected late, of a term below the one that committed the entry, may lack it.
      if (this.committedIn[slot]! >= currentTerm) continue;
      if (log.epochAt(slot) !== this.terms[slot])
        return `leader ${id} of term ${currentTerm} lacks entry ${slot}, committed in term ${this.committedIn[slot]}`;
    }
    return null;
  }
}

/** currentTerm "increases monotonically", and so does commitIndex (Figure 2), which never passes the log's end. */
class Monotonicity implements RaftMonitor {
  private readonly states: RaftState[] = [];
  private readonly terms: Epoch[] = [];
  private readonly commits: Slot[] = [];

  afterStep(id: NodeId, replicas: Views): string | null {
    const view = replicas[id]!;
    const { state } = view;
    const { currentTerm, commitIndex } = state;
    if (this.states[id] === state) {
      if (currentTerm === this.terms[id] && commitIndex === this.commits[id]) return null;
      if (currentTerm < this.terms[id]!)
        return `node ${id}'s term fell from ${this.terms[id]} to ${currentTerm}`;
      if (commitIndex < this.commits[id]!)
        return `node ${id}'s commitIndex fell from ${this.commits[id]} to ${commitIndex}`;
    }
    this.states[id] = state;
    this.terms[id] = currentTerm;
    this.commits[id] = commitIndex;
    const { last } = view.log();
    return commitIndex <= last ? null : `node ${id}'s commitIndex ${commitIndex} is beyond its log's ${last}`;
  }
}

/**
 * Each server votes for at most one candidate in a given term (§5.2), also across restarts. What a crashed server forgot it
 * had decided but never said is of no account: a vote is held against it once its candidate has counted it.
 */
class OneVotePerTerm implements RaftMonitor {
  private readonly states: RaftState[] = [];
  private readonly terms: Epoch[] = [];
  private readonly votes: (NodeId | null)[] = [];
  private readonly roles: string[] = [];
  /** By term and voter: the candidate that has counted the vote. */
  private readonly counted = new Map<Epoch, (NodeId | undefined)[]>();
  /** By voter: the highest term in which a vote was counted. */
  private readonly newest: Epoch[] = [];

  afterStep(id: NodeId, replicas: Views): string | null {
    const { state } = replicas[id]!;
    const { currentTerm, votedFor, role } = state;
    const restarted = this.states[id] !== state;
    const sameTerm = !restarted && this.terms[id] === currentTerm;
    if (sameTerm && this.votes[id] === votedFor && role !== 'candidate' && role === this.roles[id])
      return null;
    if (sameTerm && this.votes[id] !== null && votedFor !== this.votes[id])
      return `node ${id} changed its vote in term ${currentTerm} from ${this.votes[id]} to ${votedFor}`;
    if (restarted && currentTerm < (this.newest[id] ?? 0))
      return `node ${id} restarted in term ${currentTerm}, its vote in ${this.newest[id]} was counted`;
    const promised = this.counted.get(currentTerm)?.[id];
    if (promised !== undefined && promised !== votedFor)
      return `node ${id} voted for ${promised} in term ${currentTerm}, and holds ${votedFor} now`;
    this.states[id] = state;
    this.terms[id] = currentTerm;
    this.votes[id] = votedFor;
    this.roles[id] = role;
    return role === 'candidate' || role === 'leader' ? this.count(id, state) : null;
  }

  private count(candidate: NodeId, { currentTerm, votesReceived }: RaftState): string | null {
    const votes = this.counted.get(currentTerm) ?? [];
    this.counted.set(currentTerm, votes);
    for (const [voter, granted] of votesReceived.entries()) {
      if (granted !== true) continue;
      const other = votes[voter];
      if (other !== undefined && other !== candidate)
        return `node ${voter} gave two votes in term ${currentTerm}: to ${other} and to ${candidate}`;
      votes[voter] = candidate;
      this.newest[voter] = Math.max(this.newest[voter] ?? 0, currentTerm);
    }
    return null;
  }
}

/**
 * What a leader counts is there: matchIndex[p] is durable at p for as long as p is in the leader's term, and an acknowledgement
 * outlives p's restart, as does the term it was given in (Figure 2, "before responding to RPCs").
 */
class MatchIsDurable implements RaftMonitor {
  private readonly seen: Slot[][] = [];
  private readonly states: RaftState[] = [];

  afterStep(id: NodeId, replicas: Views): string | null {
    const view = replicas[id]!;
    if (this.states[id] !== view.state) {
      this.states[id] = view.state;
      this.seen[id] = [];
      const wrong = this.checkRestarted(view, replicas);
      if (wrong !== null) return wrong;
    }
    const { state } = view;
    if (state.role !== 'leader') return null;
    const seen = this.seen[id]!;
    const { matchIndex, nextIndex } = state;
    for (let peer = 0; peer < matchIndex.length; peer++) {
      if (matchIndex[peer] === seen[peer]) continue;
      seen[peer] = matchIndex[peer]!;
      if (peer !== id && matchIndex[peer]! >= nextIndex[peer]!)
        return `leader ${id}: matchIndex[${peer}] ${matchIndex[peer]} is not below nextIndex ${nextIndex[peer]}`;
      const wrong = this.check(state, replicas[peer]);
      if (wrong !== null) return wrong;
    }
    return null;
  }

  private checkRestarted(view: ReplicaView<RaftState>, replicas: Views): string | null {
    for (const other of replicas) {
      if (other === undefined || !other.up || other.state.role !== 'leader') continue;
      const wrong = this.check(other.state, view);
      if (wrong !== null) return wrong;
    }
    return null;
  }

  private check(leader: RaftState, peer: ReplicaView<RaftState> | undefined): string | null {
    if (peer === undefined || !peer.up || peer.state.currentTerm > leader.currentTerm) return null;
    const match = leader.matchIndex[peer.id]!;
    if (match === 0) return null;
    if (peer.state.currentTerm < leader.currentTerm)
      return `node ${peer.id} acknowledged in term ${leader.currentTerm}, and is in ${peer.state.currentTerm} now`;
    if (match <= peer.durableLast) return null;
    return `leader ${leader.id} counts entry ${match} of node ${peer.id}, durable there is ${peer.durableLast}`;
  }
}

/**
 * What a leader commits is durable on a majority (§5.3, §5.4.2): it holds an entry of the leader's own term and all before it.
 * Servers that are down cannot be looked into, so they count; `MatchIsDurable` looks when they are back.
 */
class CommittedOnQuorum implements RaftMonitor {
  private readonly pending: Slot[] = [];

  onDecide(id: NodeId, slot: Slot, _outcome: Outcome, replicas: Views): string | null {
    // Those before it are covered by the highest of the step.
    if (replicas[id]!.state.role === 'leader') this.pending[id] = slot;
    return null;
  }

  afterStep(id: NodeId, replicas: Views): string | null {
    const slot = this.pending[id] ?? 0;
    if (slot === 0) return null;
    this.pending[id] = 0;
    const { state } = replicas[id]!;
    if (state.role !== 'leader') return null;
    const term = replicas[id]!.log().epochAt(slot);
    if (term !== state.currentTerm)
      return `leader ${id} of term ${state.currentTerm} committed entry ${slot} of term ${term} by counting`;
    let holders = 0;
    for (const voter of state.voters) if (holds(replicas[voter], slot, term)) holders++;
    const needed = majority(state.voters.length);
    return holders >= needed
      ? null
      : `leader ${id} committed entry ${slot}, durable on ${holders} servers of ${state.voters.length}`;
  }
}

function holds(view: ReplicaView<RaftState> | undefined, slot: Slot, term: Epoch): boolean {
  if (view === undefined || !view.up) return true;
  if (view.durableLast < slot) return false;
  const log = view.log();
  return slot < log.first || log.epochAt(slot) === term;
}

/** All that is checked of Raft after every step of a simulation. */
export const raftInvariants: readonly Invariant<RaftState>[] = [
  { name: 'Election Safety', source: 'Raft, Figure 3 and §5.2', monitor: () => new ElectionSafety() },
  { name: 'Leader Append-Only', source: 'Raft, Figure 3 and §5.3', monitor: () => new LeaderAppendOnly() },
  { name: 'Log Matching', source: 'Raft, Figure 3 and §5.3', monitor: () => new LogMatching() },
  {
    name: 'Leader Completeness and State Machine Safety',
    source: 'Raft, Figure 3 and §5.4.3',
    monitor: () => new Committed(),
  },
  { name: 'monotone term and commitIndex', source: 'Raft, Figure 2', monitor: () => new Monotonicity() },
  { name: 'one vote per term', source: 'Raft, §5.2', monitor: () => new OneVotePerTerm() },
  { name: 'matchIndex is durable', source: 'Raft, Figure 2', monitor: () => new MatchIsDurable() },
  {
    name: 'committed on a durable majority',
    source: 'Raft, §5.3 and §5.4.2',
    monitor: () => new CommittedOnQuorum(),
  },
];
