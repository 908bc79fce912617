import type { FaultClass, NodeId, Protocol } from '@quorate/interface';
import { below, chance, pick, type Random, shuffle } from './draw.ts';
import type { DropMessageEvent, FaultEvent, FaultKind, HoldMessageEvent, NodeRef, Role } from './events.ts';
import { isMomentary, isOfMessage, vocabulary } from './events.ts';
import { type FaultPlan, faultClassesOf } from './plan.ts';
import { inTurn, type Strike, succession, swizzle } from './series.ts';

/**
 * Swarm testing (Groce et al., "Swarm Testing", ISSTA 2012): each seed leaves whole classes of faults out, since some failures
 * show only where others don't get in the way.
 */
export interface SwarmOptions {
  /** The replicas. */
  readonly nodes: readonly NodeId[];
  /** Length of the run. Every fault that ends has ended after 70 % of it, so that progress is owed in the rest. */
  readonly milliseconds: number;
  /** The classes to draw from; default all. `lost-writes` and `torn-writes` happen in crashes, so they need `crash`. */
  readonly classes?: readonly FaultClass[];
  /** Mean number of events; default 5. */
  readonly eventsMean?: number;
  /** What the protocol needs to go on: with `majority` a minority may now and then stay away until the end. */
  readonly progress: 'majority' | 'all';
  /** Now and then a fault of one node hits this role instead. */
  readonly role?: Role;
}

/** How far into the run faults begin and end, as shares of it. */
const FIRST = 0.03;
const LAST = 0.7;
/** The share of draws that give a whole series of faults, where the kind drawn can have one. */
const SERIES = 0.3;
/** No fault lasts less, in milliseconds, unless the run is too short for it. */
const SHORTEST = 50;

interface Draw {
  readonly random: Random;
  readonly options: SwarmOptions;
  readonly allowed: ReadonlySet<FaultClass>;
  /** Nodes that may stay away for good: a minority, often none. */
  readonly victims: readonly NodeId[];
}

/** Draws a plan. The same stream and options give the same plan. */
export function drawPlan(random: Random, options: SwarmOptions): FaultPlan {
  const allowed = drawClasses(random, options.classes ?? everyClass);
  const draw: Draw = { random, options, allowed, victims: drawVictims(random, options) };
  const kinds = kindsOf(allowed, options.nodes.length);
  const count = drawCount(random, options.eventsMean ?? 5);
  const events: FaultEvent[] = [];
  while (kinds.length > 0 && events.length < count) {
    const kind = pick(random, pick(random, kinds));
    events.push(...(chance(random, SERIES) ? drawSeries(draw, kind) : drawEvents(draw, kind)));
  }
  return { version: 1, events: events.sort((a, b) => a.at - b.at) };
}

/**
 * Draws what is wrong to the end, of the classes that the plan has: in half of all runs nothing, in the others one to three faults that
 * begin after all others have ended, and have no end. Once a core of the cluster is healed, such faults go on around it.
 */
export function drawLasting(random: Random, plan: FaultPlan, options: SwarmOptions): FaultEvent[] {
  const allowed = faultClassesOf(plan);
  const draw: Draw = { random, options, allowed, victims: [] };
  const kinds = kindsOf(allowed, options.nodes.length).map((list) =>
    list.filter((kind) => !isMomentary({ kind } as FaultEvent)),
  );
  const count = kinds.length === 0 || chance(random, 0.5) ? 0 : 1 + below(random, 3);
  const events: FaultEvent[] = [];
  while (events.length < count) {
    const [first] = drawEvents(draw, pick(random, pick(random, kinds)));
    const { for: _, ...event } = first as FaultEvent & { readonly for?: number };
    const at = Math.floor(options.milliseconds * (LAST + random() * (1 - LAST)));
    events.push({ ...event, at });
  }
  return events.sort((a, b) => a.at - b.at);
}

/**
 * Draws settings for a protocol's knobs, for `resolveKnobs`. In a fifth of all runs each knob keeps its default, in another each has its
 * most extreme value (the first that it offers), in the others each has, with a probability that is drawn too, any of those it offers.
 */
