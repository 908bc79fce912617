import type { Experiment, ProtocolCard, Results } from '@quorate/bench/results';
import { list, plural, sentence } from './format.ts';
import { words } from './metrics.ts';

/** Results with what every part of the page asks of them: an order of protocols, their titles, what varies between rows. */
export interface Run {
  readonly results: Results;
  /** A prefix for element ids, so that several runs can share a page. */
  readonly prefix: string;
  /** Every protocol and peer, cards first; the position decides colour and shape. */
  readonly order: readonly string[];
  readonly cards: ReadonlyMap<string, ProtocolCard>;
}

export function openRun(results: Results, prefix = ''): Run {
  const cards = new Map(results.protocols.map((card) => [card.name, card]));
  const names = [...cards.keys(), ...results.experiments.map((experiment) => experiment.protocol)];
  return { results, prefix, order: [...new Set(names)], cards };
}

/** A protocol's title, or its name where the results hold no card of it (a peer). */
export function titleOf(run: Run, protocol: string): string {
  return run.cards.get(protocol)?.title || protocol;
}

/** The position that decides a protocol's colour, shape and dash. */
export function styleOf(run: Run, protocol: string): number {
  return Math.max(0, run.order.indexOf(protocol));
}

const SCENARIOS: Readonly<Record<string, string>> = {
  steady: 'Steady load',
  cost: 'Cost of one decision',
  'leader-crash': 'Leader crash',
  'coordinator-crash': 'Coordinator crash',
  partition: 'Partition',
  wan: 'Five regions',
};

export function scenarioTitle(scenario: string): string {
  return Object.hasOwn(SCENARIOS, scenario) ? SCENARIOS[scenario]! : sentence(words(scenario));
}

export function modeTitle(mode: Experiment['mode']): string {
  return mode === 'sim' ? 'simulated' : 'real';
}

/** How a mode is introduced above its charts. */
export function modeHeading(mode: Experiment['mode']): string {
  return mode === 'sim' ? 'Simulated' : 'Real processes and disks';
}

/** What the results cover, in one line: `5 nodes, 10 seeds, simulated and real`. */
export function scope(results: Results): string {
  const { experiments } = results;
  const nodes = distinct(experiments.map((experiment) => experiment.nodes)).sort((a, b) => a - b);
  const simulated = experiments.filter((experiment) => experiment.mode === 'sim');
  const seeds = Math.max(0, ...simulated.map((experiment) => experiment.seeds.length));
  const modes = distinct(experiments.map((experiment) => modeTitle(experiment.mode)));
  const parts = [
    nodes.length === 0
      ? ''
      : `${list(nodes.map(String))} ${nodes.length === 1 && nodes[0] === 1 ? 'node' : 'nodes'}`,
    seeds === 0 ? '' : plural(seeds, 'seed'),
    list(modes),
  ];
  return parts.filter((part) => part !== '').join(', ');
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
