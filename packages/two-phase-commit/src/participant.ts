import type { Log, NodeId, Slot, Vote as VoteKind } from '@quorate/interface';
import { NO_BYTES } from '@quorate/interface';
import { Deadlines } from './deadlines.ts';
import { fail } from './fail.ts';
import type { Answer, Decision, Prepare } from './messages.ts';
import {
  ABORTED,
  COMMITTED,
  PARTICIPANT_LOG,
  type Participation,
  PREPARED,
  READONLY,
  type Site,
} from './state.ts';
import { commandOf, coordinatorOf } from './transactions.ts';

/** How many outcomes are gathered before those that nobody will ask for are forgotten together. */
const FORGET_BATCH = 64;

/**
 * A participant: INITIAL → WORKING → PREPARED (in doubt) → COMMITTED | ABORTED. Up to its vote it may abort by itself; once
 * PREPARED it is bound by its promise, whatever happens to it and to the others.
 */
export class Participant {
  protected readonly site: Site;
  protected readonly log: Log;
  readonly deadlines: Deadlines;
  /** Decided, by coordinator, and not yet known to be forgettable. */
  private readonly decided: Slot[][];
  private kept = 0;
  private forgetAt = FORGET_BATCH;

  constructor(site: Site) {
    this.site = site;
    this.log = site.ports.log(PARTICIPANT_LOG);
    this.deadlines = new Deadlines(site.ports, 'participant');
    this.decided = site.state.marks.map(() => []);
  }

  /**
   * Recovery, in the order in which the outcomes fell. PREPARED: in doubt, the locks are taken again before any new work (AC5).
   * COMMITTED: carried out again, which changes nothing where a checkpoint has it (client sessions see to that). ABORTED: nothing
   * was done, nothing to undo.
   */
  start(): void {
    const { ports, knobs, state } = this.site;
    for (const slot of this.log.slots()) {
      const { tag, command: branch } = this.log.entryAt(slot)!;
      if (tag === PREPARED) {
        ports.hold(slot, commandOf(branch));
        state.participating.set(slot, this.participation('PREPARED', branch, knobs.inquireTimeout));
        state.inDoubt += 1;
        continue;
      }
      if (tag === COMMITTED) {
        ports.hold(slot, commandOf(branch)); // gives the resource the command again
        ports.decide(slot, 'committed');
      }
      this.keep(slot);
    }
  }

  /** Phase one. INITIAL → WORKING: asks the local resource, which answers through `onPrepared`. */
  onPrepare(from: NodeId, message: Prepare): void {
    const { slot, command: branch, oldestActive } = message;
    if (coordinatorOf(slot) !== from) fail(`node ${from} asks to prepare ${slot}, which is not its own`);
    const { ports, knobs, state } = this.site;
    this.hearMark(from, oldestActive);
    const known = state.participating.get(slot);
    if (known !== undefined) {
      if (known.phase === 'PREPARED') this.vote(slot, 'yes'); // once more, for the first may be lost
      return;
    }
    switch (this.log.tagAt(slot)) {
      case ABORTED:
        this.vote(slot, 'no'); // the tombstone: who once said no never says yes
        return;
      case READONLY:
        this.vote(slot, 'readonly');
        return;
      case COMMITTED:
        return; // a late copy
    }
    // Also a late copy: it is aborted, or was committed and forgotten here. A vote now would lock for a transaction that is over.
    if (slot < state.marks[from]!) return;
    // The coordinator gives up first: its abort costs no forced record.
    state.participating.set(slot, this.participation('WORKING', branch, 2 * knobs.voteTimeout));
    ports.prepare(slot, commandOf(branch));
  }

  /** The local resource's answer. WORKING → PREPARED | ABORTED | gone (read-only). */
  onPrepared(slot: Slot, vote: VoteKind): void {
    const transaction = this.site.state.participating.get(slot);
    if (transaction === undefined || transaction.phase !== 'WORKING') return; // aborted while the resource waited
    if (vote === 'yes') this.becomePrepared(slot, transaction);
    else if (vote === 'no') this.refuse(slot);
    else this.leaveReadonly(slot);
  }

  /** AC4: `send` keeps the vote back until the PREPARED record is durable; the promise must survive whoever made it. */
  protected becomePrepared(slot: Slot, transaction: Participation): void {
    const { ports, knobs, state } = this.site;
    this.log.put({ slot, epoch: 0, tag: PREPARED, command: transaction.branch }, true);
    transaction.phase = 'PREPARED';
    transaction.since = ports.now();
    state.inDoubt += 1;
    transaction.deadline = this.deadlines.after(knobs.inquireTimeout);
    this.vote(slot, 'yes');
  }

