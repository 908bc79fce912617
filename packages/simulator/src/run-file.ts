import { PlanError, parsePlan } from '@quorate/faults';
import type { AnyProtocol } from '@quorate/interface';
import type { Operation } from '@quorate/state-machine';
import type { SimulationOptions, TimedRequest } from './options.ts';

/**
 * A run as plain JSON: what runs it again anywhere, and the trace hash that must come of it. Written by `quorate hunt` for what fails
 * and by the page for what was led by hand; read by `quorate replay`, by the page and by tests.
 */
export interface RunFile {
  /** The protocol's name. */
  readonly protocol: string;
  /** The planted bug with which it ran, by the name of the mutant; absent where it ran as it is. */
  readonly mutant?: string;
  readonly traceHash: string;
  /** All but the protocol itself. */
  readonly options: Omit<SimulationOptions, 'protocol' | 'machine'>;
}

/** Thrown by `readRunFile`. The message begins with the path of what is wrong: `options.nodes: 0 is not …`. */
export class RunFileError extends Error {
  override readonly name = 'RunFileError';
}

/** A run as a file's content; `mutant` where its protocol has a planted bug. */
export function runFileOf(options: SimulationOptions, traceHash: string, mutant?: string): RunFile {
  const { protocol, machine: _, trace: __, ...rest } = options;
  return { protocol: protocol.name, ...(mutant !== undefined && { mutant }), traceHash, options: rest };
}

