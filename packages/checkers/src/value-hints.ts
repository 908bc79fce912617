import type { Input, Operation, Output, Value } from './history.ts';
import type { Hint } from './models.ts';

type Leaves = Hint<Value>['leaves'];

/** What the operations on one value need and leave, as far as that can be told without an order. */
export function valueHints(operations: readonly Operation[], initial: Value): Hint<Value>[] {
  const needs = operations.map(({ input, output, status }) =>
    needOf(input, status === 'ok' ? output : undefined),
  );
  const leaves = operations.map(({ input, output, status }) =>
    leftBy(input, status === 'ok' ? output : undefined),
  );
  if (leaves.includes(null)) new Appends(operations, initial, needs, leaves).infer();
  const needed = textsOf(needs);
  // What a cas said only not to have met.
  const avoided = textsOf(
    operations.map(({ input, status }, i) =>
      needs[i] === undefined && input.kind === 'cas' && status === 'ok' ? input.expected : undefined,
    ),
  );
  const leadsTo = memory((text: string) => needed.some((state) => state.includes(text)));
  const avoidedWith = memory((text: string) => avoided.filter((state) => state.includes(text)));
  return operations.map(({ input }, i) => {
    const need = needs[i];
    const left = leaves[i]!;
    if (need !== undefined) return { needs: need, depends: false, leaves: left };
    if (input.kind !== 'append') return { depends: input.kind === 'cas', leaves: left };
    // Others may have built on what it left until somebody needed it; or they lead to what somebody has not met.
    const built = leadsTo(input.value);
    const away = avoidedWith(input.value);
    if (built || away.length === 0) return { depends: built, leaves: left };
    const depends = (state: Value) => away.some((one) => one.startsWith(`${state ?? ''}${input.value}`));
    return { depends, leaves: left };
  });
}

function textsOf(states: readonly (Value | undefined)[]): string[] {
  return [...new Set(states)].filter((state) => state !== undefined && state !== null).map(String);
}

/** Asks only once about each text. */
function memory<T>(ask: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text) ?? ask(text);
    answers.set(text, known);
    return known;
  };
}

function needOf(input: Input, output: Output | undefined): Value | undefined {
  if (input.kind === 'get') return output?.value;
  if (input.kind !== 'cas') return undefined;
  return output?.status === 'mismatch' ? output.value : input.expected;
}

function leftBy(input: Input, output: Output | undefined): Leaves {
  switch (input.kind) {
    case 'get':
      return 'unchanged';
    case 'put':
      return [input.value];
    case 'delete':
      return [null];
    case 'append':
      return null;
    case 'cas':
      if (output?.status === 'mismatch' || input.expected === input.value) return 'unchanged';
      return [input.value];
  }
}

/**
 * Finds out what appends did. If a state was surely there, and only one operation can have left it, an append, then that append
 * met the state without its own value; and so that one was surely there too. With values that are appended once each, this
 * tells of every append that was seen exactly what it met and left. Any other may leave the needed states that end with its value.
 */
class Appends {
  readonly #operations: readonly Operation[];
  readonly #initial: Value;
  readonly #needs: (Value | undefined)[];
  readonly #leaves: Leaves[];
  /** Operations by the text that they append, and the lengths of those texts. */
  readonly #byText = new Map<string, number[]>();
  readonly #lengths = new Set<number>();
  /** States that are left by other operations, or are there at first. */
  readonly #written: Set<Value>;

  constructor(
    operations: readonly Operation[],
    initial: Value,
    needs: (Value | undefined)[],
    leaves: Leaves[],
  ) {
    this.#operations = operations;
    this.#initial = initial;
    this.#needs = needs;
    this.#leaves = leaves;
    this.#written = new Set([initial]);
    operations.forEach(({ input }, i) => {
      const left = leaves[i]!;
      if (left !== null && left !== 'unchanged') this.#written.add(left[0]!);
      if (input.kind !== 'append') return;
      this.#lengths.add(input.value.length);
      const others = this.#byText.get(input.value);
      if (others === undefined) this.#byText.set(input.value, [i]);
      else others.push(i);
    });
  }