  /**
   * The resource said no, and holds nothing. The tombstone is lazy, as abort records are under presumed abort: should a crash take
   * it, a repeated Prepare may get a yes, but then either this no has aborted the transaction already or it never arrived. That
   * is also why nothing is decided here yet: the outcome is the coordinator's.
   */
  protected refuse(slot: Slot): void {
    this.log.put({ slot, epoch: 0, tag: ABORTED, command: NO_BYTES }, false);
    this.leave(slot);
    this.vote(slot, 'no');
  }

  /**
   * Nothing to commit here: out of phase two. Deviation: the record is forced. Without it a restarted reader would take itself for
   * one who has not voted, and tell a peer in doubt that it aborts (`answer`) what is perhaps committed.
   */
  protected leaveReadonly(slot: Slot): void {
    this.log.put({ slot, epoch: 0, tag: READONLY, command: NO_BYTES }, true);
    this.leave(slot);
    this.vote(slot, 'readonly');
  }

  /** Has not voted yes, so may abort by itself: but others will rely on it, so the tombstone is durable before anybody hears. */
  abortUnilaterally(slot: Slot): void {
    const { ports, id, state } = this.site;
    const waiting = state.participating.has(slot);
    this.log.put({ slot, epoch: 0, tag: ABORTED, command: NO_BYTES }, true);
    this.leave(slot);
    this.vote(slot, 'no');
    // The decision rests on this node's disk, so it comes back from there. As coordinator we get one anyway: for our no.
    if (waiting && coordinatorOf(slot) !== id)
      ports.send(id, { type: 'Decision', slot, outcome: 'aborted', oldestActive: 0 });
  }

  /** Phase two. */
  onDecision(from: NodeId, message: Decision): void {
    const { slot, outcome, oldestActive } = message;
    const coordinator = coordinatorOf(slot);
    if (from !== coordinator && from !== this.site.id)
      fail(`node ${from} decides ${slot}, which is not its own`);
    if (from === coordinator) this.hearMark(from, oldestActive);
    this.site.state.told = slot;
    if (outcome === 'committed') this.onCommit(from, slot);
    else this.onAbort(from, slot);
  }

  private onCommit(from: NodeId, slot: Slot): void {
    const { state, id, ports } = this.site;
    const transaction = state.participating.get(slot);
    if (transaction !== undefined) {
      if (transaction.phase !== 'PREPARED') fail(`commit of ${slot}, on which this node has not voted`);
      this.commit(slot);
      return;
    }
    const tag = this.log.tagAt(slot);
    if (tag === COMMITTED) {
      this.acknowledge(slot); // the first ack was lost
    } else if (from === id && slot >= state.born) {
      if (tag === ABORTED) fail(`commit of ${slot}, which this node refused`);
      ports.decide(slot, 'committed'); // nothing to commit here, but the client waits here
    } else if (slot < state.marks[coordinatorOf(slot)]!) {
      this.acknowledge(slot); // committed, acked and forgotten; the coordinator's crash took its END
    } else {
      fail(`commit of ${slot}, on which this node never voted yes`);
    }
  }

  /**
   * PREPARED → COMMITTED. Applied at once, before the record is durable: COMMIT is, at the coordinator, and stays there until our
   * ack. After a crash that takes this record we are in doubt again, hold the locks, and no reader sees anything older.
   */
  commit(slot: Slot): void {
    this.log.mark(slot, 0, COMMITTED, true);
    this.leave(slot);
    this.site.ports.decide(slot, 'committed');
    this.acknowledge(slot);
  }

  private onAbort(from: NodeId, slot: Slot): void {
    const { state, id, ports } = this.site;
    const transaction = state.participating.get(slot);
    if (transaction !== undefined) {
      this.abort(slot, transaction);
      return;
    }
    const tag = this.log.tagAt(slot);
    if (tag === COMMITTED) fail(`abort of ${slot}, which is committed here`);
    if (from === id) {
      ports.decide(slot, 'aborted'); // our own abort is durable now, or the client waits here
    } else if (tag < 0 && slot >= state.marks[coordinatorOf(slot)]!) {
      // It has overtaken its Prepare, which shall find a no.
      this.log.put({ slot, epoch: 0, tag: ABORTED, command: NO_BYTES }, false);
      this.keep(slot);
    }
  }

