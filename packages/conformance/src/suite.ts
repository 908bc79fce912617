import type { AnyProtocol, Mutant } from '@quorate/interface';
import {
  FREE_CPU,
  FREE_DISK,
  fixedDelay,
  Simulation,
  type SimulationOptions,
  simulate,
  swarmOptions,
} from '@quorate/simulator';
import { formatTrace, type TraceMode } from '@quorate/trace';
import { describe, expect, test } from 'vitest';
import { encodeAll, journalFault } from './codec.ts';
import { crashAfterEachWrite } from './prefixes.ts';
import { oddPromises } from './promises.ts';
import { onTamperedGlobals } from './tamper.ts';

export interface ConformanceOptions {
  /** How many swarm seeds to run, from 1 on. Default 20. */
  readonly seeds?: number;
  /** Virtual milliseconds under faults for each. Default 10,000. */
  readonly milliseconds?: number;
  /** The protocol's planted bugs, to see that each is one of this protocol. That they are found is `quorate mutants`' work. */
  readonly mutants?: readonly Mutant[];
  /** `smokeTest` of `@quorate/cluster`: then three replicas on real sockets and disks have to serve too. */
  readonly real?: SmokeTest;
}

/** Serves a small real cluster: what was put, what each client read of it, what once all were started again, and how many stopped themselves. */
export type SmokeTest = (protocol: AnyProtocol) => Promise<{
  readonly put: string;
  readonly read: readonly (string | null)[];
  readonly readAgain: readonly (string | null)[];
  readonly halted: number;
}>;

/** The test of `ConformanceOptions.real` by itself. */
export function onRealDisks(protocol: AnyProtocol, smokeTest: SmokeTest): void {
  test(`${protocol.name} serves clients on real sockets and disks, and again after each replica was started again`, async () => {
    const { put, read, readAgain, halted } = await smokeTest(protocol);
    const all = [put, put, put];
    expect({ read, readAgain, halted }).toEqual({ read: all, readAgain: all, halted: 0 });
  });
}

/** Declares the tests that every protocol has to pass. Call it at the top of a vitest file. */
export function conformance(protocol: AnyProtocol, options: ConformanceOptions = {}): void {
  const seeds = options.seeds ?? 20;
  const milliseconds = options.milliseconds ?? 10_000;
  const swarm = (seed: number, trace: TraceMode = 'counted', time = milliseconds): SimulationOptions => ({
    ...swarmOptions(protocol, seed, time),
    trace,
  });

  if (options.real !== undefined) onRealDisks(protocol, options.real);
  describe(`${protocol.name} conforms`, () => {
    test('the same seed gives the same trace, byte for byte, recorded or counted', () => {
      const hashes: string[] = [];
      let lines = 0;
      for (const seed of [6, 7, 8]) {
        const first = simulate(swarm(seed, 'full', milliseconds / 4));
        expect(sameLines(first, simulate(swarm(seed, 'full', milliseconds / 4)))).toBe(true);
        expect(simulate(swarm(seed, 'counted', milliseconds / 4)).traceHash).toBe(first.traceHash);
        hashes.push(first.traceHash);
        lines += first.simulation.trace.length;
      }
      expect(new Set(hashes).size).toBe(3);
      expect(lines).toBeGreaterThan(300);
    });

    test('it reads neither the wall clock nor Math.random', () => {
      const usual = simulate(swarm(3)).traceHash;
      expect(onTamperedGlobals(() => simulate(swarm(3)).traceHash)).toBe(usual);
    });

    test(`it keeps its promises over ${seeds} swarm seeds`, { timeout: 120_000 }, () => {
      let decided = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const result = simulate(swarm(seed));
        const broken = result.verdicts.filter(({ verdict }) => verdict === 'violated');
        expect(broken, `seed ${seed}`).toEqual([]);
        decided += result.decided;
      }
      expect(decided).toBeGreaterThan(seeds * 10);
    });

    test('what it sends and saves comes back from wire and disk as it was', async () => {
      const { types, faults, saved } = encodeAll(protocol, [1, 2, 3, 4], milliseconds / 4);
      expect(Object.fromEntries(faults)).toEqual({});
      expect(types.size).toBeGreaterThan(0);
      expect(await journalFault(saved)).toBeNull();
    });

    test('it restarts from every prefix of its journal, and keeps what it had promised', () => {
      const { prefixes, fault, doneAfter } = crashAfterEachWrite(protocol);
      expect(fault).toBeNull();
      expect(prefixes).toBeGreaterThan(10);
      expect(doneAfter).toBeGreaterThan(prefixes * 5);
    });

    test('each of its promises is one that some check looks after', () => {
      expect(oddPromises(protocol)).toEqual([]);
    });

    test.runIf(options.mutants !== undefined)('its mutants are this protocol but for one bug each', () => {
      const mutants = options.mutants ?? [];
      expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
      for (const { name, about, protocol: mutant } of mutants) {
        expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
        expect(about).toMatch(/\S \S/);
        expect({ ...mutant, create: 0 }, name).toEqual({ ...protocol, create: 0 });
        expect(mutant.create, name).not.toBe(protocol.create);
      }
    });

    test('observe and explain speak of what there is', () => {
      const simulation = new Simulation(quiet(protocol));
      simulation.start();
      simulation.runUntil(3_000_000);
      for (const node of simulation.nodes) {
        const observed = protocol.observe(node.driver!.replica.state);
        expect(observed.role).toMatch(/\S/);
        expect(observed.epoch).toBeGreaterThanOrEqual(0);
        expect(structuredClone(node.driver!.replica.state)).toEqual(node.driver!.replica.state);
      }
    });
  });
}

function sameLines(a: ReturnType<typeof simulate>, b: ReturnType<typeof simulate>): boolean {
  const left = formatTrace(a.simulation.trace);
  const right = formatTrace(b.simulation.trace);
  for (;;) {
    const x = left.next();
    const y = right.next();
    if (x.done || y.done) return x.done === y.done;
    if (x.value !== y.value) return false;
  }
}

function quiet(protocol: AnyProtocol): SimulationOptions {
  return {
    protocol,
    nodes: 3,
    seed: 1,
    milliseconds: 3000,
    topology: fixedDelay(500),
    cpu: FREE_CPU,
    disk: FREE_DISK,
    workload: {
      clients: 2,
      thinkMilliseconds: 1,
      keys: 4,
      valueBytes: 8,
      reads: 0.3,
      writes: 'mixed',
      place: 'spread',
      history: true,
    },
  };
}
