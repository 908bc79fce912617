import { expect, test } from 'vitest';
import { Cluster, commands } from './harness.ts';

test('smoke', () => {
  const c = new Cluster({ nodes: 3 });
  c.elect(1);
  c.write(1, 'a', 'b');
  c.run();
  expect(commands(c.node(1))).toEqual(['a', 'b']);
  c.pass(500);
  expect(commands(c.node(3))).toEqual(['a', 'b']);
  expect(c.leader).toBe(1);
});
