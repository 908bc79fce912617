import type { Peer } from '@quorate/bench';
import { type Flags, readChoice } from './flags.ts';
import { UsageError } from './io.ts';

/** Where the peers are: in the repository, but in no package that is installed, since they need Debian's own packages beside them. */
const MODULE = '@quorate/benchmarks/peers';

/**
 * The peers that `--peers` names, each once; none where it is not given.
 * @throws UsageError on an unknown name, or where there are no peers to have
 */
export async function findPeers(flags: Flags): Promise<readonly Peer[]> {
  const names = flags.list('peers');
  if (names === undefined) return [];
  const known = await knownPeers();
  const wanted = names.map((name) =>
    readChoice(
      '--peers',
      name,
      known.map((peer) => peer.name),
    ),
  );
  return known.filter(({ name }) => wanted.includes(name));
}

async function knownPeers(): Promise<readonly Peer[]> {
  try {
    import.meta.resolve(MODULE);
  } catch (error) {
    throw new UsageError(
      "--peers: the peers are not part of the installed command; needed: Quorate's repository, after npm install, with the command run in it",
      { cause: error },
    );
  }
  const { PEERS }: { readonly PEERS: readonly Peer[] } = await import(MODULE);
  return PEERS;
}