  /** WORKING | PREPARED → ABORTED. Lazy and without an ack: if a crash takes the record, we ask again and hear the same. */
  abort(slot: Slot, transaction: Participation): void {
    if (transaction.phase === 'PREPARED') this.log.mark(slot, 0, ABORTED, false);
    else this.log.put({ slot, epoch: 0, tag: ABORTED, command: NO_BYTES }, false);
    this.leave(slot);
    this.site.ports.decide(slot, 'aborted');
  }

  /** Cooperative termination: what a peer in doubt is told. */
  answer(slot: Slot): Answer {
    const { state } = this.site;
    if (state.participating.get(slot)?.phase === 'PREPARED') return 'undecided'; // in doubt like the one who asks
    switch (this.log.tagAt(slot)) {
      case COMMITTED:
        return 'committed';
      case READONLY:
        return 'undecided';
      case ABORTED:
        this.log.mark(slot, 0, ABORTED, true); // perhaps a lazy tombstone; somebody relies on it now
        return 'aborted';
    }
    // Below the mark and in doubt at the asker: had it committed, the asker's ack would be missing and the mark not be here.
    if (!state.participating.has(slot) && slot < state.marks[coordinatorOf(slot)]!) return 'aborted';
    // Outcomes at or above the mark are kept, so no record means no vote: we abort it, durably, and it is decided.
    this.abortUnilaterally(slot);
    return 'aborted';
  }

  /**
   * Forgets outcomes that nobody can ask for: those below their coordinator's mark. The marks are saved first, into the same
   * journal, so that where a record is gone the mark that says why is still there.
   */
  forget(): void {
    if (this.kept < this.forgetAt) return;
    const { state, ports } = this.site;
    ports.save({ incarnation: state.incarnation, marks: state.marks.slice() }, false);
    for (const [coordinator, slots] of this.decided.entries()) {
      const mark = state.marks[coordinator]!;
      const rest: Slot[] = [];
      for (const slot of slots) {
        if (slot < mark) this.log.end(slot);
        else rest.push(slot);
      }
      this.kept -= slots.length - rest.length;
      this.decided[coordinator] = rest;
    }
    this.forgetAt = this.kept + FORGET_BATCH;
  }

  /** Sends what was not acked within a vote. */
  flushAcks(): void {
    const { state, ports } = this.site;
    state.ackTimer = false;
    for (const [coordinator, slots] of state.acks.entries()) {
      if (slots.length === 0) continue;
      state.acks[coordinator] = [];
      ports.send(coordinator, { type: 'Ack', slots });
    }
  }

  /** Acks wait for the next vote to the same coordinator, or for the timer: nobody's answer depends on them. */
  private acknowledge(slot: Slot): void {
    const { state, ports, knobs } = this.site;
    state.acks[coordinatorOf(slot)]!.push(slot);
    if (state.ackTimer) return;
    state.ackTimer = true;
    ports.setTimer('ack', knobs.ackDelay);
  }

  protected vote(slot: Slot, vote: VoteKind): void {
    const { state, ports } = this.site;
    const coordinator = coordinatorOf(slot);
    let acks = NO_ACKS;
    if (state.acks[coordinator]!.length > 0) {
      acks = state.acks[coordinator]!;
      state.acks[coordinator] = [];
    }
    ports.send(coordinator, { type: 'Vote', slot, vote, acks });
  }

  private participation(phase: 'WORKING' | 'PREPARED', branch: Uint8Array, patience: number): Participation {
    const since = this.site.ports.now();
    return { phase, branch, since, deadline: this.deadlines.after(patience), inquiries: 0, overdue: false };
  }

  /** The transaction is over here, or has become a tombstone: the outcome stays in the log until `forget`. */
  private leave(slot: Slot): void {
    const { state, ports } = this.site;
    this.keep(slot);
    const transaction = state.participating.get(slot);
    if (transaction === undefined) return;
    state.participating.delete(slot);
    if (transaction.phase === 'PREPARED') state.inDoubt -= 1;
    if (!transaction.overdue) return;
    state.overdue -= 1;
    if (state.overdue === 0) ports.announce('ready', 0, null);
  }

  private keep(slot: Slot): void {
    this.decided[coordinatorOf(slot)]!.push(slot);
    this.kept += 1;
  }

  /** Marks arrive in any order and, after a coordinator's crash, may fall back: what is below one stays over. */
  private hearMark(coordinator: NodeId, oldestActive: Slot): void {
    const { marks } = this.site.state;
    if (oldestActive > marks[coordinator]!) marks[coordinator] = oldestActive;
  }
}

const NO_ACKS: Slot[] = [];
