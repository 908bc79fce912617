import {
  type CommitEvent,
  checkAtomicCommitment,
  checkCausal,
  checkConvergence,
  checkLinearizability,
  checkSequential,
  checkSessionGuarantees,
  type Model,
  type Operation,
  SESSION_GUARANTEES,
  type SessionGuarantee,
  type Value,
  type Verdict,
  type Witness,
} from '@quorate/checkers';

/** Bounds of a check that do not depend on the machine, unless `expired` does. */
export interface Bounds {
  readonly steps?: number;
  readonly expired?: () => boolean;
}

/** What a check says of one file. */
export interface Judged {
  readonly verdict: Verdict['verdict'];
  readonly detail: string;
  readonly witness?: Witness<unknown> | Rules;
}

/** Several rules judged at once: the verdict is the worst of theirs. */
export interface Rules {
  readonly kind: 'rules';
  readonly rules: readonly Verdict[];
}

/** A promise about what clients see, judged from a history of operations. */
interface HistoryConsistency {
  readonly about: string;
  judge(history: readonly Operation[], model: Model<Value>, bounds: Bounds): Judged;
}

export const CONSISTENCIES: Readonly<Record<string, HistoryConsistency>> = {
  linearizable: {
    about: 'each key has an order in real time that explains every answer',
    judge: (history, model, bounds) => checkLinearizability(history, model, bounds),
  },
  sequential: {
    about: 'one order of all keys, in which each process keeps its own, explains every read',
    judge: (history, { initial }, bounds) => checkSequential(history, { ...bounds, initial }),
  },
  causal: {
    about: 'no read misses what it should know of, through its own process or what others read',
    judge: (history, { initial }) => checkCausal(history, { initial }),
  },
  'read-your-writes': session('read-your-writes', 'nobody reads something older than what it wrote itself'),
  'monotonic-reads': session('monotonic-reads', 'nobody reads something older than what it has read'),
  'monotonic-writes': session('monotonic-writes', "a process's writes are seen in its order"),
  'writes-follow-reads': session(
    'writes-follow-reads',
    'a write is seen after what its process had read before it',
  ),
  sessions: {
    about: `all four of ${SESSION_GUARANTEES.join(', ')}`,
    judge: (history, { initial }) => all(checkSessionGuarantees(history, { initial })),
  },
  convergence: {
    about: 'in the end all processes read the same, which somebody wrote',
    judge: (history, { initial }) => checkConvergence(history, { initial }),
  },
};

/** The one consistency that is judged from a record of events instead. */
export const ATOMIC_COMMITMENT = 'atomic-commitment';

export function judgeCommitment(record: readonly CommitEvent[]): Judged {
  return all(checkAtomicCommitment(record));
}

function session(check: SessionGuarantee, about: string): HistoryConsistency {
  return {
    about,
    judge: (history, { initial }) =>
      checkSessionGuarantees(history, { initial }).find((verdict) => verdict.check === check)!,
  };
}

function all(rules: readonly Verdict[]): Judged {
  const worst = (['violated', 'unknown'] as const).find((bad) =>
    rules.some(({ verdict }) => verdict === bad),
  );
  const told = rules.filter(({ verdict }) => verdict === worst);
  const detail = told.map((rule) => `${rule.check}: ${rule.detail}`).join('\n');
  return { verdict: worst ?? 'ok', detail, witness: { kind: 'rules', rules } };
}
