import { type FaultEvent, parsePlan } from '@quorate/faults';
import type { AnyProtocol, Expectation, Lesson } from '@quorate/interface';
import { CLASSROOM_DISK, SERVER_CPU } from './models.ts';
import type { SimulationOptions } from './options.ts';
import { type Recorder, type Recording, record } from './recorder.ts';
import { CLASSROOM } from './topology.ts';
import { DEFAULT_WORKLOAD } from './workload.ts';

/** A lesson's run: on links and disks whose times the eye can follow, with nothing asked but what the lesson asks. */
export function lessonOptions(protocol: AnyProtocol, { name, run }: Lesson): SimulationOptions {
  const ids = Array.from({ length: run.nodes }, (_, i) => i + 1);
  try {
    const { events } = parsePlan({ version: 1, events: run.faults }, ids);
    return {
      protocol,
      nodes: run.nodes,
      seed: run.seed,
      milliseconds: run.milliseconds,
      workload: { ...DEFAULT_WORKLOAD, clients: 0 },
      requests: run.requests,
      topology: CLASSROOM,
      cpu: SERVER_CPU,
      disk: CLASSROOM_DISK,
      recover: false,
      faults: { version: 1, events: events as readonly FaultEvent[] },
      ...(run.knobs === undefined ? {} : { knobs: run.knobs }),
    };
  } catch (error) {
    throw new Error(`lesson ${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** A stop of a lesson: its moment in the run. */
export interface Stop {
  /** Virtual µs. */
  readonly time: number;
  /** Events of the trace that have happened by then. */
  readonly events: number;
}

/** A lesson that was run. */
export interface PlayedLesson extends Recording {
  /** One for each step. A step whose moment never comes has none, and no later step has one. */
  readonly stops: readonly Stop[];
}

/** Runs a lesson and finds its stops. */
export function playLesson(protocol: AnyProtocol, lesson: Lesson): PlayedLesson {
  const recording = record(lessonOptions(protocol, lesson));
  const { trace } = recording.result.simulation;
  const stops: Stop[] = [];
  let from = 0;
  for (const { when, after = 0 } of lesson.steps) {
    let events = from;
    while (events <= trace.length && !holds(recording, when, events)) events++;
    if (events > trace.length) break;
    const time = (events === 0 ? 0 : trace.at(events - 1).time) + Math.round(after * 1000);
    while (events < trace.length && trace.at(events).time <= time) events++;
    if (!holds(recording, when, events)) break;
    stops.push({ time, events });
    from = events;
  }
  return { ...recording, stops };
}

const STATUSES = ['ok', 'failed', 'unknown'] as const;

function holds({ recorder, result }: Recording, { nodes, operations }: Expectation, events: number): boolean {
  if (!Object.entries(nodes ?? {}).every(([node, wanted]) => isSo(recorder, Number(node), wanted, events)))
    return false;
  if (operations === undefined) return true;
  const { trace } = result.simulation;
  const found: string[] = [];
  for (let i = 0; i < events; i++) {
    const { kind, a, b } = trace.at(i);
    if (kind === 'invoke') found[a - 1] = 'pending';
    if (kind === 'return') found[a - 1] = STATUSES[b]!;
  }
  return found.length === operations.length && operations.every((status, i) => found[i] === status);
}

type NodeExpectation = NonNullable<Expectation['nodes']>[number];

function isSo(recorder: Recorder, node: number, wanted: NodeExpectation, events: number): boolean {
  const frame = recorder.frameAt(node, events);
  if (frame === undefined) return false;
  const { observation, log } = frame;
  if (wanted.up !== undefined && wanted.up !== (observation !== null)) return false;
  if (wanted.role !== undefined && observation?.role !== wanted.role) return false;
  if (wanted.epoch !== undefined && observation?.epoch !== wanted.epoch) return false;
  for (const [name, value] of Object.entries(wanted.details ?? {}))
    if (observation?.details[name] !== value) return false;
  if (wanted.log === undefined) return true;
  const entries =
    log === null
      ? []
      : log.runs.flatMap(([from, epoch], i) => {
          const to = log.runs[i + 1]?.[0] ?? log.last + 1;
          return new Array<number>(to - from).fill(epoch);
        });
  return entries.length === wanted.log.length && wanted.log.every((epoch, i) => entries[i] === epoch);
}
