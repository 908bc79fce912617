import type { AnyProtocol, FaultClass } from '@quorate/interface';
import { type SimulationOptions, simulate, swarmOptions } from '@quorate/simulator';
import type { RunVerdict } from './scenario.ts';

/** What a hunt keeps of one seed. */
export interface HuntedSeed {
  readonly seed: number;
  readonly nodes: number;
  readonly traceHash: string;
  readonly virtualSeconds: number;
  readonly decided: number;
  readonly operations: { readonly ok: number; readonly failed: number; readonly unknown: number };
  /** Faults in the plan. */
  readonly faults: number;
  readonly fired: Readonly<Partial<Record<FaultClass, number>>>;
  /** Verdicts other than `ok`. */
  readonly remarks: readonly RunVerdict[];
  /** All of the configuration but the protocol itself, where a promise was broken or the verdict is unknown. */
  readonly options?: Omit<SimulationOptions, 'protocol' | 'machine'>;
}

/** Runs the configuration that the swarm draws for one seed. */
export function huntSeed(protocol: AnyProtocol, seed: number, milliseconds: number): HuntedSeed {
  const options = swarmOptions(protocol, seed, milliseconds);
  const { traceHash, virtualSeconds, decided, operations, fired, verdicts } = simulate(options);
  const remarks = verdicts.filter(({ verdict }) => verdict !== 'ok');
  const { protocol: _, ...rest } = options;
  const worth = remarks.some(({ verdict }) => verdict !== 'expected');
  const faults = options.faults.events.length;
  const found = {
    seed,
    nodes: options.nodes,
    traceHash,
    virtualSeconds,
    decided,
    operations,
    faults,
    fired,
    remarks,
  };
  return worth ? { ...found, options: rest } : found;
}
