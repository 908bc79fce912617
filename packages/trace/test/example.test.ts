import { expect, test } from 'vitest';
import { formatTrace, Kind, Trace } from '../src/index.ts';

test('the example of the index runs', () => {
  const trace = new Trace('full');
  trace.time = 1500;
  trace.add(Kind.send, 1, 2, 1, trace.id('RequestVote'), 0);
  expect(trace.hash()).toMatch(/^[0-9a-f]{16}$/);
  expect([...formatTrace(trace)].join('\n')).toContain('"type":"RequestVote"');
});
