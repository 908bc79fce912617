import type { Experiment, PeerCard, ProtocolCard, Results } from '@quorate/bench/results';
import type { Text } from '../text/text.ts';
import { type Followed, followedOf } from './followed.ts';
import { ranges, sentence } from './format.ts';
import { words } from './metrics.ts';
import type { ReportData } from './report.ts';

/** Results with what every part of the page asks of them: an order of protocols, their titles, and the language they are told in. */
export interface Run {
  readonly results: Results;
  /** A prefix for element ids, so that several runs can share a page. */
  readonly prefix: string;
  /** Every protocol and peer, protocols first; the position decides colour and shape. */
  readonly order: readonly string[];
  readonly cards: ReadonlyMap<string, ProtocolCard>;
  /** What was measured beside the protocols, in its order; a limit comes last. */
  readonly peers: ReadonlyMap<string, PeerCard>;
  readonly text: Text;
  /** What it is called among several. */
  readonly label: string;
  /** The recorded runs that the page can show, by their rows. */
  readonly followed: ReadonlyMap<Experiment, Followed>;
}

interface Among {
  readonly prefix?: string;
  readonly label?: string | undefined;
  readonly followed?: ReadonlyMap<Experiment, Followed> | undefined;
}

function openRun(results: Results, text: Text, among: Among = {}): Run {
  const { prefix = '', label = text.dateTime(results.createdAt), followed = new Map() } = among;
  const cards = new Map(results.protocols.map((card) => [card.name, card]));
  const peers = new Map(peersOf(results).map((peer) => [peer.name, peer]));
  const names = [...cards.keys(), ...peers.keys()];
  return {
    results,
    prefix,
    order: [...new Set(names)],
    cards,
    peers,
    text,
    label,
    followed,
  };
}

/** All runs of a page, in a language. */
export function openRuns(data: ReportData, text: Text): Run[] {
  const { runs, labels } = data;
  const followed = followedOf(data);
  return runs.map((results, i) =>
    openRun(results, text, {
      prefix: runs.length > 1 ? `run-${i + 1}-` : '',
      label: labels?.[i],
      followed: followed[i],
    }),
  );
}

/** What results hold beside the protocols: as they name it, and whatever else has rows without a card; a limit comes last. */
export function peersOf({ protocols, experiments, peers = [] }: Results): readonly PeerCard[] {
  const named = new Set([...protocols, ...peers].map(({ name }) => name));
  const others = distinct(experiments.map(({ protocol }) => protocol)).filter((name) => !named.has(name));
  const all = [...peers, ...others.map((name): PeerCard => ({ name, title: name }))];
  return [...all.filter(({ limit }) => !limit), ...all.filter(({ limit }) => limit)];
}

/** The title of a protocol or a peer, or its name where it has none. */
export function titleOf({ cards, peers, text }: Run, protocol: string): string {
  return text.said(cards.get(protocol)?.title || peers.get(protocol)?.title || protocol);
}

/**
 * The title where room is short: without what it has in brackets (`Two-phase commit (presumed abort)`), unless another's would then be the
 * same.
 */
export function shortTitleOf(run: Run, protocol: string): string {
  const bare = (name: string) => titleOf(run, name).replace(/\s*[(（][^()（）]*[)）]$/u, '');
  const short = bare(protocol);
  return short === '' || run.order.some((name) => name !== protocol && bare(name) === short)
    ? titleOf(run, protocol)
    : short;
}

/** The position that decides a protocol's colour, shape and dash. */
export function styleOf(run: Run, protocol: string): number {
  return Math.max(0, run.order.indexOf(protocol));
}

export function scenarioTitle(text: Text, scenario: string): string {
  return text.known('scenario', scenario) ?? sentence(words(scenario));
}

/** A check's name in words; an invariant keeps the name that its paper gives it. */
export function checkTitle(text: Text, check: string): string {
  return text.known('check', check) ?? check;
}

/** A family of protocols in words. */
export function familyTitle(text: Text, family: string): string {
  return text.known('family', family) ?? family.replaceAll('-', ' ');
}

/** A class of faults in words. */
export function faultTitle(text: Text, fault: string): string {
  return text.known('fault', fault) ?? fault;
}

export function modeTitle(text: Text, mode: Experiment['mode']): string {
  return text.t(mode === 'sim' ? 'mode.sim' : 'mode.real');
}

/** How a mode is introduced above its charts. */
export function modeHeading(text: Text, mode: Experiment['mode']): string {
  return text.t(mode === 'sim' ? 'heading.sim' : 'heading.real');
}

/** What the results cover, in one line: `5 nodes, 10 seeds, simulated and real`. */
export function scope({ results, text }: Run): string {
  const { experiments } = results;
  const nodes = distinct(experiments.map((experiment) => experiment.nodes)).sort((a, b) => a - b);
  const simulated = experiments.filter((experiment) => experiment.mode === 'sim');
  const seeds = Math.max(0, ...simulated.map((experiment) => experiment.seeds.length));
  const modes = distinct(experiments.map((experiment) => modeTitle(text, experiment.mode)));
  const parts = [
    nodes.length > 1
      ? text.t('scope.nodes', { sizes: text.list(nodes.map(String)) })
      : nodes.length === 1
        ? text.t('count.nodes', { count: nodes[0]! })
        : '',
    seeds === 0 ? '' : text.t('count.seeds', { count: seeds }),
    text.list(modes),
  ];
  return parts.filter((part) => part !== '').join(text.t('format.comma'));
}

/** A row in words: `Raft, simulated, 5 nodes, 32 clients, seeds 1–10`. */
export function describeRow(run: Run, row: Experiment): string {
  return shortTitleOf(run, row.protocol) + run.text.t('format.comma') + describeSetting(run.text, row);
}

/** A row in words, without its protocol. */
export function describeSetting(text: Text, row: Experiment): string {
  const seeds = { count: row.seeds.length, seeds: ranges(row.seeds) };
  const parts = [
    modeTitle(text, row.mode),
    text.t('count.nodes', { count: row.nodes }),
    row.clients > 0 ? text.t('count.clients', { count: row.clients }) : '',
    row.seeds.length > 0 ? text.t(row.mode === 'sim' ? 'scope.seeds' : 'scope.repetitions', seeds) : '',
  ];
  return parts.filter((part) => part !== '').join(text.t('format.comma'));
}

export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Splits into groups by key, both in the order of first appearance. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
