import type { Mutant } from '@quorate/interface';
import type { Job } from './jobs.ts';
import { driverMutants } from './planted.ts';
import { runJobs } from './pool.ts';
import { type ProtocolSource, sourceName } from './protocols.ts';

/** What became of one planted bug. */
export interface MutantResult {
  readonly protocol: string;
  readonly mutant: string;
  readonly about: string;
  /** Whether some check said no in time, while the protocol without the bug passed every seed that was tried. */
  readonly killed: boolean;
  /** The check that did; null where none did. */
  readonly by: string | null;
  /** Seeds tried, from 1 on. */
  readonly seeds: number;
  /** Wall time until the bug was found. */
  readonly milliseconds: number;
}

/** A check that said no to the protocol without a bug: then nothing that it says of mutants counts. */
export interface SoundFailure {
  readonly protocol: string;
  readonly seed: number;
  readonly check: string;
}

/** A planted bug, and where a worker thread finds it. */
export interface MutantSource {
  readonly mutant: Mutant;
  readonly source: ProtocolSource;
}

/** The driver's bugs under a protocol. */
export function driverMutantsOf(source: ProtocolSource): readonly MutantSource[] {
  return driverMutants(source.protocol).map((mutant) => ({
    mutant,
    source: {
      protocol: mutant.protocol,
      exportName: source.exportName,
      mutant: mutant.name,
      get module() {
        return source.module;
      },
    },
  }));
}

export interface MutantOptions {
  /** Wall time for each mutant. */
  readonly milliseconds: number;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Called before each mutant, and before the protocol without a bug is tried on the same seeds (then without one). */
  readonly onBegin?: (mutant: Mutant | undefined, index: number) => void;
}

/**
 * Tries swarm seeds from 1 on with each mutant, until a check says no or its time is up, and then the protocol without a bug on all the
 * seeds that some mutant needed: the work is shared. `seeds` and `by` don't depend on the number of threads.
 */
export async function killMutants(
  sound: ProtocolSource,
  mutants: readonly MutantSource[],
  options: MutantOptions,
): Promise<{ readonly results: readonly MutantResult[]; readonly failures: readonly SoundFailure[] }> {
  const results: MutantResult[] = [];
  for (const [index, { mutant, source }] of mutants.entries()) {
    if (options.signal?.aborted === true) break;
    options.onBegin?.(mutant, index);
    const began = performance.now();
    const { seeds, by } = await firstKill(source, options);
    const milliseconds = Math.round(performance.now() - began);
    const { name, about } = mutant;
    results.push({
      protocol: sound.protocol.name,
      mutant: name,
      about,
      killed: by !== null,
      by,
      seeds,
      milliseconds,
    });
  }
  options.onBegin?.(undefined, mutants.length);
  const failures = await failuresOf(sound, Math.max(0, ...results.map(({ seeds }) => seeds)), options);
  const first = Math.min(...failures.map(({ seed }) => seed));
  return {
    results: results.map((one) => (one.seeds < first ? one : { ...one, killed: false, by: null })),
    failures,
  };
}

/** The lowest seed on which a check says no, and which one; or all seeds that there was time for. */
async function firstKill(source: ProtocolSource, { milliseconds, threads, signal }: MutantOptions) {
  const until = performance.now() + milliseconds;
  const kills = new Map<number, string>();
  let tried = 0;
  function* seeds(): Generator<MutantJob> {
    while (kills.size === 0 && performance.now() < until) yield jobOf(source, ++tried);
  }
  await runJobs(seeds(), {
    protocols: [source],
    threads,
    signal,
    onResult: ({ seed }, check) => {
      if (check !== null) kills.set(seed, check);
    },
  });
  const seed = Math.min(...kills.keys()); // all below it were tried too
  return kills.size === 0 ? { seeds: tried, by: null } : { seeds: seed, by: kills.get(seed)! };
}

async function failuresOf(sound: ProtocolSource, seeds: number, { threads, signal }: MutantOptions) {
  const failures: SoundFailure[] = [];
  await runJobs(
    Array.from({ length: seeds }, (_, i) => jobOf(sound, i + 1)),
    {
      protocols: [sound],
      threads,
      signal,
      onResult: ({ seed }, check) => {
        if (check !== null) failures.push({ protocol: sound.protocol.name, seed, check });
      },
    },
  );
  return failures.sort((a, b) => a.seed - b.seed);
}

type MutantJob = Job & { kind: 'mutant' };

function jobOf(source: ProtocolSource, seed: number): MutantJob {
  return { kind: 'mutant', protocol: sourceName(source), seed };
}
