import type {
  CheckVerdict,
  Comparison,
  Estimate,
  Experiment,
  PeerCard,
  ProtocolCard,
  Results,
  SteadyPoint,
  Timeline,
} from '@quorate/bench/results';
import { answersOf, guaranteeRows, insideOf } from './sample-findings.ts';

/** Results as a comparison would write them, made by rule: for tests of the page, not for anyone's judgement of protocols. */
export function sampleResults(): Results {
  return {
    version: 1,
    createdAt: '2026-11-23T06:16:00.000Z',
    quorateVersion: '0.1.0',
    command: 'quorate compare raft two-phase-commit --nodes 5 --seeds 10 --mode both',
    machine: {
      cpu: 'Example CPU at 2.4 GHz',
      cores: 2,
      memoryGiB: 7.7,
      os: 'Debian GNU/Linux 12',
      node: 'v20.20.0',
      syncMicroseconds: 171,
    },
    protocols: [RAFT, TWO_PHASE_COMMIT],
    experiments: [
      ...steady('sim'),
      ...steady('real'),
      ...costs(),
      ...crash('leader-crash'),
      ...crash('partition'),
      ...wan(),
      ...guarantees(),
    ],
    comparisons: comparisons(),
  };
}

/** Everything of `sampleResults` once, and little of it. */
export function smallResults(): Results {
  const results = sampleResults();
  const experiments = results.experiments.filter(
    ({ mode, nodes, scenario }) => mode === 'sim' && nodes === (scenario === 'cost' ? 7 : 5),
  );
  const short = <T>(list: readonly T[]) => list.slice(25, 45);
  return {
    ...results,
    experiments: experiments.map(({ curve, timeline, ...row }) => ({
      ...row,
      ...(curve && { curve: curve.slice(-2) }),
      ...(timeline && {
        timeline: {
          ...timeline,
          completed: short(timeline.completed),
          failed: short(timeline.failed),
          oldestPendingMilliseconds: short(timeline.oldestPendingMilliseconds),
          ...(timeline.inDoubt && { inDoubt: short(timeline.inDoubt) }),
        },
      }),
    })),
  };
}

/** The results of real runs at a steady load with three peers beside them. */
export function withPeers(results: Results): Results {
  const steady = results.experiments.filter(({ scenario, mode }) => scenario === 'steady' && mode === 'real');
  const [first] = steady;
  const beside = PEERS.map(({ card: { name, title }, times }): Experiment => {
    const metrics = { operationsPerSecond: estimate(31_000 / times), loadCpuShare: estimate(0.4) };
    const notes = [
      `${title} 1.0. With real processes: closed loops, every client with one operation after another.`,
    ];
    const { curve: _, ...row } = first!;
    return { ...row, protocol: name, metrics, notes, verdicts: [] };
  });
  const pairs = PEERS.flatMap(({ card: { name }, times }) =>
    steady.map(({ protocol: a }, i): Comparison => {
      const ratio = estimate(times / (1 + 0.62 * i));
      const { scenario, mode } = first!;
      return {
        scenario,
        mode,
        metric: 'operationsPerSecond',
        better: 'higher',
        a,
        b: name,
        ratio,
        significant: true,
      };
    }),
  );
  return {
    ...results,
    experiments: [...results.experiments, ...beside],
    comparisons: [...results.comparisons, ...pairs],
    peers: PEERS.map(({ card }) => card),
  };
}

/** How many times a peer's throughput Raft's is. */
const PEERS: readonly { readonly card: PeerCard; readonly times: number }[] = [
  { card: { name: 'floor', title: 'Floor program', limit: true }, times: 0.8 },
  { card: { name: 'zookeeper', title: 'ZooKeeper' }, times: 4 },
  {
    card: {
      name: 'postgresql',
      title: 'PostgreSQL (two-phase commit)',
      caveat:
        'PostgreSQL’s forced writes leave out the log of its coordinator, which is Quorate’s own and runs within the load’s process: its processor time counts as the load’s.',
    },
    times: 5,
  },
];

