import type { AnyProtocol } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { simulate, swarmOptions } from '@quorate/simulator';
import { expect, test } from 'vitest';
import { onTamperedGlobals, withPorts } from '../src/index.ts';

const hash = (protocol: AnyProtocol) => simulate(swarmOptions(protocol, 3, 3000)).traceHash;

test.each([
  ['Date.now', () => Date.now() / 1000],
  ['performance.now', () => performance.now()],
  ['Math.random', () => Math.random()],
])('a protocol that reads %s is noticed', (_name, read) => {
  const honest = withPorts(raft, (ports) => ({ random: () => ports.random() }));
  expect(onTamperedGlobals(() => hash(honest))).toBe(hash(honest));
  const dishonest = withPorts(raft, () => ({ random: () => Math.abs(read() % 1) }));
  expect(onTamperedGlobals(() => hash(dishonest))).not.toBe(hash(dishonest));
});
