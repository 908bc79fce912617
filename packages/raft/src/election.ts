import type { Epoch, NodeId } from '@quorate/interface';
import { electionResult, isVoter, quorumActive } from './membership.ts';
import type { PreVote, PreVoteResponse, RequestVote, RequestVoteResponse } from './messages.ts';
import { Part } from './part.ts';
import type { Role } from './state.ts';

/** Milliseconds too short for any timer: what rounding leaves of a time-out that is over. */
const NO_TIME = 0.001;

/** Terms, roles and votes: §5.1, §5.2, §5.4.1; the dissertation's §4.2.3, §6.2 and §9.6 where knobs say so. */
export class Election extends Part {
  /** Every server begins as a follower (§5.2). */
  start(): void {
    this.restartTimer();
    this.announce('follower', null);
  }

  // ---- Timer -------------------------------------------------------------------------------------------------------

  /**
   * Followers and candidates, §5.2: no leader heard and no vote given for the whole time-out, so start an election. Hearing a
   * leader only notes the time (`heardAt`), which is cheaper than setting a timer for each message: what is left is waited for here.
   */
  onElectionTimer(): void {
    const { state, ports } = this;
    if (state.role === 'leader') {
      this.checkQuorum();
      return;
    }
    const remaining = state.heardAt + state.patience - ports.now();
    if (remaining >= NO_TIME) {
      ports.setTimer('election', remaining);
      return;
    }
    if (!isVoter(state)) this.restartTimer();
    else if (this.knobs.preVote) this.startPreVote();
    else this.startElection();
  }

  /**
   * Leaders, dissertation §6.2: a leader that no majority answers cannot commit anything, and might keep followers which it
   * still reaches from electing one that can. So it steps down.
   */
  protected checkQuorum(): void {
    const { state, ports, knobs } = this;
    if (!knobs.checkQuorum) return;
    state.recentActive[state.id] = true;
    if (!quorumActive(state)) {
      this.becomeFollower(state.currentTerm, null);
      return;
    }
    state.recentActive.fill(false);
    ports.setTimer('election', knobs.electionTimeout);
  }

  /** Draws a new time-out from [T, 2T), so that split votes are rare and soon resolved (§5.2), and begins to wait for it. */
  protected restartTimer(): void {
    const { state, ports, knobs } = this;
    state.heardAt = ports.now();
    state.patience = knobs.electionTimeout * (1 + ports.random());
    ports.setTimer('election', state.patience);
  }

  // ---- Candidates --------------------------------------------------------------------------------------------------

  /** Dissertation §9.6: asks whether it could win, so that a server which cannot does not disturb the others with a higher term. */
  protected startPreVote(): void {
    const { state, log } = this;
    this.restartTimer();
    this.announce('pre-candidate', null);
    this.clearVotes();
    state.votesReceived[state.id] = true;
    this.ports.broadcast(this.otherVoters(), {
      type: 'PreVote',
      term: state.currentTerm,
      lastLogIndex: log.last,
      lastLogTerm: log.epochAt(log.last),
    });
    this.countPreVotes();
  }

  /** Candidates, §5.2: increment currentTerm, vote for self, reset the timer, send RequestVote to all other servers. */
  protected startElection(): void {
    const { state, ports, log } = this;
    this.enterTerm(state.currentTerm + 1, state.id);
    this.restartTimer();
    this.announce('candidate', null);
    this.clearVotes();
    ports.broadcast(this.otherVoters(), {
      type: 'RequestVote',
      term: state.currentTerm,
      lastLogIndex: log.last,
      lastLogTerm: log.epochAt(log.last),
    });
    // The own vote counts once it is durable, like any other: sent to self, it arrives then.
    ports.send(state.id, { type: 'RequestVoteResponse', term: state.currentTerm, voteGranted: true });
  }

  onPreVoteResponse(from: NodeId, message: PreVoteResponse): void {
    const { state } = this;
    if (state.role !== 'pre-candidate' || message.askedTerm !== state.currentTerm) return;
    state.votesReceived[from] = message.voteGranted;
    this.countPreVotes();
  }

  onRequestVoteResponse(from: NodeId, message: RequestVoteResponse): void {
    const { state } = this;
    // Votes count for the election they were asked in only: an answer of an earlier term says nothing about this one.
    if (state.role !== 'candidate' || message.term !== state.currentTerm) return;
    state.votesReceived[from] = message.voteGranted;
    const result = electionResult(state);
    // A majority, each of one vote per term: nobody else can win this term (§5.2, Election Safety).
    if (result === 'won') this.becomeLeader();
    else if (result === 'lost') this.becomeFollower(state.currentTerm, null);
  }

  protected countPreVotes(): void {
    const result = electionResult(this.state);
    if (result === 'won') this.startElection();
    else if (result === 'lost') this.becomeFollower(this.state.currentTerm, null);
  }

  // ---- RequestVote RPC, receiver -----------------------------------------------------------------------------------

