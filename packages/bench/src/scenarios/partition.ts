import type { FaultPlan, NodeRef } from '@quorate/faults';
import type { AnyProtocol, NodeId } from '@quorate/interface';
import { type OperationColumns, type Simulation, STATUS } from '@quorate/simulator';
import { completions, countOf, firstAnswer, longestGap } from '../operations.ts';
import type { Cell, Run, Sample, Scenario, Settings, Summary } from '../scenario.ts';
import { medians, middleTimeline } from '../summary.ts';
import { leadership, leadershipEvents, timelineOf } from '../timeline.ts';
import { END, FAULT_FOR, faultAt, optionsUnder, RATE, runUnder } from './failure.ts';

/** The network splits, the leader on the smaller side, and heals. */
export const partition: Scenario = {
  name: 'partition',
  title: 'Partition',
  question:
    'Who is answered on which side of a split, with the leader on the smaller one, and how soon is all well after it?',
  method:
    `LAN, ${RATE} operations offered per second, half of them reads, clients on both sides. At about 3 s the leader (node 1 where nobody leads) and ` +
    `as many followers as still make a minority are cut off from the rest, for ${FAULT_FOR / 1000} s; a client reaches only its own side. Rates are of what ` +
    'was carried out during the split; of what was asked in it, shares were carried out or refused before the healing, the rest got no answer. ' +
    'Unavailable: the longest time without an answered write on that side. Recovery: from the healing until a client ' +
    'of each side was answered something that it asked after it.',
  better: { 'unavailableMilliseconds:majority': 'lower', recoveryMilliseconds: 'lower' },
  headline: ['writesPerSecond', 'unavailableMilliseconds', 'recoveryMilliseconds'],

  cells(settings: Settings): Cell[] {
    const nodes = settings.nodes ?? 5;
    if (nodes < 3)
      throw new RangeError(`partition needs 3 nodes or more to have a majority and a minority, not ${nodes}`);
    return [{ nodes, clients: 0 }];
  },

  run(run: Run): Sample {
    const at = faultAt(run.seed);
    const healed = at + FAULT_FOR;
    let sides: Sides | undefined;
    const watch = {
      everyMilliseconds: 100,
      look(simulation: Simulation): void {
        if (simulation.now > at * 1000) sides ??= sidesOf(simulation);
      },
    };
    const plan = planOf(run);
    const { result, lockedMilliseconds, inside } = runUnder(run, plan, watch);
    const { clients, trace } = result.simulation;
    const changes = leadership(trace).filter(({ time }) => time > at * 1000);
    return {
      seed: run.seed,
      values: {
        ...sideValues(clients.columns, 'minority', sides?.minority ?? [], at, healed),
        ...sideValues(clients.columns, 'majority', sides?.majority ?? [], at, healed),
        recoveryMilliseconds: recovery(clients.columns, sides, healed),
        inDoubtMilliseconds: lockedMilliseconds,
        leaderChanges: run.protocol.family === 'atomic-commit' ? null : changes.length,
        failedOperations: countOf(clients.columns, { from: 0, to: END * 1000 }, 'failed'),
      },
      timeline: {
        ...timelineOf(clients.columns, END, [
          {
            atMilliseconds: at,
            label: `the network splits${sides === undefined ? '' : `: ${named(sides)}`}`,
            kind: 'fault',
          },
          { atMilliseconds: healed, label: 'the network heals', kind: 'heal' },
          ...leadershipEvents(trace),
        ]),
        ...inside,
      },
      verdicts: result.verdicts,
    };
  },

  recorded: (run: Run) => optionsUnder(run, planOf(run)),

  summarise(samples: readonly Sample[], protocol: AnyProtocol): Summary {
    const { notes, ...drawn } = middleTimeline(samples, 'recoveryMilliseconds');
    const blocking =
      protocol.progress === 'all'
        ? 'Needs every replica: neither side can write during the split.'
        : 'Needs a majority: the larger side goes on with a new leader, the smaller one stops.';
    return {
      metrics: medians(samples),
      ...drawn,
      notes: [blocking, ...notes],
    };
  },
};

