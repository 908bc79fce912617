import { describeEvent, noFaults } from '@quorate/faults';
import type { AnyProtocol } from '@quorate/interface';
import { type Recorder, record, type SimulationOptions, type SimulationResult } from '@quorate/simulator';
import type { TraceEvent } from '@quorate/trace';
import type { RunVerdict } from './scenario.ts';

/** A failing run told to a reader, in lines of plain text. */
export interface Story {
  readonly traceHash: string;
  /** Verdicts other than `ok`. */
  readonly verdicts: readonly RunVerdict[];
  /** What is wrong, by which check. */
  readonly broke: string;
  /** The rule, and where it stands. */
  readonly rule: string;
  /** What the protocol promises instead. */
  readonly expected: string;
  readonly configuration: readonly string[];
  /** The fault plan. */
  readonly faults: readonly string[];
  /** What clients asked for, where that is a list. */
  readonly requests: readonly string[];
  /** What happened last before the break; of a run that only as a whole shows what is wrong, its turning points. */
  readonly events: readonly string[];
  /** How each node is at the end, as the protocol says. */
  readonly nodes: readonly string[];
}

/** So many events are told. */
const EVENTS = 30;
/** And so many requests and lines of other lists. */
const LINES = 60;

/**
 * Runs a configuration again and tells what breaks in it.
 * @param check the check to tell of; the first that is not ok where it is not named, or is ok now
 */
export function storyOf(options: SimulationOptions, check?: string): Story {
  const { result, recorder } = record(options);
  const verdicts = result.verdicts.filter(({ verdict }) => verdict !== 'ok');
  const told = verdicts.find((one) => one.check === check) ?? verdicts[0];
  const { protocol } = options;
  const invariant = protocol.invariants.find(({ name }) => name === told?.check);
  const promise =
    protocol.guarantees.find((one) => one.check === told?.check) ??
    (invariant && protocol.guarantees.find((one) => one.check === 'invariants'));
  return {
    traceHash: result.traceHash,
    verdicts,
    broke:
      told === undefined ? 'nothing: every check is ok' : `${told.check} ${told.verdict}: ${told.detail}`,
    rule:
      told === undefined
        ? ''
        : ruleOf(told.check, invariant?.source ?? result.simulation.checks.violation?.source),
    expected:
      promise === undefined
        ? `${protocol.title} promises nothing here.`
        : `${protocol.title} promises ${promise.check === 'invariants' ? 'all of its invariants' : `"${promise.check}"`}${except(promise.exceptUnder)} (${promise.source}).`,
    configuration: configurationOf(options),
    faults: (options.faults ?? noFaults).events.map((event) => describeEvent(event)).slice(0, LINES),
    requests: (options.requests ?? [])
      .slice(0, LINES)
      .map(({ at, node, operation: { kind, key, ...rest } }) =>
        [
          `${milliseconds(at)}: a client beside node ${node}: ${kind} ${key}`,
          ...Object.values(rest).map((value) => value ?? 'nothing'),
        ].join(' '),
      ),
    events: lastEvents(result, recorder, protocol),
    nodes: nodesAtEnd(result, recorder),
  };
}

const RULES: Readonly<Record<string, string>> = {
  agreement: 'no two nodes ever decide differently on one slot',
  assertion: 'a replica that finds itself in an impossible state stops rather than answer wrongly',
  linearizable:
    'there is one order of all operations, in keeping with real time, that explains every answer (Herlihy and Wing, 1990)',
  progress: 'once what the protocol needs is up and connected, every request is answered',
  convergence: 'once what the protocol needs is up and connected, all replicas reach one state',
};

function ruleOf(check: string, source: string | undefined): string {
  return RULES[check] ?? `${check}${source === undefined ? '' : ` (${source})`}`;
}

function except(classes: readonly string[]): string {
  return classes.length === 0 ? ', whatever the faults' : `, except under ${classes.join(', ')}`;
}

function configurationOf(options: SimulationOptions): string[] {
  const { nodes, seed, workload, knobs = {}, snapshotEvery = 0, protocol } = options;
  const load =
    workload.rate !== undefined
      ? `${workload.rate} operations a second`
      : workload.clients === 0
        ? plural(options.requests?.length ?? 0, 'single request')
        : `${plural(workload.clients ?? 0, 'client')}, ${plural(workload.keys, 'key')}${workload.operations === undefined ? '' : `, ${workload.operations} operations`}`;
  const set = Object.entries(knobs).filter(([name, value]) => protocol.knobs[name]?.default !== value);
  return [
    `${nodes} nodes, seed ${seed}, ${milliseconds(options.milliseconds)} under load: ${load}`,
    set.length === 0
      ? 'all knobs at their defaults'
      : `knobs: ${set.map(([name, value]) => `${name} ${value}`).join(', ')}`,
    snapshotEvery === 0 ? 'no snapshots' : `a snapshot every ${snapshotEvery} commands`,
  ];
}

