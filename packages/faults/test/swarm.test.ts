import type { Knob } from '@quorate/interface';
import { describe, expect, it } from 'vitest';
import {
  drawKnobs,
  drawLasting,
  drawPlan,
  everyClass,
  type FaultPlan,
  faultClassesOf,
  formatPlan,
  isMomentary,
  parsePlan,
  type SwarmOptions,
} from '../src/index.ts';

const nodes = [0, 1, 2, 3, 4];
const options: SwarmOptions = { nodes, milliseconds: 60_000, progress: 'majority' };

/** Marsaglia's xorshift32, enough for tests. */
function stream(seed: number): () => number {
  let x = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 0x1_0000_0000;
  };
}

function plans(count: number, change: Partial<SwarmOptions> = {}): FaultPlan[] {
  return Array.from({ length: count }, (_, seed) => drawPlan(stream(seed), { ...options, ...change }));
}

describe('drawPlan', () => {
  const many = plans(1000);

  it('gives the same plan for the same stream', () => {
    expect(plans(50).map(formatPlan)).toEqual(many.slice(0, 50).map(formatPlan));
    expect(new Set(many.map(formatPlan)).size).toBe(1000);
  });

  it('gives valid plans for any size of cluster, which end in time', () => {
    for (const size of [1, 2, 3, 7]) {
      for (const milliseconds of [100, 5000, 60_000]) {
        const ids = nodes.concat(5, 6).slice(0, size);
        for (const plan of plans(60, { nodes: ids, milliseconds, progress: 'all' })) {
          expect(parsePlan(JSON.parse(formatPlan(plan)), ids)).toEqual(plan);
          for (const event of plan.events) {
            expect(event.at).toBeLessThanOrEqual(milliseconds * 0.7);
            if (isMomentary(event)) continue;
            expect(event.at + event.for!).toBeLessThanOrEqual(milliseconds * 0.7);
          }
        }
      }
    }
  });

  it('draws every class of faults, and leaves each one out', () => {
    const counts = new Map(everyClass.map((name) => [name, 0]));
    for (const plan of many) {
      for (const name of faultClassesOf(plan)) counts.set(name, counts.get(name)! + 1);
    }
    for (const [name, count] of counts) {
      expect(count, name).toBeGreaterThan(60);
      expect(count, name).toBeLessThan(700);
    }
    const alone = many.filter((plan) => faultClassesOf(plan).size === 1);
    expect(alone.length).toBeGreaterThan(100);
  });

  it('draws five events on average, or as many as asked for', () => {
    const mean = (drawn: FaultPlan[]) =>
      drawn.reduce((sum, { events }) => sum + events.length, 0) / drawn.length;
    expect(mean(many)).toBeGreaterThan(4.7);
    expect(mean(many)).toBeLessThan(6);
    expect(mean(plans(300, { eventsMean: 12 }))).toBeGreaterThan(11.5);
    expect(Math.min(...many.map(({ events }) => events.length))).toBeGreaterThan(0);
  });

  it('keeps to the classes it may use', () => {
    for (const plan of plans(100, { classes: ['partition', 'crash', 'torn-writes'] })) {
      for (const name of faultClassesOf(plan)) expect(['partition', 'crash', 'torn-writes']).toContain(name);
    }
    expect(plans(1, { classes: [] })[0]!.events).toEqual([]);
    expect(plans(1, { classes: ['lost-writes'] })[0]!.events).toEqual([]);
  });

  it('splits in many shapes: one alone, bridges, three parts; cuts both ways', () => {
    const events = many.flatMap((plan) => plan.events);
    const splits = events.flatMap((event) => (event.kind === 'partition' ? [event.groups] : []));
    const shares = (groups: readonly (readonly unknown[])[]) => groups.flat().length > nodes.length;
    expect(splits.some(shares)).toBe(true);
    expect(splits.some((groups) => groups.length === 3)).toBe(true);
    expect(splits.some((groups) => groups.some((group) => group.length === 1))).toBe(true);
    expect(splits.some((groups) => !shares(groups) && groups.every((group) => group.length > 1))).toBe(true);
    // One group alone is one node apart from the rest, which needs no list.
    const isolates = (groups: readonly (readonly unknown[])[]) =>
      groups.length === 1 && groups[0]!.length === 1;
    expect(splits.some(isolates)).toBe(true);
    expect(splits.every((groups) => isolates(groups) || new Set(groups.flat()).size === nodes.length)).toBe(
      true,
    );
    const cuts = events.filter((event) => event.kind === 'cut');
    expect(cuts.some(({ from }) => from.length === 1)).toBe(true);
    expect(cuts.some(({ to }) => to.length === 1)).toBe(true);
  });

  it('crashes one, a majority, or all at a time', () => {
    const together = many.map((plan) => {
      const crashes = plan.events.filter((event) => event.kind === 'crash');
      return Math.max(0, ...crashes.map(({ at }) => crashes.filter((other) => other.at === at).length));
    });
    expect(new Set(together)).toEqual(new Set([0, 1, 3, 5]));
  });

  it('strikes whoever has a role again and again, and nodes in turn, back in another order', () => {
    const aimed = plans(300, { role: 'leader' }).map((plan) => plan.events);
    const leaders = aimed.map((events) =>
      events.filter((event) => JSON.stringify(event).includes('"leader"')),
    );
    expect(leaders.some((events) => events.length > 3)).toBe(true);
    const cutOff = (plan: FaultPlan) =>
      plan.events.flatMap((event) =>
        event.kind === 'partition' && event.groups.length === 1 && event.for !== undefined
          ? [{ node: event.groups[0]![0]!, begin: event.at, end: event.at + event.for }]
          : [],
      );
    const swizzled = many.map(cutOff).filter((list) => new Set(list.map(({ node }) => node)).size > 2);
    expect(swizzled.length).toBeGreaterThan(5);
    const overtakes = swizzled.some((list) =>
      list.some((one) => list.some((other) => one.begin < other.begin && other.end < one.end)),
    );
    expect(overtakes).toBe(true);
  });

  it('keeps a minority away for good at most, and nobody where all are needed', () => {
    const goners = (plan: FaultPlan) => {
      const endless = plan.events.filter((event) => !isMomentary(event) && event.for === undefined);
      return new Set(endless.map((event) => ('node' in event ? event.node : 'a link')));
    };
    const sizes = new Set(many.map((plan) => goners(plan).size));
    expect(sizes).toEqual(new Set([0, 1, 2]));
    expect(many.some((plan) => goners(plan).has('a link'))).toBe(false);
    expect(plans(300, { progress: 'all' }).every((plan) => goners(plan).size === 0)).toBe(true);
  });

  it('aims at a role where one is given', () => {
    const aimed = plans(100, { role: 'leader' }).flatMap((plan) => plan.events);
    expect(aimed.some((event) => 'node' in event && event.node === 'leader')).toBe(true);
    expect(
      many.every((plan) => plan.events.every((event) => !('node' in event && event.node === 'leader'))),
    ).toBe(true);
  });
});

