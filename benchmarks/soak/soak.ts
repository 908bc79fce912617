import { checkLinearizability, keyValueModel } from '@quorate/checkers';
import {
  type LatencySummary,
  LoadProcess,
  LocalCluster,
  type ProtocolModule,
  runLoad,
} from '@quorate/cluster';
import { splitSeed } from '@quorate/simulator';
import { Faults, type SoakFault } from './faults.ts';
import { Ledger } from './ledger.ts';
import { type Growth, growthOf, read, type Watched } from './watch.ts';

export interface SoakOptions {
  readonly protocol: ProtocolModule;
  readonly nodes: number;
  readonly minutes: number;
  /** Operations offered per second. */
  readonly rate: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Told every second. */
  readonly onSecond: (progress: SoakProgress) => void;
}

export interface SoakProgress {
  readonly seconds: number;
  readonly faults: number;
  readonly checks: number;
  readonly processes: readonly Watched[];
}

export interface SoakResult {
  readonly minutes: number;
  readonly seed: number;
  readonly load: {
    readonly ok: number;
    readonly failed: number;
    readonly unknown: number;
    /** Arrivals that found too many under way. */
    readonly shed: number;
    readonly operationsPerSecond: number;
    readonly latency: LatencySummary;
  };
  readonly faults: readonly SoakFault[];
  /** Histories that were checked for linearizability, and those that failed, with why. */
  readonly checks: number;
  readonly violations: readonly string[];
  /** Writes that were remembered outside, and what became of those that are not there. */
  readonly acknowledged: number;
  readonly lost: readonly string[];
  /** Replicas that stopped by themselves. */
  readonly halted: readonly string[];
  readonly growth: readonly Growth[];
  readonly readings: readonly Watched[];
  readonly passed: boolean;
}

/** Nothing is kept of operations, so that the load's process can be watched as well; so many may be under way while nobody answers. */
const LOAD = { keys: 10_000, reads: 0.3, outstanding: 500 } as const;
/** Little room for young objects, so that the load's process has all its memory long before it is compared. */
const LOAD_YOUNG_MEBIBYTES = 4;
/** One short history after another, each on keys of its own, so that checking never falls behind. */
const CHECKED = { rate: 150, keys: 16, reads: 0.4, writes: 'mixed', milliseconds: 8_000 } as const;
const CHECK_STEPS = 5_000_000;

/** Keeps a cluster of real processes under load for a while, kills and pauses them, and says whether anything was lost, broken or leaked. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { protocol, nodes, minutes, rate, seed, signal } = options;
  const cluster = await LocalCluster.start({ protocol, nodes });
  try {
    await cluster.ready();
    const load = await LoadProcess.start(cluster.target(), LOAD_YOUNG_MEBIBYTES);
    const [random] = splitSeed(seed, 1);
    const began = performance.now();
    const work = load.run({ ...LOAD, rate, seed, milliseconds: minutes * 60_000 });
    const ledger = new Ledger(cluster.members);
    const faults = new Faults(cluster, random!);
    const checks = new Checks(cluster);
    const watch = new Watch(cluster, load.pid, began, faults, checks, options.onSecond);
    const result = await Promise.race([work, abortOf(signal)]);
    const seconds = watch.stop();
    if (result === null) throw new SoakAborted();
    await faults.stop();
    await checks.stop();
    const lost = await ledger.close();
    await load.stop();
    const growth = watch.processes.map((one) => growthOf(one, seconds));
    const halted = cluster.failures.map(({ id, reason }) => `node ${id}: ${reason}`);
    const { ok, failed, unknown, shed, operationsPerSecond, latency } = result;
    return {
      minutes,
      seed,
      load: { ok, failed, unknown, shed, operationsPerSecond, latency },
      faults: faults.past,
      checks: checks.done,
      violations: checks.violations,
      acknowledged: ledger.acknowledged,
      lost,
      halted,
      growth,
      readings: watch.processes,
      passed:
        [...lost, ...halted, ...checks.violations].length === 0 &&
        checks.done > 0 &&
        growth.every(({ verdict }) => verdict === null || verdict === 'steady'),
    };
  } finally {
    await cluster.stop();
  }
}

function abortOf(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null));
  });
}

/** The run was ended from outside. */
export class SoakAborted extends Error {
  override readonly name = 'SoakAborted';
}

/** Checked loads, one after another, until it is stopped. */
class Checks {
  done = 0;
  readonly violations: string[] = [];
  readonly #over: Promise<void>;
  #active = true;

  constructor(cluster: LocalCluster) {
    this.#over = this.#run(cluster);
  }

  stop(): Promise<void> {
    this.#active = false;
    return this.#over;
  }

  async #run({ members }: LocalCluster): Promise<void> {
    for (let n = 1; this.#active; n++) {
      const keyPrefix = `checked-${n}-`;
      const { history } = await runLoad({
        members,
        ...CHECKED,
        keyPrefix,
        seed: n,
        history: true,
        finalReads: true,
      });
      const { verdict, detail } = checkLinearizability(history!, keyValueModel(), { steps: CHECK_STEPS });
      if (verdict !== 'ok') this.violations.push(`history ${n}: ${verdict}: ${detail}`);
      this.done++;
    }
  }
}

/** Looks at every process once a second. */
class Watch {
  readonly processes: readonly Watched[];
  readonly #timer: NodeJS.Timeout;
  readonly #began: number;

  constructor(
    cluster: LocalCluster,
    loadPid: number,
    began: number,
    faults: Faults,
    checks: Checks,
    onSecond: SoakOptions['onSecond'],
  ) {
    const watched = (name: string): Watched => ({ name, restarts: 0, readings: [] });
    const nodes = cluster.ids.map((id) => ({ id, pid: cluster.pidOf(id), own: watched(`node ${id}`) }));
    const load = watched("the load's process");
    this.processes = [...nodes.map(({ own }) => own), load];
    this.#began = began;
    this.#timer = setInterval(() => {
      const seconds = this.#seconds();
      for (const node of nodes) {
        const pid = cluster.pidOf(node.id);
        if (pid !== undefined && pid !== node.pid) node.own.restarts++;
        node.pid = pid ?? node.pid;
        note(node.own, pid, seconds);
      }
      note(load, loadPid, seconds);
      onSecond({ seconds, faults: faults.past.length, checks: checks.done, processes: this.processes });
    }, 1000);
  }

  /** How long it has watched, seconds. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#seconds();
  }

  #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

function note(watched: Watched, pid: number | undefined, seconds: number): void {
  const reading = pid === undefined ? null : read(pid, seconds);
  if (reading !== null) watched.readings.push(reading);
}
