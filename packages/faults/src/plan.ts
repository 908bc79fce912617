import type { FaultClass, NodeId } from '@quorate/interface';
import { type FaultEvent, type FaultKind, faultClassesOfEvent, isMomentary, vocabulary } from './events.ts';

/** What goes wrong in a run, and when: plain data, so that a failure can be stored, shrunk, read and replayed. */
export interface FaultPlan {
  readonly version: 1;
  /** In any order; `schedule` sorts them. */
  readonly events: readonly FaultEvent[];
}

/** The plan in which nothing goes wrong. */
export const noFaults: FaultPlan = { version: 1, events: [] };

/** Thrown by `parsePlan`. The message begins with the path of what is wrong: `events[3].probability: 1.4 is not between 0 and 1`. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

type Read = (value: unknown, path: string) => unknown;
interface Field {
  readonly read: Read;
  readonly optional: boolean;
}

const required = (read: Read): Field => ({ read, optional: false });
const optional = (read: Read): Field => ({ read, optional: true });

/** What an event of each kind has besides `at`, `for` and `kind`. */
function fieldsOf(readNode: Read): Record<FaultKind, Record<string, Field>> {
  const nodes: Read = (value, path) => readList(value, path, 'a list of nodes', readNode);
  const groups: Read = (value, path) => readList(value, path, 'a list of groups', nodes);
  const node = { node: required(readNode) };
  const scope = { from: optional(nodes), to: optional(nodes) };
  const probability = required(readProbability);
  const milliseconds = required(readAtLeastZero);
  return {
    partition: { groups: required(groups) },
    cut: { from: required(nodes), to: required(nodes) },
    loss: { probability, ...scope },
    duplicate: { probability, delayMilliseconds: milliseconds, ...scope },
    reorder: { probability, byMilliseconds: milliseconds, ...scope },
    delay: { milliseconds, jitterMilliseconds: milliseconds, ...scope },
    clog: scope,
    crash: { ...node, lostWrites: required(readBoolean), tornWrites: required(readBoolean) },
    pause: node,
    'clock-skew': { ...node, rate: required(readAboveZero) },
    'clock-jump': { ...node, milliseconds: required(readAboveZero) },
    'disk-slow': { ...node, factor: optional(readAboveZero), milliseconds: optional(readAtLeastZero) },
    'disk-full': node,
    'disk-failing': node,
    'drop-message': { message: required(readMessage) },
    'hold-message': { message: required(readMessage), milliseconds: required(readAboveZero) },
  };
}

/**
 * Checks a parsed JSON document and returns it as a plan.
 * @param nodes The nodes that exist, where that is known: then any other is an error.
 * @throws PlanError naming the path, what stands there and what is allowed.
 */
export function parsePlan(json: unknown, nodes?: readonly NodeId[]): FaultPlan {
  const plan = readObject(json, 'the plan');
  if (plan.version !== 1) throw new PlanError(`version: ${show(plan.version)} is not 1`);
  refuseUnknown(plan, '', ['version', 'events'], 'a plan');
  const fields = fieldsOf((value, path) => readNode(value, path, nodes));
  if (!Array.isArray(plan.events)) throw new PlanError(`events: ${show(plan.events)} is not a list`);
  return { version: 1, events: plan.events.map((event, i) => readEvent(event, `events[${i}]`, fields)) };
}

/** A plan as JSON text, one event on a line; `parsePlan(JSON.parse(text))` gives an equal plan. */
export function formatPlan(plan: FaultPlan): string {
  const lines = plan.events.map((event) => `    ${JSON.stringify(event)}`);
  const events = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  return `{\n  "version": ${plan.version},\n  "events": ${events}\n}\n`;
}

/** Every class of faults that the plan holds. */
export function faultClassesOf(plan: FaultPlan): Set<FaultClass> {
  return new Set(plan.events.flatMap(faultClassesOfEvent));
}

/** One thing to do while a plan is carried out: an event begins or ends. */
export interface Step {
  /** Milliseconds from the start of the run. */
  readonly at: number;
  readonly phase: 'begin' | 'end';
  readonly event: FaultEvent;
  /** The event's position in the plan: what ties its end to its beginning. */
  readonly index: number;
}