describe('drawKnobs', () => {
  const knob = (draw: number[]): Knob => ({ default: 1, unit: 'count', draw, about: '' });
  const knobs = { window: knob([1, 8]), batch: knob([2]), fixed: knob([]) };

  it('draws some values of some knobs, the same for the same stream', () => {
    const drawn = Array.from({ length: 300 }, (_, seed) => drawKnobs(stream(seed), { knobs }));
    expect(drawn).toEqual(Array.from({ length: 300 }, (_, seed) => drawKnobs(stream(seed), { knobs })));
    const seen = new Set(drawn.map((settings) => JSON.stringify(settings)));
    expect(seen).toEqual(
      new Set([
        '{}',
        '{"window":1}',
        '{"window":8}',
        '{"batch":2}',
        '{"window":1,"batch":2}',
        '{"window":8,"batch":2}',
      ]),
    );
    const untouched = drawn.filter((settings) => Object.keys(settings).length === 0).length;
    expect(untouched).toBeGreaterThan(70);
    expect(untouched).toBeLessThan(150);
  });
});

describe('drawLasting', () => {
  it('draws valid faults of the same classes, which begin once the others have ended and have no end', () => {
    const counts = plans(400).map((plan, seed) => {
      const lasting = drawLasting(stream(seed + 7000), plan, options);
      const all = { ...plan, events: [...plan.events, ...lasting] };
      expect(parsePlan(JSON.parse(formatPlan(all)), nodes)).toEqual(all);
      const classes = faultClassesOf(plan);
      for (const name of faultClassesOf({ ...plan, events: lasting })) expect(classes).toContain(name);
      for (const event of lasting) {
        expect(event.at).toBeGreaterThanOrEqual(42_000);
        expect(event.at).toBeLessThan(60_000);
        expect(event).not.toHaveProperty('for');
        expect(event.kind).not.toBe('clock-jump');
      }
      return lasting.length;
    });
    expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3]));
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(140);
  });

  it('draws nothing where no fault makes sense', () => {
    expect(drawLasting(stream(3), { version: 1, events: [] }, { ...options, nodes: [1] })).toEqual([]);
  });
});
