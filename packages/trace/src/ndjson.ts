import type { Trace, TraceEvent, TraceKind } from './trace.ts';

/** For each kind, the names of the fields `a` to `d` as they are written; `name:` marks ids that are written as the name. */
const FIELDS: Record<TraceKind, readonly string[]> = {
  send: ['to', 'message', 'name:type', 'cause'],
  deliver: ['from', 'message', '', 'cause'],
  drop: ['from', 'message', 'name:reason'],
  write: ['sequence', 'forced', 'cause'],
  sync: ['sequence'],
  timer: ['name:timer', 'key'],
  decide: ['slot', 'outcome'],
  apply: ['slot'],
  role: ['name:role', 'epoch', 'leader'],
  request: ['client', 'sequence', 'cause'],
  respond: ['client', 'sequence', 'status', 'cause'],
  invoke: ['operation', 'home'],
  ask: ['operation', 'to'],
  answer: ['operation', 'from', 'status'],
  return: ['operation', 'status'],
  crash: ['name:reason'],
  restart: ['name:reason'],
  halt: ['name:reason'],
  fault: ['index', 'begins'],
  snapshot: ['slot', 'installed'],
};

/** One event as one JSON line with named fields, times in microseconds. */
export function formatEvent(trace: Trace, event: TraceEvent): string {
  const line: Record<string, string | number> = { time: event.time, kind: event.kind, node: event.node };
  const values = [event.a, event.b, event.c, event.d];
  for (const [i, field] of FIELDS[event.kind].entries()) {
    if (field === '') continue;
    const value = values[i]!;
    if (field.startsWith('name:')) line[field.slice(5)] = trace.name(value);
    else line[field] = value;
  }
  return JSON.stringify(line);
}

/** A full trace as newline-delimited JSON, line by line. */
export function* formatTrace(trace: Trace): Generator<string> {
  for (const event of trace) yield formatEvent(trace, event);
}