export const RAFT: ProtocolCard = {
  name: 'raft',
  title: 'Raft',
  family: 'replicated-log',
  source: 'Ongaro, Consensus: Bridging Theory and Practice, 2014',
  progress: 'majority',
  guarantees: [
    { check: 'invariants', exceptUnder: [], source: 'Figure 3.2' },
    { check: 'agreement', exceptUnder: [], source: '§3.6.3, State Machine Safety' },
    { check: 'linearizable', exceptUnder: [], source: '§6.3 and §6.4' },
    { check: 'progress', exceptUnder: ['partition', 'crash'], source: '§3.9: a majority must communicate' },
  ],
};

export const TWO_PHASE_COMMIT: ProtocolCard = {
  name: 'two-phase-commit',
  title: 'Two-phase commit',
  family: 'atomic-commit',
  source: 'https://www.microsoft.com/en-us/research/people/philbe/book/',
  progress: 'all',
  guarantees: [
    { check: 'invariants', exceptUnder: [], source: 'Mohan, Lindsay and Obermarck 1986, §3' },
    { check: 'AC1', exceptUnder: [], source: 'Bernstein, Hadzilacos and Goodman 1987, §7.3' },
    { check: 'AC2', exceptUnder: [], source: 'Bernstein, Hadzilacos and Goodman 1987, §7.3' },
    { check: 'linearizable', exceptUnder: [], source: 'reads wait for the locks of in-doubt transactions' },
    {
      check: 'progress',
      exceptUnder: ['partition', 'crash', 'pause'],
      source: 'Skeen 1981: no atomic commitment protocol without blocking survives a partition',
    },
  ],
};

const ALL = [RAFT.name, TWO_PHASE_COMMIT.name] as const;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

type Mode = Experiment['mode'];

/** An estimate with an interval of `spread` to either side; a little wider above. */
export function estimate(value: number, spread = 0.03): Estimate {
  return { value, low: value * (1 - spread), high: value * (1 + spread * 1.3) };
}

function experiment(scenario: string, protocol: string, mode: Mode, more: Partial<Experiment>): Experiment {
  const run = mode === 'sim' ? '--mode sim --seeds 10' : '--mode real';
  return {
    scenario,
    protocol,
    mode,
    nodes: 5,
    clients: 32,
    seeds: mode === 'sim' ? SEEDS : [1, 2, 3],
    metrics: {},
    verdicts: verdictsOf(protocol, scenario, mode),
    notes: [],
    reproduce: `quorate compare ${protocol} --scenario ${scenario} --nodes 5 ${run}`,
    method: `${mode === 'sim' ? 'Simulated on modelled links, disks and processors' : 'Five processes on loopback, journals on disk, one load process'}; the first 20 % of each run are left out.`,
    ...more,
  };
}

function verdictsOf(protocol: string, scenario: string, mode: Mode): CheckVerdict[] {
  const seeds = mode === 'sim' ? SEEDS : [1, 2, 3];
  const own = protocol === 'raft' ? ['agreement'] : ['AC1', 'AC2'];
  const checks = mode === 'sim' ? ['invariants', ...own, 'linearizable'] : ['linearizable'];
  const verdicts: CheckVerdict[] = checks.map((check) => ({ check, verdict: 'ok', detail: '', seeds }));
  if (scenario !== 'leader-crash' && scenario !== 'partition') return verdicts;
  const blocked = protocol !== 'raft';
  verdicts.push({
    check: 'progress',
    verdict: blocked ? 'expected' : 'ok',
    detail: blocked ? 'Nothing was decided from the fault until it was healed: 4 participants in doubt.' : '',
    seeds,
  });
  if (blocked && scenario === 'partition') {
    verdicts[verdicts.length - 2] = {
      check: 'linearizable',
      verdict: 'unknown',
      detail: 'Key k17: given up after 1,000,000 states; 41 operations were open at once.',
      seeds: [4],
    };
  }
  return verdicts;
}

