import type { AnyProtocol } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { describe, expect, it } from 'vitest';
import type { Sample, Settings } from '../src/scenario.ts';
import { END, FAULT_FOR } from '../src/scenarios/failure.ts';
import { SCENARIOS, scenarioNamed } from '../src/scenarios/index.ts';
import { lowerBound } from '../src/scenarios/wan.ts';

const settings: Settings = { quick: true, seeds: 1, valueBytes: 32, keys: 10_000 };

function run(name: string, protocol: AnyProtocol, own: Partial<Settings> = {}, clients = 0): Sample {
  return scenarioNamed(name).run({ protocol, nodes: 5, clients, seed: 1, settings: { ...settings, ...own } });
}

const allOk = (sample: Sample) => sample.verdicts.every(({ verdict }) => verdict === 'ok');

describe('leader-crash', () => {
  it('Raft decides again after an election, long before the leader is back', () => {
    const { values, timeline, verdicts } = run('leader-crash', raft);
    expect(values.firstDecisionMilliseconds).toBeGreaterThan(20);
    expect(values.firstDecisionMilliseconds).toBeLessThan(1000);
    expect(values.unavailableMilliseconds).toBeGreaterThanOrEqual(values.firstDecisionMilliseconds!);
    expect(values.leaderChanges).toBeGreaterThanOrEqual(1);
    expect(values.inDoubtMilliseconds).toBeNull();
    expect(timeline!.events.map(({ kind }) => kind)).toContain('fault');
    const [first, second] = timeline!.leaders!;
    const crash = timeline!.events.find(({ label }) => label.includes('crashes'))!.atMilliseconds;
    expect(first!.to).toBeCloseTo(crash, 3);
    expect(second!.from).toBeGreaterThan(crash);
    expect(second!.epoch).toBeGreaterThan(first!.epoch);
    expect(timeline!.leaders!.at(-1)!.to).toBe(END);
    expect(timeline!.inDoubt).toBeUndefined();
    expect(verdicts.length).toBeGreaterThan(3);
  });

  it('2PC blocks until the coordinator is back, and holds locks as long', () => {
    const sample = run('leader-crash', twoPhaseCommit);
    expect(sample.values.firstDecisionMilliseconds).toBeGreaterThan(FAULT_FOR);
    expect(sample.values.unavailableMilliseconds).toBeGreaterThan(FAULT_FOR);
    expect(sample.values.inDoubtMilliseconds).toBeGreaterThan(FAULT_FOR);
    const { inDoubt, completed, leaders } = sample.timeline!;
    expect(inDoubt).toHaveLength(completed.length);
    const during = inDoubt!.slice(35, 55); // from half a second after the crash until half a second before its end
    expect(Math.min(...during)).toBeGreaterThan(0);
    expect(inDoubt!.at(-1)).toBeLessThan(Math.min(...during));
    expect(leaders).toBeUndefined();
    expect(allOk(sample)).toBe(true);
  });
});

describe('partition', () => {
  it('Raft writes on the larger side only', () => {
    const { values } = run('partition', raft);
    expect(values['writesPerSecond:minority']).toBe(0);
    expect(values['readsPerSecond:minority']).toBe(0);
    expect(values['writesPerSecond:majority']).toBeGreaterThan(50);
    expect(values['unavailableMilliseconds:majority']).toBeLessThan(1000);
    expect(values['unavailableMilliseconds:minority']).toBeGreaterThan(FAULT_FOR - 100);
    expect(values['writesAnsweredShare:minority']).toBe(0);
    expect(values['writesAnsweredShare:majority']).toBeGreaterThan(0.9);
  });

  it('2PC writes on neither', () => {
    const { values } = run('partition', twoPhaseCommit);
    expect(values['writesPerSecond:minority']).toBe(0);
    expect(values['writesPerSecond:majority']).toBe(0);
    for (const side of ['minority', 'majority'])
      expect(
        values[`writesAnsweredShare:${side}`]! + values[`writesRefusedShare:${side}`]!,
      ).toBeLessThanOrEqual(1);
    expect(values.recoveryMilliseconds).toBeLessThan(1000);
  });

  it('is refused for clusters without sides', () => {
    expect(() => scenarioNamed('partition').cells({ ...settings, nodes: 2 })).toThrow('3 nodes or more');
  });
});

