import type { Operation } from '@quorate/checkers';
import type { LoadResult } from '@quorate/cluster';
import type { ComparisonOptions } from './compare.ts';
import type { Peer } from './peers.ts';
import type { ProtocolSource } from './protocols.ts';
import { type MeasuredLoad, type RunningSystem, startCluster, startPeer } from './real-systems.ts';
import type { RunVerdict, Sample, Settings } from './scenario.ts';

/** Clients of the closed loops, unless `--clients` says otherwise. */
const CLIENTS = [1, 128];
export const WARM_UP_CLIENTS = 128;
/** The checked load that ends a protocol's turn. */
const CHECKED = { clients: 16, keys: 64, reads: 0.3, writes: 'mixed', milliseconds: 300 } as const;

/** How long loads last, and how often they come, milliseconds. */
export interface Pace {
  /** Rounds; in each, every system has every load once. */
  readonly rounds: number;
  /** A load that is not measured comes first, so that every process has met its work. Careful ones give a peer the time that it asks for. */
  readonly warmUp: number;
  /** Each load has a beginning that is left out. */
  readonly settling: number;
  readonly measured: number;
}

const SMOKE: Pace = { rounds: 1, warmUp: 500, settling: 50, measured: 250 };
/** For all protocols in a minute or so. */
const BRISK: Pace = { rounds: 6, warmUp: 500, settling: 50, measured: 250 };
/** For who asks for certain loads, or wants to stand beside other systems. */
const CAREFUL: Pace = { rounds: 6, warmUp: 3_000, settling: 300, measured: 2_000 };

/** Ten seeds in simulation go with six rounds on real machines; more seeds bring more. */
export function paceOf({ quick, seeds, clients }: Settings, peers: readonly Peer[]): Pace {
  if (quick) return SMOKE;
  const rounds = Math.max(1, Math.floor((6 * seeds) / 10));
  return { ...(peers.length > 0 || clients !== undefined ? CAREFUL : BRISK), rounds };
}

/** The loads of one system, or why there are none. */
export interface SteadyRow {
  readonly of: ProtocolSource | Peer;
  readonly clients: number;
  readonly samples: readonly Sample[];
  /** Why a peer has no numbers; empty where it has. */
  readonly missing: string;
  /** A peer's version; null for protocols. */
  readonly version: string | null;
}

interface Entrant {
  readonly of: ProtocolSource | Peer;
  readonly title: string;
  readonly version: string | null;
  system: RunningSystem | undefined;
  missing: string;
  readonly samples: Map<number, Sample[]>;
}

type Options = Pick<ComparisonOptions, 'protocols' | 'peers' | 'settings' | 'signal'> & {
  readonly nodes: number;
  /** Called before each piece of work. */
  readonly onStep: (what: string) => void;
  readonly judge: (source: ProtocolSource, history: readonly Operation[]) => RunVerdict;
};

/** Loads and starts that `onStep` will be told of. */
export function steadySteps({
  protocols,
  peers = [],
  settings,
}: Pick<Options, 'protocols' | 'peers' | 'settings'>): number {
  const loads = paceOf(settings, peers).rounds * (settings.clients ?? CLIENTS).length;
  return (protocols.length + peers.length) * (loads + 2); // warming up, and either a start or a check
}

/**
 * All systems at once on this machine, each idle while it is another's turn, so that whatever changes on the machine meanwhile changes
 * for all: in every round each system has every load, and the order turns round by one place with each round.
 */
export async function steadyRuns(options: Options): Promise<SteadyRow[]> {
  const { settings, signal } = options;
  const pace = paceOf(settings, options.peers ?? []);
  const entrants: Entrant[] = [];
  try {
    for (const source of options.protocols) entrants.push(await enterProtocol(source, options));
    for (const peer of options.peers ?? []) entrants.push(await enterPeer(peer, options));
    for (const { system, title, of } of entrants) {
      if (signal?.aborted) break;
      options.onStep(`${title}: warming up`);
      const wanted = 'warmUpMilliseconds' in of && !settings.quick ? of.warmUpMilliseconds : 0;
      const milliseconds = Math.max(pace.warmUp, wanted);
      await system?.load({ ...workOf(settings), clients: WARM_UP_CLIENTS, milliseconds });
    }
    for (let round = 1; round <= pace.rounds; round++) await playRound(round, pace, entrants, options);
    await checkProtocols(entrants, options);
  } finally {
    await Promise.all(entrants.map(({ system }) => system?.stop()));
  }
  const cells = settings.clients ?? CLIENTS;
  return cells.flatMap((clients) => entrants.flatMap((entrant) => rowOf(entrant, clients, cells)));
}

