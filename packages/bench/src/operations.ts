import { type OperationColumns, STATUS } from '@quorate/simulator';
import { Latencies, type LatencyCounts } from './latencies.ts';

/** Operations of one run that a measurement is about; times in virtual microseconds. */
export interface Selection {
  /** Intended to start at or after this. */
  readonly from: number;
  /** Intended to start before this. */
  readonly to: number;
  readonly kind?: 'read' | 'write';
  /** Only clients that stand here. */
  readonly homes?: readonly number[];
}

function selected(columns: OperationColumns, i: number, { from, to, kind, homes }: Selection): boolean {
  const intended = columns.intended[i]!;
  if (intended < from || intended >= to) return false;
  if (kind !== undefined && columns.read[i] !== (kind === 'read' ? 1 : 0)) return false;
  return homes === undefined || homes.includes(columns.home[i]!);
}

/**
 * Latencies from the intended start, so that a stall shows in all that waited for it. One that got no answer counts as
 * `timeout` at least, it is never dropped; one refused (an abort) was answered, though not carried out, and is left to `countOf`.
 */
export function latenciesOf(columns: OperationColumns, selection: Selection, timeout: number): LatencyCounts {
  const latencies = new Latencies();
  for (let i = 0; i < columns.intended.length; i++) {
    if (!selected(columns, i, selection)) continue;
    const status = columns.status[i]!;
    const lasted = columns.ended[i]! - columns.intended[i]!;
    if (status === STATUS.ok) latencies.record(lasted);
    else if (status === STATUS.unknown || lasted >= timeout) latencies.record(finiteAtLeast(lasted, timeout));
    else if (status === STATUS.pending) latencies.record(timeout);
  }
  return latencies.counts();
}

function finiteAtLeast(lasted: number, timeout: number): number {
  return Number.isFinite(lasted) ? Math.max(lasted, timeout) : timeout;
}

/** How many of the selected operations were carried out (`ok`), failed or given up (`failed`), or both. */
export function countOf(
  columns: OperationColumns,
  selection: Selection,
  what: 'ok' | 'failed' | 'all',
): number {
  let count = 0;
  for (let i = 0; i < columns.intended.length; i++) {
    if (!selected(columns, i, selection)) continue;
    const ok = columns.status[i] === STATUS.ok;
    if (what === 'all' || ok === (what === 'ok')) count++;
  }
  return count;
}

/** When operations were carried out, ascending, whenever they began. */
export function completions(
  columns: OperationColumns,
  which: Pick<Selection, 'kind' | 'homes'> = {},
): number[] {
  const times: number[] = [];
  const selection = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, ...which };
  for (let i = 0; i < columns.intended.length; i++) {
    if (columns.status[i] === STATUS.ok && selected(columns, i, selection)) times.push(columns.ended[i]!);
  }
  return times.sort((a, b) => a - b);
}

/** The longest time between two neighbours of `times`, within [from, to]; all of it where there are none. */
export function longestGap(
  times: readonly number[],
  from: number,
  to: number,
): { readonly at: number; readonly length: number } {
  let at = from;
  let last = from;
  let length = 0;
  for (const time of [...times.filter((one) => one > from && one < to), to]) {
    if (time - last > length) {
      length = time - last;
      at = last;
    }
    last = time;
  }
  return { at, length };
}

/** When the first operation that was meant to start at `from` or later was carried out; null where none was. */
export function firstAnswer(columns: OperationColumns, selection: Selection): number | null {
  let first = Number.POSITIVE_INFINITY;
  for (let i = 0; i < columns.intended.length; i++) {
    if (columns.status[i] === STATUS.ok && selected(columns, i, selection))
      first = Math.min(first, columns.ended[i]!);
  }
  return first === Number.POSITIVE_INFINITY ? null : first;
}
