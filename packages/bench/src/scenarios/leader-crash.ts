import type { AnyProtocol } from '@quorate/interface';
import { completions, countOf, longestGap } from '../operations.ts';
import type { Cell, Run, Sample, Scenario, Settings, Summary } from '../scenario.ts';
import { medians, middleTimeline } from '../summary.ts';
import { firstDecisions, leadership, leadershipEvents, timelineOf } from '../timeline.ts';
import { END, FAULT_FOR, faultAt, optionsUnder, RATE, runUnder } from './failure.ts';

/** Decisions whose last message was under way at the crash fall within this time after it, microseconds. */
const IN_FLIGHT = 20_000;

/** For so many milliseconds the failing machine's disk is slow, as failing ones are: so it goes down with decisions half taken. */
const FAILING = 200;

/** The leader's machine fails, or the coordinator's, and comes back later. */
export const leaderCrash: Scenario = {
  name: 'leader-crash',
  title: 'Leader crash',
  question:
    'How long is there no decision and no answer when the leader (or a coordinator) fails, and what stays locked?',
  method:
    `LAN, ${RATE} operations offered per second, half of them reads. At about 3 s the leader (node 1 where nobody leads), whose disk has been slow for ` +
    `${FAILING} ms, loses power with what was not synced, and starts again ${FAULT_FOR / 1000} s later. First decision: from the crash until commits go on, anywhere. ` +
    'Unavailable: the longest time after the crash without an answered write (reads apart). In doubt: the longest time that a participant held locks.',
  better: { firstDecisionMilliseconds: 'lower', unavailableMilliseconds: 'lower' },
  headline: ['firstDecisionMilliseconds', 'unavailableMilliseconds', 'inDoubtMilliseconds'],

  cells: (settings: Settings): Cell[] => [{ nodes: settings.nodes ?? 5, clients: 0 }],

  run(run: Run): Sample {
    const { at, node, plan } = planOf(run);
    const { result, lockedMilliseconds, inside } = runUnder(run, plan);
    const { clients, trace } = result.simulation;
    const { columns } = clients;
    const [from, to] = [at * 1000, END * 1000];
    const decisions = firstDecisions(trace);
    const changes = leadership(trace).filter(({ time }) => time > from);
    return {
      seed: run.seed,
      values: {
        firstDecisionMilliseconds: decisionsResume(decisions, from, to),
        unavailableMilliseconds: longestGap(completions(columns, { kind: 'write' }), from, to).length / 1000,
        readsUnavailableMilliseconds:
          longestGap(completions(columns, { kind: 'read' }), from, to).length / 1000,
        inDoubtMilliseconds: lockedMilliseconds,
        leaderChanges: run.protocol.family === 'atomic-commit' ? null : changes.length,
        failedOperations: countOf(columns, { from: 0, to }, 'failed'),
      },
      timeline: {
        ...timelineOf(columns, END, [
          { atMilliseconds: at - FAILING, label: `the ${node}'s disk grows slow`, kind: 'fault' },
          { atMilliseconds: at, label: `the ${node} crashes`, kind: 'fault' },
          { atMilliseconds: at + FAULT_FOR, label: 'it starts again', kind: 'heal' },
          ...leadershipEvents(trace),
        ]),
        ...inside,
      },
      verdicts: result.verdicts,
    };
  },

  recorded: (run: Run) => optionsUnder(run, planOf(run).plan),

  summarise(samples: readonly Sample[], protocol: AnyProtocol): Summary {
    const { notes, ...drawn } = middleTimeline(samples, 'unavailableMilliseconds');
    const blocking =
      protocol.progress === 'all'
        ? 'Needs every replica: nothing can be decided until the crashed one is back.'
        : 'Needs a majority: the others go on once they have found a new leader.';
    return {
      metrics: medians(samples),
      ...drawn,
      notes: [blocking, ...notes],
    };
  },
};

/** Milliseconds from a crash until commits go on: the end of the longest silence that begins while the last messages are under way. */
function decisionsResume(decisions: readonly number[], crash: number, end: number): number {
  const inFlight = decisions.filter((time) => time > crash && time <= crash + IN_FLIGHT);
  let resumed = 0;
  let silence = 0;
  for (const last of [crash, ...inFlight]) {
    const next = decisions.find((time) => time > last) ?? end;
    if (next - last <= silence) continue;
    silence = next - last;
    resumed = next;
  }
  return (resumed - crash) / 1000;
}

/** The disk grows slow, then the power is gone. */
function planOf(run: Run) {
  const at = faultAt(run.seed);
  const node = run.protocol.family === 'atomic-commit' ? ('coordinator' as const) : ('leader' as const);
  const slow = {
    kind: 'disk-slow',
    at: at - FAILING,
    for: FAILING,
    node,
    milliseconds: FAILING / 2,
  } as const;
  const crash = { kind: 'crash', at, for: FAULT_FOR, node, lostWrites: true, tornWrites: false } as const;
  return { at, node, plan: { version: 1, events: [slow, crash] } as const };
}
