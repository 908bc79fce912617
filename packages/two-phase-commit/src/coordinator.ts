import type { Log, NodeId, Request, Slot, Vote as VoteKind } from '@quorate/interface';
import { Deadlines } from './deadlines.ts';
import { fail } from './fail.ts';
import type { Answer, Decision, Prepare, Vote } from './messages.ts';
import type { Participant } from './participant.ts';
import { backoff, COMMIT, COORDINATOR_LOG, type Coordinated, END, type Site } from './state.ts';
import { COUNTER_LIMIT, encodeBranch, incarnationOf, transactionNumber } from './transactions.ts';

/**
 * The coordinator of the transactions that clients bring to this node: INITIAL → WAIT → COMMITTED | ABORTED → END.
 * Presumed abort (Mohan, Lindsay & Obermarck 1986): it forces one record, COMMIT, and none for an abort, because
 * whoever asks about a transaction of which it has no record is told that it aborted.
 */
export class Coordinator {
  protected readonly site: Site;
  protected readonly log: Log;
  private readonly deadlines: Deadlines;
  private readonly participant: Participant;

  constructor(site: Site, participant: Participant) {
    this.site = site;
    this.log = site.ports.log(COORDINATOR_LOG);
    this.deadlines = new Deadlines(site.ports, 'coordinator');
    this.participant = participant;
  }

  /** Recovery: COMMIT without END means that somebody may still be in doubt, so the decision is sent again until all acked. */
  start(): void {
    this.openIncarnation();
    const { state, ports, knobs } = this.site;
    state.born = this.nextToGive();
    const unfinished: Slot[] = [];
    for (const slot of this.log.slots()) if (this.log.tagAt(slot) === COMMIT) unfinished.push(slot);
    unfinished.sort((a, b) => a - b);
    for (const slot of unfinished) {
      const yes = Array.from(this.log.entryAt(slot)!.command);
      const transaction: Coordinated = {
        phase: 'COMMITTED',
        participants: yes,
        yes,
        readonly: [],
        unacked: yes.slice(),
        resent: 0,
        deadline: this.deadlines.after(knobs.resendInterval),
      };
      state.coordinating.set(slot, transaction);
    }
    state.oldestActive = this.lowestActive();
    for (const [slot, transaction] of state.coordinating)
      ports.broadcast(transaction.unacked, this.decision(slot, 'committed'));
  }

  /** INITIAL → WAIT: a client's write becomes a transaction of this node. */
  begin(request: Request): void {
    const { id, members, ports, knobs, state } = this.site;
    const participants = request.participants.length === 0 ? members.voters : request.participants;
    if (!isSetOf(participants, members.voters)) {
      ports.refuse(request, 'unsupported', null);
      return;
    }
    if (state.coordinating.size >= knobs.maxActive) {
      ports.refuse(request, 'busy', null);
      return;
    }
    const slot = this.nextNumber();
    ports.assign(request, slot);
    const transaction: Coordinated = {
      phase: 'WAIT',
      participants,
      yes: [],
      readonly: [],
      unacked: [],
      resent: 0,
      deadline: this.deadlines.after(knobs.voteTimeout),
    };
    state.coordinating.set(slot, transaction);
    const prepare: Prepare = {
      type: 'Prepare',
      slot,
      oldestActive: state.oldestActive,
      command: encodeBranch(request.command, participants),
    };
    // A Prepare promises one thing, that its number is new. Once this incarnation is durable it need not wait for the disk.
    for (const to of participants) {
      if (to === id) continue;
      if (state.numbersDurable) ports.sendEarly(to, prepare);
      else ports.send(to, prepare);
    }
    if (participants.includes(id)) this.participant.onPrepare(id, prepare);
  }

  onVote(from: NodeId, message: Vote): void {
    const { state, id } = this.site;
    this.onAcks(from, message.acks);
    // The incarnation was forced before its first vote, and here our own vote has come back from the disk.
    if (from === id && !state.numbersDurable)
      state.numbersDurable = incarnationOf(message.slot) === state.incarnation;
    const transaction = state.coordinating.get(message.slot);
    // Unknown: aborted already, or of an earlier incarnation, whose numbers are never used again. The voter will inquire.
    if (transaction === undefined || transaction.phase !== 'WAIT') return;
    if (!transaction.participants.includes(from))
      fail(`node ${from} voted on ${message.slot}, in which it has no part`);
    this.count(from, message.slot, transaction, message.vote);
  }

  /** WAIT: one vote more; decides once the votes allow it. */
  protected count(from: NodeId, slot: Slot, transaction: Coordinated, vote: VoteKind): void {
    if (transaction.yes.includes(from) || transaction.readonly.includes(from)) return; // counted already
    if (vote === 'no') {
      this.abort(slot, transaction, from);
      return;
    }
    if (vote === 'yes') transaction.yes.push(from);
    else transaction.readonly.push(from);
    // AC2: commit only where every participant has voted, and every yes stands on a durable PREPARED record (AC4, at the voter).
    if (transaction.yes.length + transaction.readonly.length === transaction.participants.length)
      this.commit(slot, transaction);
  }

