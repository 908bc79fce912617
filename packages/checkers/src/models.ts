import type { Input, Operation, Output, Value } from './history.ts';

/** What a model's `step` returns where the output cannot come about in that state. */
export const IMPOSSIBLE: unique symbol = Symbol('impossible');

/** What tells states apart: equal for equal states, unequal for others. */
export type Identity = string | number | boolean | null | undefined;

/**
 * A sequential object: what a concurrent history is compared with. Only `name`, `initial`, `step` and `describe` are needed; the
 * rest makes checks faster by telling them what they could otherwise find out only by trying.
 */
export interface Model<State, I = Input, O = Output> {
  readonly name: string;
  readonly initial: State;
  /**
   * The state after `input` in `state`, or `IMPOSSIBLE` where `output` could not be the answer. `output` is undefined where it is
   * unknown: then anything that can happen is possible. Has no side effects; returns `state` itself where nothing changes.
   */
  step(state: State, input: I, output: O | undefined): State | typeof IMPOSSIBLE;
  /** The operation in a few words; the same words only for the same input and output. */
  describe(input: I, output: O | undefined): string;
  /** The part of the object that the operation touches, if parts are independent. Left out: all is one part. */
  partition?(operation: Operation<I, O>): string;
  /** What tells this state from others. Left out: the state itself, which must then be a primitive. */
  identify?(state: State): Identity;
  /** The one state in which the operation can have this output; for an unknown output, the one in which it has an effect. Undefined: several, or any. */
  needs?(input: I, output: O | undefined): State | undefined;
  /**
   * What the operation leaves behind where it changes the state: always this one state, something that depends on the state before
   * in the way that `leadsTo` knows (`relative`) or in any way (`anything`), or it never changes it (`unchanged`). An operation
   * that is possible in some states only, and not in the one of its `needs` only, must be `unchanged` or `anything`.
   */
  leaves?(input: I, output: O | undefined): { readonly state: State } | 'relative' | 'anything' | 'unchanged';
  /**
   * Whether `relative` operations could take the object from state `from` to state `to`, in one or more steps or none.
   * May say yes too often, never no.
   */
  leadsTo?(from: State, to: State): boolean;
  /** Leaves out operations of unknown outcome without which the part is linearizable if it is so with them. */
  relevant?(operations: readonly Operation<I, O>[]): readonly Operation<I, O>[];
}

/** A single value with `get` and `put`. @param initial default null */
export function registerModel(initial: Value = null): Model<Value> {
  return valueModel('register', initial, ['get', 'put']);
}

/** A single value with `get`, `put` and `cas`. @param initial default null */
export function casRegisterModel(initial: Value = null): Model<Value> {
  return valueModel('cas-register', initial, ['get', 'put', 'cas']);
}

/** A map with `get`, `put`, `delete`, `cas` and `append`; every key begins with `initial`, by default null (absent). */
export function keyValueModel(initial: Value = null): Model<Value> {
  return {
    ...valueModel('key-value', initial, ['get', 'put', 'delete', 'cas', 'append']),
    partition: (operation) => operation.key ?? '',
  };
}

function valueModel(name: string, initial: Value, kinds: readonly Input['kind'][]): Model<Value> {
  return {
    name,
    initial,
    step,
    describe,
    needs,
    leaves,
    leadsTo: (from, to) =>
      from === to || from === null || (typeof to === 'string' && to.startsWith(`${from}`)),
    relevant: (operations) => {
      for (const { input, output, status } of operations) {
        if (!kinds.includes(input.kind)) throw new RangeError(`the ${name} model has no ${input.kind}`);
        if (status === 'ok' && output === undefined && (input.kind === 'get' || input.kind === 'cas'))
          throw new RangeError(`a ${input.kind} that is ok must have an output`);
      }
      return withoutUnseen(operations);
    },
  };
}

function step(state: Value, input: Input, output: Output | undefined): Value | typeof IMPOSSIBLE {
  switch (input.kind) {
    case 'get':
      return output === undefined || output.value === state ? state : IMPOSSIBLE;
    case 'put':
      return input.value;
    case 'delete':
      return null;
    case 'append':
      return state === null ? input.value : `${state}${input.value}`;
    case 'cas': {
      const matches = state === input.expected;
      if (output !== undefined) {
        if (matches !== (output.status === 'ok')) return IMPOSSIBLE;
        if (!matches && output.value !== undefined && output.value !== state) return IMPOSSIBLE;
      }
      return matches ? input.value : state;
    }
  }
}

function needs(input: Input, output: Output | undefined): Value | undefined {
  if (input.kind === 'get') return output?.value;
  if (input.kind !== 'cas') return undefined;
  return output?.status === 'mismatch' ? output.value : input.expected;
}

function leaves(input: Input, output: Output | undefined): { state: Value } | 'relative' | 'unchanged' {
  switch (input.kind) {
    case 'get':
      return 'unchanged';
    case 'put':
      return { state: input.value };
    case 'delete':
      return { state: null };
    case 'append':
      return 'relative';
    case 'cas':
      if (output?.status === 'mismatch' || input.expected === input.value) return 'unchanged';
      return { state: input.value };
  }
}

function describe(input: Input, output: Output | undefined): string {
  switch (input.kind) {
    case 'get':
      return output === undefined ? 'get' : `get → ${show(output.value)}`;
    case 'put':
      return `put ${show(input.value)}`;
    case 'delete':
      return 'delete';
    case 'append':
      return `append ${show(input.value)}`;
    case 'cas': {
      const asked = `cas ${show(input.expected)} to ${show(input.value)}`;
      if (output === undefined) return asked;
      if (output.status === 'ok') return `${asked} → ok`;
      return output.value === undefined
        ? `${asked} → mismatch`
        : `${asked} → mismatch with ${show(output.value)}`;
    }
  }
}

function show(value: Value | undefined): string {
  return value === undefined || value === null ? 'nothing' : JSON.stringify(value);
}

/**
 * Leaves out writes of unknown outcome whose value nobody saw. Why that is safe: take a linearization that has such a write
 * in it. From there to the next overwrite every state contains the value, so no operation there saw its state, else it would have
 * seen the value. Without the write the states there differ, and nobody notices. The exception is a `cas` that only tells that it
 * met *something else*; where there is one, nothing is left out. Reads of unknown outcome say nothing and always go.
 */
function withoutUnseen(operations: readonly Operation[]): readonly Operation[] {
  if (operations.every((operation) => operation.status === 'ok')) return operations;
  const seen = new Set<Value>();
  let appends = false;
  let vague = false;
  for (const { input, output, status } of operations) {
    const known = status === 'ok' ? output : undefined;
    const value = needs(input, known);
    if (value !== undefined) seen.add(value);
    if (input.kind === 'append') appends = true;
    if (known?.status === 'mismatch' && value === undefined) vague = true;
  }
  const texts = appends ? [...seen].filter((value) => value !== null).map(String) : [];
  const unseen = (input: Input): boolean => {
    switch (input.kind) {
      case 'get':
        return true;
      case 'delete':
        return false;
      case 'append':
        return !vague && !texts.some((text) => text.includes(input.value));
      default:
        if (vague || seen.has(input.value)) return false;
        return input.value !== null && !texts.some((text) => text.startsWith(`${input.value}`));
    }
  };
  return operations.filter((operation) => operation.status === 'ok' || !unseen(operation.input));
}
