import type { NodeId } from '@quorate/interface';
import { isMomentary, type MomentaryEvent, type PartitionEvent, type ResolvedEvent } from './events.ts';

/** What is wrong with one direction between two nodes, all active faults taken together. */
export interface LinkFaults {
  /** Nothing passes. */
  readonly blocked: boolean;
  /** Messages queue up until this moment, milliseconds from the start of the run; 0 where they don't, `Infinity` where no end is planned. */
  readonly cloggedUntil: number;
  /** 0 to 1. */
  readonly lossProbability: number;
  readonly duplicateProbability: number;
  /** The second copy comes up to so much later. */
  readonly duplicateMilliseconds: number;
  readonly reorderProbability: number;
  /** A message that is to be overtaken is held back up to so long. */
  readonly reorderMilliseconds: number;
  readonly delayMilliseconds: number;
  readonly jitterMilliseconds: number;
}

/** What is wrong with one node, all active faults taken together. */
export interface NodeFaults {
  readonly down: boolean;
  readonly paused: boolean;
  /** 1 where the clock is right. */
  readonly clockRate: number;
  /** A sync that takes d milliseconds takes `d * diskFactor + diskMilliseconds`. */
  readonly diskFactor: number;
  readonly diskMilliseconds: number;
  readonly diskFull: boolean;
  readonly diskFailing: boolean;
}

type LastingEvent = Exclude<ResolvedEvent, MomentaryEvent<NodeId>>;
type NodeEvent = Extract<LastingEvent, { node: NodeId }>;
type LinkEvent = Exclude<LastingEvent, NodeEvent>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const HEALTHY_LINK: LinkFaults = {
  blocked: false,
  cloggedUntil: 0,
  lossProbability: 0,
  duplicateProbability: 0,
  duplicateMilliseconds: 0,
  reorderProbability: 0,
  reorderMilliseconds: 0,
  delayMilliseconds: 0,
  jitterMilliseconds: 0,
};

const HEALTHY_NODE: NodeFaults = {
  down: false,
  paused: false,
  clockRate: 1,
  diskFactor: 1,
  diskMilliseconds: 0,
  diskFull: false,
  diskFailing: false,
};

/**
 * Which faults are active and what they amount to. A world (simulator, cluster) calls `begin` and `end` as the plan's schedule
 * says, and asks for each message; asking costs one boolean while `quiet`, two array reads otherwise.
 *
 * Overlapping faults add up: a link is blocked while any fault blocks it, probabilities combine as independent chances,
 * delays are summed; of slow disks the slowest counts, since products would keep one write for longer than any run lasts. A node's link to itself is never touched. Clients, or whoever else is not in `replicas`, are touched only
 * by events that list them.
 */
export class FaultState {
  /** No link fault is active: every `link` is healthy. */
  quiet = true;
  readonly #replicas: readonly NodeId[];
  readonly #active = new Map<number, LastingEvent>();
  /** Indexed by sender, then receiver; holes are healthy. */
  #links: Mutable<LinkFaults>[][] = [];
  #nodes: Mutable<NodeFaults>[] = [];
  /** Nodes that frozen faults leave alone; null while none is frozen. */
  #spared: ReadonlySet<NodeId> | null = null;

  constructor(replicas: readonly NodeId[]) {
    this.#replicas = replicas;
  }

  /** Makes an event active. `index` is its position in the plan, by which `end` finds it. What happens at one moment leaves nothing active. */
  begin(index: number, event: ResolvedEvent): void {
    if (isMomentary(event)) return;
    this.#active.set(index, event);
    this.#rebuild();
  }

  /** Ends an event and returns it; undefined where it never began (its roles were nobody's). */
  end(index: number): ResolvedEvent | undefined {
    const event = this.#active.get(index);
    if (event === undefined) return undefined;
    this.#active.delete(index);
    this.#rebuild();
    return event;
  }

  /**
   * What is active now has no end any more, but leaves the nodes in `spared` alone, and the links between two of them. `clear` ends
   * that too.
   */
  freeze(spared: readonly NodeId[]): void {
    this.#spared = new Set(spared);
    this.#rebuild();
  }

  /** Ends everything. */
  clear(): void {
    this.#active.clear();
    this.#spared = null;
    this.#rebuild();
  }

