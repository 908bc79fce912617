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

/** What a field may hold. Whatever is not tried here may bring a run to a standstill: time that is no number never passes. */
interface Rule {
  readonly allowed: string;
  holds(value: unknown): boolean;
}

const AMOUNT: Rule = { allowed: 'a number from 0', holds: isAmount };
const ABOVE_ZERO: Rule = { allowed: 'a number above 0', holds: (value) => isAmount(value) && value > 0 };
const BANDWIDTH: Rule = {
  allowed: ABOVE_ZERO.allowed,
  holds: (value) => value === Number.POSITIVE_INFINITY || ABOVE_ZERO.holds(value),
};
const SHARE: Rule = { allowed: 'a number from 0 to 1', holds: (value) => isAmount(value) && value <= 1 };
const NUMBER: Rule = { allowed: 'a number', holds: Number.isFinite };
const FLAG: Rule = { allowed: 'true or false', holds: (value) => typeof value === 'boolean' };
const SEED: Rule = { allowed: 'a whole number', holds: Number.isSafeInteger };
const TEXT: Rule = { allowed: 'a text', holds: (value) => typeof value === 'string' };
/** Has a function of its own. */
const ANYTHING: Rule = { allowed: 'anything', holds: () => true };

const whole = (min: number, max: number): Rule => ({
  allowed: `a whole number, ${min} to ${max}`,
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
});
const oneOf = (...words: readonly unknown[]): Rule => ({
  allowed: words.join(', '),
  holds: (value) => words.includes(value),
});
const optional = ({ allowed, holds }: Rule): Rule => ({
  allowed,
  holds: (value) => value === undefined || holds(value),
});

type Rules = Readonly<Record<string, Rule>>;

const NODES_MAX = 1000;

const OPTIONS: Rules = {
  nodes: whole(1, NODES_MAX),
  seed: SEED,
  milliseconds: AMOUNT,
  workload: ANYTHING,
  requests: ANYTHING,
  topology: ANYTHING,
  cpu: ANYTHING,
  disk: ANYTHING,
  knobs: ANYTHING,
  faults: ANYTHING,
  snapshotEvery: optional(whole(0, 1e9)),
  snapshotChunkBytes: optional(whole(1, 1e9)),
  trace: optional(oneOf('full', 'counted')),
  recover: optional(FLAG),
  graceMilliseconds: optional(AMOUNT),
};

/** All that are missing are free. */
const COSTS: Rules = {
  receiveMicroseconds: optional(AMOUNT),
  sendMicroseconds: optional(AMOUNT),
  byteMicroseconds: optional(AMOUNT),
  turnMicroseconds: optional(AMOUNT),
  syncMicroseconds: optional(AMOUNT),
  coresPerHost: optional(whole(1, 1000)),
  replicasPerHost: optional(whole(1, 1000)),
  load: ANYTHING,
};

const LOAD: Rules = { operationMicroseconds: AMOUNT, turnMicroseconds: AMOUNT };

const DISK: Rules = {
  syncMicroseconds: optional(AMOUNT),
  jitterMicroseconds: optional(AMOUNT),
  bytesPerMicrosecond: optional(BANDWIDTH),
};

const TOPOLOGY: Rules = {
  name: optional(TEXT),
  regions: ANYTHING,
  delayMicroseconds: ANYTHING,
  jitterMicroseconds: AMOUNT,
  bytesPerMicrosecond: BANDWIDTH,
  clientDelayMicroseconds: {
    allowed: 'a number from 0, or null',
    holds: (value) => value === null || isAmount(value),
  },
  timeScale: ABOVE_ZERO,
};

const BURSTS: Rules = { milliseconds: ABOVE_ZERO, pauseMilliseconds: AMOUNT };

