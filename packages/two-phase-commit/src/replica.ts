import type { Context, NodeId, Replica, Request, Slot, Vote } from '@quorate/interface';
import { Coordinator } from './coordinator.ts';
import { fail } from './fail.ts';
import type { TwoPhaseCommitMessage } from './messages.ts';
import { Participant } from './participant.ts';
import {
  type Durable,
  initialState,
  type Knobs,
  type Site,
  type TwoPhaseCommitState,
  type TwoPhaseCommitTimer,
} from './state.ts';
import { Termination } from './termination.ts';
import { MAX_NODE_ID } from './transactions.ts';

/** The classes that a replica is made of; another one in a role's place makes a variant (or a planted bug). */
export interface Roles {
  readonly Coordinator: typeof Coordinator;
  readonly Participant: typeof Participant;
  readonly Termination: typeof Termination;
}

export const ROLES: Roles = { Coordinator, Participant, Termination };

/** One node: coordinator of its own clients' transactions, participant in everybody's. Only dispatches. */
export class TwoPhaseCommit
  implements Replica<TwoPhaseCommitMessage, TwoPhaseCommitTimer, TwoPhaseCommitState>
{
  readonly state: TwoPhaseCommitState;
  private readonly site: Site;
  private readonly coordinator: Coordinator;
  private readonly participant: Participant;
  private readonly termination: Termination;

  constructor(context: Context<TwoPhaseCommitMessage, TwoPhaseCommitTimer, Durable>, roles: Roles = ROLES) {
    const { id, members, ports, knobs, durable } = context;
    const highest = Math.max(id, ...members.voters);
    if (highest > MAX_NODE_ID) fail(`node ids go up to ${MAX_NODE_ID}, not ${highest}`);
    this.state = initialState(durable, highest + 1);
    this.site = { id, members, ports, knobs: knobs as unknown as Knobs, state: this.state };
    this.participant = new roles.Participant(this.site);
    this.coordinator = new roles.Coordinator(this.site, this.participant);
    this.termination = new roles.Termination(this.site, this.coordinator, this.participant);
  }

  /** Participant first: locks of transactions in doubt are held before anything else happens. */
  start(): void {
    this.participant.start();
    this.coordinator.start();
    this.termination.start();
  }

  onMessage(from: NodeId, message: TwoPhaseCommitMessage): void {
    switch (message.type) {
      case 'Prepare':
        this.participant.onPrepare(from, message);
        break;
      case 'Vote':
        this.coordinator.onVote(from, message);
        break;
      case 'Decision':
        this.participant.onDecision(from, message);
        break;
      case 'Ack':
        this.coordinator.onAcks(from, message.slots);
        break;
      case 'Inquire':
        this.termination.onInquire(from, message);
        break;
      case 'InquireReply':
        this.termination.onInquireReply(from, message);
        break;
      default:
        message satisfies never;
    }
  }

  onTimer(timer: TwoPhaseCommitTimer): void {
    switch (timer) {
      case 'coordinator':
        this.coordinator.onTimer();
        break;
      case 'participant':
        this.termination.onTimer();
        break;
      case 'ack':
        this.participant.flushAcks();
        break;
      default:
        timer satisfies never;
    }
  }

  onRequest(request: Request): void {
    switch (request.kind) {
      case 'write':
        this.coordinator.begin(request);
        break;
      case 'read':
        // Any node serves reads: see "Reads" in README.md.
        this.site.ports.readLocked(request);
        break;
      case 'admin':
        this.site.ports.refuse(request, 'unsupported', null);
        break;
      default:
        request.kind satisfies never;
    }
  }

  onPrepared(slot: Slot, vote: Vote): void {
    this.participant.onPrepared(slot, vote);
  }

  onLink(peer: NodeId, up: boolean): void {
    if (!up) return; // a broken link decides nothing
    this.coordinator.onLinkUp(peer);
    this.termination.onLinkUp(peer);
  }

  /** A checkpoint covers all that is decided. The driver drops the records that were ended before; no other may go. */
  onSnapshot(_slot: Slot): void {}

  settle(): void {
    this.participant.forget();
  }
}
