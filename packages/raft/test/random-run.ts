import type { RaftParts } from '../src/index.ts';
import { Cluster, commands, generator, type Packet, type TestNode } from './harness.ts';

export interface Outcome {
  readonly decided: number;
  readonly reads: number;
  readonly leaders: number;
}

/**
 * One run of a few servers under a network that loses, repeats and reorders, crashes that lose unsynced writes, snapshots at any
 * time and knobs at their extremes, then a repaired world. The harness checks the invariants after every step; this checks
 * reads, progress and that all end with the same commands.
 * @throws Error where any of it does not hold.
 */
export function randomRun(seed: number, steps: number, parts: Partial<RaftParts> = {}): Outcome {
  const random = generator(seed);
  const cluster = new Cluster(drawOptions(seed, parts));
  const nodes = cluster.ids.map((id) => cluster.node(id));
  const loss = pick(random, [0, 0.05, 0.3]);
  const disorder = pick(random, [0, 0.1, 1]);
  let writes = 0;
  /** How long the committed log was known to be, now and when each read was asked. */
  let committed = 0;
  const asked = new Map<object, number>();

  /** A burst for one server: the messages that it is sent, one to four of them. */
  const deliverSome = () => {
    const to = cluster.network[disordered(cluster.network)]!.to;
    const burst: Packet[] = [];
    for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
      const mine = cluster.network.filter((packet) => packet.to === to);
      if (mine.length === 0) break;
      const packet = mine[disordered(mine)]!;
      if (random() < 0.95) cluster.network.splice(cluster.network.indexOf(packet), 1); // else it comes again
      if (random() >= loss) burst.push(packet);
    }
    cluster.deliver(...burst);
  };
  const disordered = (packets: readonly Packet[]) =>
    random() < disorder ? Math.floor(random() * packets.length) : 0;
  const act = (node: TestNode) => {
    const chance = random();
    if (chance < 0.35) {
      if (cluster.network.length > 0) deliverSome();
    } else if (chance < 0.85 && !node.up) return;
    else if (chance < 0.6) node.sync();
    else if (chance < 0.75) cluster.write(node.id, `w${++writes}`);
    else if (chance < 0.85) asked.set(cluster.read(node.id), committed);
    else if (chance < 0.93) cluster.tick();
    else if (chance < 0.98) lifeAndDeath(random, cluster, node);
    else if (chance < 0.985) cluster.isolate(node.id);
    else cluster.heal();
    for (const { applied } of nodes) committed = Math.max(committed, applied.length - 1);
  };
  for (let i = 0; i < steps; i++) act(pick(random, nodes));
  const leaders = nodes.flatMap((node) => node.announced.filter((line) => line.startsWith('leader')));

  repair(cluster, nodes);
  if (nodes[0]!.applied.length <= committed) throw new Error('a committed entry is gone');
  const answers = nodes.flatMap((node) => node.answers);
  for (const { request, slot } of answers)
    if (slot < asked.get(request)!) throw new Error(`a read at ${slot} misses what was committed before it`);
  return { decided: committed, reads: answers.length, leaders: new Set(leaders).size };
}

function drawOptions(seed: number, parts: Partial<RaftParts>) {
  const random = generator(seed ^ 0x5bd1e995);
  return {
    nodes: pick(random, [1, 2, 3, 3, 5]),
    seed: seed + 1,
    autoSync: false,
    parts,
    knobs: {
      preVote: pick(random, [0, 1]),
      checkQuorum: pick(random, [0, 1]),
      maxEntriesPerAppend: pick(random, [1, 3, 8192]),
      maxAppendBytes: pick(random, [20, 1000]),
      maxInflight: pick(random, [1, 2, 256]),
      maxInflightBytes: pick(random, [30, 100_000]),
      maxPending: pick(random, [4, 1000]),
      snapshotTrailing: pick(random, [0, 2, 1000]),
      snapshotRetry: pick(random, [50, 500]),
    },
  };
}

function lifeAndDeath(random: () => number, cluster: Cluster, node: TestNode): void {
  const chance = random();
  if (!node.up) {
    if (chance < 0.5) node.boot();
  } else if (chance < 0.2) node.crash(Math.floor(random() * 4));
  else if (chance < 0.5) node.takeSnapshot();
  else
    cluster.ids.forEach((peer) => {
      if (peer !== node.id && random() < 0.3) node.step(() => node.replica.onLink(peer, random() < 0.5));
    });
}

/** Everything works again: a leader is owed, and what was committed is owed to everybody. */
function repair(cluster: Cluster, nodes: readonly TestNode[]): void {
  cluster.heal();
  cluster.autoSync = true;
  for (const node of nodes) if (!node.up) node.boot();
  cluster.pass(5000);
  const { leader } = cluster;
  if (leader === undefined) throw new Error('no leader in five seconds');
  cluster.write(leader, 'last');
  cluster.run();
  cluster.pass(1000);
  for (const node of nodes) {
    if (commands(node).at(-1) !== 'last') throw new Error(`node ${node.id} has not applied the last command`);
    if (node.applied.join() !== nodes[0]!.applied.join())
      throw new Error(`node ${node.id} has applied others`);
  }
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}