interface Sides {
  readonly minority: readonly NodeId[];
  readonly majority: readonly NodeId[];
}

function planOf({ seed, nodes }: Run): FaultPlan {
  return {
    version: 1,
    events: [{ kind: 'partition', at: faultAt(seed), for: FAULT_FOR, groups: [minority(nodes)] }],
  };
}

/** The leader and as many followers as stay below half. */
function minority(nodes: number): NodeRef[] {
  const size = Math.floor((nodes - 1) / 2);
  return Array.from({ length: size }, (_, i) => (i === 0 ? 'leader' : 'follower'));
}

function sidesOf(simulation: Simulation): Sides | undefined {
  const ids = simulation.nodes.map(({ id }) => id);
  const reached = (id: NodeId) => id === ids[0] || !simulation.network.faults.blocked(ids[0]!, id);
  const [one, other] = [ids.filter(reached), ids.filter((id) => !reached(id))];
  if (other.length === 0) return undefined; // nobody led, so there was nobody to cut off
  return one.length < other.length ? { minority: one, majority: other } : { minority: other, majority: one };
}

function named({ minority, majority }: Sides): string {
  return `{${minority.join(', ')}} | {${majority.join(', ')}}`;
}

/** What the clients of one side were answered during the split, by operations begun in it. */
function sideValues(
  columns: OperationColumns,
  side: string,
  homes: readonly NodeId[],
  at: number,
  healed: number,
): Record<string, number | null> {
  const [from, to] = [at * 1000, healed * 1000];
  const reads = answersTo(columns, 'read', homes, from, to);
  const writes = answersTo(columns, 'write', homes, from, to);
  const seconds = (healed - at) / 1000;
  return {
    [`readsPerSecond:${side}`]: reads.answered / seconds,
    [`writesPerSecond:${side}`]: writes.answered / seconds,
    [`readsAnsweredShare:${side}`]: share(reads.answered, reads.asked),
    [`readsRefusedShare:${side}`]: share(reads.refused, reads.asked),
    [`writesAnsweredShare:${side}`]: share(writes.answered, writes.asked),
    [`writesRefusedShare:${side}`]: share(writes.refused, writes.asked),
    [`unavailableMilliseconds:${side}`]:
      longestGap(completions(columns, { homes, kind: 'write' }), from, END * 1000).length / 1000,
  };
}

/** Of what one side's clients asked during the split: how much was carried out before its end, and how much refused (aborted) by then. */
function answersTo(
  columns: OperationColumns,
  kind: 'read' | 'write',
  homes: readonly NodeId[],
  from: number,
  to: number,
): { readonly asked: number; readonly answered: number; readonly refused: number } {
  const count = { asked: 0, answered: 0, refused: 0 };
  for (let i = 0; i < columns.ended.length; i++) {
    const intended = columns.intended[i]!;
    const asked = homes.includes(columns.home[i]!) && columns.read[i] === (kind === 'read' ? 1 : 0);
    if (!asked || intended < from || intended >= to) continue;
    count.asked++;
    if (columns.ended[i]! >= to) continue;
    if (columns.status[i] === STATUS.ok) count.answered++;
    else if (columns.status[i] === STATUS.failed) count.refused++;
  }
  return count;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function recovery(columns: OperationColumns, sides: Sides | undefined, healed: number): number | null {
  if (sides === undefined) return null;
  const selection = { from: healed * 1000, to: END * 1000, kind: 'write' } as const;
  const first = [sides.minority, sides.majority].map((homes) =>
    firstAnswer(columns, { ...selection, homes }),
  );
  if (first.includes(null)) return END - healed; // not before the load ended
  return (Math.max(...(first as number[])) - healed * 1000) / 1000;
}
