import type { NodeId, Slot } from '@quorate/interface';
import { type CommitEvent, type CommitOutcome, describeCommitEvent } from './commit-record.ts';
import type { Contradiction, Verdict } from './verdict.ts';

/** The rules that are judged, in this order. */
export const COMMIT_RULES = ['AC1', 'AC2', 'AC3', 'AC4', 'AC5', 'AC6'] as const;

export type CommitRule = (typeof COMMIT_RULES)[number];

export interface CommitVerdict extends Verdict<CommitEvent> {
  readonly check: CommitRule;
}

type Kind = CommitEvent['kind'];
type Event<K extends Kind> = Extract<CommitEvent, { readonly kind: K }>;

/** What a record must hold for a rule to be judged. */
const NEEDS: Readonly<Record<CommitRule, readonly Kind[]>> = {
  AC1: ['decide'],
  AC2: ['begin', 'force', 'vote', 'decide'],
  AC3: ['force', 'learn', 'decide'],
  AC4: ['begin', 'force', 'vote', 'tell', 'ack'],
  AC5: ['force', 'vote', 'decide', 'lock', 'unlock'],
  AC6: ['begin', 'force', 'decide', 'forget'],
};

/** Events whose absence a violation rests on: without any of these in the record, it is none. */
const RESTS_ON: Readonly<Record<CommitRule, readonly Kind[]>> = {
  AC1: [],
  AC2: ['force', 'vote'],
  AC3: ['learn'],
  AC4: ['force'],
  AC5: ['lock', 'decide'],
  AC6: [],
};

/**
 * The rules of atomic commitment (Bernstein, Hadzilacos and Goodman 1987, ch. 7; Gray 1978; Mohan, Lindsay and Obermarck 1986), each
 * judged by itself on a record of what the nodes did:
 * - AC1: no two decisions on a transaction differ, whether taken or told.
 * - AC2: a commit means that every participant that did not vote read-only had made its prepared record durable. (A single participant
 *   may commit in one phase.)
 * - AC3: who is in doubt gets out of it only by an outcome that it has learnt since its last crash. In doubt is who has a prepared record
 *   but no durable outcome, and has not decided since its last crash.
 * - AC4: no yes leaves before the prepared record is durable, no ack before the node's record of the outcome, and the coordinator tells
 *   nobody of a commit before its own record of it.
 * - AC5: who is in doubt holds the transaction's locks: when it prepares, until it is out of doubt, and after a restart again before it
 *   votes or takes locks for other transactions.
 * - AC6: the coordinator keeps its record of a commit while any participant is in doubt. (So presumed abort and presumed nothing need it;
 *   presumed commit keeps aborts instead, and this rule does not fit it.)
 *
 * `violated` holds whatever else happened; its evidence are the events that break the rule, in their order. `unknown` where the record
 * lacks kinds of events that the rule needs, or the beginning of a transaction that it would judge.
 * @returns six verdicts, AC1 to AC6
 */
export function checkAtomicCommitment(record: readonly CommitEvent[]): readonly CommitVerdict[] {
  const judge = new Judge();
  const held = new Set<Kind>();
  for (const event of record) {
    if (event.kind === 'scope') for (const kind of event.kinds) held.add(kind);
    held.add(event.kind);
    judge.take(event);
  }
  return COMMIT_RULES.map((check): CommitVerdict => {
    const witness = judge.broken.get(check);
    if (witness !== undefined && RESTS_ON[check].every((kind) => held.has(kind))) {
      const events = witness.items.map(describeCommitEvent).join('; ');
      return { check, verdict: 'violated', detail: `${judge.why.get(check)}: ${events}.`, witness };
    }
    const missing = NEEDS[check].filter((kind) => !held.has(kind));
    if (missing.length > 0)
      return { check, verdict: 'unknown', detail: `the record has no ${missing.join(', ')} events` };
    if (NEEDS[check].includes('begin') && judge.headless > 0)
      return { check, verdict: 'unknown', detail: `${judge.headless} transactions without their beginning` };
    return { check, verdict: 'ok', detail: `${judge.transactions} transactions, ${record.length} events` };
  });
}

/** What is known of a transaction at one node, each by the event that tells it. */
interface Branch {
  prepared?: Event<'force'>;
  /** The lock under which it prepared. */
  lock?: CommitEvent;
  /** The durable record of the outcome. */
  outcome?: Event<'force'>;
  readonly?: CommitEvent;
  forgot?: CommitEvent;
  /** These are lost in a crash. */
  decided?: CommitEvent;
  learnt?: Event<'learn'>;
  locked?: CommitEvent;
}

