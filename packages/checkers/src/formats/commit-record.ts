import type { CommitEvent, CommitOutcome } from '../commit-record.ts';
import { type Fields, readLines, wrong } from './ndjson.ts';

type Kind = CommitEvent['kind'];

const OUTCOMES = ['committed', 'aborted'] as const;
const KINDS: readonly Kind[] = [
  'scope',
  'begin',
  'force',
  'vote',
  'tell',
  'learn',
  'decide',
  'ack',
  'inquire',
  'forget',
  'lock',
  'unlock',
  'crash',
  'restart',
];

/**
 * Reads a record of atomic commitment: one `CommitEvent` as a JSON object on each line, in the order in which they happened.
 *
 * ```json
 * {"kind":"begin","transaction":7,"coordinator":1,"participants":[1,2]}
 * {"kind":"force","node":2,"transaction":7,"record":"prepared"}
 * {"kind":"vote","node":2,"transaction":7,"vote":"yes"}
 * ```
 *
 * Blank lines and further fields are passed over.
 * @throws SyntaxError on anything else, with the line's number from 1
 */
export function parseCommitRecord(text: string): CommitEvent[] {
  return readLines(text, 'an event', readEvent);
}

/** A record as `parseCommitRecord` reads it, line by line, without line ends. */
export function* formatCommitRecord(record: readonly CommitEvent[]): Generator<string> {
  for (const event of record) yield JSON.stringify(event);
}

function readEvent(fields: Fields): CommitEvent {
  const kind = oneOf(fields, 'kind', KINDS);
  switch (kind) {
    case 'scope':
      return { kind, kinds: list(fields, 'kinds', (one) => KINDS.includes(one as Kind), 'kinds of events') };
    case 'begin':
      return {
        kind,
        transaction: whole(fields, 'transaction'),
        coordinator: whole(fields, 'coordinator'),
        participants: list(fields, 'participants', Number.isInteger, 'whole numbers'),
      };
    case 'crash':
    case 'restart':
      return { kind, node: whole(fields, 'node') };
  }
  const at = { node: whole(fields, 'node'), transaction: whole(fields, 'transaction') };
  switch (kind) {
    case 'force':
      return { kind, ...at, record: oneOf(fields, 'record', ['prepared', ...OUTCOMES]) };
    case 'vote':
      return { kind, ...at, vote: oneOf(fields, 'vote', ['yes', 'no', 'readonly']) };
    case 'tell':
    case 'learn':
    case 'decide':
      return { kind, ...at, outcome: oneOf<CommitOutcome>(fields, 'outcome', OUTCOMES) };
    default:
      return { kind, ...at };
  }
}

function oneOf<T extends string>(fields: Fields, name: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === fields[name]);
  if (found === undefined)
    throw wrong(name, fields[name], allowed.map((one) => JSON.stringify(one)).join(' or '));
  return found;
}

function whole(fields: Fields, name: string): number {
  const value = fields[name];
  if (!Number.isInteger(value)) throw wrong(name, value, 'a whole number');
  return value as number;
}

function list<T>(fields: Fields, name: string, isOne: (one: unknown) => boolean, what: string): T[] {
  const value = fields[name];
  if (!Array.isArray(value) || !value.every(isOne)) throw wrong(name, value, `a list of ${what}`);
  return value as T[];
}
