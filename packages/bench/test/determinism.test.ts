import { drawPlan } from '@quorate/faults';
import type { AnyProtocol } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { DEFAULT_WORKLOAD, type SimulationOptions, simulate, swarmOptions } from '@quorate/simulator';
import { formatTrace } from '@quorate/trace';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { describe, expect, it } from 'vitest';

const protocols: AnyProtocol[] = [raft, twoPhaseCommit];
const SEED = 7;
const MILLISECONDS = 15_000;

function wholeTrace(options: SimulationOptions): string {
  return [...formatTrace(simulate({ ...options, trace: 'full' }).simulation.trace)].join('\n');
}

describe.each(protocols)('$name, one seed', (protocol) => {
  const options = swarmOptions(protocol, SEED, MILLISECONDS, { nodes: 5 });

  it('gives the same trace, byte for byte', () => {
    const trace = wholeTrace(options);
    expect(trace.length).toBeGreaterThan(100_000);
    expect(wholeTrace(options) === trace).toBe(true);
  });

  it('gives the same hash, recorded or counted, watched or not', () => {
    const hash = simulate({ ...options, trace: 'full' }).traceHash;
    expect(simulate({ ...options, trace: 'counted' }).traceHash).toBe(hash);
    const watch = { everyMilliseconds: 77, look: () => undefined };
    expect(simulate(options, watch).traceHash).toBe(hash);
  });

  it('differs from another seed', () => {
    const other = swarmOptions(protocol, SEED + 1, MILLISECONDS, { nodes: 5 });
    expect(simulate(other).traceHash).not.toBe(simulate(options).traceHash);
  });
});

/** Runs with the engine's clocks and chance replaced by others, as if it were another day on another machine. */
function inAnotherWorld<T>(day: number, run: () => T): T {
  const { random } = Math;
  const { now } = Date;
  const { hrtime } = process;
  const performanceNow = performance.now;
  let state = day;
  Math.random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  Date.now = () => day * 86_400_000 + state;
  performance.now = () => day * 1000 + state;
  process.hrtime = Object.assign(() => [day, state] as [number, number], { bigint: () => BigInt(day) });
  try {
    return run();
  } finally {
    Math.random = random;
    Date.now = now;
    performance.now = performanceNow;
    process.hrtime = hrtime;
  }
}

/** Whether a protocol's runs are the same in worlds whose clocks and chance differ. */
function sameInAnyWorld(protocol: AnyProtocol): boolean {
  const options: SimulationOptions = {
    protocol,
    nodes: 3,
    seed: SEED,
    milliseconds: 3000,
    workload: { ...DEFAULT_WORKLOAD, clients: 3, thinkMilliseconds: 20 },
    faults: drawPlan(() => 0.4, { nodes: [1, 2, 3], milliseconds: 3000, progress: 'all' }),
  };
  const hashes = [20_000, 20_471].map((day) => inAnotherWorld(day, () => simulate(options).traceHash));
  return hashes[0] === hashes[1];
}

describe('a protocol that reads the world behind its ports', () => {
  it.each(protocols)('is not $name', (protocol) => {
    expect(sameInAnyWorld(protocol)).toBe(true);
  });

  const peeks: Record<string, () => number> = {
    'Math.random': () => Math.random(),
    'Date.now': () => (Date.now() % 997) / 997,
    'performance.now': () => (performance.now() % 997) / 997,
  };

  it.each(Object.keys(peeks))('is caught: %s', (name) => {
    const peeking: AnyProtocol = {
      ...raft,
      create(context) {
        const ports = Object.create(context.ports) as typeof context.ports;
        for (const key of [
          'send',
          'sendEarly',
          'broadcast',
          'setTimer',
          'clearTimer',
          'save',
          'log',
          'decide',
        ] as const) {
          Object.assign(ports, { [key]: context.ports[key].bind(context.ports) });
        }
        for (const key of [
          'readAt',
          'refuse',
          'assign',
          'sendSnapshot',
          'installSnapshot',
          'connect',
          'announce',
          'now',
        ] as const) {
          Object.assign(ports, { [key]: context.ports[key].bind(context.ports) });
        }
        return raft.create({ ...context, ports: Object.assign(ports, { random: peeks[name] }) });
      },
    };
    expect(sameInAnyWorld(peeking)).toBe(false);
  });
});
