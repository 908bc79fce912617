import type { Input, Operation, Output, Value } from './history.ts';
import { valueHints, withoutUnseen } from './value-hints.ts';
import { decideByZones } from './zones.ts';

/** What a model's `step` returns where the output cannot come about in that state. */
export const IMPOSSIBLE: unique symbol = Symbol('impossible');

/** What tells states apart: equal for equal states, unequal for others. */
export type Identity = string | number | boolean | null | undefined;

/** What a model can tell about one operation without knowing the order. All of it must hold in every linearization. */
export interface Hint<State> {
  /** The one state in which the operation must happen; if its outcome is unknown: in which alone it has an effect. */
  readonly needs?: State;
  /**
   * Whether the state makes a difference to it, or it to what becomes of the state, in a way that `needs` doesn't tell; a function where
   * that is so in some states only.
   */
  readonly depends: boolean | ((state: State) => boolean);
  /**
   * What the operation may leave where it changes the state: all states that some operation `needs` must be in it, others may be.
   * `unchanged`: it never changes the state. Null: that can't be told.
   */
  readonly leaves: readonly State[] | 'unchanged' | null;
}

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
  /** @throws RangeError, saying why, on an operation that the object does not have. */
  validate?(operation: Operation<I, O>): void;
  /** Leaves out operations of unknown outcome without which the part is linearizable if it is so with them. */
  relevant?(operations: readonly Operation<I, O>[]): readonly Operation<I, O>[];
  /**
   * Decides a part outright where it is of a kind for which there is a fast method: the places of its operations in an order that
   * explains it, those of unknown outcome possibly left out, or a few of its operations that are violated by themselves.
   * Undefined: it is not; then the search decides.
   */
  decide?(
    operations: readonly Operation<I, O>[],
  ): Int32Array | { readonly contradiction: readonly Operation<I, O>[] } | undefined;
  /** One hint for each operation of a part. */
  hints?(operations: readonly Operation<I, O>[]): readonly Hint<State>[];
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
    validate: ({ input, output, status }) => {
      if (!kinds.includes(input.kind)) throw new RangeError(`the ${name} model has no ${input.kind}`);
      if (status !== 'ok') return;
      if (input.kind === 'get' && output?.value === undefined)
        throw new RangeError('a get that is ok must have an output with a value');
      if (input.kind === 'cas' && output === undefined)
        throw new RangeError('a cas that is ok must have an output');
    },
    relevant: withoutUnseen,
    decide: (operations) => {
      const decision = decideByZones(operations, initial);
      if (decision.kind === 'unsuited') return undefined;
      if (decision.kind === 'order') return decision.order;
      return { contradiction: decision.conflict.operations };
    },
    hints: (operations) => valueHints(operations, initial),
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
