import {
  type CausalOptions,
  type Clocks,
  causalOrder,
  INITIAL,
  inWords,
  type Sessions,
  UNWRITTEN,
} from './causal-order.ts';
import type { Operation } from './history.ts';
import type { Verdict } from './verdict.ts';

/** The operations that break a guarantee, as told at `checkSessionGuarantees`. */
export interface SessionWitness {
  readonly operations: readonly Operation[];
}

export interface SessionVerdict extends Verdict<SessionWitness> {
  readonly check: 'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads';
}

/** Looks for a violation by each read in turn, the reads of a session in its order. */
type Rule = (order: Order, read: number) => readonly number[] | undefined;

/**
 * The four session guarantees (Terry et al. 1994), on a history of `get` and `put` with unique values per key. Which version of a
 * key is older is known only as far as the causal order tells: a write is older than the writes to its key that it is a cause of, and
 * the initial value is older than all. So `violated` holds whatever the replicas did; `ok` means that no violation can be shown. A
 * violation is, of operations on one key:
 * - `read-your-writes`: [own write, read after it of something older]
 * - `monotonic-reads`: [read, read after it in the session of something older]
 * - `monotonic-writes`: [write, later write of the same session, read of the first of which the second is a cause]
 * - `writes-follow-reads`: [read, later write of the same session, read of the same value of which that write is a cause]
 *
 * The last two presume that the reader does not itself fall behind what it has seen. Versions of different keys are not compared.
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
  if (typeof order === 'string')
    return RULES.map(([check]) => ({ check, verdict: 'unknown', detail: order }));
  if (order.clocks.cycle !== undefined) {
    const around = order.clocks.cycle.map((i) => order.sessions.operations[i]!);
    const detail = `causes go in a circle, so that no version is older than another: ${inWords(around)}.`;
    return RULES.map(([check]) => ({ check, verdict: 'unknown', detail }));
  }
  const { sessions, clocks } = order;
  const prepared = new Order(sessions, clocks);
  return RULES.map(([check, words, rule]): SessionVerdict => {
    for (const session of sessions.sessions)
      for (const read of session) {
        if (sessions.source[read] === read || sessions.source[read] === UNWRITTEN) continue;
        const found = rule(prepared, read);
        if (found === undefined) continue;
        const operations = found.map((i) => sessions.operations[i]!);
        return {
          check,
          verdict: 'violated',
          detail: `${words}: ${inWords(operations)}.`,
          witness: { operations },
        };
      }
    const unwritten = sessions.source.indexOf(UNWRITTEN);
    if (unwritten >= 0)
      return {
        check,
        verdict: 'unknown',
        detail: `nobody wrote what this returned: ${inWords([sessions.operations[unwritten]!])}.`,
      };
    const detail = `no violation can be shown in ${sessions.operations.length} operations of ${sessions.sessions.length} sessions`;
    return { check, verdict: 'ok', detail };
  });
}

const RULES: readonly (readonly [SessionVerdict['check'], string, Rule])[] = [
  ['read-your-writes', 'a session wrote, then read something older', (order, read) => order.ownWrite(read)],
  ['monotonic-reads', 'a session read, then read something older', (order, read) => order.ownRead(read)],
  [
    'monotonic-writes',
    'a session wrote twice; whoever knew of the second read the first',
    (order, read) => order.laterWrite(read),
  ],
  [
    'writes-follow-reads',
    'a session read, then wrote; whoever knew of the write read the same as the session had',
    (order, read) => order.laterThanRead(read),
  ],
];

class Order {
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

  ownWrite(read: number): number[] | undefined {
    const write = this.#lastWrite(read, this.#sessions.sessionOf[read]!);
    return write >= 0 && this.#older(this.#sessions.source[read]!, write) ? [write, read] : undefined;
  }

  /** Of each session it is enough to compare the latest write read so far: what is older than another of them is older than that. */
  ownRead(read: number): number[] | undefined {
    const { sessionOf, keyOf, source, placeOf } = this.#sessions;
    const name = `${sessionOf[read]} ${keyOf[read]}`;
    const latest = this.#latest.get(name) ?? new Map<number, number>();
    for (const earlier of latest.values())
      if (this.#older(source[read]!, source[earlier]!)) return [earlier, read];
    const write = source[read]!;
    if (write === INITIAL) return undefined;
    const known = latest.get(sessionOf[write]!);
    if (known === undefined || placeOf[source[known]!]! < placeOf[write]!)
      latest.set(sessionOf[write]!, read);
    this.#latest.set(name, latest);
    return undefined;
  }

  laterWrite(read: number): number[] | undefined {
    const { source, sessionOf, placeOf } = this.#sessions;
    const first = source[read]!;
    if (first === INITIAL) return undefined;
    const second = this.#lastWrite(read, sessionOf[first]!);
    return second >= 0 && placeOf[second]! > placeOf[first]! ? [first, second, read] : undefined;
  }

  laterThanRead(read: number): number[] | undefined {
    const { source, placeOf } = this.#sessions;
    for (const [session, earlier] of this.#firstReads.get(source[read]!) ?? []) {
      const write = this.#lastWrite(read, session);
      if (write >= 0 && placeOf[write]! > placeOf[earlier]!) return [earlier, write, read];
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
