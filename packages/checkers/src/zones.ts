import type { Operation, Value } from './history.ts';

/**
 * What no order can explain, and the one to six operations that show it by themselves:
 * - `unwritten`: a read of a value that nobody wrote.
 * - `future`: a read that ended before the write of its value began.
 * - `overlap`: two values that the register must both have held at the same time.
 * - `within`: a value that was written and read wholly inside a time during which the register held another.
 */
export interface Conflict {
  readonly reason: 'unwritten' | 'future' | 'overlap' | 'within';
  /** The values in conflict, that of the longer time first. */
  readonly values: readonly Value[];
  readonly operations: readonly Operation[];
}

/** The answer for one key: an order (positions in the list given), a conflict, or that the method does not apply, and why. */
export type ZoneDecision =
  | { readonly kind: 'order'; readonly order: Int32Array }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'unsuited'; readonly why: string };

/** Cluster 0 is the initial value. */
const INITIAL = 0;

/**
 * Decides the linearizability of one register in O(n log n), by zones (Gibbons and Korach 1997), where every value is written at
 * most once and never the initial one.
 *
 * Why it is right: cluster A must come before cluster B if some operation of A ended before some of B began, that is if A's earliest
 * end is less than B's latest start. If this relation has a cycle, it has one of two clusters: of those on the cycle take the one with
 * the least earliest end; it must come before the one that must come before it. So pairs are all there is to look at, and without
 * such a pair any order of clusters that extends the relation is a linearization, each cluster's write first and its reads by start.
 *
 * @param operations of one key, none failed, sorted by `start`
 */
export function decideByZones(operations: readonly Operation[], initial: Value): ZoneDecision {
  const zones = new Zones(operations, initial);
  if (zones.unsuited !== undefined) return { kind: 'unsuited', why: zones.unsuited };
  return zones.decide();
}

class Zones {
  /** Why the method does not apply, if so. */
  unsuited: string | undefined;
  readonly #operations: readonly Operation[];
  readonly #initial: Value;
  /** Cluster by value. */
  readonly #byValue = new Map<Value, number>();
  /** Per cluster its write, or -1. */
  readonly #writes: number[] = [-1];
  /** Per operation its cluster; -1: left out, which reads of unknown outcome are, and of such writes those that nobody saw. */
  readonly #clusterOf: Int32Array;
  #unwritten = -1;

  constructor(operations: readonly Operation[], initial: Value) {
    this.#operations = operations;
    this.#initial = initial;
    this.#clusterOf = new Int32Array(operations.length).fill(-1);
    this.#byValue.set(initial, INITIAL);
    for (let i = 0; i < operations.length && this.unsuited === undefined; i++) this.#addWrite(i);
    if (this.unsuited === undefined) this.#addReads();
  }

