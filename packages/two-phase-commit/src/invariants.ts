import type { Invariant, Monitor, NodeId, Outcome, ReplicaView, Slot } from '@quorate/interface';
import {
  COMMIT,
  COMMITTED,
  COORDINATOR_LOG,
  PARTICIPANT_LOG,
  PREPARED,
  READONLY,
  type TwoPhaseCommitState,
} from './state.ts';
import { coordinatorOf, participantsOf, transactionName } from './transactions.ts';

type View = ReplicaView<TwoPhaseCommitState>;
type Views = readonly (View | undefined)[];

/*
 * Nothing is done after an ordinary step: what can break a rule is a decision or a restart, or shows when somebody is in doubt for
 * long, and the monitors look there. What a crash took is invisible while a node is down, so durability is checked when it is back.
 */

/** The tag of `slot` in the participant's log; -1 where it has no record. */
function tagOf(view: View, slot: Slot): number {
  return view.log(PARTICIPANT_LOG).tagAt(slot);
}

/** Whether `view` was PREPARED for `slot`: its record has a branch, which a tombstone has not. */
function wasPrepared(view: View, slot: Slot): boolean {
  const log = view.log(PARTICIPANT_LOG);
  return log.view(slot) && log.viewEnd > log.viewStart;
}

/** The participants of `slot` as its record at `view` lists them; none where it keeps no branch. */
function branchParticipants(view: View, slot: Slot): NodeId[] {
  if (!wasPrepared(view, slot)) return [];
  const { viewBytes, viewStart, viewEnd } = view.log(PARTICIPANT_LOG);
  return participantsOf(viewBytes.subarray(viewStart, viewEnd));
}

/** Whether a missing record means that the outcome was forgotten, rather than that there never was one. */
function forgotten(view: View, slot: Slot): boolean {
  return slot < view.state.marks[coordinatorOf(slot)]!;
}

/** A decision carried out again by `start`, which was decided in an earlier life. */
function isReplay(view: View): boolean {
  return view.state.born === 0;
}

function preparedSlots(view: View): Slot[] {
  return [...view.log(PARTICIPANT_LOG).slots()].filter((slot) => tagOf(view, slot) === PREPARED);
}

/** AC1: over the whole history, also of nodes that have forgotten what they decided. */
class NoTwoDecisionsDiffer implements Monitor<TwoPhaseCommitState> {
  private readonly committed = new Map<Slot, boolean>();

  afterStep(): null {
    return null;
  }

  onDecide(id: NodeId, slot: Slot, outcome: Outcome): string | null {
    const known = this.committed.get(slot);
    if (known === undefined) this.committed.set(slot, outcome === 'committed');
    else if (known !== (outcome === 'committed'))
      return `node ${id} decides ${outcome} on ${transactionName(slot)}, another decided the opposite`;
    return null;
  }
}

/** AC2: looked up at every participant when the coordinator's node commits (or another one, where the coordinator takes no part). */
class CommitNeedsAllPrepared implements Monitor<TwoPhaseCommitState> {
  afterStep(): null {
    return null;
  }

  onDecide(id: NodeId, slot: Slot, outcome: Outcome, replicas: Views): string | null {
    if (outcome !== 'committed') return null;
    const coordinator = replicas[coordinatorOf(slot)];
    if (coordinator?.up && coordinator.id !== id && wasPrepared(coordinator, slot)) return null;
    for (const participant of branchParticipants(replicas[id]!, slot)) {
      const view = replicas[participant];
      if (view === undefined || !view.up) continue;
      const tag = tagOf(view, slot);
      if (tag === PREPARED || tag === COMMITTED || tag === READONLY) continue;
      if (tag < 0 && forgotten(view, slot)) continue;
      return `node ${id} commits ${transactionName(slot)}, but node ${participant} has no PREPARED record of it`;
    }
    return null;
  }
}

/** AC3: whoever decides what it had prepared was told the outcome just then. */
class PreparedLeftOnlyByDecision implements Monitor<TwoPhaseCommitState> {
  afterStep(): null {
    return null;
  }

  onDecide(id: NodeId, slot: Slot, outcome: Outcome, replicas: Views): string | null {
    const view = replicas[id]!;
    if (isReplay(view) || view.state.told === slot) return null;
    if (!wasPrepared(view, slot)) return null;
    return `node ${id} was in doubt about ${transactionName(slot)} and decides ${outcome} although nobody told it`;
  }
}

/** AC4: what a node has promised or told is still on its disk when it comes back. */
class NothingToldBeforeItsForce implements Monitor<TwoPhaseCommitState> {
  afterStep(): null {
    return null;
  }

  onRestart(id: NodeId, replicas: Views): string | null {
    return this.votesAndAcks(replicas[id]!, replicas) ?? this.decisions(replicas[id]!, replicas);
  }

