import type { AnyProtocol } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { DEFAULT_WORKLOAD, record, type SimulationOptions } from '@quorate/simulator';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { describe, expect, it } from 'vitest';
import { ARRIVED, DROPPED, MESSAGE, UNDER_WAY } from '../src/see/arrows.ts';
import { Diagram } from '../src/see/diagram.ts';
import { pathOf } from '../src/see/path.ts';
import { valueInShort } from '../src/see/tell.ts';
import { textOf } from '../src/text/text.ts';

const optionsOf = (protocol: AnyProtocol): SimulationOptions => ({
  protocol,
  nodes: 3,
  seed: 5,
  milliseconds: 2500,
  workload: { ...DEFAULT_WORKLOAD, rate: 300, quietMilliseconds: 600, keys: 4 },
  faults: {
    version: 1,
    events: [
      { at: 1000, for: 400, kind: 'crash', node: 2, lostWrites: true, tornWrites: false },
      { at: 1600, for: 300, kind: 'partition', groups: [['leader']] },
    ],
  },
});

describe.each([raft, twoPhaseCommit] as AnyProtocol[])('a trace of $name as a diagram', (protocol) => {
  const { trace, clients } = record(optionsOf(protocol)).result.simulation;
  const diagram = new Diagram(trace, 3);
  const { arrows, operations } = diagram;
  const kindsOf = (kind: string) => [...trace].filter((event) => event.kind === kind);

  it('has an arrow for each message, with its end', () => {
    const messages = arrows.kind.flatMap((kind, i) => (kind === MESSAGE ? [i] : []));
    expect(messages).toHaveLength(kindsOf('send').length);
    const fates = (fate: number) => messages.filter((i) => arrows.fate[i] === fate);
    expect(fates(DROPPED).length).toBeGreaterThan(0);
    expect(fates(UNDER_WAY).length).toBeLessThan(30);
    for (const i of fates(ARRIVED)) {
      expect(trace.at(arrows.gotAt[i]!)).toMatchObject({
        kind: 'deliver',
        node: arrows.to[i],
        b: arrows.id[i],
      });
      expect(arrows.got[i]! - arrows.sent[i]!).toBeLessThanOrEqual(arrows.longest);
    }
    expect([...diagram.types.values()].reduce((sum, count) => sum + count, 0)).toBe(messages.length);
  });

  it('puts every operation on a lane of its client, never two at once on one while there is room', () => {
    expect(operations.length - 1).toBe(clients.columns.intended.length);
    for (const lane of new Set(operations.map(({ lane: one }) => one))) {
      const own = operations.filter((one) => one.lane === lane).sort((a, b) => a.from - b.from);
      if (diagram.clients.count === 8) continue;
      for (const [i, one] of own.entries())
        if (i > 0) expect(one.from).toBeGreaterThanOrEqual(own[i - 1]!.to);
    }
  });

  it('names the client of each lane at each moment, and takes what a node had decided with it in a crash', () => {
    for (const span of operations.filter(Boolean).slice(0, 40))
      expect(diagram.clientsAt(span.from).get(span.lane)).toBe(span.client);
    const crash = diagram.eventsBy(1_000_000);
    expect(diagram.decidedBy(2, crash - 1)).toBeGreaterThan(0);
    expect(diagram.decidedBy(2, crash)).toBe(0);
  });

  it('knows when nodes were down, faults active and records waiting for the disk', () => {
    expect(diagram.down[2]).toEqual([{ from: 1_000_000, to: 1_400_000 }]);
    expect(diagram.faults.map(({ from, to }) => [from, to])).toEqual([
      [1_000_000, 1_400_000],
      [1_600_000, 1_900_000],
    ]);
    const waits = diagram.writes.flat().map(({ from, to }) => to - from);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(waits.filter((wait) => wait > 100).length).toBeGreaterThan(100);
  });

  it('leads from an answer back to the question: the legs fill the time of the operation, without gaps', () => {
    let withDisk = 0;
    for (const { operation, from, to, status } of operations.filter(Boolean)) {
      if (status < 0) continue;
      const { legs, waited } = pathOf(diagram, operation);
      expect(legs[0]!.from).toBe(from);
      expect(legs.at(-1)!.to).toBe(to);
      for (const [i, leg] of legs.entries()) if (i > 0) expect(leg.from).toBe(legs[i - 1]!.to);
      expect(waited.wire + waited.disk + waited.node + waited.client).toBe(to - from);
      if (waited.disk > 0) withDisk++;
      // its way goes through no other operation's request
      for (const leg of legs) {
        const { kind, c } = trace.at(leg.toEvent);
        if (kind === 'request') expect(c).toBe(operation);
      }
    }
    expect(withDisk).toBeGreaterThan(20);
  });

  it('grows with its trace to the same as it was made at once', () => {
    const grown = new Diagram(trace, 3);
    expect(grown.update()).toBe(false);
    expect(grown.eventsBy(diagram.end)).toBe(trace.length);
    expect(grown.eventsBy(-1)).toBe(0);
  });
});

it('follows an operation through its own records where one sync covers those of many', () => {
  const workload = { ...DEFAULT_WORKLOAD, rate: 5000, quietMilliseconds: 600, keys: 10_000 };
  const options = { protocol: twoPhaseCommit, nodes: 5, seed: 1, milliseconds: 800, workload };
  const diagram = new Diagram(record(options).result.simulation.trace, 5);
  const { arrows } = diagram;
  let own = 0;
  let others = 0;
  diagram.operations.forEach((_, operation) => {
    for (const { arrow } of pathOf(diagram, operation).legs) {
      if (arrow < 0 || arrows.kind[arrow] !== MESSAGE) continue;
      if (arrows.cause[arrow] === operation) own++;
      else others++; // it waited for another's lock
    }
  });
  expect(own).toBeGreaterThan(500);
  expect(others).toBeLessThan(0.05 * own);
});

it('shows a long value by how it begins and its length, and a short one whole', () => {
  const padded = 'v1079'.padEnd(100, '.');
  expect(valueInShort(textOf('en'), padded)).toBe('v1079… (100 characters)');
  expect(valueInShort(textOf('zh'), padded)).toBe('v1079…（100 个字符）');
  expect(valueInShort(textOf('en'), '😀'.repeat(40))).toBe(`${'😀'.repeat(16)}… (40 characters)`);
  expect(valueInShort(textOf('en'), 'v1...')).toBe('v1...');
});
