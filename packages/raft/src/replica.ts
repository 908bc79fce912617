import type { Context, Log, NodeId, Replica, Request, Slot } from '@quorate/interface';
import { Election } from './election.ts';
import { Follower } from './follower.ts';
import type { RaftKnobs } from './knobs.ts';
import { Leader } from './leader.ts';
import type { RaftMessage } from './messages.ts';
import { Reads } from './reads.ts';
import { Snapshots } from './snapshots.ts';
import { initialState, type RaftDurable, type RaftPorts, type RaftState, type RaftTimer } from './state.ts';

/** The parts that a server is made of. Another set can be given, to plant a bug or try a variant. */
export const RAFT_PARTS = { Election, Follower, Leader, Reads, Snapshots };
export type RaftParts = typeof RAFT_PARTS;

/** One Raft server. This file only says which part handles what. */
export class RaftReplica implements Replica<RaftMessage, RaftTimer, RaftState> {
  readonly state: RaftState;
  readonly ports: RaftPorts;
  readonly log: Log;
  readonly knobs: RaftKnobs;

  readonly election: Election;
  readonly follower: Follower;
  readonly leader: Leader;
  readonly reads: Reads;
  readonly snapshots: Snapshots;

  constructor(context: Context<RaftMessage, RaftTimer, RaftDurable>, parts: RaftParts = RAFT_PARTS) {
    this.state = initialState(context.id, context.members, context.durable);
    this.ports = context.ports;
    this.log = context.ports.log();
    this.knobs = context.knobs as RaftKnobs;
    this.election = new parts.Election(this);
    this.follower = new parts.Follower(this);
    this.leader = new parts.Leader(this);
    this.reads = new parts.Reads(this);
    this.snapshots = new parts.Snapshots(this);
  }

  start(): void {
    this.election.start();
  }

  onMessage(from: NodeId, message: RaftMessage): void {
    // All servers, §5.1: if RPC request or response contains term T > currentTerm, set currentTerm = T, convert to follower.
    // Except for a PreVote, which changes nothing, and a RequestVote that disturbs a working leader.
    if (message.term > this.state.currentTerm && message.type !== 'PreVote') {
      if (message.type === 'RequestVote' && this.election.ignores(message)) return;
      this.election.becomeFollower(message.term, null);
    }
    switch (message.type) {
      case 'AppendEntries':
        this.follower.onAppendEntries(from, message);
        break;
      case 'AppendEntriesResponse':
        this.leader.onAppendEntriesResponse(from, message);
        break;
      case 'RequestVote':
        this.election.onRequestVote(from, message);
        break;
      case 'RequestVoteResponse':
        this.election.onRequestVoteResponse(from, message);
        break;
      case 'PreVote':
        this.election.onPreVote(from, message);
        break;
      case 'PreVoteResponse':
        this.election.onPreVoteResponse(from, message);
        break;
      case 'InstallSnapshot':
        this.snapshots.onInstallSnapshot(from, message);
        break;
      default:
        message satisfies never;
    }
  }

  onTimer(timer: RaftTimer): void {
    switch (timer) {
      case 'election':
        this.election.onElectionTimer();
        break;
      case 'heartbeat':
        this.leader.onHeartbeatTimer();
        break;
      default:
        timer satisfies never;
    }
  }

  onRequest(request: Request): void {
    const { state, ports } = this;
    if (request.kind === 'admin') ports.refuse(request, 'unsupported', state.leader);
    else if (state.role !== 'leader') ports.refuse(request, 'not-leader', state.leader);
    else if (request.kind === 'read') this.reads.onRead(request);
    else this.leader.onWrite(request);
  }

  onLink(peer: NodeId, up: boolean): void {
    this.leader.onLink(peer, up);
  }

  onSnapshot(slot: Slot): void {
    this.snapshots.onSnapshot(slot);
  }

  /** Atomic commitment only: Raft prepares nothing, so nothing is answered. */
  onPrepared(): void {
    throw new Error('Raft asked for nothing to be prepared');
  }

  settle(): void {
    if (this.state.role === 'leader') this.leader.settle();
    else this.follower.settle();
  }
}
