import type { Operation } from '@quorate/checkers';

/** A small generator (mulberry32): the same history everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * What the processes of one correct register saw: each operation takes effect somewhere between its two events. Every value is
 * written once.
 */
export function registerHistory(operations: number, processes: number): Operation[] {
  const random = generator(1);
  const history: Operation[] = [];
  const open: { input: Operation['input']; start: number; seen?: number }[] = [];
  let value = -1;
  for (let time = 0, begun = 0; history.length < operations; time++) {
    const process = random(processes);
    const one = open[process];
    if (one === undefined) {
      if (begun === operations) continue;
      const input = random(2) === 0 ? ({ kind: 'get' } as const) : ({ kind: 'put', value: begun } as const);
      begun++;
      open[process] = { input, start: time };
    } else if (one.seen === undefined) {
      if (one.input.kind === 'put') value = one.input.value as number;
      one.seen = value;
    } else {
      const { input, start, seen } = one;
      const output =
        input.kind === 'put'
          ? ({ status: 'ok' } as const)
          : ({ status: 'ok', value: seen < 0 ? null : seen } as const);
      history.push({ process, input, output, start, end: time, status: 'ok' });
      delete open[process];
    }
  }
  return history;
}

/** The same, but one read three quarters through returns what another one did at two quarters. */
export function withStaleRead(history: readonly Operation[]): Operation[] {
  const reads = history.filter(({ input }) => input.kind === 'get');
  const [old, victim] = [reads[reads.length >> 1]!, reads[(reads.length * 3) >> 2]!];
  return history.map((one) => (one === victim ? { ...one, output: old.output! } : one));
}
