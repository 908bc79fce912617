import type { AnyProtocol, Mutant } from '@quorate/interface';
import { simulate, swarmOptions, withPorts } from '@quorate/simulator';

/** What became of one planted bug. */
export interface MutantResult {
  readonly protocol: string;
  readonly mutant: string;
  readonly about: string;
  /** Whether some check said no in time, while the protocol without the bug passed the same seed. */
  readonly killed: boolean;
  /** The check that did; null where none did. */
  readonly by: string | null;
  /** Seeds tried. */
  readonly seeds: number;
  readonly milliseconds: number;
}

/** Virtual time of each seed. */
const VIRTUAL_MILLISECONDS = 60_000;

/** Every protocol is attacked so too: a message leaves although what it promises is not on the disk. */
export function ackBeforeForce(protocol: AnyProtocol): Mutant {
  return {
    name: 'ack-before-force',
    about: 'the driver lets messages go before what they promise is durable',
    protocol: withPorts(protocol, (ports) => ({ send: (to, message) => ports.sendEarly(to, message) })),
  };
}

/**
 * Tries swarm seeds from 1 on until a check kills the mutant or the time is up. A check that the protocol without the bug fails on the
 * same seed has not killed it.
 * @param milliseconds of wall time
 */
export function killMutant(
  protocol: AnyProtocol,
  mutant: Mutant,
  milliseconds: number,
  signal?: AbortSignal | undefined,
): MutantResult {
  const began = performance.now();
  const spent = () => Math.round(performance.now() - began);
  const told = { protocol: protocol.name, mutant: mutant.name, about: mutant.about };
  let seed = 1;
  for (; spent() < milliseconds && signal?.aborted !== true; seed++) {
    const by = firstBroken(mutant.protocol, seed);
    if (by === undefined || firstBroken(protocol, seed) !== undefined) continue;
    return { ...told, killed: true, by, seeds: seed, milliseconds: spent() };
  }
  return { ...told, killed: false, by: null, seeds: seed - 1, milliseconds: spent() };
}

function firstBroken(protocol: AnyProtocol, seed: number): string | undefined {
  const { verdicts } = simulate(swarmOptions(protocol, seed, VIRTUAL_MILLISECONDS));
  return verdicts.find(({ verdict }) => verdict === 'violated')?.check;
}
