import type { Slot, Vote as VoteKind } from '@quorate/interface';

/** Coordinator → participant, phase one: are you able to commit? */
export interface Prepare {
  readonly type: 'Prepare';
  readonly slot: Slot;
  /** The coordinator's lowest transaction that is undecided or lacks an ack: all below it are aborted or fully acked. */
  readonly oldestActive: Slot;
  /** The branch: command and participants (`encodeBranch`). */
  readonly command: Uint8Array;
}

/** Participant → coordinator. `yes` promises to commit whenever told to, also after a crash. */
export interface Vote {
  readonly type: 'Vote';
  readonly slot: Slot;
  readonly vote: VoteKind;
  /** Acks of earlier transactions of the same coordinator, riding along. */
  readonly acks: readonly Slot[];
}

/** Coordinator → participant, phase two. Also participant → itself, once a unilateral abort is durable. */
export interface Decision {
  readonly type: 'Decision';
  readonly slot: Slot;
  readonly outcome: 'committed' | 'aborted';
  /** As in `Prepare`; 0 where the sender is not the coordinator. */
  readonly oldestActive: Slot;
}

/** Participant → coordinator: my COMMITTED records of these transactions are durable; I will never ask about them. */
export interface Ack {
  readonly type: 'Ack';
  readonly slots: readonly Slot[];
}

/** Participant in doubt → coordinator, then → the other participants: what became of it? */
export interface Inquire {
  readonly type: 'Inquire';
  readonly slot: Slot;
}

/** The answer. `undecided`: no information (the coordinator still collects, the peer is in doubt too or voted read-only). */
export interface InquireReply {
  readonly type: 'InquireReply';
  readonly slot: Slot;
  readonly answer: Answer;
}

export type Answer = 'committed' | 'aborted' | 'undecided';

/** All messages. Losing, repeating, delaying and reordering any of them is harmless. */
export type TwoPhaseCommitMessage = Prepare | Vote | Decision | Ack | Inquire | InquireReply;