function nodesAtEnd({ simulation }: SimulationResult, recorder: Recorder): string[] {
  return simulation.nodes.map(({ id }) => {
    const seen = recorder.frameAt(id, simulation.trace.length)?.observation ?? null;
    if (seen === null) return `node ${id}: down`;
    const details = Object.entries(seen.details).map(([name, value]) => `${name} ${value}`);
    return [`node ${id}: ${seen.role}${seen.epoch > 0 ? ` in ${seen.epoch}` : ''}`, ...details].join(', ');
  });
}

/** Events that change what a node is or can do, or end what a client asked for. */
const TURNING = new Set(['role', 'crash', 'restart', 'halt', 'fault', 'return', 'snapshot']);

/** The last events worth telling, in words. What is quoted of messages is what the protocol itself says of them. */
function lastEvents({ simulation }: SimulationResult, recorder: Recorder, protocol: AnyProtocol): string[] {
  const { trace } = simulation;
  const lines: string[] = [];
  const sudden = simulation.checks.violation !== null;
  const { recover = true, milliseconds: loadEnds } = simulation.options;
  let healed = false;
  for (let i = trace.length - 1; i >= 0 && lines.length < EVENTS; i--) {
    const event = trace.at(i);
    if (recover && event.time >= loadEnds * 1000) healed = true;
    else if (healed) {
      lines.push(`${milliseconds(loadEnds)}: the load is over, and faults are healed`);
      healed = false;
    }
    if (!sudden && !TURNING.has(event.kind)) continue;
    const words = inWords(event, (id) => trace.name(id), recorder, protocol, simulation.options);
    if (words !== null) lines.push(`${milliseconds(event.time / 1000)}: ${words}`);
  }
  return lines.reverse();
}

function inWords(
  event: TraceEvent,
  name: (id: number) => string,
  recorder: Recorder,
  protocol: AnyProtocol,
  { faults = noFaults }: SimulationOptions,
): string | null {
  const { node, a, b, c } = event;
  const message = () => {
    const sent = recorder.messages[b];
    if (sent === undefined) return `message ${b}`;
    const explained: unknown = protocol.explain?.(sent); // drivers send pieces of snapshots too, of which protocols know nothing
    return `${sent.type}${typeof explained === 'string' ? `: ${explained}` : ''}`;
  };
  switch (event.kind) {
    case 'deliver':
      return `node ${node} receives from node ${a} ${message()}`;
    case 'drop':
      return `node ${node} does not receive from node ${a} (${name(c)}) ${message()}`;
    case 'role': {
      const leader = c < 0 || c === node ? '' : `, following node ${c}`;
      return `node ${node} is now ${name(a)}${b > 0 ? ` in ${b}` : ''}${leader}`;
    }
    case 'decide':
      return `node ${node} decides slot ${a}: ${['committed', 'aborted', 'chosen'][b]}`;
    case 'request':
      return `node ${node} receives request ${b} of client ${a}`;
    case 'return':
      return `client ${node}'s operation ${a} ends: ${['ok', 'failed', 'outcome unknown'][b]}`;
    case 'crash':
      return `node ${node} crashes`;
    case 'restart':
      return `node ${node} starts again`;
    case 'halt':
      return `node ${node} stops by itself (${name(a)})`;
    case 'fault': {
      const planned = faults.events[a];
      if (planned === undefined) return null;
      const what = describeEvent(planned).replace(/^[^:]*: /, '');
      return b === 1 ? `fault begins: ${what}` : `fault ends: ${what}`;
    }
    case 'snapshot':
      return `node ${node} has ${b === 1 ? 'installed' : 'made'} a snapshot up to ${a}`;
    default:
      return null;
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function milliseconds(time: number): string {
  return `${Number(time.toFixed(3))} ms`;
}

/** A story as Markdown below a heading, for a reader who has not seen the run. `again`: the command that runs it. */
export function storyMarkdown(story: Story, again: string): string {
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`**${title}**`, '', ...lines.map((line) => `- ${line}`), ''];
  return [
    `**What broke.** ${story.broke}`,
    '',
    `**The rule.** ${story.rule}`,
    '',
    `**What was expected.** ${story.expected}`,
    '',
    '**Run it again**',
    '',
    '```',
    again,
    '```',
    '',
    `It must give trace hash \`${story.traceHash}\`.`,
    '',
    ...list('Configuration', story.configuration),
    ...(story.faults.length === 0 ? ['**Faults.** None.', ''] : list('Faults', story.faults)),
    ...list('Requests', story.requests),
    ...list(`The last ${story.events.length} events`, story.events),
    ...list('The nodes at the end', story.nodes),
  ].join('\n');
}
