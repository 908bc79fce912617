import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { committedIndex, committedIndexJoint, voteResult, voteResultJoint } from '../src/index.ts';

/**
 * etcd's data-driven cases: a command line `committed cfg=(1,2) cfgj=(3) idx=(12,_,5)` or `vote … votes=(y,n,_)`, a line of
 * dashes, output until an empty line. Values belong to the voters in the order in which `cfg` and then `cfgj` first name them.
 */
interface Case {
  readonly line: string;
  readonly command: 'committed' | 'vote';
  readonly voters: number[];
  /** Null where the case has no second configuration at all. */
  readonly outgoing: number[] | null;
  readonly values: (string | undefined)[];
  /** The output's last line. */
  readonly expected: string;
}

const FOLDER = new URL('../../../../shared/data/etcd-raft/quorum/testdata/', import.meta.url);
const present = existsSync(FOLDER);

function parse(file: string): Case[] {
  const lines = readFileSync(new URL(file, FOLDER), 'utf8').split('\n');
  const cases: Case[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (!/^(committed|vote)\b/.test(line)) continue;
    expect(lines[i + 1]).toBe('----');
    let end = i + 2;
    while (end < lines.length && lines[end] !== '') end++;
    const voters = numbers(argument(line, 'cfg')) ?? [];
    const outgoing = line.includes('cfgj=zero') ? [] : numbers(argument(line, 'cfgj'));
    const order = [...new Set([...voters, ...(outgoing ?? [])])];
    const given = (argument(line, 'idx') ?? argument(line, 'votes') ?? '')
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    expect(given.length).toBe(order.length);
    const values: (string | undefined)[] = [];
    for (const [k, voter] of order.entries()) values[voter] = given[k];
    cases.push({
      line,
      command: line.startsWith('vote') ? 'vote' : 'committed',
      voters,
      outgoing,
      values,
      expected: lines[end - 1]!,
    });
  }
  return cases;
}

function argument(line: string, name: string): string | undefined {
  return new RegExp(`\\b${name}=\\(([^)]*)\\)`).exec(line)?.[1];
}

function numbers(list: string | undefined): number[] | null {
  return list === undefined ? null : list.split(',').map(Number);
}

function outcome({ command, voters, outgoing, values }: Case): string {
  if (command === 'vote') {
    const votes = values.map((v) => (v === 'y' ? true : v === 'n' ? false : null));
    const result = outgoing === null ? voteResult(voters, votes) : voteResultJoint(voters, outgoing, votes);
    return { won: 'VoteWon', lost: 'VoteLost', pending: 'VotePending' }[result];
  }
  const indexes = values.map((v) => (v === undefined || v === '_' ? 0 : Number(v)));
  const index =
    outgoing === null ? committedIndex(voters, indexes) : committedIndexJoint(voters, outgoing, indexes);
  return index === Number.POSITIVE_INFINITY ? '∞' : String(index);
}

describe.skipIf(!present)('etcd-raft quorum test data (skipped where ../shared/data is absent)', () => {
  for (const file of ['majority_commit.txt', 'majority_vote.txt', 'joint_commit.txt', 'joint_vote.txt']) {
    test(file, () => {
      const cases = parse(file);
      expect(cases.length).toBeGreaterThan(10);
      for (const one of cases) {
        // The description of an empty quorum precedes its outcome on the same line.
        const expected = one.expected.endsWith('∞') ? '∞' : one.expected;
        expect(`${one.line} → ${outcome(one)}`).toBe(`${one.line} → ${expected}`);
      }
    });
  }
});
