import { expect, test } from 'vitest';
import { explain, raft } from '../src/index.ts';
import { Cluster } from './harness.ts';

test('the state is plain data, and one object for the whole life', () => {
  const cluster = new Cluster();
  const state = cluster.state(1);
  cluster.elect(1);
  cluster.write(1, 'x');
  cluster.read(1);
  expect(cluster.state(1)).toBe(state);
  expect(structuredClone(state)).toEqual(state);
  expect(Object.values(state).some((value) => typeof value === 'function')).toBe(false);
});

test('observe tells role, term, leader, and where each follower stands', () => {
  const cluster = new Cluster();
  cluster.elect(1);
  cluster.write(1, 'x');
  cluster.run();
  expect(raft.observe(cluster.state(1))).toEqual({
    role: 'leader',
    epoch: 1,
    leader: 1,
    details: {
      'voted for': 1,
      commitIndex: 2,
      snapshot: 0,
      'node 2': 'match 2, next 3, replicate',
      'node 3': 'match 2, next 3, replicate',
    },
  });
  expect(raft.observe(cluster.state(2))).toMatchObject({ role: 'follower', epoch: 1, leader: 1 });
});

test('explain has a sentence with a section for every message that ever flows', () => {
  const cluster = new Cluster({ knobs: { snapshotTrailing: 0 } });
  cluster.elect(1);
  cluster.isolate(3);
  cluster.write(1, 'x');
  cluster.run();
  cluster.node(1).takeSnapshot();
  cluster.heal();
  cluster.pass(100);
  cluster.campaign(2);
  cluster.run();
  const sent = cluster.ids.flatMap((id) => cluster.node(id).sent.map(({ message }) => message));
  const types = new Set(sent.map(({ type }) => type));
  expect([...types].sort()).toEqual([
    'AppendEntries',
    'AppendEntriesResponse',
    'InstallSnapshot',
    'PreVote',
    'PreVoteResponse',
    'RequestVote',
    'RequestVoteResponse',
  ]);
  for (const message of sent) {
    expect(explain(message)).toMatch(/^[A-Z].*§\d.*\.$/);
    expect(explain(message, 'zh')).toMatch(/\p{Script=Han}.*§\d.*。$/u);
  }
});

test('costs: 2(n−1) messages, two delays, a majority of forced writes', () => {
  expect([3, 5, 7].map((n) => raft.costs(n))).toMatchObject([
    { messagesPerDecision: 4, delaysPerDecision: 2, forcedWritesPerDecision: 2, forcedWritesInAll: 3 },
    { messagesPerDecision: 8, delaysPerDecision: 2, forcedWritesPerDecision: 3, forcedWritesInAll: 5 },
    { messagesPerDecision: 12, delaysPerDecision: 2, forcedWritesPerDecision: 4, forcedWritesInAll: 7 },
  ]);
});

test('Raft promises the same under every fault', () => {
  expect(raft.guarantees.map(({ check }) => check)).toEqual([
    'invariants',
    'agreement',
    'linearizable',
    'exactly-once',
    'progress',
    'convergence',
  ]);
  for (const { exceptUnder } of raft.guarantees) expect(exceptUnder).toEqual([]);
});
