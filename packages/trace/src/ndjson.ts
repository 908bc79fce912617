import { formatState, type TraceState } from './state.ts';
import type { Trace, TraceEvent, TraceKind } from './trace.ts';

/**
 * The first line of a trace file: what the run was, and what runs it again. All but `kind` and `version` may be missing in traces that others
 * write; events alone, without this line, are a trace too.
 */
export interface TraceHeader {
  /** Told apart by it from the events that follow. */
  readonly kind: 'trace';
  /** Of this format. */
  readonly version: 1;
  /** The protocol's name, and what readers call it. */
  readonly protocol?: string;
  readonly title?: string;
  /** How many nodes there are, 1 to this; where it is missing, the highest number among the events says. */
  readonly nodes?: number;
  /** How many lines follow: what tells a file that was cut off. */
  readonly lines?: number;
  /** The hash of the trace as it was recorded. */
  readonly traceHash?: string;
  /** The simulation's options, all but the protocol: with them the same run can be made again. */
  readonly options?: unknown;
}

/** How a field is written: a number as it is, a number that stands for a name as the name, a status as `ok` (0) or the refusal's name. */
export type FieldKind = 'number' | 'name' | 'status';

/** One of the numbers `a` to `d` of an event, as a file has it. */
export interface TraceField {
  readonly name: string;
  readonly kind: FieldKind;
}

const number = (name: string): TraceField => ({ name, kind: 'number' });
const named = (name: string): TraceField => ({ name, kind: 'name' });
const STATUS: TraceField = { name: 'status', kind: 'status' };

/** For each kind of event its fields in the order of `a` to `d`; null where a number means nothing. */
export const TRACE_FIELDS: Readonly<Record<TraceKind, readonly (TraceField | null)[]>> = {
  send: [number('to'), number('message'), named('type'), number('cause')],
  deliver: [number('from'), number('message'), null, number('cause')],
  drop: [number('from'), number('message'), named('reason')],
  write: [number('sequence'), number('forced'), number('cause')],
  sync: [number('sequence')],
  timer: [named('timer'), number('key')],
  decide: [number('slot'), number('outcome')],
  apply: [number('slot')],
  role: [named('role'), number('epoch'), number('leader')],
  request: [number('client'), number('sequence'), number('cause')],
  respond: [number('client'), number('sequence'), STATUS, number('cause')],
  invoke: [number('operation'), number('home')],
  ask: [number('operation'), number('to')],
  answer: [number('operation'), number('from'), STATUS],
  return: [number('operation'), number('status')],
  crash: [named('reason')],
  restart: [named('reason')],
  halt: [named('reason')],
  fault: [number('index'), number('begins')],
  snapshot: [number('slot'), number('installed')],
};

/** One event as one JSON line with named fields, times in microseconds. */
export function formatEvent(trace: Trace, event: TraceEvent): string {
  const line: Record<string, string | number> = { time: event.time, kind: event.kind, node: event.node };
  const values = [event.a, event.b, event.c, event.d];
  for (const [i, field] of TRACE_FIELDS[event.kind].entries()) {
    if (field === null) continue;
    const value = values[i]!;
    if (field.kind === 'number') line[field.name] = value;
    else line[field.name] = field.kind === 'status' && value === 0 ? OK : trace.name(value);
  }
  return JSON.stringify(line);
}

/** How the status 0 is written. */
export const OK = 'ok';

/**
 * A full trace as newline-delimited JSON, line by line.
 * @param about what is known of the run: then a header comes first
 * @param states how each node was, in the order of `events`: lines of the kind `state` between the events
 */
export function* formatTrace(
  trace: Trace,
  about?: Omit<TraceHeader, 'kind' | 'version' | 'lines'>,
  states: readonly TraceState[] = [],
): Generator<string> {
  if (about !== undefined) {
    const header: TraceHeader = { kind: 'trace', version: 1, ...about, lines: trace.length + states.length };
    yield JSON.stringify(header);
  }
  let next = 0;
  let [time, events] = [0, 0];
  for (const event of trace) {
    for (; next < states.length && states[next]!.events <= events; next++)
      yield formatState(time, states[next]!);
    yield formatEvent(trace, event);
    time = event.time;
    events++;
  }
  for (; next < states.length; next++) yield formatState(time, states[next]!);
}
