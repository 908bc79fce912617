import type { AnyProtocol, Mutant } from '@quorate/interface';
import { driverMutants } from './planted.ts';

/** A protocol, and where a worker thread finds it: a protocol holds functions, which cannot be posted. */
export interface ProtocolSource {
  readonly protocol: AnyProtocol;
  /** URL of an ES module. */
  readonly module: string;
  /** The name that the module exports it under. */
  readonly exportName: string;
  /** Not the protocol that is exported, but this mutant: of the list that is exported, or else of the driver under it. */
  readonly mutant?: string;
}

/** By what name jobs ask for a protocol. */
export function sourceName({
  protocol: { name },
  mutant,
}: Pick<ProtocolSource, 'mutant'> & { readonly protocol: Pick<AnyProtocol, 'name'> }): string {
  return mutant === undefined ? name : `${name} with ${mutant}`;
}

/** The protocol that a module exports under a name. @throws Error where it does not */
export async function loadProtocol({
  module,
  exportName,
  mutant,
}: Omit<ProtocolSource, 'protocol'>): Promise<AnyProtocol> {
  const exported: Record<string, unknown> = await import(module);
  const found = exported[exportName];
  if (typeof found !== 'object' || found === null)
    throw new Error(`${module} exports no protocol named ${exportName}`);
  if (mutant === undefined) return found as AnyProtocol;
  const mutants = Array.isArray(found) ? (found as Mutant[]) : driverMutants(found as AnyProtocol);
  const one = mutants.find(({ name }) => name === mutant);
  if (one === undefined) throw new Error(`${module} exports no mutant named ${mutant}`);
  return one.protocol;
}
