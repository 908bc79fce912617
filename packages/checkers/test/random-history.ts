import type { Input, Operation, Output, Value } from '../src/index.ts';

/** A small generator (mulberry32), so that histories depend on the seed alone. */
export function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export interface Shape {
  readonly operations: number;
  readonly processes: number;
  readonly kinds: readonly Input['kind'][];
  /** How many values writes choose from; 0: each write has a new one. */
  readonly values: number;
  /** Of 100 operations, how many end unknown, fail, and are told something made up. */
  readonly unknown: number;
  readonly failed: number;
  readonly wrong: number;
  readonly keys?: number;
}

/**
 * What clients of a correct object see, except for the outputs that are made up: each operation takes effect (or, if unknown, perhaps
 * never) somewhere between its two events.
 */
export function randomHistory(seed: number, shape: Shape): Operation[] {
  const random = generator(seed);
  const state = new Map<string, Value>();
  const history: Operation[] = [];
  const written: string[] = ['a', 'b', 'c'].slice(0, Math.max(1, shape.values));
  const value = (): string => {
    if (shape.values > 0) return written[random(written.length)]!;
    written.push(`<${written.length}>`);
    return written.at(-1)!;
  };
  interface Open {
    readonly process: number;
    readonly key: string;
    readonly input: Input;
    readonly start: number;
    output?: Output;
  }
  const idle = Array.from({ length: shape.processes }, (_, i) => i);
  let nextProcess = shape.processes;
  const open: Open[] = [];
  let clock = 0;
  let invoked = 0;
  while (invoked < shape.operations || open.length > 0) {
    if (idle.length > 0 && invoked < shape.operations && random(2) === 0) {
      const key = `k${random(shape.keys ?? 1)}`;
      const input = inputOf(shape.kinds[random(shape.kinds.length)]!, value, () => {
        if (random(4) === 0) return null;
        return random(2) === 0 ? (state.get(key) ?? null) : written[random(written.length)]!;
      });
      open.push({ process: idle.splice(random(idle.length), 1)[0]!, key, input, start: clock++ });
      invoked++;
    }
    if (open.length === 0) continue;
    const one = open[random(open.length)]!;
    if (one.output === undefined && random(3) > 0) {
      one.output = perform(state, one.key, one.input, random(2) === 0);
      continue;
    }
    const { process, key, input, start } = one;
    const fate = random(100);
    if (fate < shape.unknown) {
      history.push({ process, key, input, start, end: Number.POSITIVE_INFINITY, status: 'unknown' });
      idle.push(nextProcess++);
    } else if (one.output === undefined && fate < shape.unknown + shape.failed) {
      history.push({ process, key, input, start, end: clock++, status: 'fail' });
      idle.push(process);
    } else {
      let output = one.output ?? perform(state, key, input, random(2) === 0);
      if (random(100) < shape.wrong)
        output = { status: output.status, value: written[random(written.length)]! };
      history.push({ process, key, input, output, start, end: clock++, status: 'ok' });
      idle.push(process);
    }
    open.splice(open.indexOf(one), 1);
  }
  return history;
}

function inputOf(kind: Input['kind'], value: () => string, expected: () => Value): Input {
  if (kind === 'get' || kind === 'delete') return { kind };
  if (kind === 'cas') return { kind, expected: expected(), value: value() };
  return { kind, value: value() };
}

function perform(state: Map<string, Value>, key: string, input: Input, told: boolean): Output {
  const present = state.get(key) ?? null;
  if (input.kind === 'get') return { status: 'ok', value: present };
  if (input.kind === 'cas' && present !== input.expected)
    return told ? { status: 'mismatch', value: present } : { status: 'mismatch' };
  if (input.kind === 'delete') state.set(key, null);
  else if (input.kind === 'append') state.set(key, `${present ?? ''}${input.value}`);
  else state.set(key, input.value);
  return { status: 'ok' };
}