export function drawKnobs(random: Random, protocol: Pick<Protocol, 'knobs'>): Record<string, number> {
  const settings: Record<string, number> = {};
  const share = pick(random, [0, 0.25, 0.5, 1, 1]);
  const extreme = share === 1 && chance(random, 0.5);
  for (const [name, { draw }] of Object.entries(protocol.knobs)) {
    if (draw.length > 0 && chance(random, share)) settings[name] = extreme ? draw[0]! : pick(random, draw);
  }
  return settings;
}

/** All classes of faults, in a fixed order. */
export const everyClass: readonly FaultClass[] = [
  ...new Set(Object.values(vocabulary).map((entry) => entry.class)),
  'lost-writes',
  'torn-writes',
];

const ofCrashes: readonly FaultClass[] = ['lost-writes', 'torn-writes'];

/** The classes that this run may have: sometimes one alone, else each with the same chance, which is drawn too. */
function drawClasses(random: Random, from: readonly FaultClass[]): Set<FaultClass> {
  const basic = from.filter((name) => !ofCrashes.includes(name));
  if (basic.length === 0) return new Set();
  const alone = chance(random, 0.15);
  const share = pick(random, [0.3, 0.5, 0.8]);
  const kept = new Set(alone ? [] : basic.filter(() => chance(random, share)));
  if (kept.size === 0) kept.add(pick(random, basic));
  for (const name of ofCrashes) {
    if (kept.has('crash') && from.includes(name) && chance(random, 0.6)) kept.add(name);
  }
  return kept;
}

function drawVictims(random: Random, options: SwarmOptions): readonly NodeId[] {
  const minority = Math.floor((options.nodes.length - 1) / 2);
  if (options.progress !== 'majority' || minority === 0 || !chance(random, 0.2)) return [];
  return shuffle(random, options.nodes).slice(0, 1 + below(random, minority));
}

/** A count with the given mean, spread nearly as a Poisson variable: the sum of many rare yeses. At least one. */
function drawCount(random: Random, mean: number): number {
  let count = 0;
  for (let i = 0; i < Math.floor(mean * 10 + 0.5); i++) if (chance(random, 0.1)) count++;
  return count === 0 ? 1 : count;
}

/** What can be drawn: single messages are known only once a run has been. */
type DrawnKind = Exclude<FaultKind, (DropMessageEvent | HoldMessageEvent)['kind']>;

/** The kinds of events of each class which is allowed and makes sense among so many nodes. */
function kindsOf(allowed: ReadonlySet<FaultClass>, nodes: number): DrawnKind[][] {
  const all = Object.keys(vocabulary) as FaultKind[];
  const kinds = all.filter((kind): kind is DrawnKind => !isOfMessage({ kind } as FaultEvent));
  const needLinks: readonly FaultClass[] = [
    'partition',
    'loss',
    'duplication',
    'reordering',
    'delay',
    'clog',
  ];
  const sensible = everyClass.filter((name) => allowed.has(name) && (nodes > 1 || !needLinks.includes(name)));
  const byClass = sensible.map((name) => kinds.filter((kind) => vocabulary[kind].class === name));
  return byClass.filter((list) => list.length > 0);
}