/** The options of a run file, for `simulate`; `protocol` is the mutant where the file names one. */
export function optionsOf({ options }: RunFile, protocol: AnyProtocol): SimulationOptions {
  return { ...options, protocol };
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a parsed JSON document and returns it as a run.
 * @throws RunFileError naming the path, what stands there and what is allowed
 */
export function readRunFile(json: unknown): RunFile {
  const file = fieldsOf(json, 'the file');
  if (file.version !== undefined && file.version !== 1) throw wrong('version', file.version, '1');
  const protocol = text(file, 'protocol');
  const mutant = file.mutant === undefined ? {} : { mutant: text(file, 'mutant') };
  const traceHash = text(file, 'traceHash');
  const given = fieldsOf(file.options, 'options');
  const nodes = whole(given, 'nodes', 1, 1000);
  whole(given, 'seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (!isAmount(given.milliseconds))
    throw wrong('options.milliseconds', given.milliseconds, 'a number from 0');
  if (given.recover !== undefined && typeof given.recover !== 'boolean')
    throw wrong('options.recover', given.recover, 'true or false');
  knownOnly(given, 'options', OPTIONS);
  if (given.knobs !== undefined)
    for (const [name, value] of Object.entries(fieldsOf(given.knobs, 'options.knobs')))
      if (typeof value !== 'number') throw wrong(`options.knobs.${name}`, value, 'a number');
  const ids = Array.from({ length: nodes }, (_, i) => i + 1);
  const options = {
    ...given,
    ...(given.faults === undefined ? {} : { faults: plan(given.faults, ids) }),
    ...(given.requests === undefined ? {} : { requests: requests(given.requests, nodes) }),
    ...(given.topology === undefined ? {} : { topology: topology(given.topology) }),
    ...(given.disk === undefined
      ? {}
      : { disk: times(unbounded(given.disk, 'options.disk'), 'options.disk') }),
    ...(given.cpu === undefined ? {} : { cpu: costs(fieldsOf(given.cpu, 'options.cpu')) }),
  };
  workload(fieldsOf(given.workload, 'options.workload'));
  return { protocol, ...mutant, traceHash, options: options as unknown as RunFile['options'] };
}

const OPTIONS = [
  ...['nodes', 'seed', 'milliseconds', 'workload', 'requests', 'topology', 'cpu', 'disk', 'knobs'],
  ...['snapshotEvery', 'snapshotChunkBytes', 'faults', 'trace', 'recover', 'graceMilliseconds'],
];

function knownOnly(fields: Fields, path: string, names: readonly string[]): void {
  const odd = Object.keys(fields).find((name) => !names.includes(name));
  if (odd !== undefined)
    throw new RunFileError(`${path}.${odd}: is unknown; ${path} has ${names.join(', ')}`);
}

const ATLEAST_ZERO = ['rate', 'clients', 'thinkMilliseconds', 'quietMilliseconds', 'operations'];

function workload(fields: Fields): void {
  for (const name of ATLEAST_ZERO) {
    const value = fields[name];
    if (value !== undefined && !isAmount(value))
      throw wrong(`options.workload.${name}`, value, 'a number from 0');
  }
  for (const name of ['keys', 'valueBytes', 'reads'])
    if (!isAmount(fields[name])) throw wrong(`options.workload.${name}`, fields[name], 'a number from 0');
  if (fields.writes !== 'put' && fields.writes !== 'mixed')
    throw wrong('options.workload.writes', fields.writes, 'put, mixed');
  if (typeof fields.history !== 'boolean')
    throw wrong('options.workload.history', fields.history, 'true or false');
}

function plan(json: unknown, ids: readonly number[]) {
  try {
    return parsePlan(json, ids);
  } catch (error) {
    if (error instanceof PlanError)
      throw new RunFileError(`options.faults: ${error.message}`, { cause: error });
    throw error;
  }
}

function requests(json: unknown, nodes: number): TimedRequest[] {
  if (!Array.isArray(json)) throw wrong('options.requests', json, 'a list');
  return json.map((one: unknown, i): TimedRequest => {
    const path = `options.requests[${i}]`;
    const { at, node, operation } = fieldsOf(one, path);
    if (!isAmount(at)) throw wrong(`${path}.at`, at, 'a number from 0');
    if (!(Number.isInteger(node) && (node as number) >= 1 && (node as number) <= nodes))
      throw wrong(`${path}.node`, node, `a node, 1 to ${nodes}`);
    return { at, node: node as number, operation: readOperation(operation, `${path}.operation`) };
  });
}

function readOperation(json: unknown, path: string): Operation {
  const { kind, key, value, expected } = fieldsOf(json, path);
  if (typeof key !== 'string') throw wrong(`${path}.key`, key, 'a text');
  if (kind === 'get' || kind === 'delete') return { kind, key };
  if (kind !== 'put' && kind !== 'cas' && kind !== 'append')
    throw wrong(`${path}.kind`, kind, 'get, put, delete, cas, append');
  if (typeof value !== 'string') throw wrong(`${path}.value`, value, 'a text');
  if (kind !== 'cas') return { kind, key, value };
  if (expected !== null && typeof expected !== 'string')
    throw wrong(`${path}.expected`, expected, 'a text or null');
  return { kind, key, expected, value };
}

function topology(json: unknown): Fields {
  const path = 'options.topology';
  const fields = unbounded(json, path);
  const { regions, delayMicroseconds, timeScale } = fields;
  if (!Array.isArray(regions) || regions.length === 0)
    throw wrong(`${path}.regions`, regions, 'a list of names');
  const isRow = (row: unknown) => Array.isArray(row) && row.length === regions.length && row.every(isAmount);
  if (
    !Array.isArray(delayMicroseconds) ||
    delayMicroseconds.length !== regions.length ||
    !delayMicroseconds.every(isRow)
  )
    throw wrong(`${path}.delayMicroseconds`, delayMicroseconds, 'a delay from each region to each');
  for (const name of ['jitterMicroseconds', 'bytesPerMicrosecond'])
    if (!isAmount(fields[name])) throw wrong(`${path}.${name}`, fields[name], 'a number from 0');
  if (fields.clientDelayMicroseconds !== null && !isAmount(fields.clientDelayMicroseconds))
    throw wrong(
      `${path}.clientDelayMicroseconds`,
      fields.clientDelayMicroseconds,
      'a number from 0, or null',
    );
  if (!isAmount(timeScale) || timeScale === 0)
    throw wrong(`${path}.timeScale`, timeScale, 'a number above 0');
  return fields;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

/** What a processor's or a disk's model holds is numbers; a file of an older version may lack some, which are free then. */
function times(fields: Fields, path: string): Fields {
  for (const [name, value] of Object.entries(fields))
    if (!isAmount(value)) throw wrong(`${path}.${name}`, value, 'a number from 0');
  return fields;
}

function costs({ load, ...fields }: Fields): Fields {
  times(fields, 'options.cpu');
  if (load === undefined || load === null) return { ...fields, load: null };
  const given = { operationMicroseconds: 0, turnMicroseconds: 0, ...fieldsOf(load, 'options.cpu.load') };
  return { ...fields, load: times(given, 'options.cpu.load') };
}

/** JSON has no Infinity: a bandwidth without bound is written as null. */
function unbounded(json: unknown, path: string): Fields {
  const fields = fieldsOf(json, path);
  return fields.bytesPerMicrosecond === null
    ? { ...fields, bytesPerMicrosecond: Number.POSITIVE_INFINITY }
    : fields;
}

function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(path, value, 'an object');
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(name, value, 'a text');
}

function whole(fields: Fields, name: string, min: number, max: number): number {
  const value = fields[name];
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max)
    return value as number;
  const bounds = max > 1000 ? '' : `, ${min} to ${max}`;
  throw wrong(`options.${name}`, value, `a whole number${bounds}`);
}

function wrong(path: string, value: unknown, allowed: string): RunFileError {
  const shown = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
  return new RunFileError(`${path}: ${shown} is not allowed; allowed: ${allowed}`);
}