/** A plan's beginnings and ends in order of time. At the same moment ends come first, so that one fault may follow another on the same node. */
export function schedule(plan: FaultPlan): Step[] {
  const steps: Step[] = [];
  for (const [index, event] of plan.events.entries()) {
    steps.push({ at: event.at, phase: 'begin', event, index });
    if (isMomentary(event) || event.for === undefined) continue;
    steps.push({ at: event.at + event.for, phase: 'end', event, index });
  }
  return steps.sort(
    (a, b) => a.at - b.at || Number(a.phase === 'begin') - Number(b.phase === 'begin') || a.index - b.index,
  );
}

function readEvent(json: unknown, path: string, kinds: Record<FaultKind, Record<string, Field>>): FaultEvent {
  const given = readObject(json, path);
  const kind = given.kind;
  if (typeof kind !== 'string' || !Object.hasOwn(vocabulary, kind)) {
    throw new PlanError(`${path}.kind: ${show(kind)} is not one of ${Object.keys(vocabulary).join(', ')}`);
  }
  const fields: Record<string, Field> = {
    at: required(readAtLeastZero),
    ...(isMomentary({ kind } as FaultEvent) ? {} : { for: optional(readAboveZero) }),
    kind: required((value) => value),
    ...kinds[kind as FaultKind],
  };
  refuseUnknown(given, `${path}.`, Object.keys(fields), kind);
  const event: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (given[name] !== undefined) event[name] = field.read(given[name], `${path}.${name}`);
    else if (!field.optional) throw new PlanError(`${path}.${name}: is missing`);
  }
  if (kind === 'disk-slow' && event.factor === undefined && event.milliseconds === undefined) {
    throw new PlanError(`${path}: has neither factor nor milliseconds`);
  }
  // The tables above are the types of events.ts, field by field; a test holds one event of each kind against them.
  return event as unknown as FaultEvent;
}

function readObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new PlanError(`${path}: ${show(value)} is not an object`);
}

function refuseUnknown(
  object: Record<string, unknown>,
  prefix: string,
  known: readonly string[],
  what: string,
): void {
  for (const name of Object.keys(object)) {
    if (!known.includes(name)) {
      throw new PlanError(`${prefix}${name}: is unknown; ${what} has ${known.join(', ')}`);
    }
  }
}

function readList(value: unknown, path: string, what: string, read: Read): unknown[] {
  if (!Array.isArray(value)) throw new PlanError(`${path}: ${show(value)} is not ${what}`);
  if (value.length === 0) throw new PlanError(`${path}: is empty`);
  return value.map((element, i) => read(element, `${path}[${i}]`));
}

function readNode(value: unknown, path: string, nodes: readonly NodeId[] | undefined): unknown {
  if (value === 'leader' || value === 'coordinator' || value === 'follower') return value;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new PlanError(
      `${path}: ${show(value)} is not a node: a whole number from 0, or leader, coordinator, follower`,
    );
  }
  if (nodes !== undefined && !nodes.includes(value)) {
    throw new PlanError(`${path}: there is no node ${value}; there are ${nodes.join(', ')}`);
  }
  return value;
}

/** Eleven days in milliseconds: what timers of real machines still take, and simulated clocks add up without loss. */
const MOST = 1e9;

function readNumber(value: unknown, path: string): number {
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new PlanError(`${path}: ${show(value)} is not a number`);
  if (value > MOST) throw new PlanError(`${path}: ${value} is above ${MOST}`);
  return value;
}

function readProbability(value: unknown, path: string): number {
  const number = readNumber(value, path);
  if (number >= 0 && number <= 1) return number;
  throw new PlanError(`${path}: ${number} is not between 0 and 1`);
}

function readAtLeastZero(value: unknown, path: string): number {
  const number = readNumber(value, path);
  if (number >= 0) return number;
  throw new PlanError(`${path}: ${number} is below 0`);
}

function readAboveZero(value: unknown, path: string): number {
  const number = readNumber(value, path);
  if (number > 0) return number;
  throw new PlanError(`${path}: ${number} is not above 0`);
}

function readMessage(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new PlanError(`${path}: ${show(value)} is not the number of a message: a whole number from 1`);
}

function readBoolean(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new PlanError(`${path}: ${show(value)} is neither true nor false`);
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