interface Transaction {
  begin?: Event<'begin'>;
  /** The first decision that was taken or told, and the first commit. */
  decision?: Event<'decide' | 'tell'>;
  commit?: CommitEvent;
  readonly branches: Map<NodeId, Branch>;
}

class Judge {
  readonly broken = new Map<CommitRule, Contradiction<CommitEvent>>();
  readonly why = new Map<CommitRule, string>();
  readonly #transactions = new Map<Slot, Transaction>();
  /** Where each event stands in the record. */
  readonly #places = new Map<CommitEvent, number>();
  /** By node its last crash and, once it was up again, restart. */
  readonly #crashes = new Map<NodeId, CommitEvent[]>();
  /** By node the branches that were in doubt at that crash. */
  readonly #toLock = new Map<NodeId, Branch[]>();

  get transactions(): number {
    return this.#transactions.size;
  }

  /** Transactions whose beginning is not in the record. */
  get headless(): number {
    return [...this.#transactions.values()].filter(({ begin }) => begin === undefined).length;
  }

  take(event: CommitEvent): void {
    this.#places.set(event, this.#places.size);
    switch (event.kind) {
      case 'scope':
        break;
      case 'begin':
        this.#transaction(event.transaction).begin ??= event;
        break;
      case 'force':
        this.#force(event);
        break;
      case 'vote':
        this.#vote(event);
        break;
      case 'tell':
        this.#tell(event);
        break;
      case 'learn':
        this.#branch(event).learnt = event;
        break;
      case 'decide':
        this.#decide(event);
        break;
      case 'ack':
        if (this.#branch(event).outcome === undefined)
          this.#break('AC4', 'an ack left before a record of the outcome was durable', event, [event]);
        break;
      case 'inquire':
        this.#inquire(event);
        break;
      case 'forget':
        this.#forget(event);
        break;
      case 'lock':
        if (!this.#inDoubt(this.#branch(event))) this.#newWork(event);
        this.#branch(event).locked = event;
        break;
      case 'unlock':
        this.#unlock(event);
        break;
      case 'crash':
        this.#crash(event);
        break;
      case 'restart':
        this.#crashes.get(event.node)?.push(event);
        break;
      default:
        event satisfies never;
    }
  }

  #force(event: Event<'force'>): void {
    const branch = this.#branch(event);
    if (event.record !== 'prepared') {
      this.#leaveDoubt(event, event.record);
      branch.outcome ??= event;
      return;
    }
    if (branch.prepared !== undefined) return;
    branch.prepared = event;
    if (branch.locked === undefined) this.#break('AC5', 'prepared without holding the locks', event, [event]);
    else branch.lock = branch.locked;
  }

  #vote(event: Event<'vote'>): void {
    const branch = this.#branch(event);
    if (event.vote === 'readonly') branch.readonly = event;
    if (event.vote === 'yes' && branch.prepared === undefined)
      this.#break('AC4', 'a yes left before the prepared record was durable', event, [event]);
    this.#newWork(event);
  }

  #tell(event: Event<'tell'>): void {
    this.#agree(event);
    const { begin } = this.#transaction(event.transaction);
    if (event.outcome !== 'committed' || begin?.coordinator !== event.node) return;
    if (this.#branch(event).outcome?.record !== 'committed')
      this.#break('AC4', 'the coordinator told of a commit before its record was durable', event, [
        begin,
        event,
      ]);
  }

  #decide(event: Event<'decide'>): void {
    this.#agree(event);
    this.#leaveDoubt(event, event.outcome);
    this.#branch(event).decided = event;
    if (event.outcome === 'committed') this.#allPrepared(event);
  }

  /** AC1 */
  #agree(event: Event<'decide' | 'tell'>): void {
    const transaction = this.#transaction(event.transaction);
    transaction.decision ??= event;
    if (event.outcome === 'committed') transaction.commit ??= event;
    if (transaction.decision.outcome !== event.outcome)
      this.#break('AC1', 'two decisions differ', event, [transaction.decision, event]);
  }

  /** AC2 */
  #allPrepared(event: Event<'decide'>): void {
    const { begin, branches } = this.#transaction(event.transaction);
    if (begin === undefined || begin.participants.length === 1) return;
    for (const node of begin.participants) {
      const branch = branches.get(node);
      if (branch?.prepared !== undefined || branch?.readonly !== undefined) continue;
      this.#break('AC2', `committed, though node ${node} had no durable prepared record`, event, [
        begin,
        event,
      ]);
    }
  }

  /** AC3: called where a node decides or records an outcome. */
  #leaveDoubt(event: Event<'decide' | 'force'>, outcome: CommitOutcome): void {
    const branch = this.#branch(event);
    if (!this.#inDoubt(branch) || branch.learnt?.outcome === outcome) return;
    const why = 'who was in doubt decided without having learnt the outcome';
    this.#break('AC3', why, event, [
      branch.prepared!,
      ...this.#crashSince(branch.prepared!, event.node),
      event,
    ]);
  }

  #unlock(event: Event<'lock' | 'unlock'>): void {
    const branch = this.#branch(event);
    if (this.#inDoubt(branch))
      this.#break('AC5', 'the locks were let go in doubt', event, [...preparation(branch), event]);
    delete branch.locked;
  }

  /** AC5: after a restart the locks of what is in doubt come first. */
  #newWork(event: Event<'vote' | 'lock' | 'unlock'>): void {
    for (const branch of this.#toLock.get(event.node) ?? []) {
      if (!this.#inDoubt(branch) || branch.locked !== undefined) continue;
      const events = [...preparation(branch), ...this.#crashes.get(event.node)!, event];
      const why = 'new work began before the locks in doubt were held again';
      this.#break('AC5', why, branch.prepared!, events);
    }
    this.#toLock.delete(event.node);
  }

  /** AC6 */
  #forget(event: Event<'forget'>): void {
    const { begin, commit, branches } = this.#transaction(event.transaction);
    this.#branch(event).forgot = event;
    if (begin?.coordinator !== event.node || commit === undefined) return;
    for (const node of begin.participants) {
      const branch = branches.get(node);
      if (branch?.prepared === undefined || branch.outcome !== undefined) continue;
      const events = [begin, branch.prepared, commit, event];
      this.#break('AC6', `the commit was forgotten while node ${node} may still inquire`, event, events);
    }
  }

  /** AC6 too: who inquires has no record of the outcome, whatever it had before. */
  #inquire(event: Event<'inquire'>): void {
    const { begin, commit, branches } = this.#transaction(event.transaction);
    const forgot = begin === undefined ? undefined : branches.get(begin.coordinator)?.forgot;
    if (begin === undefined || commit === undefined || forgot === undefined) return;
    this.#break('AC6', 'a commit was forgotten, and then inquired about', event, [
      begin,
      commit,
      forgot,
      event,
    ]);
  }

  #crash(event: Event<'crash' | 'restart'>): void {
    const { node } = event;
    this.#crashes.set(node, [event]);
    const inDoubt: Branch[] = [];
    for (const { branches } of this.#transactions.values()) {
      const branch = branches.get(node);
      if (branch === undefined) continue;
      delete branch.decided;
      delete branch.learnt;
      delete branch.locked;
      if (this.#inDoubt(branch)) inDoubt.push(branch);
    }
    this.#toLock.set(node, inDoubt);
  }

  #crashSince(event: CommitEvent, node: NodeId): readonly CommitEvent[] {
    const place = this.#places.get(event)!;
    return this.#crashes.get(node)?.filter((crash) => this.#places.get(crash)! > place) ?? [];
  }

  #inDoubt({ prepared, outcome, decided }: Branch): boolean {
    return prepared !== undefined && outcome === undefined && decided === undefined;
  }

  #transaction(slot: Slot): Transaction {
    let transaction = this.#transactions.get(slot);
    if (transaction === undefined) {
      transaction = { branches: new Map() };
      this.#transactions.set(slot, transaction);
    }
    return transaction;
  }

  #branch({ transaction, node }: { readonly transaction: Slot; readonly node: NodeId }): Branch {
    const { branches } = this.#transaction(transaction);
    let branch = branches.get(node);
    if (branch === undefined) {
      branch = {};
      branches.set(node, branch);
    }
    return branch;
  }

  /** Keeps the first violation of a rule, with the events that show it. */
  #break(
    rule: CommitRule,
    why: string,
    at: { readonly transaction: Slot },
    events: readonly CommitEvent[],
  ): void {
    if (this.broken.has(rule)) return;
    const items = [...new Set(events)].sort((a, b) => this.#places.get(a)! - this.#places.get(b)!);
    const edges = items.slice(1).map((_, from) => ({ from, to: from + 1, reason: 'recorded' }) as const);
    this.why.set(rule, why);
    this.broken.set(rule, {
      kind: 'contradiction',
      pattern: rule,
      key: `${at.transaction}`,
      items,
      edges,
      unsure: [],
    });
  }
}

function preparation({ lock, prepared }: Branch): CommitEvent[] {
  return lock === undefined ? [prepared!] : [lock, prepared!];
}
