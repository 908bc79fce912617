import type { AnyProtocol } from '@quorate/interface';
import { single } from '@quorate/interface/single';
import { simulate, swarmOptions, withPorts } from '@quorate/simulator';
import { expect, test } from 'vitest';
import {
  crashAfterEachWrite,
  encodeAll,
  journalFault,
  oddPromises,
  onTamperedGlobals,
} from '../src/index.ts';

const hash = (protocol: AnyProtocol) => simulate(swarmOptions(protocol, 3, 3000)).traceHash;

test.each([
  ['Date.now', () => Date.now() / 1000],
  ['performance.now', () => performance.now()],
  ['Math.random', () => Math.random()],
])('a protocol that reads %s is noticed', (_name, read) => {
  expect(onTamperedGlobals(() => hash(single))).toBe(hash(single));
  const dishonest = withPorts(single, (ports) => ({
    send: (to, message) => {
      ports.send(to, message);
      ports.announce('leader', Math.floor(Math.abs(read() % 1) * 1e6), 1);
    },
  }));
  expect(onTamperedGlobals(() => hash(dishonest))).not.toBe(hash(dishonest));
});

test('a promise broken under the swarm is found: answers that do not wait for the disk', () => {
  const forgetful = withPorts(single, (ports) => ({ send: (to, message) => ports.sendEarly(to, message) }));
  const found = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].find((seed) =>
    simulate(swarmOptions(forgetful, seed, 20_000)).verdicts.some(({ verdict }) => verdict === 'violated'),
  );
  expect(found).toBeDefined();
});

test('a message that no wire carries is noticed, and what comes back changed', () => {
  const sends = (extra: object) =>
    withPorts(single, (ports) => ({
      send: (to, message) => ports.send(to, { ...message, ...extra }),
    }));
  class Place {
    x = 1;
  }
  expect(encodeAll(single, [1], 3000).faults.size).toBe(0);
  for (const extra of [
    { at: undefined },
    { at: new Map([[1, 2]]) },
    { at: new Place() },
    { at: new Set([1]) },
  ])
    expect(encodeAllOutside(sends(extra)), JSON.stringify(extra)).toBe(1);
  expect(encodeAllOutside(sends({ at: [1, null, 'x', new Uint8Array(2)] }))).toBe(0);
});

test('a durable state that no journal gives back is noticed', async () => {
  expect(await journalFault([{ term: 1, votes: [1, null] }, null])).toBeNull();
  expect(await journalFault([{ term: 1 }, { term: new Map([[1, 2]]) }])).toContain('saved.term');
  expect(await journalFault([{ term: undefined }])).toContain('saved.term: undefined is no plain data');
});

test('a replica that forgets what it said is noticed when it restarts from a prefix of its journal', () => {
  const { prefixes, fault } = crashAfterEachWrite(single);
  expect(fault).toBeNull();
  expect(prefixes).toBeGreaterThan(10);
  const forgetful = withPorts(single, (ports) => ({ send: (to, message) => ports.sendEarly(to, message) }));
  expect(crashAfterEachWrite(forgetful).fault).toMatch(/^node 1 restarted from \d+ records: /);
});

test('a promise that no check looks after is noticed', () => {
  const promise = { exceptUnder: [], source: 'nowhere' };
  const guarantees = [
    ...single.guarantees,
    { check: 'linearisable', ...promise },
    { check: 'progress', ...promise },
  ];
  expect(oddPromises({ ...single, guarantees })).toEqual([
    'linearisable: there is no such check',
    'progress: promised twice',
  ]);
});

/** How many kinds of messages are refused or changed by the codec; the spy stands between the protocol and `change`. */
function encodeAllOutside(protocol: AnyProtocol): number {
  return encodeAll(protocol, [1], 3000).faults.size;
}