/** One event of this kind, or several which belong together: nodes that crash or stop at one moment. */
function drawEvents(draw: Draw, kind: DrawnKind): FaultEvent[] {
  const { random } = draw;
  const timing = drawTiming(draw);
  switch (kind) {
    case 'partition':
      return [{ ...timing, kind, groups: drawGroups(draw) }];
    case 'cut':
      return [{ ...timing, kind, ...drawCut(random, draw.options.nodes) }];
    case 'loss':
      return [
        { ...timing, kind, probability: pick(random, [0.02, 0.05, 0.1, 0.2, 0.3]), ...drawScope(draw) },
      ];
    case 'duplicate': {
      const delayMilliseconds = pick(random, [0, 10, 100, 1000, 5000]);
      const probability = pick(random, [0.02, 0.1, 0.3, 0.5]);
      return [{ ...timing, kind, probability, delayMilliseconds, ...drawScope(draw) }];
    }
    case 'reorder': {
      const probability = pick(random, [0.02, 0.1, 0.3, 0.5]);
      const byMilliseconds = pick(random, [5, 20, 100, 500]);
      return [{ ...timing, kind, probability, byMilliseconds, ...drawScope(draw) }];
    }
    case 'delay': {
      const milliseconds = pick(random, [0, 10, 50, 200, 500]);
      const jitterMilliseconds = pick(random, [10, 50, 200, 1000]);
      return [{ ...timing, kind, milliseconds, jitterMilliseconds, ...drawScope(draw) }];
    }
    case 'clog':
      return [{ ...timing, kind, ...drawLinks(random, draw.options.nodes) }];
    case 'crash':
      return drawCrashes(draw, timing);
    case 'clock-skew':
      return [
        { ...timing, kind, node: drawNode(draw), rate: pick(random, [0.8, 0.95, 0.99, 1.01, 1.05, 1.2]) },
      ];
    case 'clock-jump':
      return [
        { at: timing.at, kind, node: drawNode(draw), milliseconds: pick(random, [10, 100, 500, 3000]) },
      ];
    case 'disk-slow': {
      const factor = pick(random, [1, 5, 20, 100]);
      return [{ ...timing, kind, node: drawNode(draw), factor, milliseconds: pick(random, [1, 10, 100]) }];
    }
    default: {
      const away = drawAway(draw, timing);
      return [{ ...away, kind }];
    }
  }
}

/** A series of faults of this kind's class (`series.ts`); a single draw of it where that class has none. */
function drawSeries(draw: Draw, kind: DrawnKind): FaultEvent[] {
  const { random, options } = draw;
  const strikes = strikesOf(draw, kind);
  if (strikes.length === 0) return drawEvents(draw, kind);
  const { at } = drawTiming(draw); // at least one event fits in from here
  const until = Math.floor(options.milliseconds * LAST);
  const series = { random, nodes: options.nodes, role: options.role, from: at, until };
  if (options.role !== undefined && chance(random, 0.6)) return succession(series, strikes, options.role);
  return kind === 'crash' || kind === 'pause' ? inTurn(series, strikes) : swizzle(series, strikes);
}

/** The ways in which one node can be struck by faults of this kind's class; none where a series makes no sense. */
function strikesOf(draw: Draw, kind: DrawnKind): Strike[] {
  const { random, allowed, options } = draw;
  const { nodes } = options;
  switch (kind) {
    case 'partition':
    case 'cut':
      return [
        (node, at, lasts) => ({ at, for: lasts, kind: 'partition', groups: [[node]] }),
        (node, at, lasts) => ({ at, for: lasts, kind: 'partition', groups: [[node]] }),
        (node, at, lasts) => ({ at, for: lasts, kind: 'cut', from: [node], to: nodes }),
        // A role has to be another node than those that are listed before it, so its holder can only be made mute, not deaf.
        (node, at, lasts) =>
          typeof node === 'number'
            ? { at, for: lasts, kind: 'cut', from: nodes, to: [node] }
            : { at, for: lasts, kind: 'cut', from: [node], to: nodes },
      ];
    case 'clog':
      return [
        (node, at, lasts) => ({ at, for: lasts, kind, from: [node] }),
        (node, at, lasts) => ({ at, for: lasts, kind, to: [node] }),
      ];
    case 'crash':
      return [(node, at, lasts) => ({ at, for: lasts, kind, node, ...drawLosses(random, allowed) })];
    case 'pause':
      return [(node, at, lasts) => ({ at, for: lasts, kind, node })];
    default:
      return [];
  }
}

/** Mostly one node; sometimes a majority, or all of them, at once or one shortly after the other. */
function drawCrashes(draw: Draw, timing: Span): FaultEvent[] {
  const { random, allowed } = draw;
  const nodes = draw.options.nodes;
  const what = {
    kind: 'crash' as const,
    ...drawLosses(random, allowed),
  };
  const extent = random();
  if (extent < 0.7) return [{ ...drawAway(draw, timing), ...what }];
  const count = extent < 0.9 ? Math.floor(nodes.length / 2) + 1 : nodes.length;
  const apart = chance(random, 0.5) ? 0 : below(random, 100);
  return shuffle(random, nodes)
    .slice(0, count)
    .map((node, i) => ({ ...spanFrom(draw, timing.at + i * apart), node, ...what }));
}

