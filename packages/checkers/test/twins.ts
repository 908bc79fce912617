import {
  type Contradiction,
  checkCausal,
  checkLinearizability,
  checkSequential,
  checkSessionGuarantees,
  keyValueModel,
  type Model,
  type Operation,
  registerZones,
  SESSION_GUARANTEES,
  type Value,
  type Verdict,
} from '../src/index.ts';
import { bruteForce, isLinearization, isSequential, sequentialBruteForce } from './brute.ts';
import { causalBruteForce, causality, sessionBruteForce, wildHistory } from './brute-causal.ts';
import { randomHistory, type Shape } from './random-history.ts';

/** A checker, its twin, which only tries everything, and what its certificates must stand up to. */
export interface Pair {
  readonly name: string;
  /** A small history for each seed. */
  draw(seed: number): readonly Operation[];
  check(history: readonly Operation[]): readonly Verdict<Operation>[];
  /** What the definition says, for each verdict. */
  twin(history: readonly Operation[]): readonly Verdict['verdict'][];
  /** What is wrong with the evidence of the verdict at `index`, or null. */
  refute(history: readonly Operation[], verdict: Verdict<Operation>, index: number): string | null;
}

const ALL = ['get', 'put', 'delete', 'cas', 'append'] as const;
const small: Shape = { operations: 7, processes: 4, unknown: 20, failed: 5, wrong: 8, kinds: ALL, values: 0 };
const shapes: readonly Shape[] = [
  { ...small, kinds: ['get', 'put'], values: 2 },
  { ...small, kinds: ['get', 'put'] },
  { ...small, kinds: ['get', 'put', 'delete'], values: 2 },
  { ...small, kinds: ['get', 'put', 'cas'], values: 2 },
  { ...small, kinds: ['get', 'cas', 'delete', 'cas'], values: 3 },
  { ...small, kinds: ['get', 'append'] },
  { ...small, kinds: ['get', 'append'], values: 1 },
  { ...small, kinds: ['get', 'append', 'put'] },
  { ...small, values: 2 },
  { ...small, operations: 8, unknown: 25, values: 1 },
  { ...small, operations: 8, unknown: 25, values: 3 },
  small,
];
const unique: Shape = { ...small, kinds: ['get', 'put', 'get'], unknown: 15 };

/** Times made coarser, so that many are equal: those count as concurrent. */
function coarse(history: readonly Operation[]): Operation[] {
  return history.map((one) => ({ ...one, start: one.start >> 1, end: Math.floor(one.end / 2) }));
}

function uniqueValues(seed: number): Operation[] {
  const history = randomHistory(seed, { ...unique, operations: 4 + (seed % 4), wrong: 4 + (seed % 20) });
  return seed % 3 === 0 ? coarse(history) : history;
}

function wild(seed: number): Operation[] {
  return wildHistory(seed, {
    operations: 5 + (seed % 5),
    processes: 2 + (seed % 3),
    keys: 1 + (seed % 3),
    tame: 10 * (seed % 10),
  });
}

const verdictOf = (fine: boolean) => (fine ? 'ok' : 'violated');
// Without zones, so that reads and writes are searched too; and without any of the hints that make the search short.
const { decide: _, ...searched } = keyValueModel();
const { name, initial, step, describe } = keyValueModel();
const bare: Model<Value> = { name, initial, step, describe };

function linearizable(
  title: string,
  draw: Pair['draw'],
  check: (history: readonly Operation[]) => Verdict<Operation>,
  hinted = true,
): Pair {
  return {
    name: title,
    draw,
    check: (history) => [check(history)],
    twin: (history) => [verdictOf(bruteForce(history, null))],
    refute: (history, { witness }) => {
      if (witness!.kind === 'order')
        return witness!.parts.every(({ items }) => isLinearization(items, history, null)) ? null : 'no order';
      return refuteUnexplained(history, witness as Contradiction, hinted);
    },
  };
}

/**
 * What is shown is violated whatever the rest did, and would not be if one answer less were believed.
 * @param hinted whether the checker knew that what met a mismatch did surely nothing, so that there is nothing to doubt
 */
function refuteUnexplained(
  history: readonly Operation[],
  { items, edges, unsure, pattern }: Contradiction,
  hinted: boolean,
): string | null {
  const believed = items.filter((_, i) => !unsure.includes(i));
  const holds = (some: readonly Operation[], all: readonly Operation[]) => {
    const kept = all.filter((one) => some.includes(one) || !hinted || one.output?.status !== 'mismatch');
    return bruteForce(
      kept.map((one) => (some.includes(one) || one.status === 'fail' ? one : { ...one, status: 'unknown' })),
      null,
    );
  };
  if (holds(believed, items)) return 'what is shown can be explained';
  if (holds(believed, history)) return 'it can be explained by what is not shown';
  const needless = believed.find((one) => !holds(without(believed, one), history));
  if (needless !== undefined && pattern === 'unexplained') return `not needed: ${JSON.stringify(needless)}`;
  for (const { from, to, reason } of edges) {
    if (reason === 'real-time' && !(items[from]!.end < items[to]!.start)) return 'a false real-time edge';
    if (reason !== 'real-time' && reason !== 'reads-from') return `a strange edge: ${reason}`;
  }
  return null;
}

