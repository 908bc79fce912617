import type { NodeId, Slot } from '@quorate/interface';
import type { Coordinator } from './coordinator.ts';
import type { Inquire, InquireReply } from './messages.ts';
import type { Participant } from './participant.ts';
import { backoff, type Participation, type Site } from './state.ts';
import { coordinatorOf, participantsOf } from './transactions.ts';

/**
 * Cooperative termination (Bernstein, Hadzilacos & Goodman 1987, ch. 7): what a participant does that waits too long.
 *
 * It blocks exactly when its coordinator is unreachable and every participant that it can reach is in doubt too (or voted
 * read-only, and so knows nothing): an unreachable one may have cast or received the deciding information. It asks on, forever.
 */
export class Termination {
  protected readonly site: Site;
  private readonly coordinator: Coordinator;
  private readonly participant: Participant;

  constructor(site: Site, coordinator: Coordinator, participant: Participant) {
    this.site = site;
    this.coordinator = coordinator;
    this.participant = participant;
  }

  /** Recovery: whoever is in doubt after a restart asks at once. */
  start(): void {
    const { state, ports } = this.site;
    if (state.inDoubt === 0) ports.announce('ready', 0, null);
    for (const [slot, transaction] of state.participating) this.inquire(slot, transaction);
  }

  onTimer(): void {
    const { participating } = this.site.state;
    for (const slot of this.participant.deadlines.due(participating)) {
      const transaction = participating.get(slot)!;
      if (transaction.phase === 'WORKING') this.participant.abortUnilaterally(slot);
      else this.onDoubtTooLong(slot, transaction);
    }
  }

  /** PREPARED for too long: asks, and never decides alone. After a yes both outcomes are possible, and others may have seen either. */
  protected onDoubtTooLong(slot: Slot, transaction: Participation): void {
    this.inquire(slot, transaction);
  }

  /** One round: the coordinator; from the second silent round on also all other participants that the PREPARED record lists. */
  private inquire(slot: Slot, transaction: Participation): void {
    const { ports, knobs, state } = this.site;
    if (!transaction.overdue) {
      transaction.overdue = true;
      state.overdue += 1;
      if (state.overdue === 1) ports.announce('in doubt', 0, null);
    }
    // Of its own transactions a node hears from its own coordinator, whom it need not ask while that has not forgotten.
    if (!state.coordinating.has(slot)) {
      transaction.inquiries += 1;
      const inquire: Inquire = { type: 'Inquire', slot };
      ports.send(coordinatorOf(slot), inquire);
      if (transaction.inquiries > 1) ports.broadcast(this.peersOf(slot, transaction), inquire);
    }
    ports.setTimer(
      'participant',
      backoff(knobs.inquireTimeout, Math.max(0, transaction.inquiries - 1)),
      slot,
    );
  }

  onInquire(from: NodeId, message: Inquire): void {
    const { slot } = message;
    const role = coordinatorOf(slot) === this.site.id ? this.coordinator : this.participant;
    const answer = role.answer(slot); // an answer may rest on a record written for it: `send` waits for that
    this.site.ports.send(from, { type: 'InquireReply', slot, answer });
  }

  onInquireReply(from: NodeId, message: InquireReply): void {
    const { slot, answer } = message;
    const transaction = this.site.state.participating.get(slot);
    // No longer in doubt: the answer is late. It may even be wrong, if it presumes an abort after all of us acked the commit.
    if (transaction === undefined || transaction.phase !== 'PREPARED') return;
    if (answer !== 'undecided') this.site.state.told = slot;
    if (answer === 'committed') this.participant.commit(slot);
    else if (answer === 'aborted') this.participant.abort(slot, transaction);
    // The coordinator is there and collects votes: no need to ask those who have not voted, which would make them abort.
    else if (from === coordinatorOf(slot)) transaction.inquiries = 0;
  }

  /** A link came back: asks at once what could not be asked, or whose answer was lost. */
  onLinkUp(peer: NodeId): void {
    for (const [slot, transaction] of this.site.state.participating) {
      if (transaction.phase !== 'PREPARED') continue;
      const ask =
        peer === coordinatorOf(slot) ||
        (transaction.inquiries > 1 && this.peersOf(slot, transaction).includes(peer));
      if (ask) this.site.ports.send(peer, { type: 'Inquire', slot });
    }
  }

  private peersOf(slot: Slot, transaction: Participation): NodeId[] {
    const coordinator = coordinatorOf(slot);
    return participantsOf(transaction.branch).filter((node) => node !== this.site.id && node !== coordinator);
  }
}