function steady(mode: Mode): Experiment[] {
  return ALL.map((protocol, i) => {
    const capacity = (mode === 'sim' ? 46_000 : 31_000) / (1 + 0.62 * i);
    const floor = (mode === 'sim' ? 620 : 810) * (1 + 0.35 * i);
    const offered = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 24_000, 32_000, 48_000, 64_000];
    const curve = offered.map((rate) => point(rate, capacity, floor, mode === 'sim' ? 0.02 : 0.06));
    return experiment('steady', protocol, mode, {
      curve,
      metrics: {
        operationsPerSecond: estimate(capacity),
        p50Microseconds: estimate(floor * 1.2),
        p99Microseconds: estimate(floor * 3.1, 0.08),
      },
      notes: [
        i === 0
          ? 'Answers once a majority of 5 has the entry on disk; a slow or dead minority costs nothing.'
          : 'Every replica takes part in each write, so the slowest disk of 5 decides, and none may be away.',
      ],
    });
  });
}

function point(rate: number, capacity: number, floor: number, spread: number): SteadyPoint {
  const load = Math.min(rate / capacity, 0.985);
  const saturated = rate > capacity;
  const p50 = saturated ? floor * (40 + (rate / capacity) * 60) : floor * (1 + (0.35 * load) / (1 - load));
  const p99 = p50 * (saturated ? 2.4 : 2.6 + load);
  return {
    offeredPerSecond: rate,
    achievedPerSecond: estimate(Math.min(rate, capacity), saturated ? spread : 0.002),
    p50Microseconds: estimate(p50, spread),
    p99Microseconds: estimate(p99, spread * 3),
    ...(rate >= 2_000 ? { p999Microseconds: estimate(p99 * 1.8, spread * 4) } : {}),
    saturated,
  };
}

function costs(): Experiment[] {
  return [3, 5, 7].flatMap((nodes) =>
    ALL.map((protocol, i) => {
      const theory = {
        messagesPerDecision: (i === 0 ? 2 : 3) * (nodes - 1),
        delaysPerDecision: 2,
        forcedWritesPerDecision: i === 0 ? (nodes + 1) / 2 : nodes + 1,
        forcedWritesInAll: i === 0 ? nodes : 2 * nodes,
      };
      const odd = i === 1 && nodes === 7;
      return experiment('cost', protocol, 'sim', {
        nodes,
        clients: 1,
        seeds: [1],
        metrics: { ...theory, forcedWritesInAll: theory.forcedWritesInAll + (odd ? 1 : 0), expected: theory },
        reproduce: `quorate compare ${protocol} --scenario cost --nodes ${nodes} --mode sim --seeds 1`,
        method:
          'Simulated with no disk and no processor time and a fixed link delay; counted from the trace.',
      });
    }),
  );
}

function crash(scenario: string): Experiment[] {
  return (['sim', 'real'] as const).flatMap((mode) =>
    ALL.map((protocol, i) => {
      const down = i === 0 ? (mode === 'sim' ? 640 : 910) : 5_000;
      return experiment(scenario, protocol, mode, {
        timeline: inside(mode, protocol, timeline(scenario, down, i === 0 ? 410 : 260), down),
        metrics: {
          unavailableMilliseconds: estimate(down, 0.12),
          firstDecisionMilliseconds: estimate(down + 14, 0.12),
          failedOperations: estimate(down / 40, 0.2),
          ...(scenario === 'partition' && mode === 'sim' ? answersOf(protocol) : {}),
          ...(i === 1 ? { inDoubtMilliseconds: estimate(down - 90, 0.05) } : { inDoubtMilliseconds: null }),
        },
        notes: i === 1 ? ['Locks of in-doubt transactions are held until their coordinator is back.'] : [],
      });
    }),
  );
}

function inside(mode: Mode, protocol: string, found: Timeline, down: number): Timeline {
  return mode === 'sim' ? insideOf(protocol, found, down) : found;
}

function guarantees(): Experiment[] {
  return ALL.map((protocol) =>
    experiment('guarantees', protocol, 'sim', { clients: 0, guarantees: guaranteeRows(protocol) }),
  );
}

