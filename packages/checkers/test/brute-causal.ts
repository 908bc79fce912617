import type { Operation } from '../src/index.ts';
import { generator } from './random-history.ts';

/** Reads and writes that return anything: a value written before or after, the initial one, now and then one from nowhere. */
export function wildHistory(
  seed: number,
  { operations = 7, processes = 3, keys = 2, tame = 0 } = {},
): Operation[] {
  const random = generator(seed);
  const ids = Array.from({ length: processes }, (_, i) => i);
  let nextId = processes;
  const drafts = Array.from({ length: operations }, (_, i) => {
    const at = random(processes);
    const status = random(8) === 0 ? 'unknown' : random(12) === 0 ? 'fail' : 'ok';
    const draft = { process: ids[at]!, key: `k${random(keys)}`, put: random(2) === 0, i, status } as const;
    if (status === 'unknown') ids[at] = nextId++;
    return draft;
  });
  return drafts.map(({ process, key, put, i, status }): Operation => {
    const times = { start: 2 * i, end: status === 'unknown' ? Number.POSITIVE_INFINITY : 2 * i + 1 };
    if (put) return { process, key, input: { kind: 'put', value: `v${i}` }, ...times, status };
    // Tame: only what was written so far, and rather the last.
    const writes = drafts.filter((one) => one.put && one.key === key && (random(100) >= tame || one.i < i));
    const value =
      random(40) === 0
        ? 'nobody'
        : random(writes.length + 2) === 0
          ? null
          : `v${writes.at(random(100) < tame ? -1 : random(Math.max(1, writes.length)))?.i}`;
    const output = { status: 'ok', value: value === 'vundefined' ? null : value } as const;
    return { process, key, input: { kind: 'get' }, output, ...times, status };
  });
}

/** The relevant operations, the order of sessions, who read from whom, and causality by closing a matrix. From the definitions. */
export function causality(history: readonly Operation[]) {
  const read = (one: Operation) => one.input.kind === 'get';
  const wrote = (one: Operation) => (one.input.kind === 'put' ? one.input.value : undefined);
  const got = (one: Operation) => one.output!.value!;
  const all = history
    .filter((one) => one.status !== 'fail')
    .filter((one) => one.status === 'ok' || !read(one))
    .filter(
      (one, _, rest) =>
        one.status === 'ok' ||
        rest.some((other) => read(other) && other.key === one.key && got(other) === wrote(one)),
    );
  const po = all.map((a) => all.map((b) => a.process === b.process && a.start < b.start));
  // Number of the write that was read; -1: initial; -2: nobody's.
  const from = all.map((one) => {
    if (!read(one) || got(one) === null) return -1;
    const write = all.findIndex((other) => other.key === one.key && wrote(other) === got(one));
    return write < 0 ? -2 : write;
  });
  const co = po.map((row, a) => row.map((is, b) => is || (from[b] === a && a !== b)));
  for (const [k] of all.entries())
    for (const [i] of all.entries())
      for (const [j] of all.entries()) if (co[i]![k]! && co[k]![j]!) co[i]![j] = true;
  const cyclic = co.some((row, i) => row[i]!);
  const numbers = all.map((_, i) => i);
  const reads = numbers.filter((i) => read(all[i]!));
  const writes = numbers.filter((i) => !read(all[i]!));
  return { all, po, from, co, cyclic, reads, writes };
}

/** Causal consistency by its definition: for each read, some order of its causes that causality allows ends with the right write. */
export function causalBruteForce(history: readonly Operation[]): boolean {
  const { all, from, co, cyclic, reads, writes } = causality(history);
  if (cyclic || from.includes(-2)) return false;
  return reads.every((read) => {
    const go = (left: readonly number[], last: number): boolean =>
      left.length === 0
        ? last === from[read]
        : left.some(
            (next) =>
              !left.some((other) => co[other]![next]) &&
              go(
                left.filter((other) => other !== next),
                all[next]!.key === all[read]!.key ? next : last,
              ),
          );
    return go(
      writes.filter((write) => co[write]![read]),
      -1,
    );
  });
}

/** The four session guarantees by trying all pairs and triples: whether each is violated; undefined where versions have no order. */
export function sessionBruteForce(history: readonly Operation[]): boolean[] | undefined {
  const { all, po, from, co, cyclic, reads, writes } = causality(history);
  if (cyclic) return undefined;
  const older = (a: number, b: number) => b >= 0 && a > -2 && (a === -1 || co[a]![b]!);
  const same = (a: number, b: number) => all[a]!.key === all[b]!.key;
  return [
    writes.some((w) => reads.some((r) => same(w, r) && po[w]![r] && older(from[r]!, w))),
    reads.some((a) => reads.some((b) => same(a, b) && po[a]![b] && older(from[b]!, from[a]!))),
    writes.some((v) =>
      writes.some((w) => same(v, w) && po[v]![w] && reads.some((r) => from[r] === v && co[w]![r])),
    ),
    reads.some(
      (a) =>
        from[a]! >= 0 &&
        writes.some((w) => same(a, w) && po[a]![w] && reads.some((r) => from[r] === from[a] && co[w]![r])),
    ),
  ];
}
