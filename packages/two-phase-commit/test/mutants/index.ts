/**
 * Two-phase commit with planted bugs, each a small override, to see that the checks can say no. Exported as
 * `@quorate/two-phase-commit/mutants`.
 * @packageDocumentation
 */
import type { Context, Mutant, NodeId, Slot } from '@quorate/interface';
import {
  ABORTED,
  COMMIT,
  type Coordinated,
  Coordinator,
  coordinatorOf,
  type Durable,
  Participant,
  type Participation,
  PREPARED,
  ROLES,
  Termination,
  TwoPhaseCommit,
  type TwoPhaseCommitMessage,
  type TwoPhaseCommitTimer,
  twoPhaseCommit,
} from '@quorate/two-phase-commit';

type CommitContext = Context<TwoPhaseCommitMessage, TwoPhaseCommitTimer, Durable>;

/** Takes silence for an abort. */
class UnilateralAbort extends Termination {
  protected override onDoubtTooLong(slot: Slot): void {
    const { ports, state } = this.site;
    ports.log('participant').mark(slot, 0, ABORTED, false);
    state.participating.delete(slot);
    state.inDoubt -= 1;
    ports.decide(slot, 'aborted');
  }
}

/** Votes without waiting for the disk. */
class YesNotLogged extends Participant {
  protected override becomePrepared(slot: Slot, transaction: Participation): void {
    const { ports, state } = this.site;
    this.log.put({ slot, epoch: 0, tag: PREPARED, command: transaction.branch }, false);
    transaction.phase = 'PREPARED';
    state.inDoubt += 1;
    ports.sendEarly(coordinatorOf(slot), { type: 'Vote', slot, vote: 'yes', acks: [] });
  }
}

/** Tells of a commit that its disk may lose. */
class DecisionBeforeLog extends Coordinator {
  protected override commit(slot: Slot, transaction: Coordinated): void {
    const voters = Uint8Array.from(transaction.yes);
    this.log.put({ slot, epoch: 0, tag: COMMIT, command: voters }, false);
    transaction.phase = 'COMMITTED';
    transaction.unacked = transaction.yes.slice();
    for (const to of transaction.yes)
      this.site.ports.sendEarly(to, { type: 'Decision', slot, outcome: 'committed', oldestActive: 0 });
  }
}

/** Forgets a commit with the first ack, and so presumes an abort for whoever asks later. */
class CommitForgottenEarly extends Coordinator {
  override onAcks(from: NodeId, slots: readonly Slot[]): void {
    for (const slot of slots) {
      const transaction = this.site.state.coordinating.get(slot);
      if (transaction?.phase === 'COMMITTED') transaction.unacked = [from];
    }
    super.onAcks(from, slots);
  }
}

const withRoles = (roles: Partial<typeof ROLES>) => ({
  ...twoPhaseCommit,
  create: (context: CommitContext) => new TwoPhaseCommit(context, { ...ROLES, ...roles }),
});

/** The bugs that a whole cluster under swarm faults shows, as protocols. */
export const mutants: readonly Mutant[] = [
  {
    name: 'unilateral-abort-in-doubt',
    about: 'a participant in doubt aborts alone (AC3)',
    protocol: withRoles({ Termination: UnilateralAbort }),
  },
  {
    name: 'yes-not-logged',
    about: 'a yes leaves before its PREPARED record is durable (AC4)',
    protocol: withRoles({ Participant: YesNotLogged }),
  },
  {
    name: 'decision-sent-before-logged',
    about: 'a commit is told before it is durable at the coordinator (AC6)',
    protocol: withRoles({ Coordinator: DecisionBeforeLog }),
  },
  {
    name: 'commit-forgotten-early',
    about: 'a commit is forgotten with its first ack, and whoever asks later is told of an abort (AC6)',
    protocol: withRoles({ Coordinator: CommitForgottenEarly }),
  },
  {
    name: 'transaction-id-reused',
    about:
      'a coordinator that restarts begins to count its transactions anew (their numbers are never given twice)',
    protocol: {
      ...twoPhaseCommit,
      create: (context: CommitContext) => new TwoPhaseCommit({ ...context, durable: twoPhaseCommit.initial }),
    },
  },
];
