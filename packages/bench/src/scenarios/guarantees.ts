import { everyClass } from '@quorate/faults';
import type { AnyProtocol, FaultClass } from '@quorate/interface';
import { simulate, swarmOptions } from '@quorate/simulator';
import type { GuaranteeRow } from '../results.ts';
import type { Cell, FaultRun, Run, Sample, Scenario, Settings, Summary } from '../scenario.ts';
import { VERDICTS } from '../verdicts.ts';

/** Virtual time of each run: long enough for several faults and what follows, short enough for hundreds of runs. */
const SECONDS = 20;

/** What the faults of each row are drawn from. Writes are lost and torn in crashes. */
const CLASSES: ReadonlyMap<string, readonly FaultClass[]> = new Map([
  ['none', []],
  ...everyClass.map((name): [string, readonly FaultClass[]] => [
    name,
    name === 'lost-writes' || name === 'torn-writes' ? ['crash', name] : [name],
  ]),
]);

/** Every promise under every class of faults, one class at a time. */
export const guarantees: Scenario = {
  name: 'guarantees',
  title: 'Guarantees under faults',
  question: 'Which promise holds under which class of faults, and which run shows where it does not?',
  method:
    `For each seed and each class of faults alone: ${SECONDS} s of virtual time, with faults of the class, knobs and load drawn from the seed (swarm). Invariants ` +
    'and agreement are checked after every step, linearizability over the whole history; when all faults are healed, every node must answer again.',
  better: {},
  headline: [],

  cells: (settings: Settings): Cell[] => [{ nodes: settings.nodes ?? 5, clients: 0 }],

  run({ protocol, nodes, seed }: Run): Sample {
    const byFault = [...CLASSES].map(([fault, classes]): FaultRun => {
      const result = simulate(swarmOptions(protocol, seed, SECONDS * 1000, { nodes, classes }));
      const fired = result.fired[fault as FaultClass] ?? 0;
      return { fault, fired: fault === 'none' ? 1 : fired, verdicts: result.verdicts };
    });
    return { seed, values: {}, byFault, verdicts: byFault.flatMap(({ verdicts }) => verdicts) };
  },

  summarise(samples: readonly Sample[], protocol: AnyProtocol, cell: Cell): Summary {
    return {
      metrics: {},
      guarantees: [...CLASSES.keys()].flatMap((fault) => rowsOf(samples, protocol, cell, fault)),
      notes: [],
    };
  },
};

/** One row for each check; a protocol's own invariants share one row, in which a broken one is named. */
function rowsOf(
  samples: readonly Sample[],
  protocol: AnyProtocol,
  cell: Cell,
  fault: string,
): GuaranteeRow[] {
  const invariants = new Set(protocol.invariants.map(({ name }) => name));
  const runs = samples.map(({ seed, byFault }) => ({
    seed,
    ...byFault!.find((one) => one.fault === fault)!,
  }));
  const exercised = runs.filter(({ fired }) => fired > 0).length;
  const rows = new Map<string, GuaranteeRow>();
  for (const { seed, verdicts } of runs) {
    for (const { check, verdict, detail } of verdicts) {
      const own = invariants.has(check);
      const name = own ? 'invariants' : check;
      const row = rows.get(name);
      if (row !== undefined && VERDICTS.indexOf(row.verdict) <= VERDICTS.indexOf(verdict)) continue;
      const shown = {
        seed,
        detail: own ? `${check}: ${detail}` : detail,
        reproduce: again(protocol, cell, seed, fault),
      };
      const base = { reads: protocol.reads ?? 'none', fault, check: name, verdict, runs: exercised };
      rows.set(name, verdict === 'ok' ? base : { ...base, shown });
    }
  }
  return [...rows.values()];
}

function again({ name }: AnyProtocol, { nodes }: Cell, seed: number, fault: string): string {
  const classes = CLASSES.get(fault)!;
  const swarm = classes.length === 0 ? 'swarm:none' : `swarm:${classes.join(',')}`;
  return `quorate simulate ${name} --nodes ${nodes} --seed ${seed} --duration ${SECONDS}s --faults ${swarm}`;
}
