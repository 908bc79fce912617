import type { AnyProtocol } from '@quorate/interface';
import { single } from '@quorate/interface/single';
import { simulate, swarmOptions, withPorts } from '@quorate/simulator';
import { expect, test } from 'vitest';
import { onTamperedGlobals } from '../src/index.ts';

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
