import {
  type CausalOptions,
  Clocks,
  causalOrder,
  INITIAL,
  readsFrom,
  type Sessions,
  UNWRITTEN,
} from './causal-order.ts';
import { causesBetween, contradictionOf, smallestPart } from './causal-part.ts';
import type { Operation } from './history.ts';
import type { Verdict } from './verdict.ts';
import { inWords, wrongInWords } from './words.ts';

/** The four session guarantees (Terry et al. 1994), in the order in which they are judged. */
export const SESSION_GUARANTEES = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
] as const;

export type SessionGuarantee = (typeof SESSION_GUARANTEES)[number];

export interface SessionVerdict extends Verdict<Operation> {
  readonly check: SessionGuarantee;
}

/** Operations that all tries for a smaller part may look at. */
const WORK = 100_000;

/** What breaks a guarantee: the operations of its pattern, and of which two it matters that the first is a cause of the second. */
interface Found {
  readonly operations: readonly number[];
  readonly cause: readonly [from: number, to: number];
}

/** Looks for a violation by each read in turn, the reads of a session in its order. */
type Rule = (versions: Versions, read: number) => Found | undefined;

/**
 * The four session guarantees (Terry et al. 1994), on a history of `get` and `put` with unique values per key. Which version of a
 * key is older is known only as far as the causal order tells: a write is older than the writes to its key that it is a cause of, and
 * the initial value is older than all. So `violated` holds whatever the replicas did; `ok` means that no violation can be shown. A
 * violation is, of operations on one key:
 * - `read-your-writes`: own write, read after it of something older
 * - `monotonic-reads`: read, read after it in the session of something older
 * - `monotonic-writes`: write, later write of the same session, read of the first of which the second is a cause
 * - `writes-follow-reads`: read, later write of the same session, read of the same value of which that write is a cause
 *
 * The last two presume that the reader does not itself fall behind what it has seen. Versions of different keys are not compared.
 * A causal history keeps all four. The witness of `ok` is an order in which every operation comes after its causes, and so every version
 * of a key after the older ones; a contradiction has the operations of the violation and those that link them as causes.
 *
 * `unknown` where a value does not tell who wrote it, there are other kinds of operations, memory would exceed the bound, the causes
 * go in a circle, or a read returned what nobody wrote (and nothing else is wrong): `checkCausal` tells more of the last two.
 * @returns the four verdicts, in the order above
 * @throws RangeError on operations whose times make no sense, or reads that are ok without a value
 */
export function checkSessionGuarantees(
  history: readonly Operation[],
  options: CausalOptions = {},
): readonly SessionVerdict[] {
  const order = causalOrder(history, options);
  const unknown = (detail: string) =>
    SESSION_GUARANTEES.map((check): SessionVerdict => ({ check, verdict: 'unknown', detail }));
  if (typeof order === 'string') return unknown(order);
  const { sessions, clocks } = order;
  if (clocks.cycle !== undefined) {
    const around = inWords(clocks.cycle.map((i) => sessions.operations[i]!));
    return unknown(`causes go in a circle, so that no version is older than another: ${around}.`);
  }
  return SESSION_GUARANTEES.map((check): SessionVerdict => {
    const found = broken(check, sessions, clocks);
    if (found !== undefined) return { check, verdict: 'violated', ...explain(check, sessions, found) };
    const unwritten = sessions.source.indexOf(UNWRITTEN);
    if (unwritten >= 0) {
      const detail = `nobody wrote what this returned: ${inWords([sessions.operations[unwritten]!])}.`;
      return { check, verdict: 'unknown', detail };
    }
    const detail = `no violation can be shown in ${sessions.operations.length} operations of ${sessions.sessions.length} sessions`;
    const items = clocks.topological.map((i) => sessions.operations[i]!);
    return { check, verdict: 'ok', detail, witness: { kind: 'order', parts: [{ key: null, items }] } };
  });
}

function broken(
  check: SessionGuarantee,
  sessions: Sessions,
  clocks: Clocks = new Clocks(sessions, readsFrom(sessions)),
): Found | undefined {
  const versions = new Versions(sessions, clocks);
  for (const session of sessions.sessions)
    for (const read of session) {
      if (sessions.source[read] === read || sessions.source[read] === UNWRITTEN) continue;
      const found = RULES[check].rule(versions, read);
      if (found !== undefined) return found;
    }
  return undefined;
}

