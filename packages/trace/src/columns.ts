import { TRACE_KINDS, Trace } from './trace.ts';

/**
 * A full trace as plain JSON in columns, which packs well: each number as the difference to the one before it, since most of them count up.
 * A hundred thousand events of a run under load take about 150 kB once deflated.
 */
export interface TraceColumns {
  /** By id. */
  readonly names: readonly string[];
  /** Of each event its kind, by its place in `TRACE_KINDS`. */
  readonly kinds: readonly number[];
  /** Of each event the microseconds since the event before. */
  readonly times: readonly number[];
  /** By kind: of each of its events node, a, b, c and d, each as the difference to the event of that kind before. */
  readonly rows: readonly (readonly (readonly number[])[])[];
}

const FIELDS = ['node', 'a', 'b', 'c', 'd'] as const;

/** @param trace a full one */
export function toColumns(trace: Trace): TraceColumns {
  const [kinds, times]: [number[], number[]] = [[], []];
  const rows = TRACE_KINDS.map(() => FIELDS.map((): number[] => []));
  const before = TRACE_KINDS.map(() => ({ node: 0, a: 0, b: 0, c: 0, d: 0 }));
  let time = 0;
  for (const event of trace) {
    const kind = TRACE_KINDS.indexOf(event.kind);
    kinds.push(kind);
    times.push(event.time - time);
    time = event.time;
    for (const [i, field] of FIELDS.entries()) {
      rows[kind]![i]!.push(event[field] - before[kind]![field]);
      before[kind]![field] = event[field];
    }
  }
  return { names: [...trace.names], kinds, times, rows };
}

/** The trace that `toColumns` was given: the same events, names and ids. Its hash differs where names were met between events. */
export function fromColumns({ names, kinds, times, rows }: TraceColumns): Trace {
  const trace = new Trace('full');
  for (const name of names) trace.id(name);
  const sums = TRACE_KINDS.map(() => FIELDS.map(() => 0));
  const next = TRACE_KINDS.map(() => 0);
  for (const [at, kind] of kinds.entries()) {
    trace.time += times[at]!;
    const [sum, row] = [sums[kind]!, next[kind]!++];
    for (let i = 0; i < FIELDS.length; i++) sum[i]! += rows[kind]![i]![row]!;
    trace.add(kind, sum[0]!, sum[1], sum[2], sum[3], sum[4]);
  }
  return trace;
}
