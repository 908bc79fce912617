import { formatNdjsonHistory } from '@quorate/checkers';
import { everyClass, type FaultPlan, noFaults, PlanError, parsePlan } from '@quorate/faults';
import type { AnyProtocol, FaultClass } from '@quorate/interface';
import {
  DEFAULT_WORKLOAD,
  LAN,
  Recorder,
  runFileOf,
  SERVER_CPU,
  type Simulation,
  type SimulationOptions,
  type SimulationResult,
  SSD,
  SWARM_THINK_MILLISECONDS,
  simulate,
  swarmOptions,
  TOPOLOGIES,
  type Watch,
} from '@quorate/simulator';
import { formatTrace, type TraceState } from '@quorate/trace';
import { readJson, writeText } from '../files.ts';
import { type Flags, readChoice, SEED_MAX } from '../flags.ts';
import { exitCodeOf, type Io, UsageError } from '../io.ts';
import { ProgressLine } from '../progress.ts';
import { findProtocol } from '../protocols.ts';
import { significant, textTable } from '../tables.ts';
import { EVENTS_MAX } from './report.ts';

/** How many nodes a cluster may have. */
export const NODES_MAX = 25;
/** So often a terminal is told how far the run is. */
const LOOKS = 200;

/** `quorate simulate`: one run, described by its flags alone, and what the checks say of it. */
export async function runSimulate(flags: Flags, io: Io): Promise<number> {
  const name = flags.text('protocol')!;
  const { protocol } = await findProtocol(name, io.cwd);
  const options = simulationOptions(protocol, flags, io.cwd);
  const traceFile = flags.text('trace');
  const historyFile = flags.text('history');
  // Says now, not after the run, that they cannot be written.
  if (traceFile !== undefined) writeText('--trace', traceFile, io.cwd, '');
  if (historyFile !== undefined) writeText('--history', historyFile, io.cwd, '');
  const line = new ProgressLine(io);
  const began = performance.now();
  const states = new States();
  const watch: Watch = {
    begin: (simulation) => traceFile !== undefined && states.begin(simulation),
    everyMilliseconds: io.terminal ? Math.max(1, options.milliseconds / LOOKS) : Number.POSITIVE_INFINITY,
    look: ({ now }) =>
      line.show(now / (options.milliseconds * 1000), `${protocol.name}: ${Math.round(now / 1e6)} virtual s`),
  };
  const result = simulate({ ...options, trace: traceFile === undefined ? 'counted' : 'full' }, watch);
  const wallSeconds = (performance.now() - began) / 1000;
  line.clear();
  if (traceFile !== undefined)
    writeText('--trace', traceFile, io.cwd, traceLines(options, result, states.inOrder()));
  if (historyFile !== undefined)
    writeText('--history', historyFile, io.cwd, formatNdjsonHistory(result.simulation.clients.history));
  const document = documentOf(result, wallSeconds);
  if (flags.on('json')) io.out(`${JSON.stringify(document, null, 2)}\n`);
  else io.out(summaryOf(result, wallSeconds, reproduceLine(name, flags)));
  return exitCodeOf(result.verdicts.map(({ verdict }) => verdict));
}

/** Notes how each node is after its steps, for the trace file: for as many events as a page shows. */
class States {
  #recorder: Recorder | undefined;

  begin(simulation: Simulation): void {
    this.#recorder = new Recorder(simulation);
    simulation.network.onSend = undefined; // what messages said is not in a trace
    const see = simulation.onStep!;
    simulation.onStep = (node) => {
      if (simulation.trace.length <= EVENTS_MAX) see(node);
    };
  }

  inOrder(): TraceState[] {
    const frames = this.#recorder?.frames ?? [];
    return frames
      .flatMap((list, node) => list.map((frame): TraceState => ({ node, ...frame })))
      .sort((a, b) => a.events - b.events);
  }
}

/** The run's full trace as a file's lines; the first holds all that runs it again. */
function traceLines(options: SimulationOptions, result: SimulationResult, states: readonly TraceState[]) {
  const { simulation, traceHash, nodes } = result;
  const { title } = options.protocol;
  return formatTrace(simulation.trace, { title, nodes, ...runFileOf(options, traceHash) }, states);
}

const WRITES = ['mixed', 'put'] as const;

