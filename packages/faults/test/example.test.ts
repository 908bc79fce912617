import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeEvent, FaultState, parsePlan, resolveEvent, schedule } from '../src/index.ts';

it("the index's example shows a leader cut off, and a loss within that time", () => {
  const source = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(source)![1]!.replace(/^ \* ?/gm, '');
  const body = example.replace(/^import .*$/m, '');
  const printed: unknown[][] = [];
  const console = { log: (...values: unknown[]) => printed.push(values) };
  const names = ['console', 'describeEvent', 'FaultState', 'parsePlan', 'resolveEvent', 'schedule'];
  new Function(...names, body)(console, describeEvent, FaultState, parsePlan, resolveEvent, schedule);
  expect(printed).toEqual([
    [
      '1.0 s, for 2.0 s: the network splits into {leader} and the rest\n1.5 s, for 500 ms: 10 % of the messages are lost',
    ],
    [1000, true, 0, false],
    [1500, true, 0.1, false],
    [2000, true, 0, false],
    [3000, false, 0, true],
  ]);
});