  private votesAndAcks(view: View, replicas: Views): string | null {
    for (const coordinator of replicas) {
      if (coordinator === undefined || !coordinator.up) continue;
      for (const [slot, transaction] of coordinator.state.coordinating) {
        if (!transaction.yes.includes(view.id)) continue;
        const tag = tagOf(view, slot);
        if (tag < 0 && !forgotten(view, slot))
          return `node ${view.id} voted yes on ${transactionName(slot)}, and lost the PREPARED record`;
        const acked = transaction.phase === 'COMMITTED' && !transaction.unacked.includes(view.id);
        if (acked && tag === PREPARED)
          return `node ${view.id} acked ${transactionName(slot)}, and lost the COMMITTED record`;
      }
    }
    return null;
  }

  private decisions(view: View, replicas: Views): string | null {
    const log = view.log(COORDINATOR_LOG);
    for (const peer of replicas) {
      if (peer === undefined || !peer.up) continue;
      for (const slot of peer.state.participating.keys())
        if (
          coordinatorOf(slot) === view.id &&
          log.tagAt(slot) !== COMMIT &&
          committer(slot, replicas) !== null
        )
          return `node ${view.id} told of its commit of ${transactionName(slot)}, and lost the COMMIT record`;
    }
    return null;
  }
}

/** A node that is up and has committed `slot`; null where none has. */
function committer(slot: Slot, replicas: Views): NodeId | null {
  for (const view of replicas) if (view?.up && tagOf(view, slot) === COMMITTED) return view.id;
  return null;
}

/** AC5: what the log says is in doubt is in doubt, after a restart too, until its record says otherwise. */
class InDoubtIsHeld implements Monitor<TwoPhaseCommitState> {
  afterStep(): null {
    return null;
  }

  onDecide(id: NodeId, slot: Slot, outcome: Outcome, replicas: Views): string | null {
    return tagOf(replicas[id]!, slot) === PREPARED
      ? `node ${id} decides ${outcome} on ${transactionName(slot)} while its record says PREPARED`
      : null;
  }

  onRestart(id: NodeId, replicas: Views): string | null {
    const view = replicas[id]!;
    for (const slot of preparedSlots(view))
      if (view.state.participating.get(slot)?.phase !== 'PREPARED')
        return `node ${id} came back without the locks of ${transactionName(slot)}, about which it is in doubt`;
    return null;
  }
}

/** AC6: looked up for each participant that comes to be in doubt for too long, as it does too by a restart. */
class CommitIsKept implements Monitor<TwoPhaseCommitState> {
  private readonly overdue: number[] = [];

  afterStep(id: NodeId, replicas: Views): string | null {
    const view = replicas[id]!;
    if (!view.up || view.state.overdue === (this.overdue[id] ?? 0)) return null;
    this.overdue[id] = view.state.overdue;
    return this.inDoubt(view, replicas);
  }

  onRestart(id: NodeId, replicas: Views): string | null {
    return this.inDoubt(replicas[id]!, replicas);
  }

  private inDoubt(view: View, replicas: Views): string | null {
    for (const slot of view.state.participating.keys()) {
      const coordinator = replicas[coordinatorOf(slot)];
      if (coordinator === undefined || !coordinator.up || coordinator.state.coordinating.has(slot)) continue;
      const peer = committer(slot, replicas);
      if (peer !== null)
        return `node ${view.id} is in doubt about ${transactionName(slot)}, node ${peer} committed it, and the coordinator has forgotten`;
    }
    return null;
  }
}

/** The rules of atomic commitment, under the names that the workbench gives them in every protocol of this family. */
export const invariants: readonly Invariant<TwoPhaseCommitState>[] = [
  {
    name: 'AC1',
    source: 'no two decisions on a transaction differ (Bernstein, Hadzilacos & Goodman 1987, ch. 7)',
    monitor: () => new NoTwoDecisionsDiffer(),
  },
  {
    name: 'AC2',
    source: 'commit only where every participant that is not read-only has a durable PREPARED record (ibid.)',
    monitor: () => new CommitNeedsAllPrepared(),
  },
  {
    name: 'AC3',
    source: 'PREPARED is left only by a decision that was received or derived (Gray 1978)',
    monitor: () => new PreparedLeftOnlyByDecision(),
  },
  {
    name: 'AC4',
    source: 'no yes, decision or ack precedes its forced record (Mohan, Lindsay & Obermarck 1986)',
    monitor: () => new NothingToldBeforeItsForce(),
  },
  {
    name: 'AC5',
    source: 'whoever is in doubt holds its locks, across restarts (Gray 1978)',
    monitor: () => new InDoubtIsHeld(),
  },
  {
    name: 'AC6',
    source: 'the COMMIT record exists while any participant may inquire (Mohan, Lindsay & Obermarck 1986)',
    monitor: () => new CommitIsKept(),
  },
];
