import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  committedIndex,
  committedIndexJoint,
  hasMajority,
  hasMajorityJoint,
  majority,
  voteResult,
  voteResultJoint,
} from '../src/index.ts';

const seed = { seed: 20201, numRuns: 2000 };
const voters = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 7 });
const indexes = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 10, maxLength: 10 });
const votes = fc.array(fc.constantFrom(true, false, null), { minLength: 10, maxLength: 10 });

test('majority: the smallest size such that two of them always meet', () => {
  for (let n = 1; n < 50; n++) {
    expect(2 * majority(n)).toBeGreaterThan(n);
    expect(2 * (majority(n) - 1)).toBeLessThanOrEqual(n);
  }
});

test('committedIndex is the largest index that a majority has reached', () => {
  fc.assert(
    fc.property(voters, indexes, (ids, byNode) => {
      const reached = (index: number) => ids.filter((id) => byNode[id]! >= index).length;
      let expected = Number.POSITIVE_INFINITY;
      if (ids.length > 0) for (expected = 6; reached(expected) < majority(ids.length); ) expected--;
      expect(committedIndex(ids, byNode)).toBe(expected);
    }),
    seed,
  );
});

test('committedIndex takes an unknown voter as 0 and leaves its arguments alone', () => {
  const byNode = [9, 8];
  const ids = [0, 1, 5];
  expect(committedIndex(ids, byNode)).toBe(8);
  expect(committedIndex([0, 5, 6], byNode)).toBe(0);
  expect([ids, byNode]).toEqual([
    [0, 1, 5],
    [9, 8],
  ]);
});

test('voteResult: won or lost exactly when no way of answering the rest changes it', () => {
  fc.assert(
    fc.property(voters, votes, (ids, byNode) => {
      const count = (vote: boolean | null) => ids.filter((id) => byNode[id] === vote).length;
      const wins = (granted: number) => granted >= majority(ids.length);
      const atWorst = ids.length === 0 || wins(count(true));
      const atBest = ids.length === 0 || wins(count(true) + count(null));
      expect(voteResult(ids, byNode)).toBe(atWorst ? 'won' : atBest ? 'pending' : 'lost');
    }),
    seed,
  );
});

test('hasMajority agrees with a vote in which silence is a refusal', () => {
  fc.assert(
    fc.property(voters, votes, (ids, byNode) => {
      const flags = byNode.map((vote) => vote === true);
      expect(hasMajority(ids, flags)).toBe(voteResult(ids, flags) === 'won');
    }),
    seed,
  );
});

test('joint forms: both halves must agree, and an empty half changes nothing', () => {
  fc.assert(
    fc.property(voters, voters, indexes, votes, (a, b, byNode, granted) => {
      const flags = granted.map((vote) => vote === true);
      const joint = committedIndexJoint(a, b, byNode);
      expect(joint).toBe(Math.min(committedIndex(a, byNode), committedIndex(b, byNode)));
      expect(committedIndexJoint(a, [], byNode)).toBe(committedIndex(a, byNode));
      const halves = [voteResult(a, granted), voteResult(b, granted)];
      const expected = halves.includes('lost') ? 'lost' : halves.includes('pending') ? 'pending' : 'won';
      expect(voteResultJoint(a, b, granted)).toBe(expected);
      expect(voteResultJoint(b, a, granted)).toBe(expected);
      expect(hasMajorityJoint(a, b, flags)).toBe(hasMajority(a, flags) && hasMajority(b, flags));
    }),
    seed,
  );
});
