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
  /** The protocol's knobs that were drawn. */
  readonly knobs: Readonly<Record<string, number>>;
  /** What else was drawn. */
  readonly drawn: Readonly<Record<'nodes' | 'clients' | 'keys' | 'snapshotEvery', number>>;
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
  const { nodes, workload, snapshotEvery = 0, knobs = {} } = options;
  const found = {
    seed,
    nodes,
    traceHash,
    virtualSeconds,
    decided,
    operations,
    faults: options.faults.events.length,
    fired,
    knobs,
    drawn: { nodes, clients: workload.clients ?? 0, keys: workload.keys, snapshotEvery },
    remarks,
  };
  return worth ? { ...found, options: rest } : found;
}

/** Runs whose traces stand for how a protocol and the simulator behave. */
const SAMPLES = [1, 2, 3] as const;

/** Changes when the protocol or the simulator behaves otherwise than before, so that seeds are worth trying anew. */
export function fingerprintOf(protocol: AnyProtocol): string {
  return SAMPLES.map((seed) => simulate(swarmOptions(protocol, seed, 2000)).traceHash).join('-');
}