/** The simulation that the flags describe. @throws UsageError on a wrong value */
function simulationOptions(protocol: AnyProtocol, flags: Flags, cwd: string): SimulationOptions {
  const nodes = flags.whole('nodes', 1, NODES_MAX);
  const seed = flags.whole('seed', 0, SEED_MAX) ?? 1;
  const milliseconds = flags.duration('duration') ?? 60_000;
  const clients = flags.whole('clients', 1, 10_000);
  const rate = flags.rate('rate');
  if (clients !== undefined && rate !== undefined) {
    throw new UsageError(
      '--rate: cannot go with --clients; allowed: one of the two, an open loop or a closed one',
    );
  }
  const topology = TOPOLOGIES[flags.choice('topology', Object.keys(TOPOLOGIES)) ?? 'lan'] ?? LAN;
  const writes = flags.choice('workload', WRITES) ?? 'mixed';
  const faults = flags.text('faults') ?? 'none';
  if (/^swarm(:|$)/.test(faults)) {
    const classes = classesOf(faults);
    const settings = {
      ...(nodes && { nodes }),
      ...(classes && { classes }),
      ...(clients && { clients }),
      ...(rate && { rate }),
    };
    const drawn = swarmOptions(protocol, seed, milliseconds, settings);
    return { ...drawn, workload: { ...drawn.workload, writes }, topology };
  }
  const size = nodes ?? 5;
  const load =
    rate === undefined
      ? { clients: clients ?? 5, thinkMilliseconds: SWARM_THINK_MILLISECONDS / 2 }
      : { rate };
  return {
    protocol,
    nodes: size,
    seed,
    milliseconds,
    workload: { ...DEFAULT_WORKLOAD, writes, ...load },
    topology,
    cpu: SERVER_CPU,
    disk: SSD,
    faults: faults === 'none' ? noFaults : readPlan(faults, size, cwd),
  };
}

/** The classes that `swarm:crash,lost-writes` names; undefined after `swarm` alone, which draws from all, and none after `swarm:none`. */
function classesOf(faults: string): readonly FaultClass[] | undefined {
  if (faults === 'swarm') return undefined;
  const names = faults.slice('swarm:'.length).split(',');
  if (names.join() === 'none') return [];
  return names.map((name) => readChoice('--faults', name, everyClass));
}

function readPlan(path: string, nodes: number, cwd: string): FaultPlan {
  if (!/[/\\.]/.test(path))
    readChoice('--faults', path, ['none', 'swarm', 'swarm:CLASS,..', 'the path of a JSON file']);
  const json = readJson('--faults', path, cwd);
  try {
    return parsePlan(
      json,
      Array.from({ length: nodes }, (_, i) => i + 1),
    );
  } catch (error) {
    if (error instanceof PlanError)
      throw new UsageError(`--faults: "${path}" is no fault plan: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What `--json` prints; names are fixed. */
function documentOf(result: SimulationResult, wallSeconds: number) {
  const { protocol, nodes, seed, traceHash, virtualSeconds, delivered, decided, verdicts } = result;
  const deliveredPerSecond = Math.round(delivered / wallSeconds);
  return {
    protocol,
    nodes,
    seed,
    traceHash,
    virtualSeconds,
    wallSeconds,
    delivered,
    deliveredPerSecond,
    decided,
    verdicts,
  };
}

function summaryOf(result: SimulationResult, wallSeconds: number, reproduce: string): string {
  const { ok, failed, unknown } = result.operations;
  const fired = Object.entries(result.fired).map(([name, count]) => `${name} ${count}`);
  return [
    `${result.protocol}, ${result.nodes} nodes, seed ${result.seed}: ${significant(result.virtualSeconds)} virtual seconds in ${significant(wallSeconds)} s`,
    `${result.decided} decisions, ${result.delivered} messages delivered (${significant(result.delivered / wallSeconds)} a second)`,
    `operations: ${ok} done, ${failed} refused or given up, ${unknown} with unknown outcome`,
    `faults that took effect: ${fired.length === 0 ? 'none' : fired.join(', ')}`,
    textTable(
      ['check', 'verdict', 'detail'],
      result.verdicts.map(({ check, verdict, detail }) => [check, verdict, detail]),
      ['left', 'left', 'left'],
    ),
    `trace hash ${result.traceHash}`,
    `again: ${reproduce}`,
    '',
  ].join('\n');
}

function reproduceLine(name: string, flags: Flags): string {
  const words = ['quorate simulate', name];
  for (const flag of ['nodes', 'seed', 'duration', 'clients', 'rate', 'topology', 'workload', 'faults']) {
    const text = flags.text(flag);
    if (text !== undefined) words.push(`--${flag} ${text}`);
  }
  return words.join(' ');
}
