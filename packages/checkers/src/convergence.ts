import { type Operation, partitionHistory, type Value } from './history.ts';
import type { Contradiction, OrderedPart, Verdict } from './verdict.ts';
import { inWords } from './words.ts';

export interface ConvergenceOptions {
  /** What every key holds at first, by default null. */
  readonly initial?: Value;
}

export interface ConvergenceVerdict extends Verdict<Operation> {
  readonly check: 'convergence';
}

/**
 * Whether replicas came to agree once the writing had stopped: eventual consistency (Terry et al. 1995; Vogels 2009), as far as a finite
 * record can tell. Whoever records a history for it lets the system come to rest, then reads every key from every replica, each by
 * a process of its own; a replica's state, looked at directly, is such a read too.
 *
 * The final reads of a key are, of each process, the last one that began after every write to the key had ended. (A write of unknown
 * outcome: had begun.) They must
 * - agree: all return one value; and
 * - be right: some write left that value, acknowledged or of unknown outcome; the initial value only where none was acknowledged.
 * Which of several writes lasts is not judged, since replicas may order them as they like, if only all do it alike.
 *
 * The witness of `ok` is, for each key, a write of the value and the final reads. The pattern of a contradiction is
 * - `disagreement`: two final reads, and the writes of their values.
 * - `unwritten`: a final read of what nobody wrote.
 * - `lost`: an acknowledged write, and a final read of the initial value.
 *
 * `unknown` where fewer than two processes read a written key in the end, or a write of unknown outcome may have come between the reads.
 * @throws RangeError on operations whose times make no sense, or reads that are ok without a value
 */
export function checkConvergence(
  history: readonly Operation[],
  { initial = null }: ConvergenceOptions = {},
): ConvergenceVerdict {
  const check = 'convergence';
  const converged: OrderedPart[] = [];
  const open: string[] = [];
  let reads = 0;
  for (const [key, part] of partitionHistory(history, (one) => one.key ?? '')) {
    const writes = part.filter(mayWrite);
    const finals = finalReads(part, writes);
    const found = judge(key, writes, finals, initial);
    if (found !== undefined) return { check, verdict: 'violated', ...found };
    const values = new Set(finals.map(valueRead));
    if (writes.length === 0) continue;
    if (finals.length < 2 || values.size > 1) open.push(key);
    else {
      const write = writes.find((one) => mayLeave(one, valueRead(finals[0]!)));
      converged.push({ key, items: write === undefined ? finals : [write, ...finals] });
      reads += finals.length;
    }
  }
  if (open.length > 0) {
    const detail = `${open.length} keys were not read by two processes after the last write, or a write of unknown outcome may have come between; the first is ${JSON.stringify(open[0])}`;
    return { check, verdict: 'unknown', detail };
  }
  if (converged.length === 0) return { check, verdict: 'unknown', detail: 'nothing was written' };
  const detail = `${converged.length} keys, on whose value ${reads} final reads agree`;
  return { check, verdict: 'ok', detail, witness: { kind: 'order', parts: converged } };
}

function finalReads(part: readonly Operation[], writes: readonly Operation[]): Operation[] {
  const rest = writes.reduce(
    (latest, { status, start, end }) => Math.max(latest, status === 'ok' ? end : start),
    -Infinity,
  );
  const last = new Map<number, Operation>();
  for (const one of part)
    if (one.input.kind === 'get' && one.status === 'ok' && one.start > rest) last.set(one.process, one);
  return [...last.values()];
}

/** What is wrong with the final reads of a key, if anything surely is. */
function judge(
  key: string,
  writes: readonly Operation[],
  finals: readonly Operation[],
  initial: Value,
): { detail: string; witness: Contradiction } | undefined {
  const acknowledged = writes.find(({ status }) => status === 'ok');
  const writerOf = (read: Operation) => writes.find((one) => mayLeave(one, valueRead(read)));
  for (const read of finals) {
    if (writerOf(read) !== undefined) continue;
    if (valueRead(read) !== initial) return told('unwritten', 'nobody wrote what this returned', key, [read]);
    if (acknowledged !== undefined)
      return told('lost', 'a write was acknowledged, and in the end there was nothing', key, [
        acknowledged,
        read,
      ]);
  }
  // A value which a write of unknown outcome may bring at any time proves nothing against another one.
  const settled = finals.filter(
    (read) => !writes.some((one) => one.status === 'unknown' && mayLeave(one, valueRead(read))),
  );
  const other = settled.find((read) => valueRead(read) !== valueRead(settled[0]!));
  if (other === undefined) return undefined;
  const pair = [settled[0]!, other];
  const items = [...pair.flatMap((read) => writerOf(read) ?? []), ...pair];
  return told('disagreement', 'in the end replicas disagreed', key, items);
}

function told(pattern: string, why: string, key: string, items: readonly Operation[]) {
  const edges = items.flatMap((read, to) => {
    if (read.input.kind !== 'get') return [];
    const from = items.findIndex((one) => mayWrite(one) && mayLeave(one, valueRead(read)));
    return from < 0 ? [] : [{ from, to, reason: 'reads-from' } as const];
  });
  const witness: Contradiction = { kind: 'contradiction', pattern, key, items, edges, unsure: [] };
  return { detail: `${why}: ${inWords(items)}.`, witness };
}

function valueRead({ output }: Operation): Value {
  if (output?.value === undefined) throw new RangeError('a get that is ok must have an output with a value');
  return output.value;
}

function mayWrite({ input, output, status }: Operation): boolean {
  return input.kind !== 'get' && !(status === 'ok' && output?.status === 'mismatch');
}

/** Whether the value may be what the write left. */
function mayLeave({ input }: Operation, value: Value): boolean {
  switch (input.kind) {
    case 'get':
      return false;
    case 'delete':
      return value === null;
    case 'append':
      return value !== null && `${value}`.endsWith(input.value);
    default:
      return input.value === value;
  }
}
