import type { AnyProtocol } from '@quorate/interface';

/** A protocol, and where a worker thread finds it: a protocol holds functions, which cannot be posted. */
export interface ProtocolSource {
  readonly protocol: AnyProtocol;
  /** URL of an ES module. */
  readonly module: string;
  /** The name that the module exports it under. */
  readonly exportName: string;
}

/** The protocol that a module exports under a name. @throws Error where it does not */
export async function loadProtocol({
  module,
  exportName,
}: Omit<ProtocolSource, 'protocol'>): Promise<AnyProtocol> {
  const exported: Record<string, unknown> = await import(module);
  const found = exported[exportName];
  if (typeof found !== 'object' || found === null)
    throw new Error(`${module} exports no protocol named ${exportName}`);
  return found as AnyProtocol;
}
