import type { NodeId, Outcome, Slot, Vote } from '@quorate/interface';
import { Agreement, describeDisagreement } from './agreement.ts';
import type { Verdict } from './verdict.ts';

interface Transaction {
  readonly participants: ReadonlySet<NodeId>;
  /** Participants whose prepared record is durable; who have voted yes, no, or read-only. */
  readonly prepared: Set<NodeId>;
  readonly voted: Map<NodeId, Vote>;
}

/**
 * The rules of atomic commitment that a record of votes, durable records and decisions can judge:
 * - AC1: no two decisions on a transaction differ.
 * - AC2: a commit means that every participant that is not read-only had made its prepared record durable.
 * - AC4: a vote `yes` never leaves before the prepared record is durable.
 *
 * AC3 (prepared ends only by a decision), AC5 (in doubt means locked) and AC6 (a commit is remembered while anyone may ask) are rules on
 * states: the protocol's own invariants check them after each step. Feed the events in the order in which they happened.
 */
export class AtomicCommitment {
  readonly #agreement = new Agreement();
  readonly #transactions = new Map<Slot, Transaction>();
  #commits = 0;
  #votes = 0;
  #unknownParticipants = 0;
  #broken: { readonly AC2?: string; readonly AC4?: string } = {};

  /** A transaction begins, with the nodes that must vote on it. */
  begin(slot: Slot, participants: readonly NodeId[]): void {
    if (this.#transactions.has(slot)) return;
    this.#transactions.set(slot, {
      participants: new Set(participants),
      prepared: new Set(),
      voted: new Map(),
    });
  }

  /** A node's prepared record is durable. */
  prepared(node: NodeId, slot: Slot): void {
    this.#transactions.get(slot)?.prepared.add(node);
  }

  /** A node's vote leaves. Says what is wrong with it, or null. */
  vote(node: NodeId, slot: Slot, vote: Vote): string | null {
    const transaction = this.#transactions.get(slot);
    if (transaction === undefined) return null;
    this.#votes++;
    transaction.voted.set(node, vote);
    if (vote !== 'yes' || transaction.prepared.has(node)) return null;
    const wrong = `transaction ${slot}: node ${node} voted yes before its prepared record was durable`;
    this.#broken = { AC4: wrong, ...this.#broken };
    return wrong;
  }

  /** A node decides. Says what is wrong with it, or null. */
  decide(node: NodeId, slot: Slot, outcome: Outcome, command?: Uint8Array): string | null {
    const disagreement = this.#agreement.decide(node, slot, outcome, command);
    const unprepared = outcome === 'aborted' ? null : this.#commit(node, slot);
    return disagreement === null ? unprepared : describeDisagreement(disagreement);
  }

  /** One verdict for each rule; `unknown` where nothing was fed that it could be judged by. */
  verdicts(): Verdict[] {
    const { AC2, AC4 } = this.#broken;
    const judged = this.#commits - this.#unknownParticipants;
    return [
      { ...this.#agreement.verdict(), check: 'AC1' },
      AC2 !== undefined
        ? { check: 'AC2', verdict: 'violated', detail: AC2 }
        : this.#unknownParticipants > 0
          ? {
              check: 'AC2',
              verdict: 'unknown',
              detail: `${this.#unknownParticipants} commits without known participants`,
            }
          : { check: 'AC2', verdict: 'ok', detail: `${judged} commits, each prepared by all participants` },
      AC4 !== undefined
        ? { check: 'AC4', verdict: 'violated', detail: AC4 }
        : this.#votes === 0 && this.#commits > 0
          ? { check: 'AC4', verdict: 'unknown', detail: 'no vote was recorded' }
          : { check: 'AC4', verdict: 'ok', detail: `${this.#votes} votes, each yes after its record` },
    ];
  }

  #commit(node: NodeId, slot: Slot): string | null {
    this.#commits++;
    const transaction = this.#transactions.get(slot);
    if (transaction === undefined) {
      this.#unknownParticipants++;
      return null;
    }
    for (const participant of transaction.participants) {
      if (transaction.prepared.has(participant) || transaction.voted.get(participant) === 'readonly')
        continue;
      const wrong = `transaction ${slot}: node ${node} committed, though node ${participant} had not prepared`;
      this.#broken = { AC2: wrong, ...this.#broken };
      return wrong;
    }
    return null;
  }
}
