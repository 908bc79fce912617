/** How a node is from one event of a trace on, as its protocol says: a line of the kind `state` in a trace file. */
export interface TraceState {
  /** Events of the trace when this began to be so: it holds from the event before that position on. */
  readonly events: number;
  readonly node: number;
  /** Null while the node is down. `leader` is null where none is known. */
  readonly observation: {
    readonly role: string;
    readonly epoch: number;
    readonly leader: number | null;
    readonly details: Readonly<Record<string, string | number | boolean>>;
  } | null;
  /** A replicated log in short: its slots, the last one on disk, and entries of one epoch after another as [from slot, epoch]. */
  readonly log: {
    readonly first: number;
    readonly last: number;
    readonly durable: number;
    readonly runs: readonly (readonly [from: number, epoch: number])[];
  } | null;
}

/** A state as a line's fields: `{"kind": "state", "node": 1, "role": "leader", …}`, and `"down": true` while the node is down. */
export function formatState(time: number, { node, observation, log }: TraceState): string {
  const fields = observation ?? { down: true };
  return JSON.stringify({ time, kind: 'state', node, ...fields, ...(log === null ? {} : { log }) });
}

/** What is wrong with a line of the kind `state`. */
export interface StateFault {
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** The state that a line's fields tell, or what is wrong with them. */
export function readState(
  fields: Readonly<Record<string, unknown>>,
  node: number,
  events: number,
): TraceState | StateFault {
  const { down, role, epoch, leader, details = {}, log = null } = fields;
  if (log !== null && !isLog(log))
    return { field: 'log', value: log, allowed: '{"first": 1, "last": 2, "durable": 2, "runs": [[1, 1]]}' };
  if (down === true) return { events, node, observation: null, log };
  if (typeof role !== 'string') return { field: 'role', value: role, allowed: 'a text' };
  if (!Number.isSafeInteger(epoch)) return { field: 'epoch', value: epoch, allowed: 'a whole number' };
  if (leader !== null && !Number.isSafeInteger(leader))
    return { field: 'leader', value: leader, allowed: 'a node or null' };
  if (!isDetails(details))
    return { field: 'details', value: details, allowed: 'texts, numbers, true and false by their names' };
  return {
    events,
    node,
    observation: { role, epoch: epoch as number, leader: leader as number | null, details },
    log,
  };
}

function isLog(log: unknown): log is NonNullable<TraceState['log']> {
  if (typeof log !== 'object' || log === null) return false;
  const { first, last, durable, runs } = log as Record<string, unknown>;
  return (
    [first, last, durable].every(Number.isSafeInteger) &&
    Array.isArray(runs) &&
    runs.every((run) => Array.isArray(run) && run.length === 2 && run.every(Number.isSafeInteger))
  );
}

function isDetails(details: unknown): details is Readonly<Record<string, string | number | boolean>> {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return false;
  return Object.values(details).every((value) => ['string', 'number', 'boolean'].includes(typeof value));
}
