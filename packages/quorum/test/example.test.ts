import { expect, test } from 'vitest';
import { committedIndex, voteResult } from '../src/index.ts';

test("the index page's example", () => {
  const voters = [1, 2, 3];
  const matchIndex = [0, 7, 5, 2];
  expect(committedIndex(voters, matchIndex)).toBe(5);
  expect(voteResult(voters, [null, true, false, null])).toBe('pending');
});