  #addWrite(i: number): void {
    const { input } = this.#operations[i]!;
    if (input.kind === 'get') return;
    if (input.kind !== 'put') {
      this.unsuited = `there is a ${input.kind}`;
    } else if (this.#byValue.has(input.value)) {
      const twice = input.value === this.#initial ? 'the initial value is written' : 'it is written twice';
      this.unsuited = `${JSON.stringify(input.value)} does not tell who wrote it: ${twice}`;
    } else {
      this.#byValue.set(input.value, this.#writes.length);
      this.#clusterOf[i] = this.#writes.length;
      this.#writes.push(i);
    }
  }

  #addReads(): void {
    const seen = new Uint8Array(this.#writes.length);
    for (let i = 0; i < this.#operations.length; i++) {
      const { input, output, status } = this.#operations[i]!;
      if (input.kind !== 'get' || status !== 'ok') continue;
      const cluster = this.#byValue.get(output!.value!);
      if (cluster === undefined) {
        if (this.#unwritten < 0) this.#unwritten = i;
        continue;
      }
      this.#clusterOf[i] = cluster;
      seen[cluster] = 1;
    }
    for (let cluster = 1; cluster < this.#writes.length; cluster++) {
      const write = this.#writes[cluster]!;
      if (seen[cluster] === 0 && this.#operations[write]!.status === 'unknown') this.#clusterOf[write] = -1;
    }
  }

  decide(): ZoneDecision {
    if (this.#unwritten >= 0) return this.#conflict('unwritten', [], [this.#operations[this.#unwritten]!]);
    const count = this.#writes.length;
    const low = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    const high = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    for (let i = 0; i < this.#operations.length; i++) {
      const cluster = this.#clusterOf[i]!;
      if (cluster < 0) continue;
      const one = this.#operations[i]!;
      const end = endOf(one);
      if (end < low[cluster]!) low[cluster] = end;
      if (one.start > high[cluster]!) high[cluster] = one.start;
      const write = this.#writes[cluster]!;
      if (write >= 0 && end < this.#operations[write]!.start)
        return this.#conflict('future', [cluster], [one, this.#operations[write]!]);
    }
    low[INITIAL] = Number.NEGATIVE_INFINITY;
    const zones: number[] = [];
    for (let cluster = 1; cluster < count; cluster++)
      if (this.#clusterOf[this.#writes[cluster]!]! >= 0) zones.push(cluster);
    // By where zones begin; of those that begin together backward ones first. This extends the relation where there is no conflict.
    const begin = (a: number): number => Math.min(low[a]!, high[a]!);
    const forward = (a: number): number => (low[a]! < high[a]! ? 1 : 0);
    zones.sort((a, b) => begin(a) - begin(b) || forward(a) - forward(b));
    const pair = sweep(zones, low, high);
    if (pair !== undefined) return this.#pairConflict(pair[0], pair[1], low, high);
    return { kind: 'order', order: this.#order([INITIAL, ...zones]) };
  }

  /** Of each cluster its write, the operation that ended first and the one that began last are enough. */
  #pairConflict(a: number, b: number, low: Float64Array, high: Float64Array): ZoneDecision {
    const shown = new Set<Operation | undefined>();
    for (const cluster of [a, b]) {
      const members = this.#operations.filter((_, i) => this.#clusterOf[i] === cluster);
      shown.add(this.#operations[this.#writes[cluster]!]);
      shown.add(members.find((one) => endOf(one) === low[cluster]));
      // That the initial value was there before all others needs no showing.
      if (cluster === a || a !== INITIAL) shown.add(members.find((one) => one.start === high[cluster]));
    }
    shown.delete(undefined);
    return this.#conflict(low[b]! < high[b]! ? 'overlap' : 'within', [a, b], [...shown] as Operation[]);
  }

  #conflict(
    reason: Conflict['reason'],
    clusters: readonly number[],
    operations: readonly Operation[],
  ): ZoneDecision {
    const values = clusters.map((cluster) =>
      cluster === INITIAL ? this.#initial : valueWritten(this.#operations[this.#writes[cluster]!]!),
    );
    return { kind: 'conflict', conflict: { reason, values, operations } };
  }

  /** The operations by cluster, a cluster's write first and then its reads by start. */
  #order(clusters: readonly number[]): Int32Array {
    const counts = new Int32Array(this.#writes.length);
    let total = 0;
    for (const cluster of this.#clusterOf)
      if (cluster >= 0) {
        counts[cluster]!++;
        total++;
      }
    const place = new Int32Array(this.#writes.length);
    let at = 0;
    const order = new Int32Array(total);
    for (const cluster of clusters) {
      place[cluster] = at;
      at += counts[cluster]!;
      const write = this.#writes[cluster]!;
      if (write >= 0) order[place[cluster]!++] = write;
    }
    this.#clusterOf.forEach((cluster, i) => {
      if (cluster >= 0 && i !== this.#writes[cluster]) order[place[cluster]!++] = i;
    });
    return order;
  }
}

/** Two clusters that must each come before the other, the second one's zone overlapping or within the first's; or none. */
function sweep(
  zones: readonly number[],
  low: Float64Array,
  high: Float64Array,
): readonly [number, number] | undefined {
  // The initial value was there before anything: nobody may have to come before the last read of it.
  for (const zone of zones) if (low[zone]! < high[INITIAL]!) return [INITIAL, zone];
  // Forward zones without overlap end in the order in which they begin, so the last one is the only one that can reach further.
  let last = -1;
  for (const zone of zones) {
    if (last >= 0 && low[zone]! < high[last]! && low[last]! < high[zone]!) return [last, zone];
    if (low[zone]! < high[zone]!) last = zone;
  }
  return undefined;
}

function endOf(one: Operation): number {
  return one.status === 'ok' ? one.end : Number.POSITIVE_INFINITY;
}

function valueWritten({ input }: Operation): Value {
  return input.kind === 'put' ? input.value : null;
}
