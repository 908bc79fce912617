import type { FaultClass, Guarantee, Knob, Observation, Protocol, Slot } from '@quorate/interface';
import { explain } from './explain.ts';
import { invariants } from './invariants.ts';
import type { TwoPhaseCommitMessage } from './messages.ts';
import { TwoPhaseCommit } from './replica.ts';
import type { Durable, TwoPhaseCommitState, TwoPhaseCommitTimer } from './state.ts';
import { transactionName } from './transactions.ts';

const NOWHERE: readonly FaultClass[] = [];

const knobs = {
  voteTimeout: {
    default: 300,
    unit: 'ms',
    draw: [30, 300, 2_000],
    about:
      'how long the coordinator waits for votes before it aborts; a participant waits twice as long for its locks',
  },
  inquireTimeout: {
    default: 150,
    unit: 'ms',
    draw: [10, 150, 600],
    about: 'how long a participant is in doubt before it asks; doubles up to eight times',
  },
  resendInterval: {
    default: 150,
    unit: 'ms',
    draw: [10, 150, 600],
    about: 'how long the coordinator waits for acks before it repeats a commit; doubles up to eight times',
  },
  ackDelay: {
    default: 20,
    unit: 'ms',
    draw: [1, 20, 200],
    about:
      'how long an ack waits for a vote to ride with; below resendInterval, or commits are repeated in vain',
  },
  maxActive: {
    default: 256,
    unit: 'count',
    draw: [1, 32, 256],
    about: 'transactions that one coordinator has open; above, clients are told it is busy',
  },
} satisfies Record<string, Knob>;

const guarantees: readonly Guarantee[] = [
  ...invariants.map(({ name, source }) => ({ check: name, exceptUnder: NOWHERE, source })),
  { check: 'invariants', exceptUnder: NOWHERE, source: 'all of the above, after every step' },
  { check: 'agreement', exceptUnder: NOWHERE, source: 'AC1: no two nodes decide differently' },
  {
    check: 'linearizable',
    exceptUnder: NOWHERE,
    source: 'strict two-phase locking on every replica; reads wait for transactions in doubt (README, Reads)',
  },
  { check: 'exactly-once', exceptUnder: NOWHERE, source: 'client sessions in the state machine' },
  {
    check: 'convergence',
    exceptUnder: NOWHERE,
    source: 'AC1 and two-phase locking: the same transactions, and those of one key in the same order',
  },
  { check: 'progress', exceptUnder: NOWHERE, source: 'owed only while all are up and connected: 2PC blocks' },
];

/** Two-phase commit with presumed abort; every node is coordinator for its clients and participant for all. */
export const twoPhaseCommit: Protocol<
  TwoPhaseCommitMessage,
  TwoPhaseCommitTimer,
  Durable,
  TwoPhaseCommitState
> = {
  name: 'two-phase-commit',
  title: 'Two-phase commit (presumed abort)',
  family: 'atomic-commit',
  source:
    'Gray, Notes on Data Base Operating Systems (1978); Mohan, Lindsay & Obermarck, Transaction Management in the R* Distributed ' +
    'Database Management System (TODS 1986); Bernstein, Hadzilacos & Goodman, Concurrency Control and Recovery (1987), ch. 7',
  assumes: { fifoLinks: false, synchrony: false, noPartitions: false },
  guarantees,
  progress: 'all',
  reads: 'locked',
  knobs,
  invariants,
  costs: (n) => ({
    messagesPerDecision: 3 * (n - 1),
    delaysPerDecision: 2,
    forcedWritesPerDecision: n + 1,
    forcedWritesInAll: 2 * n + 1,
    source:
      'Gray & Lamport, Consensus on Transaction Commit (2006), coordinator co-located: Prepare, Vote, Decision to n−1 each, acks ' +
      'excluded (they ride with votes); forced: n PREPARED and COMMIT to the answer, n COMMITTED after it',
  }),
  initial: { incarnation: 0, marks: [] },
  create: (context) => new TwoPhaseCommit(context),
  observe,
  explain,
  nameSlot: transactionName,
};

function observe(state: Readonly<TwoPhaseCommitState>): Observation {
  let waiting = 0;
  for (const one of state.coordinating.values()) if (one.phase === 'WAIT') waiting += 1;
  return {
    role: state.overdue > 0 ? 'in doubt' : 'ready',
    epoch: 0,
    leader: null,
    details: {
      incarnation: state.incarnation,
      'collecting votes': waiting,
      'collecting acks': state.coordinating.size - waiting,
      'waiting for locks': state.participating.size - state.inDoubt,
      'in doubt': state.inDoubt,
      'in doubt too long': state.overdue,
      ...transactions(state),
    },
  };
}

/** A reader follows single transactions only while there are few. */
const SHOWN_MAX = 4;

/** What this node is doing about each of its oldest transactions: as coordinator, as participant. */
function transactions(state: Readonly<TwoPhaseCommitState>): Record<string, string> {
  const shown: Record<string, string> = {};
  const add = (slot: Slot, what: string) => {
    const name = transactionName(slot);
    if (shown[name] !== undefined) shown[name] += `, ${what}`;
    else if (Object.keys(shown).length < SHOWN_MAX) shown[name] = what;
  };
  for (const [slot, { phase }] of state.coordinating) add(slot, phase);
  for (const [slot, { phase }] of state.participating) add(slot, phase);
  return shown;
}