function timeline(scenario: string, downMilliseconds: number, rate: number): Timeline {
  const bucketMilliseconds = 100;
  const fault = 3_000;
  const healed = 8_000;
  const completed: number[] = [];
  const failed: number[] = [];
  const oldestPendingMilliseconds: number[] = [];
  for (let i = 0; i < 120; i++) {
    const now = i * bucketMilliseconds;
    const away = now >= fault && now < fault + downMilliseconds;
    const catching = !away && now >= fault && now < fault + downMilliseconds + 500;
    const ripple = Math.round(Math.sin(i * 1.7) * rate * 0.05);
    completed.push(away ? 0 : rate + ripple + (catching ? Math.round(rate * 0.6) : 0));
    failed.push(away ? Math.round(rate * 0.18) : 0);
    oldestPendingMilliseconds.push(away ? Math.min(2_000, now - fault + 50) : 3);
  }
  const back = fault + downMilliseconds;
  const role = { atMilliseconds: back, label: 'replica 2 leads in term 2', kind: 'role' as const };
  const events: Timeline['events'] = [
    {
      atMilliseconds: fault,
      label: scenario === 'partition' ? 'replicas 1, 2 cut from 3, 4, 5' : 'replica 1 crashed',
      kind: 'fault',
    },
    ...(downMilliseconds < 2_000 ? [role] : []),
    {
      atMilliseconds: healed,
      label: scenario === 'partition' ? 'links restored' : 'replica 1 restarted',
      kind: 'heal',
    },
  ];
  return { bucketMilliseconds, completed, failed, oldestPendingMilliseconds, events };
}

/** Round trips in milliseconds to the third nearest of five regions, itself included, and to the farthest. */
const REGIONS: Readonly<Record<string, readonly [majority: number, all: number]>> = {
  'us-east-1': [72.5, 198],
  'us-west-2': [100.9, 138.5],
  'eu-west-1': [127.3, 253.7],
  'ap-northeast-1': [104.1, 204.4],
  'ap-southeast-2': [138.5, 253.7],
};

function wan(): Experiment[] {
  return ALL.map((protocol, i) => {
    const metrics: Record<string, number | Estimate> = {};
    for (const [region, bounds] of Object.entries(REGIONS)) {
      metrics[`p50Microseconds:${region}`] = estimate(bounds[i]! * 1_000 * 1.03, 0.02);
      metrics[`p99Microseconds:${region}`] = estimate(bounds[i]! * 1_000 * 1.21, 0.05);
      metrics[`expectedP50Microseconds:${region}`] = bounds[i]! * 1_000;
    }
    return experiment('wan', protocol, 'sim', {
      metrics,
      clients: 5,
      notes: [i === 0 ? 'The leader is where its client is.' : 'To all five regions, to the decision.'],
    });
  });
}

function comparisons(): Comparison[] {
  const pair = { a: ALL[0], b: ALL[1] };
  const row = (
    scenario: string,
    mode: Mode,
    metric: string,
    better: Comparison['better'],
    ratio: Estimate,
  ) => ({
    ...pair,
    scenario,
    mode,
    metric,
    better,
    ratio,
    significant: ratio.low > 1 || ratio.high < 1,
  });
  return [
    row('steady', 'sim', 'operationsPerSecond', 'higher', { value: 1.62, low: 1.58, high: 1.65 }),
    row('steady', 'sim', 'p50Microseconds', 'lower', { value: 0.74, low: 0.72, high: 0.77 }),
    row('steady', 'sim', 'p99Microseconds', 'lower', { value: 0.81, low: 0.69, high: 0.94 }),
    row('steady', 'real', 'operationsPerSecond', 'higher', { value: 1.55, low: 1.31, high: 1.77 }),
    row('steady', 'real', 'p50Microseconds', 'lower', { value: 0.79, low: 0.68, high: 0.91 }),
    row('steady', 'real', 'p99Microseconds', 'lower', { value: 0.93, low: 0.71, high: 1.18 }),
    row('leader-crash', 'sim', 'unavailableMilliseconds', 'lower', { value: 0.128, low: 0.11, high: 0.15 }),
    row('leader-crash', 'real', 'unavailableMilliseconds', 'lower', { value: 0.182, low: 0.14, high: 0.23 }),
    row('partition', 'sim', 'unavailableMilliseconds', 'lower', { value: 0.128, low: 0.11, high: 0.15 }),
    row('wan', 'sim', 'p50Microseconds:us-east-1', 'lower', { value: 0.366, low: 0.36, high: 0.372 }),
    row('wan', 'sim', 'p50Microseconds:ap-southeast-2', 'lower', { value: 0.546, low: 0.54, high: 0.552 }),
  ];
}
