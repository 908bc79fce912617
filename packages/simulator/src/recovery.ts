import type { Family, NodeId, Resource } from '@quorate/interface';
import { KeyValueStore } from '@quorate/state-machine';
import type { SimulatedNode } from './node.ts';
import { splitSeed } from './random.ts';
import type { Simulation } from './simulation.ts';

/** What became of one thing that is owed once a run's load is over. */
export interface Owed {
  readonly kept: boolean;
  /** Broken only while links between other nodes than the core's were still bad. */
  readonly onBadLinks: boolean;
  readonly detail: string;
}

/** The second phase of a run, in which progress is owed. */
export interface Recovery {
  /** The nodes that were healed first. */
  readonly core: readonly NodeId[];
  /** Whether every node's clients were answered again. */
  readonly progress: Owed;
  /** Whether the replicas reached the same state; undefined where the protocol does not promise it, since not each keeps copies. */
  readonly convergence: Owed | undefined;
}

/** How long each step of the recovery may take, LAN milliseconds. */
const GRACE_MILLISECONDS = 10_000;
/** For so long whatever lasts may take effect before the core is asked, LAN milliseconds. */
const SETTLING_MILLISECONDS = 2_000;
/** How often replicas are compared, LAN milliseconds. */
const LOOK_MILLISECONDS = 20;

/**
 * Safety, then liveness: the load is over. A core that holds what progress needs is healed; all other faults are frozen for good, since
 * what only comes and goes hides how a protocol fares with a link that stays dead in one direction. The core has to answer, and to
 * converge. Then everything is healed, and all have to.
 *
 * Where a protocol needs all nodes, the core is everybody: to block while one is away is its right.
 */
export function recover(simulation: Simulation): Recovery {
  const { clients, nodes, network } = simulation;
  const core = drawCore(simulation);
  clients.active = false;
  let before: Missing = { progress: null, convergence: null };
  let onBadLinks = false;
  if (core.length < nodes.length) {
    simulation.freeze(core);
    onBadLinks = !network.faults.quiet;
    simulation.runUntil(simulation.now + SETTLING_MILLISECONDS * 1000 * simulation.topology.timeScale);
    before = demand(simulation, core, `nodes ${core.join(', ')}, healed while all other faults last,`);
  }
  simulation.heal();
  const ids = nodes.map(({ id }) => id);
  const after = demand(simulation, ids, 'the cluster, all faults healed,');
  // What is missing with nothing wrong any more weighs more than what was missing before.
  const owed = (check: keyof Missing, kept: string): Owed => ({
    kept: before[check] === null && after[check] === null,
    onBadLinks: onBadLinks && after[check] === null,
    detail: after[check] ?? before[check] ?? kept,
  });
  return {
    core,
    progress: owed('progress', 'answered again, a core first and then all'),
    convergence: comparable(simulation) ? owed('convergence', 'all replicas reached one state') : undefined,
  };
}

/** Nodes enough for progress: all of them, or a majority at least, drawn from the seed. Ascending. */
function drawCore({ nodes, options: { protocol, seed } }: Simulation): NodeId[] {
  const rest = nodes.map(({ id }) => id);
  if (protocol.progress === 'all') return rest;
  const random = splitSeed(seed ^ 0x2c02e5ed, 1)[0]!;
  const majority = Math.floor(rest.length / 2) + 1;
  const size = random.next() < 0.5 ? majority : majority + random.below(rest.length - majority + 1);
  const core = Array.from({ length: size }, () => rest.splice(random.below(rest.length), 1)[0]!);
  return core.sort((x, y) => x - y);
}

/** What was owed and did not come, in words. */
interface Missing {
  readonly progress: string | null;
  readonly convergence: string | null;
}

/** Waits for what is pending, asks each node once more, and compares them. */
function demand(simulation: Simulation, ids: readonly NodeId[], who: string): Missing {
  const { clients, topology, options } = simulation;
  const grace = (options.graceMilliseconds ?? GRACE_MILLISECONDS * topology.timeScale) * 1000;
  const within = `within ${(grace / 1e6).toFixed(0)} s`;
  simulation.runUntil(simulation.now + grace, () => clients.pending === 0);
  const silent = ids.find((id) => !askUntilAnswered(simulation, id, simulation.now + grace));
  if (silent !== undefined) {
    const progress = `${who} did not answer requests at node ${silent} ${within}`;
    return { progress, convergence: null };
  }
  const different = comparable(simulation) ? untilEqual(simulation, ids, simulation.now + grace) : null;
  const convergence = different === null ? null : `${who} did not reach one state ${within}: ${different}`;
  return { progress: null, convergence };
}

/** A request may be aborted by another's locks, so one that failed is followed by another until the time is up. */
function askUntilAnswered(simulation: Simulation, home: NodeId, deadline: number): boolean {
  while (simulation.checks.violation === null && simulation.now < deadline) {
    const answered = simulation.clients.probe(home);
    simulation.runUntil(deadline, () => answered() !== null);
    if (answered() !== false) return answered() === true;
  }
  return false;
}

/** Not every protocol keeps a copy of the state at each node; one that does promises that they converge. */
function comparable({ options: { protocol } }: Simulation): boolean {
  return protocol.guarantees.some(({ check }) => check === 'convergence');
}

/** Runs until the replicas that owe it hold the same state; where they do not in time, says who differs. */
function untilEqual(simulation: Simulation, ids: readonly NodeId[], deadline: number): string | null {
  const look = LOOK_MILLISECONDS * 1000 * simulation.topology.timeScale;
  const owing = owingEquality(simulation, ids);
  for (let at = simulation.now; ; at += look) {
    simulation.runUntil(at);
    const different = difference(owing, simulation.options.protocol.family);
    if (different === null || at >= deadline || simulation.checks.violation !== null) return different;
  }
}

/**
 * The leader may stand outside of the core, and what it sends may not reach a node of the core. So only nodes that hear, and are heard
 * by, everyone who runs have to catch up while faults last; the others only have to be answered, through whom they hear.
 */
function owingEquality({ nodes, network }: Simulation, ids: readonly NodeId[]): SimulatedNode[] {
  const { faults } = network;
  const others = nodes.filter(({ id, up, paused }) => up && !paused && !ids.includes(id));
  const apart = (id: NodeId) =>
    others.some((other) => faults.impaired(id, other.id) || faults.impaired(other.id, id));
  return nodes.filter(({ id }) => ids.includes(id) && !apart(id));
}

function difference(nodes: readonly SimulatedNode[], family: Family): string | null {
  const [first, ...rest] = nodes;
  if (first === undefined) return null;
  for (const other of rest) {
    const [a, b] = [first.driver?.applied, other.driver?.applied];
    if (family !== 'atomic-commit' && a !== b)
      return `node ${first.id} has applied up to ${a}, node ${other.id} up to ${b}`;
    if (!sameState(first.machine, other.machine, family))
      return `nodes ${first.id} and ${other.id} hold different states`;
  }
  return null;
}

/** A replicated log orders everything alike. Transactions on different keys commute, and so does the use of sessions: there values count. */
function sameState(a: Resource | undefined, b: Resource | undefined, family: Family): boolean {
  if (a === undefined || b === undefined) return false;
  if (family === 'atomic-commit') {
    if (!(a instanceof KeyValueStore && b instanceof KeyValueStore)) return true; // nobody knows how to look into it
    return JSON.stringify(a.entries()) === JSON.stringify(b.entries());
  }
  const [x, y] = [a.snapshot(), b.snapshot()];
  return x.length === y.length && x.every((byte, i) => byte === y[i]);
}