const without = (all: readonly Operation[], one: Operation) => all.filter((other) => other !== one);

/** What is shown is violated, and no longer if one operation is left out (and what then would be read from nowhere). */
function refutePart(
  { items, edges, pattern }: Contradiction,
  violated: (some: readonly Operation[]) => boolean,
): string | null {
  if (!violated(items)) return 'what is shown is not violated';
  const { all, po, from } = causality(items);
  for (const edge of edges) {
    const [a, b] = [all.indexOf(items[edge.from]!), all.indexOf(items[edge.to]!)];
    if (edge.reason === 'program-order' && !po[a]![b]) return 'a false edge of program order';
    if (edge.reason === 'reads-from' && from[b] !== a) return 'a false edge of reading';
  }
  if (pattern === 'unwritten') return items.length === 1 ? null : 'more than the read';
  for (const one of items) {
    const rest = without(items, one);
    const { all, from } = causality(rest);
    if (violated(rest.filter((other) => from[all.indexOf(other)] !== -2))) return 'there is a smaller part';
  }
  return null;
}

/** Each operation comes after its causes, and none is missing. */
function respectsCauses(order: readonly Operation[], history: readonly Operation[]): boolean {
  const { all, co } = causality(history);
  const place = all.map((one) => order.indexOf(one));
  if (place.includes(-1) || order.length !== all.length) return false;
  return all.every((_, a) => all.every((_, b) => !co[a]![b]! || place[a]! < place[b]!));
}

/** As `checkCausal` says: a read's causes in the order, but its write and what that is a cause of last. */
function explainsReads(order: readonly Operation[], history: readonly Operation[]): boolean {
  const { all, from, co, reads } = causality(history);
  return reads.every((read) => {
    const causes = order.map((one) => all.indexOf(one)).filter((one) => co[one]![read]);
    const late = (one: number) => one === from[read] || (from[read]! >= 0 && co[from[read]!]![one]!);
    const sorted = [...causes.filter((one) => !late(one)), ...causes.filter(late)];
    const writes = sorted.filter((one) => all[one]!.input.kind === 'put' && all[one]!.key === all[read]!.key);
    return (writes.at(-1) ?? -1) === from[read];
  });
}

const sequential: Pair = {
  name: 'sequential',
  draw: wild,
  check: (history) => [checkSequential(history)],
  twin: (history) => [verdictOf(sequentialBruteForce(history))],
  refute: (history, { witness }) => {
    if (witness!.kind === 'contradiction') return refutePart(witness!, (some) => !sequentialBruteForce(some));
    return isSequential(witness!.parts[0]!.items, history) ? null : 'no order';
  },
};

const causal: Pair = {
  name: 'causal',
  draw: wild,
  check: (history) => [checkCausal(history)],
  twin: (history) => [verdictOf(causalBruteForce(history))],
  refute: (history, { witness }) => {
    if (witness!.kind === 'contradiction') return refutePart(witness!, (some) => !causalBruteForce(some));
    const { items } = witness!.parts[0]!;
    return respectsCauses(items, history) && explainsReads(items, history) ? null : 'no order';
  },
};

const sessionGuarantees: Pair = {
  name: 'session guarantees',
  draw: wild,
  check: (history) => checkSessionGuarantees(history),
  twin: (history) => {
    const unwritten = causality(history).from.includes(-2);
    const found = sessionBruteForce(history);
    return SESSION_GUARANTEES.map((_, i) => {
      if (found?.[i] !== false) return found === undefined ? 'unknown' : 'violated';
      return unwritten ? 'unknown' : 'ok';
    });
  },
  refute: (history, { witness }, index) => {
    if (witness!.kind === 'contradiction')
      return refutePart(witness!, (some) => sessionBruteForce(some)![index]!);
    return respectsCauses(witness!.parts[0]!.items, history) ? null : 'no order';
  },
};

export const PAIRS: readonly Pair[] = [
  linearizable('linearizable, by zones', uniqueValues, registerZones),
  linearizable(
    'linearizable, by search',
    (seed) => randomHistory(seed, shapes[seed % shapes.length]!),
    (history) => checkLinearizability(history, searched),
  ),
  linearizable('linearizable, as check does it', uniqueValues, (history) =>
    checkLinearizability(history, keyValueModel()),
  ),
  linearizable(
    'linearizable, without hints',
    (seed) => randomHistory(seed, shapes[seed % shapes.length]!),
    (history) => checkLinearizability(history, bare),
    false,
  ),
  sequential,
  causal,
  sessionGuarantees,
];
