import type { AnyProtocol } from '@quorate/interface';
import { type SimulationOptions, swarmOptions } from '@quorate/simulator';
import { type Shrunk, shrink } from './shrink.ts';

/** A `Shrunk` as plain data, without the protocol, so that a worker can post it. */
export interface ShrunkRun extends Omit<Shrunk, 'options'> {
  readonly options: Omit<SimulationOptions, 'protocol' | 'machine'>;
}

/** A word on progress comes after so many runs. */
const EVERY = 25;

/** Makes what failed with a swarm seed smaller. */
export function shrinkSeed(
  protocol: AnyProtocol,
  job: { readonly check: string; readonly seed: number; readonly milliseconds: number },
  report: (best: ShrunkRun) => void,
): ShrunkRun {
  const onTry = (best: Shrunk) => {
    if (best.tries % EVERY === 0) report(plain(best));
  };
  return plain(shrink(swarmOptions(protocol, job.seed, job.milliseconds), job.check, { onTry }));
}

function plain({ options, ...rest }: Shrunk): ShrunkRun {
  const { protocol: _, machine: __, ...data } = options;
  return { ...rest, options: data };
}
