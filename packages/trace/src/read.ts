import { OK, TRACE_FIELDS, type TraceField, type TraceHeader } from './ndjson.ts';
import { readState, type TraceState } from './state.ts';
import { TRACE_KINDS, Trace, type TraceKind } from './trace.ts';

/** A trace file's content. */
export interface ReadTrace {
  readonly header: TraceHeader;
  /** Its names have ids of their own, so its hash is not the recorded one. */
  readonly trace: Trace;
  /** How each node was, in order; empty where the file does not say. */
  readonly states: readonly TraceState[];
  /** Nodes are 1 to this. */
  readonly nodes: number;
  /** Lines of kinds that are not known here, by kind: they are left out. */
  readonly unknown: ReadonlyMap<string, number>;
}

/** Thrown by `readTrace`. The message says in which line what is wrong, and what is allowed: `line 7: …`. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/** No cluster that is traced has more nodes. */
const NODES_MAX = 100;
/** Messages and operations are counted from 1 on, so that tables by number stay small. */
const NUMBER_MAX = 10_000_000;

/** Fields that name a node of the cluster, and those that count messages or operations of the run. */
const NODE_FIELDS = new Set(['to', 'from', 'home']);
const COUNTING_FIELDS = new Set(['message', 'operation', 'cause']);
/** Of these kinds of events `node` is a client, or nothing. */
const NOT_AT_NODES = new Set<TraceKind>(['invoke', 'ask', 'answer', 'return', 'fault']);

/** Whether a line begins a trace file, or may: its header, or an event. */
export function isTraceLine(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || !('kind' in json)) return false;
  return json.kind === 'trace' || ('time' in json && 'node' in json);
}

/**
 * Reads what `formatTrace` writes. Events of kinds that are not known here, from another version, are left out and counted.
 * @param text a whole file: a header or none, then one event on each line, in order of time
 * @throws TraceError on anything else, a file that was cut off above all
 */
export function readTrace(text: string): ReadTrace {
  const lines = text.split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) throw new TraceError('it is empty');
  const first = parseLine(lines, 0);
  const header = first.kind === 'trace' ? readHeader(first) : HEADLESS;
  const begin = header === HEADLESS ? 0 : 1;
  const reader = new Reader(header.nodes);
  for (let i = begin; i < lines.length; i++) reader.read(parseLine(lines, i), i + 1);
  const count = lines.length - begin;
  if (header.lines !== undefined && header.lines !== count) {
    const whole = count < header.lines ? 'the file was cut off' : 'something was added to it';
    throw new TraceError(`${count} lines follow the first, which announces ${header.lines}: ${whole}`);
  }
  if (reader.trace.length === 0) throw new TraceError('no event follows the first line');
  const { trace, states, unknown } = reader;
  return { header, trace, states, nodes: Math.max(1, reader.nodes), unknown };
}

const HEADLESS: TraceHeader = { kind: 'trace', version: 1 };

type Fields = Readonly<Record<string, unknown>>;

function parseLine(lines: readonly string[], index: number): Fields {
  let json: unknown;
  try {
    json = JSON.parse(lines[index]!);
  } catch (cause) {
    const last = index === lines.length - 1;
    throw new TraceError(`line ${index + 1}: ${last ? 'is cut off, or no JSON' : 'is no JSON'}`, { cause });
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Fields;
  throw wrong(index + 1, 'the line', json, 'a JSON object');
}

function readHeader(fields: Fields): TraceHeader {
  const { version, protocol, title, nodes, lines, traceHash, options } = fields;
  if (version !== 1) throw wrong(1, 'version', version, '1');
  for (const [name, value] of Object.entries({ protocol, title, traceHash }))
    if (value !== undefined && typeof value !== 'string') throw wrong(1, name, value, 'a text');
  if (nodes !== undefined && !isWhole(nodes, 1, NODES_MAX))
    throw wrong(1, 'nodes', nodes, `a whole number from 1 to ${NODES_MAX}`);
  if (lines !== undefined && !isWhole(lines, 0, Number.MAX_SAFE_INTEGER))
    throw wrong(1, 'lines', lines, 'a whole number');
  return {
    ...HEADLESS,
    ...(JSON.parse(JSON.stringify({ protocol, title, nodes, lines, traceHash })) as Partial<TraceHeader>),
    ...(options === undefined ? {} : { options }),
  };
}

/** Takes in events, one after another. */
class Reader {
  readonly trace = new Trace('full');
  readonly states: TraceState[] = [];
  readonly unknown = new Map<string, number>();
  /** The highest node so far, or as many as the header says. */
  nodes: number;
  readonly #nodesMax: number;

  constructor(nodes: number | undefined) {
    this.nodes = nodes ?? 0;
    this.#nodesMax = nodes ?? NODES_MAX;
    this.trace.id(OK); // 0 is no refusal
  }

  read(fields: Fields, line: number): void {
    const { kind, time, node } = fields;
    if (kind === 'state') {
      const state = readState(fields, this.#node(node, 'node', line), this.trace.length);
      if ('field' in state) throw wrong(line, state.field, state.value, state.allowed);
      this.states.push(state);
      return;
    }
    const known = TRACE_KINDS.indexOf(kind as TraceKind);
    if (known < 0) {
      if (typeof kind !== 'string' || kind === 'trace') throw wrong(line, 'kind', kind, 'a kind of event');
      this.unknown.set(kind, (this.unknown.get(kind) ?? 0) + 1);
      return;
    }
    if (typeof time !== 'number' || !(time >= this.trace.time) || !Number.isFinite(time))
      throw wrong(line, 'time', time, `microseconds, not before ${this.trace.time}`);
    this.trace.time = time;
    const name = kind as TraceKind;
    const at = NOT_AT_NODES.has(name) ? this.#whole(node, 'node', line) : this.#node(node, 'node', line);
    const [a, b, c, d] = TRACE_FIELDS[name].map((field) => this.#value(fields, field, line));
    this.trace.add(known, at, a, b, c, d);
  }

  #value(fields: Fields, field: TraceField | null, line: number): number {
    if (field === null) return 0;
    const { name, kind } = field;
    const value = fields[name];
    if (kind === 'number') {
      if (NODE_FIELDS.has(name)) return this.#node(value, name, line);
      if (COUNTING_FIELDS.has(name) && !isWhole(value, 0, NUMBER_MAX))
        throw wrong(line, name, value, `a whole number from 0 to ${NUMBER_MAX}`);
      return this.#whole(value, name, line);
    }
    if (kind === 'status' && typeof value === 'number') return value === 0 ? 0 : this.trace.id(`#${value}`); // as it was written before refusals had their names
    if (typeof value !== 'string') throw wrong(line, name, value, 'a text');
    return this.trace.id(value);
  }

  #node(value: unknown, name: string, line: number): number {
    if (!isWhole(value, 1, this.#nodesMax)) throw wrong(line, name, value, `a node, 1 to ${this.#nodesMax}`);
    this.nodes = Math.max(this.nodes, value);
    return value;
  }

  #whole(value: unknown, name: string, line: number): number {
    if (!Number.isSafeInteger(value)) throw wrong(line, name, value, 'a whole number');
    return value as number;
  }
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function wrong(line: number, name: string, value: unknown, allowed: string): TraceError {
  const shown = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
  return new TraceError(`line ${line}: ${name}: ${shown} is not allowed; allowed: ${allowed}`);
}
