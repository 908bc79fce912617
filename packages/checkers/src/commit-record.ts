import type { NodeId, Slot, Vote } from '@quorate/interface';

/** What becomes of a transaction. */
export type CommitOutcome = 'committed' | 'aborted';

/**
 * One event of a recorded run of atomic commitment, in any protocol of the family. A record lists them in the order in which they
 * happened, over all nodes. It need not hold all kinds; what it holds it must hold completely.
 */
export type CommitEvent =
  /** The record holds all events of these kinds, even those of which there happens to be none. Without it: the kinds that occur. */
  | { readonly kind: 'scope'; readonly kinds: readonly CommitEvent['kind'][] }
  /** A transaction begins: who coordinates it, and who must vote on it. */
  | {
      readonly kind: 'begin';
      readonly transaction: Slot;
      readonly coordinator: NodeId;
      readonly participants: readonly NodeId[];
    }
  /** A record of the transaction is durable at the node: it survives every crash. */
  | At<{ readonly kind: 'force'; readonly record: 'prepared' | CommitOutcome }>
  /** The node's vote leaves. */
  | At<{ readonly kind: 'vote'; readonly vote: Vote }>
  /** The node tells the outcome to another one, or to the client: that message leaves. */
  | At<{ readonly kind: 'tell'; readonly outcome: CommitOutcome }>
  /** The node is told the outcome, or concludes it in a way that the protocol allows: as coordinator, or by a termination protocol. */
  | At<{ readonly kind: 'learn'; readonly outcome: CommitOutcome }>
  /** The node takes the outcome as decided. */
  | At<{ readonly kind: 'decide'; readonly outcome: CommitOutcome }>
  /** The node's ack leaves: it will not ask about the transaction again. */
  | At<{ readonly kind: 'ack' }>
  /** The node asks what became of the transaction. */
  | At<{ readonly kind: 'inquire' }>
  /** The node drops its record of the outcome. */
  | At<{ readonly kind: 'forget' }>
  /** The transaction takes its (exclusive) locks at the node, or lets go of them. A crash lets go of all. */
  | At<{ readonly kind: 'lock' | 'unlock' }>
  /** The node loses all that is not durable; later it may be up again. */
  | { readonly kind: 'crash' | 'restart'; readonly node: NodeId };

type At<Kind> = Kind & { readonly node: NodeId; readonly transaction: Slot };

/** An event in a few words. */
export function describeCommitEvent(event: CommitEvent): string {
  switch (event.kind) {
    case 'scope':
      return `the record holds ${event.kinds.join(', ')}`;
    case 'begin':
      return `transaction ${event.transaction} begins at ${event.coordinator} for ${event.participants.join(', ')}`;
    case 'crash':
    case 'restart':
      return `node ${event.node}: ${event.kind}`;
  }
  const { node, kind, transaction } = event;
  const what =
    'record' in event ? event.record : 'vote' in event ? event.vote : 'outcome' in event ? event.outcome : '';
  return `node ${node}: ${kind}${what === '' ? '' : ` ${what}`} (${transaction})`;
}
