import type { FaultClass } from '@quorate/interface';
import type { HuntedSeed } from './hunt-seed.ts';
import type { Job } from './jobs.ts';
import { runJobs } from './pool.ts';
import type { ProtocolSource } from './protocols.ts';
import type { RunVerdict } from './scenario.ts';
import { VERDICTS, worstOf } from './verdicts.ts';

export interface HuntOptions {
  readonly protocols: readonly ProtocolSource[];
  /** Drawn from as long as threads are free, so they may end when a time is up. */
  readonly seeds: Iterable<number>;
  /** Virtual time under load and faults of each seed. Default one minute. */
  readonly milliseconds?: number | undefined;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Called as each seed ends. */
  readonly onSeed?: (protocol: string, found: HuntedSeed) => void;
}

/** What a hunt found of one protocol. */
export interface HuntReport {
  readonly protocol: string;
  /** Seeds that ran to their end. */
  readonly seeds: number;
  readonly virtualSeconds: number;
  readonly decided: number;
  readonly operations: { readonly ok: number; readonly failed: number; readonly unknown: number };
  /** Planned faults per seed, on average. */
  readonly faultsPerSeed: number;
  /** How often faults of each class took effect. */
  readonly fired: Readonly<Partial<Record<FaultClass, number>>>;
  /** Seeds by the worst verdict that they had. */
  readonly verdicts: Readonly<Record<RunVerdict['verdict'], number>>;
  /** Seeds with a broken promise, ascending. */
  readonly failures: readonly HuntedSeed[];
  /** Seeds with an unknown verdict and no broken promise, ascending. */
  readonly unknown: readonly HuntedSeed[];
}

/** Default virtual time of one seed. */
const MILLISECONDS = 60_000;

/**
 * Looks for seeds whose swarm configuration breaks a promise. Every protocol gets every seed; seeds come in turn, so that an interrupted
 * hunt has tried the same ones on each.
 */
export async function hunt(options: HuntOptions): Promise<HuntReport[]> {
  const { protocols, seeds, milliseconds = MILLISECONDS } = options;
  const jobs: (Job & { kind: 'hunt' })[] = [];
  function* draw() {
    for (const seed of seeds) {
      for (const { protocol } of protocols) {
        const job = { kind: 'hunt', protocol: protocol.name, seed, milliseconds } as const;
        jobs.push(job);
        yield job;
      }
    }
  }
  const found = await runJobs(draw(), {
    protocols,
    threads: options.threads,
    signal: options.signal,
    onResult: ({ protocol }, result) => options.onSeed?.(protocol, result),
  });
  return protocols.map(({ protocol }) => {
    const own = found.filter((one, i) => one !== undefined && jobs[i]!.protocol === protocol.name);
    return reportOf(protocol.name, own as HuntedSeed[]);
  });
}

function reportOf(protocol: string, found: readonly HuntedSeed[]): HuntReport {
  const sum = (of: (one: HuntedSeed) => number) => found.reduce((total, one) => total + of(one), 0);
  const fired: Partial<Record<FaultClass, number>> = {};
  for (const one of found) {
    for (const [name, count] of Object.entries(one.fired) as [FaultClass, number][]) {
      fired[name] = (fired[name] ?? 0) + count;
    }
  }
  const verdictOf = ({ remarks }: HuntedSeed) => worstOf(remarks.map(({ verdict }) => verdict));
  const withVerdict = (verdict: RunVerdict['verdict']) => found.filter((one) => verdictOf(one) === verdict);
  return {
    protocol,
    seeds: found.length,
    virtualSeconds: sum((one) => one.virtualSeconds),
    decided: sum((one) => one.decided),
    operations: {
      ok: sum((one) => one.operations.ok),
      failed: sum((one) => one.operations.failed),
      unknown: sum((one) => one.operations.unknown),
    },
    faultsPerSeed: found.length === 0 ? 0 : sum((one) => one.faults) / found.length,
    fired,
    verdicts: Object.fromEntries(
      VERDICTS.map((one) => [one, withVerdict(one).length]),
    ) as HuntReport['verdicts'],
    failures: withVerdict('violated'),
    unknown: withVerdict('unknown'),
  };
}
