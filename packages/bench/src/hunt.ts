import type { HuntedSeed } from './hunt-seed.ts';
import type { Job } from './jobs.ts';
import { runJobs } from './pool.ts';
import type { ProtocolSource } from './protocols.ts';
import { addSeed, type FailureGroup, type HuntTally } from './tally.ts';

export interface HuntOptions {
  readonly protocols: readonly ProtocolSource[];
  /** The next seed for a protocol, asked for as long as threads are free; undefined where there is none any more. */
  readonly next: (protocol: string) => number | undefined;
  /** What was found before, by protocol; what is found now is added. */
  readonly tallies: ReadonlyMap<string, HuntTally>;
  /** Virtual time under load and faults of each seed. Default one minute. */
  readonly milliseconds?: number | undefined;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Called as each seed ends, in whatever order they do, with the group that it failed with. */
  readonly onSeed?: (protocol: string, found: HuntedSeed, group: FailureGroup | null) => void;
}

/** Default virtual time of one seed. */
export const HUNT_MILLISECONDS = 60_000;

/**
 * Looks for seeds whose swarm configuration breaks a promise. Protocols take turns, so that an interrupted hunt has tried about as many
 * seeds on each.
 */
export async function hunt(options: HuntOptions): Promise<void> {
  const { protocols, next, tallies, milliseconds = HUNT_MILLISECONDS } = options;
  const byName = new Map(protocols.map(({ protocol }) => [protocol.name, protocol]));
  function* draw(): Generator<Job & { kind: 'hunt' }> {
    for (let drawn = true; drawn; ) {
      drawn = false;
      for (const protocol of byName.keys()) {
        const seed = next(protocol);
        if (seed === undefined) continue;
        drawn = true;
        yield { kind: 'hunt', protocol, seed, milliseconds };
      }
    }
  }
  await runJobs(draw(), {
    protocols,
    threads: options.threads,
    signal: options.signal,
    keep: false,
    onResult: ({ protocol }, found) => {
      const group = addSeed(tallies.get(protocol)!, found, byName.get(protocol)!);
      options.onSeed?.(protocol, found, group);
    },
  });
}