const workloadRules = (nodes: number): Rules => ({
  rate: optional(ABOVE_ZERO),
  clients: optional(whole(0, 1_000_000)),
  thinkMilliseconds: optional(AMOUNT),
  bursts: ANYTHING,
  quietMilliseconds: optional(AMOUNT),
  operations: optional(AMOUNT),
  keys: whole(1, 1e9),
  valueBytes: whole(0, 1e8),
  reads: SHARE,
  writes: oneOf('put', 'mixed'),
  place: {
    allowed: `spread, leader, or a node, 1 to ${nodes}`,
    holds: (value) => value === 'spread' || value === 'leader' || whole(1, nodes).holds(value),
  },
  attentive: optional(FLAG),
  history: FLAG,
});

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
  const given = obeying(fieldsOf(file.options, 'options'), 'options', OPTIONS);
  const nodes = given.nodes as number;
  const ids = Array.from({ length: nodes }, (_, i) => i + 1);
  if (given.knobs !== undefined) knobs(fieldsOf(given.knobs, 'options.knobs'));
  const options = {
    ...given,
    ...(given.faults === undefined ? {} : { faults: plan(given.faults, ids) }),
    ...(given.requests === undefined ? {} : { requests: requests(given.requests, nodes) }),
    ...(given.topology === undefined ? {} : { topology: topology(given.topology) }),
    ...(given.disk === undefined
      ? {}
      : { disk: obeying(unbounded(given.disk, 'options.disk'), 'options.disk', DISK) }),
    ...(given.cpu === undefined ? {} : { cpu: costs(fieldsOf(given.cpu, 'options.cpu')) }),
  };
  workload(fieldsOf(given.workload, 'options.workload'), nodes);
  return { protocol, ...mutant, traceHash, options: options as unknown as RunFile['options'] };
}

/** The fields, where each obeys its rule and none is unknown. */
function obeying(fields: Fields, path: string, rules: Rules): Fields {
  for (const [name, rule] of Object.entries(rules))
    if (!rule.holds(fields[name])) throw wrong(`${path}.${name}`, fields[name], rule.allowed);
  const names = Object.keys(rules);
  const odd = Object.keys(fields).find((name) => !names.includes(name));
  if (odd !== undefined)
    throw new RunFileError(`${path}.${odd}: is unknown; ${path} has ${names.join(', ')}`);
  return fields;
}

/** Which there are, and more of what they may be, only the protocol knows: `resolveKnobs`. */
function knobs(fields: Fields): void {
  for (const [name, value] of Object.entries(fields))
    if (!NUMBER.holds(value)) throw wrong(`options.knobs.${name}`, value, NUMBER.allowed);
}

function workload(fields: Fields, nodes: number): void {
  const path = 'options.workload';
  // Where nobody asks, the place may be one that shrinking has taken away.
  obeying(fields, path, workloadRules(fields.clients === 0 ? NODES_MAX : nodes));
  const { rate, clients, bursts } = fields;
  if ((rate === undefined) === (clients === undefined))
    throw new RunFileError(
      `${path}: has ${rate === undefined ? 'neither' : 'both'} rate and clients; allowed: one of them`,
    );
  if (bursts !== undefined) obeying(fieldsOf(bursts, `${path}.bursts`), `${path}.bursts`, BURSTS);
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
  const { regions, delayMicroseconds } = fields;
  if (!Array.isArray(regions) || regions.length === 0)
    throw wrong(`${path}.regions`, regions, 'a list of names');
  const isRow = (row: unknown) => Array.isArray(row) && row.length === regions.length && row.every(isAmount);
  if (
    !Array.isArray(delayMicroseconds) ||
    delayMicroseconds.length !== regions.length ||
    !delayMicroseconds.every(isRow)
  )
    throw wrong(`${path}.delayMicroseconds`, delayMicroseconds, 'a delay from each region to each');
  return obeying(fields, path, TOPOLOGY);
}

/** So much time, so many bytes: what is more is a mistake, or meant to keep somebody busy for ever. */
const MOST = 1e12;

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MOST;
}

function costs(fields: Fields): Fields {
  const { load } = obeying(fields, 'options.cpu', COSTS);
  if (load === undefined || load === null) return { ...fields, load: null };
  const given = { operationMicroseconds: 0, turnMicroseconds: 0, ...fieldsOf(load, 'options.cpu.load') };
  return { ...fields, load: obeying(given, 'options.cpu.load', LOAD) };
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

function wrong(path: string, value: unknown, allowed: string): RunFileError {
  const shown = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
  return new RunFileError(`${path}: ${shown} is not allowed; allowed: ${allowed}`);
}
