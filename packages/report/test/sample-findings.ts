import type { Changes, Experiment, GuaranteeRow, Timeline } from '@quorate/bench/results';

/** What only simulations tell of a timeline: Raft has leaders, two-phase commit has transactions in doubt. */
export function insideOf(protocol: string, timeline: Timeline, down: number): Timeline {
  if (protocol === 'raft') {
    const leaders = [
      { node: 1, epoch: 1, from: 200, to: 3_150 },
      { node: 2, epoch: 2, from: 3_000 + down, to: 12_000 },
    ];
    return { ...timeline, leaders };
  }
  const inDoubt = timeline.oldestPendingMilliseconds.map((pending) => (pending > 10 ? 40 : 0));
  return { ...timeline, inDoubt };
}

/** What each side of a split was answered: a majority goes on, or everybody only reads. */
export function answersOf(protocol: string): Record<string, number> {
  const shares = (side: string, reads: number, writes: number, refused: number) => ({
    [`readsAnsweredShare:${side}`]: reads,
    [`readsRefusedShare:${side}`]: 0,
    [`writesAnsweredShare:${side}`]: writes,
    [`writesRefusedShare:${side}`]: refused,
    [`unavailableMilliseconds:${side}`]: writes > 0 ? 190 : 3_000,
  });
  return protocol === 'raft'
    ? { ...shares('majority', 0.98, 0.97, 0), ...shares('minority', 0, 0, 0) }
    : { ...shares('majority', 1, 0, 0.9), ...shares('minority', 1, 0, 0.9) };
}

const FAULTS = ['none', 'partition', 'crash', 'torn-writes'];
const CHECKS = ['invariants', 'agreement', 'linearizable', 'progress'];

/** Held, broken as promised, broken although promised, unknown, and not exercised: each once at least. */
export function guaranteeRows(protocol: string): GuaranteeRow[] {
  return FAULTS.flatMap((fault) =>
    CHECKS.map((check): GuaranteeRow => {
      const row = { reads: protocol === 'raft' ? 'read-index' : 'locked', fault, check };
      const shown = {
        seed: 7,
        detail: 'key "k3": a read returned what nobody had written',
        reproduce: `quorate simulate ${protocol} --nodes 5 --seed 7 --duration 20s --faults swarm:${fault}`,
      };
      if (fault === 'torn-writes') return { ...row, verdict: 'ok', runs: 0 };
      if (protocol === 'raft') return { ...row, verdict: 'ok', runs: 10 };
      if (fault === 'partition' && check === 'progress')
        return { ...row, verdict: 'expected', runs: 10, shown };
      if (fault === 'crash' && check === 'linearizable')
        return { ...row, verdict: 'violated', runs: 9, shown };
      if (fault === 'crash' && check === 'progress') return { ...row, verdict: 'unknown', runs: 9, shown };
      return { ...row, verdict: 'ok', runs: 10 };
    }),
  );
}

/** Each kind of change once. */
export function sampleChanges(experiments: readonly Experiment[]): Changes[] {
  const [first] = experiments;
  const row = {
    scenario: 'steady',
    protocol: first!.protocol,
    mode: 'sim',
    nodes: 5,
    clients: 0,
    better: 'lower',
    before: 1_000,
    after: 900,
    significant: true,
    identical: false,
    runs: 10,
  } as const;
  const ratio = (value: number) => ({ value, low: value * 0.98, high: value * 1.02 });
  return [
    {
      before: 0,
      after: 1,
      rows: [
        { ...row, metric: 'p50Microseconds', ratio: ratio(0.9) },
        { ...row, metric: 'p99Microseconds', after: 1_300, ratio: ratio(1.3) },
        {
          ...row,
          metric: 'operationsPerSecond',
          better: 'higher',
          after: 1_001,
          ratio: ratio(1),
          significant: false,
        },
        { ...row, metric: 'recoveryMilliseconds', after: 0, ratio: null, significant: false },
        {
          ...row,
          metric: 'firstDecisionMilliseconds',
          after: 1_000,
          ratio: ratio(1),
          significant: false,
          identical: true,
        },
        { ...row, metric: 'unavailableMilliseconds', ratio: ratio(0.5), significant: false, runs: 2 },
        { ...row, metric: 'refusedShare', better: null, before: 0.1, after: 0.2, ratio: ratio(2) },
      ],
      unpaired: [{ scenario: 'wan', protocol: first!.protocol, mode: 'sim', why: 'settings' }],
    },
  ];
}