function explain(check: SessionGuarantee, sessions: Sessions, { operations, cause }: Found) {
  const sources = operations.map((i) => sessions.source[i]!).filter((source) => source >= 0);
  const links = cause[0] === INITIAL ? [] : causesBetween(sessions, ...cause);
  const around = [...operations, ...sources, ...links];
  const part = smallestPart(sessions, around, (some) => broken(check, some) !== undefined, WORK);
  const detail = wrongInWords(RULES[check].words, part, broken(check, part)!.operations);
  return { detail, witness: contradictionOf(part, check) };
}

const RULES: Readonly<Record<SessionGuarantee, { readonly words: string; readonly rule: Rule }>> = {
  'read-your-writes': {
    words: 'a session wrote, then read something older',
    rule: (versions, read) => versions.ownWrite(read),
  },
  'monotonic-reads': {
    words: 'a session read, then read something older',
    rule: (versions, read) => versions.ownRead(read),
  },
  'monotonic-writes': {
    words: 'a session wrote twice; whoever knew of the second read the first',
    rule: (versions, read) => versions.laterWrite(read),
  },
  'writes-follow-reads': {
    words: 'a session read, then wrote; whoever knew of the write read the same as the session had',
    rule: (versions, read) => versions.laterThanRead(read),
  },
};

/** Which versions a read may not return, guarantee by guarantee. */
class Versions {
  readonly #sessions: Sessions;
  readonly #clocks: Clocks;
  /** Per operation that was read from: the first read of it in each session. */
  readonly #firstReads = new Map<number, Map<number, number>>();
  /** Per session and key, by the session of the write: the reads of the latest writes so far. Filled by `ownRead` as it goes. */
  readonly #latest = new Map<string, Map<number, number>>();

  constructor(sessions: Sessions, clocks: Clocks) {
    this.#sessions = sessions;
    this.#clocks = clocks;
    for (const [session, operations] of sessions.sessions.entries())
      for (const read of operations) {
        const source = sessions.source[read]!;
        if (source < 0 || source === read) continue;
        const readers = this.#firstReads.get(source) ?? new Map<number, number>();
        if (!readers.has(session)) readers.set(session, read);
        this.#firstReads.set(source, readers);
      }
  }

  ownWrite(read: number): Found | undefined {
    const source = this.#sessions.source[read]!;
    const write = this.#lastWrite(read, this.#sessions.sessionOf[read]!);
    if (write < 0 || !this.#older(source, write)) return undefined;
    return { operations: [write, read], cause: [source, write] };
  }

  /** Of each session it is enough to compare the latest write read so far: what is older than another of them is older than that. */
  ownRead(read: number): Found | undefined {
    const { sessionOf, keyOf, source, placeOf } = this.#sessions;
    const name = `${sessionOf[read]} ${keyOf[read]}`;
    const latest = this.#latest.get(name) ?? new Map<number, number>();
    const write = source[read]!;
    for (const earlier of latest.values())
      if (this.#older(write, source[earlier]!))
        return { operations: [earlier, read], cause: [write, source[earlier]!] };
    if (write === INITIAL) return undefined;
    const known = latest.get(sessionOf[write]!);
    if (known === undefined || placeOf[source[known]!]! < placeOf[write]!)
      latest.set(sessionOf[write]!, read);
    this.#latest.set(name, latest);
    return undefined;
  }

  laterWrite(read: number): Found | undefined {
    const { source, sessionOf, placeOf } = this.#sessions;
    const first = source[read]!;
    if (first === INITIAL) return undefined;
    const second = this.#lastWrite(read, sessionOf[first]!);
    if (second < 0 || placeOf[second]! <= placeOf[first]!) return undefined;
    return { operations: [first, second, read], cause: [second, read] };
  }

  laterThanRead(read: number): Found | undefined {
    const { source, placeOf } = this.#sessions;
    for (const [session, earlier] of this.#firstReads.get(source[read]!) ?? []) {
      const write = this.#lastWrite(read, session);
      if (write >= 0 && placeOf[write]! > placeOf[earlier]!)
        return { operations: [earlier, write, read], cause: [write, read] };
    }
    return undefined;
  }

  /** The last write of a session to the read's key among the causes of the read; or -1. */
  #lastWrite(read: number, session: number): number {
    const writes = this.#sessions.writes[this.#sessions.keyOf[read]!]!.get(session);
    return writes === undefined ? -1 : this.#clocks.lastBefore(read, writes);
  }

  #older(source: number, write: number): boolean {
    return source === INITIAL || this.#clocks.before(source, write);
  }
}
