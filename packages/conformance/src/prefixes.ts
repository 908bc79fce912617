import { checkLinearizability, keyValueModel } from '@quorate/checkers';
import type { AnyProtocol, NodeId } from '@quorate/interface';
import { Simulation, type SimulationOptions, verdictOf } from '@quorate/simulator';

/** What happened when a replica was restarted from each prefix of its journal. */
export interface PrefixReport {
  /** Prefixes tried: restarts. */
  readonly prefixes: number;
  /** What went wrong first, with the prefix; null where nothing did. */
  readonly fault: string | null;
  /** Operations done in all runs after the restart. */
  readonly doneAfter: number;
}

/** Prefixes tried of each replica's journal, at most. */
const PREFIXES = 15;
/** Virtual milliseconds of load in which they are written, of being down, and at most until operations are done again. */
const BEFORE = 1000;
const DOWN = 20;
const AFTER = 5000;
/** Operations that must be done after the restart. */
const DONE = 8;

/**
 * Crashes one replica of a small cluster after each of its journal's writes, and starts it again: once with that write durable, once
 * without it where it was not yet. What it had let out by then must be in there, so all invariants, agreement and the clients' history must
 * stand, and the cluster must go on. Every replica takes its turn to be the one.
 */
export function crashAfterEachWrite(protocol: AnyProtocol): PrefixReport {
  let prefixes = 0;
  let doneAfter = 0;
  for (const node of [1, 2, 3]) {
    for (let write = 1; write <= PREFIXES; write++) {
      for (const kept of [write, write - 1]) {
        const outcome = crashAfter(protocol, node, write, kept);
        if (outcome === null) break;
        prefixes++;
        doneAfter += outcome.done;
        if (outcome.fault !== null)
          return {
            prefixes,
            doneAfter,
            fault: `node ${node} restarted from ${kept} records: ${outcome.fault}`,
          };
      }
    }
  }
  return { prefixes, doneAfter, fault: null };
}

/** Null where the replica writes fewer records than that before the load ends. */
function crashAfter(
  protocol: AnyProtocol,
  id: NodeId,
  write: number,
  kept: number,
): { fault: string | null; done: number } | null {
  const simulation = new Simulation(smallCluster(protocol, id));
  simulation.start();
  const node = simulation.nodes[id - 1]!;
  const { disk } = node;
  simulation.runUntil(BEFORE * 1000, () => disk.written >= write);
  if (disk.written < write) return null;
  // Of what is written and not yet durable just so many records survive; the crash asks for each in turn.
  let left = Math.max(0, kept - disk.durable);
  simulation.crash(node, { lostWrites: true, tornWrites: false }, () => (left-- > 0 ? 0 : 1));
  simulation.runUntil(simulation.now + DOWN * 1000);
  simulation.restart(node);
  const before = simulation.clients.completed;
  simulation.runUntil(simulation.now + AFTER * 1000, () => simulation.clients.completed >= before + DONE);
  const done = simulation.clients.completed - before;
  return { fault: faultOf(protocol, simulation, node.haltedBy !== null, done), done };
}

function faultOf(
  protocol: AnyProtocol,
  simulation: Simulation,
  halted: boolean,
  done: number,
): string | null {
  const { violation } = simulation.checks;
  if (violation !== null) return `${violation.check}: ${violation.detail}`;
  if (halted) return 'it stopped itself';
  if (done < DONE) return `only ${done} operations were done in ${AFTER} ms`;
  simulation.clients.recordOpen();
  const { verdict, detail } = checkLinearizability(simulation.clients.history, keyValueModel());
  const broken = verdictOf(
    protocol,
    new Set(['crash', 'lost-writes']),
    'linearizable',
    'linearizable',
    verdict === 'violated',
    detail,
  );
  return broken.verdict === 'violated' ? `linearizable: ${detail}` : null;
}

function smallCluster(protocol: AnyProtocol, seed: number): SimulationOptions {
  return {
    protocol,
    nodes: 3,
    seed,
    milliseconds: BEFORE + DOWN + AFTER,
    snapshotEvery: 10,
    workload: {
      clients: 3,
      thinkMilliseconds: 10,
      keys: 2,
      valueBytes: 8,
      reads: 0.3,
      writes: 'mixed',
      place: 'spread',
      history: true,
    },
  };
}
