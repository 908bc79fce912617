import type { Input, Operation, Output, Value } from '../src/index.ts';

/** The state after `input`, or undefined where `output` cannot be. Written anew, so as not to share a mistake with the models. */
function after(state: Value, input: Input, output: Output | undefined): { state: Value } | undefined {
  if (input.kind === 'get') return output && output.value !== state ? undefined : { state };
  if (input.kind === 'put') return { state: input.value };
  if (input.kind === 'delete') return { state: null };
  if (input.kind === 'append') return { state: (state ?? '') + input.value };
  const same = state === input.expected;
  if (output?.status === 'ok' && !same) return undefined;
  if (output?.status === 'mismatch' && same) return undefined;
  if (output?.status === 'mismatch' && output.value !== undefined && output.value !== state) return undefined;
  return { state: same ? input.value : state };
}

/** Linearizability of one object by trying all orders: the definition, and nothing to make it faster. */
export function bruteForce(history: readonly Operation[], initial: Value): boolean {
  const operations = history.filter((one) => one.status !== 'fail');
  const end = (one: Operation): number => (one.status === 'ok' ? one.end : Number.POSITIVE_INFINITY);
  const go = (left: readonly Operation[], state: Value): boolean => {
    if (left.every((one) => one.status === 'unknown')) return true;
    return left.some((one) => {
      if (left.some((other) => other !== one && end(other) < one.start)) return false;
      const next = after(state, one.input, one.status === 'ok' ? one.output : undefined);
      return (
        next !== undefined &&
        go(
          left.filter((other) => other !== one),
          next.state,
        )
      );
    });
  };
  return go(operations, initial);
}

/** Whether `order` really is a linearization of `history`: each answered operation once, in real-time order, each output right. */
export function isLinearization(
  order: readonly Operation[],
  history: readonly Operation[],
  initial: Value,
): boolean {
  if (new Set(order).size !== order.length) return false;
  if (!history.every((one) => one.status !== 'ok' || order.includes(one))) return false;
  let state = initial;
  for (const [i, one] of order.entries()) {
    if (!history.includes(one) || one.status === 'fail') return false;
    if (order.slice(i + 1).some((later) => later.status === 'ok' && later.end < one.start)) return false;
    const next = after(state, one.input, one.status === 'ok' ? one.output : undefined);
    if (next === undefined) return false;
    state = next.state;
  }
  return true;
}

/** Sequential consistency by the definition: all interleavings of the processes; of unknown operations each takes effect or doesn't. */
export function sequentialBruteForce(history: readonly Operation[]): boolean {
  const processes = [...new Set(history.map(({ process }) => process))].map((process) =>
    history.filter((one) => one.process === process && one.status !== 'fail'),
  );
  const go = (left: readonly (readonly Operation[])[], state: ReadonlyMap<string, unknown>): boolean =>
    left.every((one) => one.length === 0) ||
    left.some(([first, ...rest], i) => {
      if (first === undefined) return false;
      const others = left.with(i, rest);
      const key = first.key!;
      if (first.status === 'unknown' && go(others, state)) return true;
      if (first.input.kind === 'put') return go(others, new Map([...state, [key, first.input.value]]));
      return first.status === 'ok' && first.output!.value === (state.get(key) ?? null) && go(others, state);
    });
  return go(processes, new Map());
}

/** Whether `order` has each answered operation once, keeps the order of each process, and explains every read in it. */
export function isSequential(order: readonly Operation[], history: readonly Operation[]): boolean {
  if (new Set(order).size !== order.length) return false;
  if (!history.every((one) => one.status !== 'ok' || order.includes(one))) return false;
  const state = new Map<string, unknown>();
  const last = new Map<number, number>();
  return order.every(({ process, key, input, output, start, status }) => {
    if (status === 'fail' || start < (last.get(process) ?? -1)) return false;
    last.set(process, start);
    if (input.kind === 'put') state.set(key!, input.value);
    return input.kind === 'put' || output!.value === (state.get(key!) ?? null);
  });
}
