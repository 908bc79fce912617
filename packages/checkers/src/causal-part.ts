import { INITIAL, type Sessions, toSessions } from './causal-order.ts';
import { smallest } from './smallest.ts';
import type { Contradiction, Edge } from './verdict.ts';
import { inWords } from './words.ts';

/**
 * How one operation is a cause of another, over the fewest reads: both, and in between, turn about, writes and the reads of them that
 * lead from one session to the next. From an operation to itself: a circle that begins with it. Empty where it is no cause.
 */
export function causesBetween(sessions: Sessions, from: number, to: number): number[] {
  const { sessionOf, placeOf, sessions: all, source } = sessions;
  if (sessionOf[from] === sessionOf[to] && placeOf[from]! < placeOf[to]!) return [from, to];
  const readers = readersOf(sessions);
  /** What each operation was reached from. */
  const before = new Map<number, number>();
  /** Per session from which place on its writes have been looked at. */
  const seen = all.map(({ length }) => length);
  const queue = [from];
  for (const at of queue) {
    const session = sessionOf[at]!;
    for (let place = placeOf[at]!; place < seen[session]!; place++) {
      const write = all[session]![place]!;
      if (source[write] !== write) continue;
      for (const read of readers.get(write) ?? []) {
        if (before.has(read)) continue;
        before.set(read, write);
        if (write !== at) before.set(write, at);
        if (sessionOf[read] === sessionOf[to] && placeOf[read]! <= placeOf[to]!)
          return wayOver(before, from, read, to);
        queue.push(read);
      }
    }
    seen[session] = Math.min(seen[session]!, placeOf[at]!);
  }
  return [];
}

/** From `from` to `to`, whose session is entered at the read `last`. */
function wayOver(before: ReadonlyMap<number, number>, from: number, last: number, to: number): number[] {
  const way = [last];
  for (let at = before.get(last)!; at !== from; at = before.get(at)!) way.push(at);
  way.push(from);
  way.reverse();
  if (from === to) return last === to ? way.slice(0, -1) : way;
  return last === to ? way : [...way, to];
}

function readersOf({ source }: Sessions): Map<number, number[]> {
  const readers = new Map<number, number[]>();
  source.forEach((write, read) => {
    if (write < 0 || write === read) return;
    const others = readers.get(write);
    if (others === undefined) readers.set(write, [read]);
    else others.push(read);
  });
  return readers;
}

/**
 * The smallest part of which `violated` is true, as `smallest` finds it. A read goes with the write that it returned, for without that
 * it would be wrong for another reason. What is left of a history without a violation has none, so a violated part says all.
 * @param within where to begin: operations of which it is true
 */
export function smallestPart(
  sessions: Sessions,
  within: Iterable<number>,
  violated: (part: Sessions) => boolean,
  work: number,
): Sessions {
  const { operations, source, initial } = sessions;
  const partOf = (some: readonly number[]): Sessions => {
    const kept = new Set(some);
    const explained = some.filter((i) => source[i] === INITIAL || kept.has(source[i]!));
    return toSessions(
      explained.map((i) => operations[i]!),
      initial,
    ) as Sessions;
  };
  return partOf(smallest([...new Set(within)], (some) => violated(partOf(some)), work));
}

/** A part as evidence: with the order of its sessions, who read from whom, and what is `forced` besides. */
export function contradictionOf(
  part: Sessions,
  pattern: string,
  forced: readonly (readonly [from: number, to: number])[] = [],
): Contradiction {
  const { operations, sessions, source } = part;
  const edges: Edge[] = [];
  for (const session of sessions)
    for (let i = 1; i < session.length; i++)
      edges.push({ from: session[i - 1]!, to: session[i]!, reason: 'program-order' });
  source.forEach((from, to) => {
    if (from >= 0 && from !== to) edges.push({ from, to, reason: 'reads-from' });
  });
  for (const [from, to] of forced) edges.push({ from, to, reason: 'forced' });
  const keys = new Set(operations.map(({ key = null }) => key));
  const unsure = [...operations.keys()].filter((i) => operations[i]!.status === 'unknown');
  const key = keys.size === 1 ? [...keys][0]! : null;
  return { kind: 'contradiction', pattern, key, items: operations, edges, unsure };
}

/** A read of a value that nobody wrote is wrong by itself. */
export function unwritten(
  { operations }: Sessions,
  read: number,
): { readonly detail: string; readonly witness: Contradiction } {
  const items = [operations[read]!];
  const key = items[0]!.key ?? null;
  return {
    detail: `nobody wrote what this returned: ${inWords(items)}.`,
    witness: { kind: 'contradiction', pattern: 'unwritten', key, items, edges: [], unsure: [] },
  };
}