describe('guarantees', () => {
  const scenario = scenarioNamed('guarantees');
  const cell = { nodes: 5, clients: 0 };
  const rowsOf = (protocol: AnyProtocol) =>
    scenario.summarise([run('guarantees', protocol)], protocol, cell, settings).guarantees!;

  it('holds every promise of both protocols, and says which classes a run did not exercise', () => {
    for (const protocol of [raft, twoPhaseCommit]) {
      const rows = rowsOf(protocol);
      expect(new Set(rows.map(({ fault }) => fault)).size).toBe(15);
      const checks = ['invariants', 'agreement', 'linearizable', 'progress', 'convergence'];
      expect(new Set(rows.map(({ check }) => check))).toEqual(new Set(checks));
      expect(rows.filter(({ verdict, shown }) => verdict !== 'ok' || shown !== undefined)).toEqual([]);
      expect(rows.filter(({ fault }) => fault === 'crash').every(({ runs }) => runs === 1)).toBe(true);
    }
  });

  it('shows a broken promise by the run that broke it, and excuses what was never promised', () => {
    const early = { ...raft, guarantees: raft.guarantees.filter(({ check }) => check !== 'linearizable') };
    const stale = (protocol: AnyProtocol): AnyProtocol => ({
      ...protocol,
      create: (context) => {
        const replica = protocol.create(context);
        const onRequest = replica.onRequest.bind(replica);
        // answers reads from what it has, whoever leads
        replica.onRequest = (request) =>
          request.kind === 'read' ? context.ports.readAt(request, 0) : onRequest(request);
        return replica;
      },
    });
    const found = (protocol: AnyProtocol) =>
      rowsOf(stale(protocol)).filter(({ check, verdict }) => check === 'linearizable' && verdict !== 'ok');
    const broken = found(raft);
    expect(broken.length).toBeGreaterThan(0);
    for (const { verdict, fault, shown } of broken) {
      expect(verdict).toBe('violated');
      const classes = fault.endsWith('writes') ? `crash,${fault}` : fault;
      expect(shown!.reproduce).toBe(
        `quorate simulate raft --nodes 5 --seed 1 --duration 20s --faults swarm:${classes}`,
      );
    }
    expect(found(early).map(({ verdict }) => verdict)).toEqual(broken.map(() => 'expected'));
  });
});

describe('wan', () => {
  it.each([raft, twoPhaseCommit])(
    '$name is close to its lower bound in every region, and never below',
    (protocol) => {
      const { values } = run('wan', protocol);
      const regions = Object.keys(values).filter((name) => name.startsWith('p50Microseconds:'));
      expect(regions).toHaveLength(5);
      for (const name of regions) {
        const bound = values[`expectedP50Microseconds:${name.split(':')[1]}`]!;
        expect(values[name], name).toBeGreaterThanOrEqual(bound);
        expect(values[name], name).toBeLessThan(bound * 1.1);
      }
    },
  );

  it('bounds a leader-local write by the round trip to a majority, and 2PC by that to all', () => {
    // us-east-1: 72.5 ms to the third of five, 198 ms to the last; 0.2 ms between client and replica of a region
    expect(lowerBound(raft, 5, 1, 1)).toBe(72_700);
    expect(lowerBound(twoPhaseCommit, 5, 1, null)).toBe(198_200);
    expect(lowerBound(raft, 5, 5, 1)).toBe(198_000 + 72_500);
  });
});

describe('steady', () => {
  it('tries higher loads until one is hopeless, and says which are more than it carries', () => {
    const scenario = scenarioNamed('steady');
    const own = { rates: [2000, 1_000_000, 500_000, 4000] };
    const sample = run('steady', raft, own);
    expect(sample.points!.map(({ offeredPerSecond }) => offeredPerSecond)).toEqual([2000, 4000, 500_000]);
    const { curve, metrics } = scenario.summarise(
      [sample],
      raft,
      { nodes: 5, clients: 0 },
      { ...settings, ...own },
    );
    expect(curve!.map(({ saturated }) => saturated)).toEqual([false, false, true]);
    expect(curve!.every((point) => point.p999Microseconds === undefined)).toBe(true); // too few samples
    expect(sample.values.operationsPerSecond).toBeGreaterThan(4000);
    expect(metrics.p50Microseconds).toMatchObject({ value: sample.values.p50Microseconds });
    expect(allOk(sample)).toBe(true);
  });

  it('runs closed loops where clients are asked for', () => {
    const scenario = scenarioNamed('steady');
    expect(scenario.cells({ ...settings, clients: [4, 16] }).map(({ clients }) => clients)).toEqual([4, 16]);
    expect(scenario.cells({ ...settings, clients: [4], rates: [1] }).map(({ clients }) => clients)).toEqual([
      0, 4,
    ]);
    const [few, many] = [2, 32].map(
      (clients) => run('steady', raft, {}, clients).values.operationsPerSecond!,
    );
    expect(many).toBeGreaterThan(4 * few!);
  });
});

it('scenarios say what they ask and how', () => {
  expect(SCENARIOS.map(({ name }) => name)).toEqual([
    'steady',
    'cost',
    'leader-crash',
    'partition',
    'wan',
    'guarantees',
  ]);
  for (const { question, method } of SCENARIOS) {
    expect(question).toMatch(/\?$/);
    expect(method.length).toBeGreaterThan(80);
  }
  expect(() => scenarioNamed('storm')).toThrow('there are: steady, cost');
});
