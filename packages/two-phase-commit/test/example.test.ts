import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { coordinatorOf, incarnationOf, transactionNumber, twoPhaseCommit } from '../src/index.ts';

const source = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8');

it('the example in index.ts runs and says what its comments say', () => {
  const fence = source.slice(source.indexOf('```ts') + 5, source.lastIndexOf('```'));
  const lines = fence.split('\n').map((line) => line.replace(/^ \* ?/, '').trim());
  const seen: string[] = [];
  const say = (value: unknown): void => void seen.push(String(value));
  const body = lines.filter((line) => line !== '' && !line.startsWith('import'));
  const program = body.map((line) =>
    line.startsWith('const') ? line : `say(${line.slice(0, line.indexOf(';'))});`,
  );
  new Function('say', 'coordinatorOf', 'transactionNumber', 'twoPhaseCommit', program.join('\n'))(
    say,
    coordinatorOf,
    transactionNumber,
    twoPhaseCommit,
  );
  const promised = body
    .filter((line) => !line.startsWith('const'))
    .map(
      (line) =>
        line
          .slice(line.indexOf('// ') + 3)
          .replace(/^'([^'…]*).*$/, '$1')
          .split(':')[0]!,
    );
  expect(seen).toHaveLength(5);
  for (const [i, value] of seen.entries()) expect(value).toContain(promised[i]);
});

it('transaction numbers are safe integers up to the last, and fields that do not fit are refused', () => {
  const last = transactionNumber(2 ** 16 - 1, 2 ** 29 - 1, 255);
  expect(last).toBe(Number.MAX_SAFE_INTEGER);
  expect([coordinatorOf(last), incarnationOf(last)]).toEqual([255, 2 ** 16 - 1]);
  expect(() => transactionNumber(2 ** 16, 1, 1)).toThrow(/incarnations/);
  expect(() => transactionNumber(1, 2 ** 29, 1)).toThrow(/no transaction number/);
  expect(() => transactionNumber(1, 1, 256)).toThrow(/no transaction number/);
});

it('every message has an explanation', () => {
  const explain = twoPhaseCommit.explain!;
  const slot = 1;
  const all = [
    explain({ type: 'Prepare', slot, oldestActive: 1, command: new Uint8Array(1) }),
    explain({ type: 'Vote', slot, vote: 'yes', acks: [] }),
    explain({ type: 'Vote', slot, vote: 'no', acks: [] }),
    explain({ type: 'Vote', slot, vote: 'readonly', acks: [] }),
    explain({ type: 'Decision', slot, outcome: 'committed', oldestActive: 1 }),
    explain({ type: 'Decision', slot, outcome: 'aborted', oldestActive: 1 }),
    explain({ type: 'Ack', slots: [1] }),
    explain({ type: 'Inquire', slot }),
    explain({ type: 'InquireReply', slot, answer: 'committed' }),
    explain({ type: 'InquireReply', slot, answer: 'undecided' }),
  ];
  expect(new Set(all).size).toBe(all.length);
});
