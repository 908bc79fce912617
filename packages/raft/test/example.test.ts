import { expect, test } from 'vitest';
import { explain, raft } from '../src/index.ts';

test("the index page's example", () => {
  expect(raft.costs(5).messagesPerDecision).toBe(8);
  expect(raft.knobs.electionTimeout?.default).toBe(150);
  expect(explain({ type: 'RequestVote', term: 2, lastLogIndex: 7, lastLogTerm: 1 })).toBe(
    'Asks for a vote in term 2; its log ends at 7 of term 1 (§5.2, §5.4.1).',
  );
});