  /** The active events in the order in which they began. */
  active(): ResolvedEvent[] {
    return [...this.#active.values()];
  }

  /** What is wrong from `from` to `to`. Shared objects, valid until the next change. */
  link(from: NodeId, to: NodeId): LinkFaults {
    return this.#links[from]?.[to] ?? HEALTHY_LINK;
  }

  /** Whether nothing passes from `from` to `to`. */
  blocked(from: NodeId, to: NodeId): boolean {
    return !this.quiet && this.link(from, to).blocked;
  }

  /** Whether frozen faults leave this node alone. */
  spares(id: NodeId): boolean {
    return this.#spared?.has(id) ?? false;
  }

  /** Whether anything at all is wrong from `from` to `to`. */
  impaired(from: NodeId, to: NodeId): boolean {
    return this.#links[from]?.[to] !== undefined;
  }

  /** What is wrong with `id` itself. */
  node(id: NodeId): NodeFaults {
    return this.#nodes[id] ?? HEALTHY_NODE;
  }

  #rebuild(): void {
    this.#links = [];
    this.#nodes = [];
    for (const event of this.#active.values()) {
      if ('node' in event) this.#strike(event);
      else if (event.kind === 'partition') this.#split(event);
      else this.#eachLink(event);
    }
    this.quiet = this.#links.length === 0;
  }

  #strike(event: NodeEvent): void {
    if (this.#spared?.has(event.node)) return;
    const node = this.#nodes[event.node] ?? { ...HEALTHY_NODE };
    this.#nodes[event.node] = node;
    harmNode(node, event);
  }

  #split(event: PartitionEvent<NodeId>): void {
    const listed = new Set(event.groups.flat());
    const rest = this.#replicas.filter((id) => !listed.has(id));
    const groups = [...event.groups, rest];
    const all = [...listed, ...rest];
    for (const from of all) {
      for (const to of all) {
        const together = groups.some((group) => group.includes(from) && group.includes(to));
        if (!together) this.#touch(from, to, event);
      }
    }
  }

  #eachLink(event: Exclude<LinkEvent, PartitionEvent<NodeId>>): void {
    for (const from of new Set(event.from ?? this.#replicas)) {
      for (const to of new Set(event.to ?? this.#replicas)) this.#touch(from, to, event);
    }
  }

  #touch(from: NodeId, to: NodeId, event: LinkEvent): void {
    if (from === to || (this.#spared?.has(from) && this.#spared.has(to))) return;
    this.#links[from] ??= [];
    this.#links[from][to] ??= { ...HEALTHY_LINK };
    harmLink(this.#links[from][to], event, this.#spared !== null);
  }
}

function harmLink(link: Mutable<LinkFaults>, event: LinkEvent, frozen: boolean): void {
  switch (event.kind) {
    case 'partition':
    case 'cut':
      link.blocked = true;
      break;
    case 'loss':
      link.lossProbability = either(link.lossProbability, event.probability);
      break;
    case 'duplicate':
      link.duplicateProbability = either(link.duplicateProbability, event.probability);
      link.duplicateMilliseconds = Math.max(link.duplicateMilliseconds, event.delayMilliseconds);
      break;
    case 'reorder':
      link.reorderProbability = either(link.reorderProbability, event.probability);
      link.reorderMilliseconds = Math.max(link.reorderMilliseconds, event.byMilliseconds);
      break;
    case 'delay':
      link.delayMilliseconds += event.milliseconds;
      link.jitterMilliseconds += event.jitterMilliseconds;
      break;
    case 'clog':
      link.cloggedUntil = Math.max(link.cloggedUntil, frozen ? Infinity : event.at + (event.for ?? Infinity));
      break;
    default:
      event satisfies never;
  }
}

function harmNode(node: Mutable<NodeFaults>, event: NodeEvent): void {
  switch (event.kind) {
    case 'crash':
      node.down = true;
      break;
    case 'pause':
      node.paused = true;
      break;
    case 'clock-skew':
      node.clockRate *= event.rate;
      break;
    case 'disk-slow':
      node.diskFactor = Math.max(node.diskFactor, event.factor ?? 1);
      node.diskMilliseconds += event.milliseconds ?? 0;
      break;
    case 'disk-full':
      node.diskFull = true;
      break;
    case 'disk-failing':
      node.diskFailing = true;
      break;
    default:
      event satisfies never;
  }
}

/** The chance that at least one of two independent things happens. */
function either(p: number, q: number): number {
  return p + q - p * q;
}