/** What a crash does to writes that were not durable. */
function drawLosses(random: Random, allowed: ReadonlySet<FaultClass>) {
  return {
    lostWrites: allowed.has('lost-writes') && chance(random, 0.7),
    tornWrites: allowed.has('torn-writes') && chance(random, 0.5),
  };
}

/** A node and a time for it to be away: a victim's may have no end. */
function drawAway(draw: Draw, timing: Span): { at: number; for?: number; node: NodeRef } {
  const { random, victims } = draw;
  if (victims.length > 0 && chance(random, 0.5)) return { at: timing.at, node: pick(random, victims) };
  return { ...timing, node: drawNode(draw) };
}

function drawNode({ random, options }: Draw): NodeRef {
  if (options.role !== undefined && chance(random, 0.3)) return options.role;
  return pick(random, options.nodes);
}

interface Span {
  readonly at: number;
  readonly for: number;
}

function drawTiming(draw: Draw): Span {
  const { random, options } = draw;
  const first = options.milliseconds * FIRST;
  const length = options.milliseconds * (LAST - FIRST);
  return spanFrom(draw, Math.floor(first + random() * length));
}

/** A span that begins at `at` (earlier, where too little time is left) and is short, middling or long with equal chance. */
function spanFrom({ random, options }: Draw, at: number): Span {
  const end = Math.floor(options.milliseconds * LAST);
  const shortest = Math.min(SHORTEST, end);
  const begin = Math.max(0, Math.min(at, end - shortest));
  const [low, high] = pick(random, [
    [SHORTEST, 500],
    [500, 2500],
    [2500, 10_000],
  ] as const);
  const lasts = low + below(random, high - low);
  return { at: begin, for: Math.max(1, Math.min(lasts, end - begin)) };
}

/** How the nodes are split: whoever has the role or one node alone, two parts by lot, up to three by lot for each node, or two that share one node. */
function drawGroups({ random, options: { nodes, role } }: Draw): NodeRef[][] {
  if (role !== undefined && chance(random, 0.3)) return [[role]];
  const mixed = shuffle(random, nodes);
  const shape = random();
  if (shape < 0.3) return [mixed.slice(0, 1), sorted(mixed.slice(1))];
  if (shape < 0.5 && nodes.length > 2) {
    const bridge = Math.floor(nodes.length / 2);
    return [sorted(mixed.slice(0, bridge + 1)), sorted(mixed.slice(bridge))];
  }
  if (shape < 0.75) {
    const size = 1 + below(random, nodes.length - 1);
    return [sorted(mixed.slice(0, size)), sorted(mixed.slice(size))];
  }
  // The first two are set apart, so that there are two parts at least.
  const groups: NodeId[][] = [mixed.slice(0, 1), mixed.slice(1, 2), []];
  for (const node of mixed.slice(2)) groups[below(random, 3)]!.push(node);
  return groups.filter((group) => group.length > 0).map(sorted);
}

/** One direction that is dead: from or to one node, or from one part to the other. */
function drawCut(random: Random, nodes: readonly NodeId[]): { from: NodeId[]; to: NodeId[] } {
  const mixed = shuffle(random, nodes);
  const size = chance(random, 0.7) ? 1 : 1 + below(random, nodes.length - 1);
  const [one, others] = [sorted(mixed.slice(0, size)), sorted(mixed.slice(size))];
  return chance(random, 0.5) ? { from: one, to: others } : { from: others, to: one };
}

/** All links, or those of some. */
function drawScope({ random, options }: Draw): { from?: NodeId[]; to?: NodeId[] } {
  return chance(random, 0.5) ? {} : drawLinks(random, options.nodes);
}

/** Everything from one node, everything to one node, or one link. */
function drawLinks(random: Random, nodes: readonly NodeId[]): { from?: NodeId[]; to?: NodeId[] } {
  const [a, b] = shuffle(random, nodes);
  return pick(random, [{ from: [a!] }, { to: [a!] }, { from: [a!], to: [b!] }]);
}

function sorted(nodes: NodeId[]): NodeId[] {
  return nodes.sort((a, b) => a - b);
}
