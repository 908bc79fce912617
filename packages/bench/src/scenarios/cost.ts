import type { AnyProtocol } from '@quorate/interface';
import { DEFAULT_WORKLOAD, FREE_CPU, FREE_DISK, fixedDelay, Simulation } from '@quorate/simulator';
import { costs } from '@quorate/trace';
import type { Cell, Run, RunVerdict, Sample, Scenario, Settings, Summary } from '../scenario.ts';

/** Every link takes this long, and nothing else costs time: message delays can be counted on a clock. */
const LINK_MICROSECONDS = 1000;
/** So quiet must it be before the next operation begins. */
const GAP_MICROSECONDS = 50_000;
/** All of a protocol's timeouts are this many times longer than a LAN's, so that none fires in a gap. */
const TIME_SCALE = 1000;
const OPERATIONS = 20;
/** The first operations, which may meet sessions and windows that are not settled. */
const SKIPPED = 2;
const SECOND = 1_000_000;

/** What one decision costs, beside theory. */
export const cost: Scenario = {
  name: 'cost',
  title: 'Cost of one decision',
  question:
    'How many messages, message delays and forced writes does one decision take, and what does theory say?',
  method:
    'One client beside the leader (beside one node where there is none) writes, one operation after another, with free processors and disks ' +
    'and a fixed link delay. Counted from the full trace by cause. Left out: heartbeats, messages to self, and messages between two nodes ' +
    'that both know the outcome already (acknowledgements of a decision). A forced record counts even when one sync covers several.',
  better: {},
  headline: ['messagesPerDecision', 'delaysPerDecision', 'forcedWritesPerDecision', 'forcedWritesInAll'],

  cells(settings: Settings): Cell[] {
    const sizes = settings.nodes === undefined ? [3, 5, 7] : [settings.nodes];
    return sizes.map((nodes) => ({ nodes, clients: 1 }));
  },

  seeds: () => [1], // nothing in it is left to chance

  run(run: Run): Sample {
    const simulation = quietCluster(run);
    for (let i = 0; i < OPERATIONS; i++) askOnce(simulation);
    const { operations: _, ...values } = costs(simulation.trace, LINK_MICROSECONDS, SKIPPED);
    return { seed: run.seed, values, verdicts: verdictsOf(simulation) };
  },

  summarise(samples: readonly Sample[], protocol: AnyProtocol, { nodes }: Cell): Summary {
    const { source, ...expected } = protocol.costs(nodes);
    const metrics = { ...samples[0]!.values, expected };
    return { metrics, notes: [`Theory: ${source}.`] };
  },
};

function quietCluster({ protocol, nodes, seed, settings }: Run): Simulation {
  const simulation = new Simulation({
    protocol,
    nodes,
    seed,
    milliseconds: 0,
    workload: {
      ...DEFAULT_WORKLOAD,
      clients: 0, // the only ones are those of `askOnce`
      keys: settings.keys,
      valueBytes: settings.valueBytes,
      reads: 0,
      writes: 'put',
      history: false,
    },
    topology: { ...fixedDelay(LINK_MICROSECONDS), timeScale: TIME_SCALE },
    cpu: FREE_CPU,
    disk: FREE_DISK,
    trace: 'full',
    snapshotEvery: 0,
  });
  simulation.start();
  simulation.clients.active = false; // who has been answered asks no more
  for (let second = 1; simulation.leader() === null; second++) {
    if (second > TIME_SCALE * 100)
      throw new Error(`${protocol.name}: nobody leads although nothing is wrong`);
    simulation.runUntil(second * SECOND);
  }
  simulation.runUntil(simulation.now + SECOND);
  return simulation;
}

/** One operation from beside the leader, answered and all its traces gone. */
function askOnce(simulation: Simulation): void {
  const answered = simulation.clients.probe(simulation.leader() ?? 1);
  simulation.runUntil(simulation.now + SECOND, () => simulation.clients.pending === 0);
  if (!answered())
    throw new Error(`${simulation.options.protocol.name}: no answer although nothing is wrong`);
  simulation.runUntil(simulation.now + GAP_MICROSECONDS);
}

function verdictsOf(simulation: Simulation): RunVerdict[] {
  const { violation, decidedSlots } = simulation.checks;
  if (violation !== null) return [{ check: violation.check, verdict: 'violated', detail: violation.detail }];
  return [
    { check: 'invariants', verdict: 'ok', detail: 'held after every step' },
    { check: 'agreement', verdict: 'ok', detail: `over ${decidedSlots} decisions` },
  ];
}