  onRequestVote(from: NodeId, message: RequestVote): void {
    const { state, ports } = this;
    const voteGranted =
      // 1. Reply false if term < currentTerm (§5.1).
      message.term === state.currentTerm &&
      // 2. If votedFor is null or candidateId, and candidate's log is at least as up-to-date, grant vote (§5.2, §5.4).
      (state.votedFor === null || state.votedFor === from) &&
      state.leader === null && // else this term's election is over, and the candidate has lost it
      this.isUpToDate(message);
    if (voteGranted) {
      if (state.votedFor === null) this.castVote(from);
      this.restartTimer(); // Only a vote that was granted restarts the time-out (§5.2).
    }
    // `send` holds this back until the vote is durable: a vote forgotten in a crash could be given twice in one term.
    ports.send(from, { type: 'RequestVoteResponse', term: state.currentTerm, voteGranted });
  }

  onPreVote(from: NodeId, message: PreVote): void {
    const { state, ports } = this;
    // What would be granted in the next term, and no leader is heard (dissertation §9.6). Promises nothing, changes nothing.
    const voteGranted = message.term >= state.currentTerm && !this.hearsLeader() && this.isUpToDate(message);
    ports.send(from, {
      type: 'PreVoteResponse',
      term: state.currentTerm,
      voteGranted,
      askedTerm: message.term,
    });
  }

  /**
   * Dissertation §4.2.3: while a leader is heard within the minimum election time-out, a RequestVote of a higher term is not
   * even looked at, so that a server which was cut off cannot depose it. (The sender is freed otherwise: it answers this
   * leader's AppendEntries with its higher term.)
   */
  ignores(message: RequestVote): boolean {
    return this.knobs.checkQuorum !== 0 && message.term > this.state.currentTerm && this.hearsLeader();
  }

  protected hearsLeader(): boolean {
    const { state, ports, knobs } = this;
    if (state.role === 'leader') return true;
    return state.leader !== null && ports.now() - state.heardAt < knobs.electionTimeout;
  }

  /** §5.4.1: the later last term is more up-to-date; with equal last terms, the longer log. It keeps committed entries from being lost. */
  protected isUpToDate(candidate: { lastLogIndex: number; lastLogTerm: Epoch }): boolean {
    const { log } = this;
    const lastLogTerm = log.epochAt(log.last);
    if (candidate.lastLogTerm !== lastLogTerm) return candidate.lastLogTerm > lastLogTerm;
    return candidate.lastLogIndex >= log.last;
  }

  // ---- Roles and terms ---------------------------------------------------------------------------------------------

  /** All servers, §5.1: a higher term was seen, or this term's election is decided. */
  becomeFollower(term: Epoch, leader: NodeId | null): void {
    const { state, ports } = this;
    const stepsDown = state.role === 'leader';
    if (term > state.currentTerm) this.enterTerm(term, null);
    this.announce('follower', leader);
    if (stepsDown) {
      ports.clearTimer('heartbeat');
      this.raft.reads.abandon();
      this.restartTimer();
    }
    // Others' time-outs run on: not every message of a higher term comes from somebody who will be leader.
  }

  /** A message that only the leader of currentTerm sends. */
  hear(leader: NodeId): void {
    const { state, ports } = this;
    state.heardAt = ports.now();
    if (state.leader === leader && state.role === 'follower') return;
    if (state.role === 'leader' || state.leader !== null)
      throw new Error(`term ${state.currentTerm} has two leaders: ${state.leader} and ${leader}`);
    this.becomeFollower(state.currentTerm, leader); // Candidates, §5.2: AppendEntries from the new leader
  }

  /** Candidates, §5.2: votes received from a majority of servers. */
  protected becomeLeader(): void {
    const { state, ports, knobs } = this;
    this.announce('leader', state.id);
    if (knobs.checkQuorum) ports.setTimer('election', knobs.electionTimeout);
    else ports.clearTimer('election');
    state.recentActive.fill(false);
    this.raft.reads.begin();
    this.raft.leader.begin();
  }

  protected enterTerm(term: Epoch, votedFor: NodeId | null): void {
    const { state } = this;
    state.currentTerm = term;
    state.votedFor = votedFor;
    // An answer still owed speaks for the term that has ended, and of a log which may be truncated now.
    state.owedMatchIndex = -1;
    state.heardReadRound = 0;
    this.persist();
  }

  protected castVote(candidate: NodeId): void {
    this.state.votedFor = candidate;
    this.persist();
  }

  /** Figure 2: currentTerm and votedFor are "updated on stable storage before responding to RPCs", which `Ports.send` sees to. */
  protected persist(): void {
    const { currentTerm, votedFor } = this.state;
    this.ports.save({ currentTerm, votedFor });
  }

  protected announce(role: Role, leader: NodeId | null): void {
    const { state, ports } = this;
    state.role = role;
    state.leader = leader;
    ports.announce(role, state.currentTerm, leader);
  }

  protected clearVotes(): void {
    this.state.votesReceived.fill(null);
  }

  protected otherVoters(): NodeId[] {
    return this.state.voters.filter((voter) => voter !== this.state.id);
  }
}