async function enterProtocol(source: ProtocolSource, { nodes }: Options): Promise<Entrant> {
  const system = await startCluster(source, nodes);
  return { of: source, title: source.protocol.title, version: null, system, missing: '', samples: new Map() };
}

async function enterPeer(peer: Peer, { nodes, settings, onStep }: Options): Promise<Entrant> {
  const { title } = peer;
  onStep(`${title}: starting`);
  const version = await peer.version();
  const entrant = { of: peer, title, version, system: undefined, samples: new Map() };
  if (version === null) return { ...entrant, missing: `not installed here; needed: ${peer.install}` };
  try {
    const system = await startPeer(peer, { nodes, keys: settings.keys, valueBytes: settings.valueBytes });
    return { ...entrant, system, missing: '' };
  } catch (error) {
    return { ...entrant, missing: `did not start: ${(error as Error).message}` };
  }
}

async function playRound(
  round: number,
  pace: Pace,
  entrants: readonly Entrant[],
  options: Options,
): Promise<void> {
  const { settings, signal, onStep } = options;
  for (const clients of settings.clients ?? CLIENTS) {
    for (let i = 0; i < entrants.length; i++) {
      const entrant = entrants[(i + round - 1) % entrants.length]!;
      if (signal?.aborted) return;
      onStep(`${entrant.title}, ${clients} clients, round ${round} of ${pace.rounds}`);
      if (entrant.system === undefined) continue;
      const load = await entrant.system.load({
        ...workOf(settings),
        clients,
        seed: round,
        warmUpMilliseconds: pace.settling,
        milliseconds: pace.measured,
      });
      const samples = entrant.samples.get(clients) ?? [];
      samples.push({ seed: round, values: valuesOf(load), verdicts: [] });
      entrant.samples.set(clients, samples);
    }
  }
}

function workOf({ valueBytes, keys, reads = 0 }: Settings): Pick<Settings, 'valueBytes' | 'keys' | 'reads'> {
  return { valueBytes, keys, reads };
}

function valuesOf(load: MeasuredLoad): Sample['values'] {
  const none = load.ok === 0; // no operation ended: there is no latency to speak of
  return {
    operationsPerSecond: load.operationsPerSecond,
    p50Microseconds: none ? null : load.latency.p50,
    p99Microseconds: none ? null : load.latency.p99,
    refusedShare: refusedShare(load),
    ...load.values,
  };
}

function refusedShare({ ok, failed, unknown }: LoadResult): number {
  return failed / Math.max(1, ok + failed + unknown);
}

async function checkProtocols(entrants: readonly Entrant[], options: Options): Promise<void> {
  for (const { of, title, system, samples } of entrants) {
    if (options.signal?.aborted) return;
    if (!('protocol' in of)) continue;
    options.onStep(`${title}: checking a history`);
    const { valueBytes } = options.settings;
    const checked = await system!.load({
      ...CHECKED,
      valueBytes,
      keyPrefix: 'checked-',
      history: true,
      finalReads: true,
    });
    const verdicts = [options.judge(of, checked.history!)];
    for (const [clients, found] of samples)
      samples.set(
        clients,
        found.map((sample) => ({ ...sample, verdicts })),
      );
  }
}

/** A system without numbers has one row, in the first cell. */
function rowOf(
  { of, version, missing, samples }: Entrant,
  clients: number,
  cells: readonly number[],
): SteadyRow[] {
  const found = samples.get(clients) ?? [];
  if (found.length === 0 && (missing === '' || clients !== cells[0])) return [];
  return [{ of, version, missing, clients, samples: found }];
}
