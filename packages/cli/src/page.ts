import { fileURLToPath } from 'node:url';
import type { ProtocolSource } from '@quorate/bench';
import { type BundledPage, bundlePage, type PageProtocol } from '@quorate/report/bundle';
import { mutantsModuleOf, PROTOCOLS } from './protocols.ts';

/** Packages that bring lessons, by protocol; a protocol from a path brings none. */
const LESSONS: Readonly<Record<string, string>> = {
  'two-phase-commit': '@quorate/two-phase-commit/lessons',
  raft: '@quorate/raft/lessons',
};

/** The packages of the known protocols, so that the bundler finds them as the command itself does. */
const PACKAGES: Readonly<Record<string, string>> = {
  'two-phase-commit': '@quorate/two-phase-commit',
  raft: '@quorate/raft',
};

/** The page's script with these protocols inside. */
export function pageWith(protocols: readonly ProtocolSource[]): Promise<BundledPage> {
  return bundlePage({
    protocols: protocols.map(pageProtocol),
    folder: fileURLToPath(new URL('.', import.meta.url)),
  });
}

function pageProtocol(source: ProtocolSource): PageProtocol {
  const { protocol, exportName } = source;
  const known = PROTOCOLS.includes(source) ? PACKAGES[protocol.name] : undefined;
  const mutants = mutantsModuleOf(source);
  const planted = mutants === undefined ? {} : { mutants };
  if (known === undefined) return { module: fileURLToPath(source.module), exportName, ...planted };
  const lessons = LESSONS[protocol.name];
  return { module: known, exportName, ...planted, ...(lessons === undefined ? {} : { lessons }) };
}