  infer(): void {
    const wanted = new Set<Value>();
    const sure: Value[] = [];
    this.#operations.forEach(({ status }, i) => {
      const need = this.#needs[i];
      if (need === undefined) return;
      if (status === 'ok' && !wanted.has(need)) sure.push(need);
      wanted.add(need);
    });
    for (let state = sure.pop(); state !== undefined; state = sure.pop()) {
      const append = this.#onlyAppendTo(state);
      if (append === undefined || this.#leaves[append] !== null) continue;
      this.#leaves[append] = [state];
      const met = this.#without(`${state}`, append);
      if (met === undefined) continue;
      this.#needs[append] = met;
      if (!wanted.has(met)) sure.push(met);
      wanted.add(met);
    }
    const endings = new Map<string, Value[]>();
    for (const state of wanted)
      for (const text of this.#endsOf(state)) {
        const states = endings.get(text);
        if (states === undefined) endings.set(text, [state]);
        else states.push(state);
      }
    this.#operations.forEach(({ input }, i) => {
      if (input.kind === 'append') this.#leaves[i] ??= endings.get(input.value) ?? [];
    });
  }

  /** The append that alone can have left `state`. */
  #onlyAppendTo(state: Value): number | undefined {
    if (this.#written.has(state)) return undefined;
    const appends = this.#endsOf(state).flatMap((text) => this.#byText.get(text)!);
    return appends.length === 1 ? appends[0] : undefined;
  }

  /** The appended texts that `state` ends with. */
  #endsOf(state: Value): string[] {
    if (state === null) return [];
    const whole = `${state}`;
    const ends: string[] = [];
    for (const length of this.#lengths) {
      const text = whole.slice(whole.length - length);
      if (length <= whole.length && this.#byText.has(text)) ends.push(text);
    }
    return ends;
  }

  /** What the append met if it left `text`; undefined where that may be an empty value or none, or a number or its digits. */
  #without(text: string, append: number): Value | undefined {
    const { input } = this.#operations[append]!;
    const rest = text.slice(0, text.length - (input.kind === 'append' ? input.value.length : 0));
    if (rest !== '') return this.#written.has(Number(rest)) ? undefined : rest;
    const empty = this.#written.has('') || this.#byText.has('');
    const absent = this.#written.has(null) || this.#initial === null;
    if (empty === absent) return undefined;
    return empty ? '' : null;
  }
}

/**
 * Leaves out writes of unknown outcome whose value nobody saw. Why that is safe: take a linearization that has such a write
 * in it. From there to the next overwrite every state contains the value, so no operation there saw its state, else it would have
 * seen the value. Without the write the states there differ, and nobody notices. The exception is a `cas` that only tells that it
 * met *something else*; where there is one, nothing is left out. Reads of unknown outcome say nothing and always go.
 */
export function withoutUnseen(operations: readonly Operation[]): readonly Operation[] {
  if (operations.every(({ status }) => status === 'ok')) return operations;
  // What was left out can itself have been the only one to need what another one left.
  for (let before = operations; ; ) {
    const after = withoutUnseenOnce(before);
    if (after.length === before.length) return after;
    before = after;
  }
}

function withoutUnseenOnce(operations: readonly Operation[]): readonly Operation[] {
  const seen = new Set<Value>();
  let appends = false;
  let vague = false;
  for (const { input, output, status } of operations) {
    const known = status === 'ok' ? output : undefined;
    const value = needOf(input, known);
    if (value !== undefined) seen.add(value);
    if (input.kind === 'append') appends = true;
    if (known?.status === 'mismatch' && value === undefined) vague = true;
  }
  const texts = appends ? [...seen].filter((value) => value !== null).map(String) : [];
  const unseen = (input: Input): boolean => {
    if (input.kind === 'get') return true;
    if (vague) return false;
    if (input.kind === 'append') return !texts.some((text) => text.includes(input.value));
    const value = input.kind === 'delete' ? null : input.value;
    if (seen.has(value)) return false;
    // An append to nothing leaves what it would leave of an empty text.
    return value === null ? !appends : !texts.some((text) => text.startsWith(`${value}`));
  };
  return operations.filter(({ input, status }) => status === 'ok' || !unseen(input));
}
