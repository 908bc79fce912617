import { checkLinearizability, keyValueModel } from '@quorate/checkers';
import { type AnyProtocol, type FaultClass, type Guarantee, resolveKnobs } from '@quorate/interface';
import type { SimulationOptions } from './options.ts';
import { type Owed, type Recovery, recover } from './recovery.ts';
import { Simulation } from './simulation.ts';

/** What one check says of one run. `expected`: broken, as the protocol says it may be under the faults of this run. */
export interface Verdict {
  readonly check: string;
  readonly verdict: 'ok' | 'violated' | 'expected' | 'unknown';
  readonly detail: string;
}

/** The outcome of one simulated run. */
export interface SimulationResult {
  readonly protocol: string;
  readonly nodes: number;
  readonly seed: number;
  readonly traceHash: string;
  readonly virtualSeconds: number;
  /** Messages, requests and answers delivered over links. */
  readonly delivered: number;
  /** Slots decided, each counted once however many replicas learnt of it. */
  readonly decided: number;
  readonly operations: { readonly ok: number; readonly failed: number; readonly unknown: number };
  /** How often faults of each class took effect. */
  readonly fired: Readonly<Partial<Record<FaultClass, number>>>;
  readonly verdicts: readonly Verdict[];
  /** For whoever wants to look closer: trace, nodes, clients. */
  readonly simulation: Simulation;
}

/** Steps after which the linearizability checker gives up on a key with "unknown". */
const CHECK_BUDGET = 2_000_000;

/** Somebody who looks at a run from outside, and must not touch it. */
export interface Watch {
  /** Called before the run begins: to look at each step (`Simulation.onStep`) or message (`Network.onSend`). */
  begin?(simulation: Simulation): void;
  /** How often `look` is called while the cluster is under load. */
  readonly everyMilliseconds: number;
  look(simulation: Simulation): void;
}

/**
 * Runs a whole cluster under load and faults, then heals it, a core first, demands that it answers and converges, and says what each
 * check found.
 * The wall clock and the machine have no influence: equal options, equal result, watched or not.
 */
export function simulate(options: SimulationOptions, watch?: Watch): SimulationResult {
  const { judge, ...run } = runThrough(options, watch);
  return { ...run, verdicts: judge() };
}

/** A run to its end, of which nothing has been said yet: judging it can take as long as the run. */
export interface Unjudged extends Omit<SimulationResult, 'verdicts'> {
  judge(): Verdict[];
}

/** `simulate` up to its verdicts. */
export function runThrough(options: SimulationOptions, watch?: Watch): Unjudged {
  const simulation = new Simulation(options);
  watch?.begin?.(simulation);
  simulation.start();
  const loadEnds = Math.round(options.milliseconds * 1000);
  const { clients, checks } = simulation;
  const recovers = options.recover ?? true;
  const done = options.workload.operations === undefined || !recovers ? undefined : () => clients.idle;
  if (watch !== undefined) {
    const every = watch.everyMilliseconds * 1000;
    for (let at = every; at < loadEnds && !(done?.() ?? false); at += every) {
      simulation.runUntil(at, done);
      watch.look(simulation);
    }
  }
  simulation.runUntil(loadEnds, done);
  const recovery = recovers && checks.violation === null ? recover(simulation) : undefined;
  clients.recordOpen();
  return {
    protocol: options.protocol.name,
    nodes: options.nodes,
    seed: options.seed,
    traceHash: simulation.trace.hash(),
    virtualSeconds: simulation.now / 1e6,
    delivered: simulation.delivered,
    decided: checks.decidedSlots,
    operations: { ok: clients.completed, failed: clients.failed, unknown: clients.unknown },
    fired: Object.fromEntries(simulation.fired),
    judge: () => judge(simulation, recovery),
    simulation,
  };
}

function judge(simulation: Simulation, recovery: Recovery | undefined): Verdict[] {
  const { options, checks, clients } = simulation;
  // What was planned and never began excuses nothing.
  const classes: ReadonlySet<FaultClass> = new Set(simulation.fired.keys());
  const { violation } = checks;
  const verdicts: Verdict[] = [];
  for (const { name } of options.protocol.invariants) {
    const broken = violation?.check === name;
    verdicts.push(
      verdictOf(
        options.protocol,
        classes,
        name,
        'invariants',
        broken,
        broken ? told(simulation) : 'held after every step',
      ),
    );
  }
  const disagreed = violation?.check === 'agreement';
  verdicts.push(
    verdictOf(
      options.protocol,
      classes,
      'agreement',
      'agreement',
      disagreed,
      disagreed ? told(simulation) : `over ${checks.decidedSlots} decisions`,
    ),
  );
  if (violation?.check === 'assertion') {
    verdicts.push(verdictOf(options.protocol, classes, 'assertion', 'invariants', true, told(simulation)));
  }
  if (options.workload.history) {
    const checked = checkLinearizability(clients.history, keyValueModel(), { steps: CHECK_BUDGET });
    if (checked.verdict === 'unknown')
      verdicts.push({ check: 'linearizable', verdict: 'unknown', detail: checked.detail });
    else {
      const broken = checked.verdict === 'violated';
      verdicts.push(
        verdictOf(options.protocol, classes, 'linearizable', 'linearizable', broken, checked.detail),
      );
    }
  }
  // A rule that broke meanwhile ended the run, so that nothing could be owed any more.
  if (recovery !== undefined && violation === null)
    verdicts.push(...judgeRecovery(simulation, recovery, classes));
  return verdicts;
}

function judgeRecovery(
  { options: { protocol, knobs } }: Simulation,
  { progress, convergence }: Recovery,
  classes: ReadonlySet<FaultClass>,
): Verdict[] {
  const settings = resolveKnobs(protocol, knobs);
  const judged = (check: string, { kept, onBadLinks, detail }: Owed): Verdict => {
    const verdict = verdictOf(protocol, classes, check, check, !kept, detail);
    const needed = onBadLinks ? protocol.guarantees.find((one) => one.check === check)?.onBadLinks : {};
    const promised = Object.entries(needed ?? {}).every(([name, value]) => settings[name] === value);
    return kept || promised ? verdict : { ...verdict, verdict: 'expected' };
  };
  const verdicts = [judged('progress', progress)];
  if (convergence !== undefined) verdicts.push(judged('convergence', convergence));
  return verdicts;
}

function told(simulation: Simulation): string {
  const { detail, node, time } = simulation.checks.violation!;
  return `${detail} (node ${node}, at ${(time / 1000).toFixed(3)} ms)`;
}

/**
 * A broken check is "expected" where the protocol does not promise it, or not under a class of faults that this run's plan holds.
 * @param promise the guarantee that covers the check where none has its name
 */
export function verdictOf(
  { guarantees }: Pick<AnyProtocol, 'guarantees'>,
  classes: ReadonlySet<FaultClass>,
  check: string,
  promise: string,
  broken: boolean,
  detail: string,
): Verdict {
  if (!broken) return { check, verdict: 'ok', detail };
  const guarantee: Guarantee | undefined =
    guarantees.find((one) => one.check === check) ?? guarantees.find((one) => one.check === promise);
  // A failed assertion is a mistake in the code unless the protocol says otherwise; of all else it owes only what it promises.
  const excused =
    guarantee === undefined ? check !== 'assertion' : guarantee.exceptUnder.some((one) => classes.has(one));
  return { check, verdict: excused ? 'expected' : 'violated', detail };
}