  /** WAIT → COMMITTED. The transaction is committed at the moment when this record is durable, and not before. */
  protected commit(slot: Slot, transaction: Coordinated): void {
    const { id, ports, knobs } = this.site;
    const voters = transaction.yes;
    if (voters.length === 0) {
      // All voted read-only: nothing changes anywhere, so there is nothing to remember either.
      this.finish(slot);
      ports.send(id, this.decision(slot, 'committed'));
      return;
    }
    this.log.put({ slot, epoch: 0, tag: COMMIT, command: Uint8Array.from(voters) }, true);
    transaction.phase = 'COMMITTED';
    transaction.unacked = voters.slice();
    transaction.deadline = this.deadlines.after(knobs.resendInterval);
    // AC4: `broadcast` and `send` hold the decision, to ourselves too, until the record above is durable.
    const decision = this.decision(slot, 'committed');
    ports.broadcast(voters, decision);
    if (!voters.includes(id)) ports.send(id, decision); // the client waits here
  }

  /**
   * WAIT → ABORTED. No record and no acks: from here on this node knows nothing of the transaction, and that is the answer.
   * Safe because it can commit only here, only in WAIT, and only in this incarnation.
   */
  protected abort(slot: Slot, transaction: Coordinated, refuser: NodeId | null): void {
    const { id, ports } = this.site;
    this.finish(slot);
    const decision = this.decision(slot, 'aborted');
    for (const to of transaction.participants)
      if (to !== id && to !== refuser && !transaction.readonly.includes(to)) ports.send(to, decision);
    this.participant.onDecision(id, decision); // rests on no disk; and the client waits here
  }

  /** COMMITTED → END for each transaction whose last ack this is. */
  onAcks(from: NodeId, slots: readonly Slot[]): void {
    for (const slot of slots) {
      const transaction = this.site.state.coordinating.get(slot);
      if (transaction === undefined) continue;
      if (transaction.phase !== 'COMMITTED') fail(`node ${from} acked ${slot}, which is undecided`);
      const at = transaction.unacked.indexOf(from);
      if (at >= 0) transaction.unacked.splice(at, 1);
      if (transaction.unacked.length === 0) this.end(slot);
    }
  }

  /** AC6: only now, as every yes voter's own COMMITTED record is durable and none will ever inquire, may COMMIT be forgotten. */
  protected end(slot: Slot): void {
    this.log.mark(slot, 0, END, false);
    this.log.end(slot);
    this.finish(slot);
  }

  onTimer(): void {
    const { coordinating } = this.site.state;
    for (const slot of this.deadlines.due(coordinating)) {
      const transaction = coordinating.get(slot)!;
      if (transaction.phase === 'WAIT') this.abort(slot, transaction, null);
      else this.resend(slot, transaction);
    }
  }

  /** Acks are missing: forever, with backoff. Giving up would leave a participant in doubt with nobody to ask. */
  private resend(slot: Slot, transaction: Coordinated): void {
    const { ports, knobs } = this.site;
    transaction.resent += 1;
    ports.broadcast(transaction.unacked, this.decision(slot, 'committed'));
    transaction.deadline = this.deadlines.after(backoff(knobs.resendInterval, transaction.resent));
  }

  /** A link came back: what the old session lost is not waited for. */
  onLinkUp(peer: NodeId): void {
    for (const [slot, transaction] of this.site.state.coordinating)
      if (transaction.phase === 'COMMITTED' && transaction.unacked.includes(peer))
        this.site.ports.send(peer, this.decision(slot, 'committed'));
  }

  /** What an in-doubt participant is told. `committed` may rest on a record that is not durable yet: `send` waits for it. */
  answer(slot: Slot): Answer {
    const transaction = this.site.state.coordinating.get(slot);
    if (transaction !== undefined) return transaction.phase === 'WAIT' ? 'undecided' : 'committed';
    if (slot >= this.nextToGive()) fail(`asked about ${slot}, a number this node has never given out`);
    // Presumed abort: no record means abort. A commit without record is acked by all, so nobody in doubt can be asking.
    return 'aborted';
  }

  /** Counts a start before any number is given out: a reused number would let old votes and decisions count for new work. */
  private openIncarnation(): void {
    const { state, ports } = this.site;
    state.incarnation += 1;
    state.counter = 0;
    state.numbersDurable = false;
    ports.save({ incarnation: state.incarnation, marks: state.marks.slice() });
  }

  private nextNumber(): Slot {
    const { state, id } = this.site;
    if (state.counter + 1 >= COUNTER_LIMIT) this.openIncarnation();
    state.counter += 1;
    const slot = transactionNumber(state.incarnation, state.counter, id);
    if (state.coordinating.size === 0) state.oldestActive = slot;
    return slot;
  }

  private nextToGive(): Slot {
    const { state, id } = this.site;
    return transactionNumber(state.incarnation, state.counter + 1, id);
  }

  /** Numbers only grow and recovery sorts, so the first key is the lowest. */
  private lowestActive(): Slot {
    for (const slot of this.site.state.coordinating.keys()) return slot;
    return this.nextToGive();
  }

  private finish(slot: Slot): void {
    const { state } = this.site;
    state.coordinating.delete(slot);
    if (slot === state.oldestActive) state.oldestActive = this.lowestActive();
  }

  private decision(slot: Slot, outcome: 'committed' | 'aborted'): Decision {
    return { type: 'Decision', slot, outcome, oldestActive: this.site.state.oldestActive };
  }
}

function isSetOf(some: readonly NodeId[], all: readonly NodeId[]): boolean {
  if (some === all) return true;
  return new Set(some).size === some.length && some.every((node) => all.includes(node));
}
