import { describe, expect, test } from 'vitest';
import { TAG_NOOP } from '../src/index.ts';
import { Cluster, commands, type Packet } from './harness.ts';
import { appendEntries, ask, ofType, requestVote, success } from './messages.ts';

/*
 * Titles quote sections of the extended Raft paper (2014), or of the dissertation (D).
 */

describe('§7 Log compaction', () => {
  const compacting = { snapshotTrailing: 0 };

  test('what a snapshot covers is forgotten, but for the entries that are to trail it', () => {
    const cluster = new Cluster({ knobs: { snapshotTrailing: 2 } });
    cluster.elect(1);
    cluster.write(1, ...'abcd');
    cluster.run();
    cluster.node(1).takeSnapshot();
    expect(cluster.state(1)).toMatchObject({ snapshotIndex: 5, snapshotTerm: 1 });
    expect(cluster.node(1).mainLog.first).toBe(4);
  });

  test('a follower that needs discarded entries is sent the snapshot, then entries again', () => {
    const cluster = new Cluster({ knobs: compacting });
    cluster.elect(1);
    cluster.isolate(3);
    cluster.write(1, ...'abcd');
    cluster.run();
    cluster.node(1).takeSnapshot();
    cluster.write(1, 'e');
    cluster.run();
    cluster.heal();
    cluster.pass(100);
    expect(ofType(cluster.node(1).sent, 'InstallSnapshot')).toEqual([
      { type: 'InstallSnapshot', term: 1, lastIncludedIndex: 5, lastIncludedTerm: 1 },
    ]);
    expect(commands(cluster.node(3))).toEqual([...'abcde']);
    expect(cluster.state(1).progress[3]?.mode).toBe('replicate');
  });

  test('a snapshot that never arrives is sent again', () => {
    const cluster = new Cluster({ knobs: { ...compacting, snapshotRetry: 500 } });
    cluster.elect(1);
    cluster.isolate(3);
    cluster.write(1, ...'abcd');
    cluster.run();
    cluster.node(1).takeSnapshot();
    cluster.heal();
    const sent = () => ofType(cluster.node(1).sent, 'InstallSnapshot').length;
    const loseSnapshotsFor = (milliseconds: number) => {
      for (const until = cluster.now + milliseconds; cluster.now < until; cluster.tick())
        for (let next = cluster.network.shift(); next !== undefined; next = cluster.network.shift())
          if (next.message.type !== 'InstallSnapshot') cluster.deliver(next);
    };
    loseSnapshotsFor(400);
    expect(sent()).toBe(1);
    loseSnapshotsFor(400);
    expect(sent()).toBe(2);
    cluster.pass(600);
    expect(commands(cluster.node(3))).toEqual([...'abcd']);
  });

  // Found by the swarm (seed 5527): matchIndex 1012 was not below nextIndex 1003.
  test('a late answer from beyond the snapshot under way moves nextIndex too, though what follows is compacted away', () => {
    const cluster = new Cluster({ knobs: compacting });
    const late: Packet[] = [];
    const runButFor3 = () => {
      for (let next = cluster.network.shift(); next !== undefined; next = cluster.network.shift()) {
        if (next.to !== 3) cluster.deliver(next);
        else if (next.message.type === 'AppendEntries') late.push(next);
      }
    };
    cluster.elect(1);
    cluster.pass(100);
    const leader = cluster.node(1);
    cluster.write(1, ...'abcd');
    runButFor3();
    leader.takeSnapshot();
    cluster.write(1, ...'ef');
    runButFor3();
    leader.step(() => leader.replica.onLink(3, false));
    leader.step(() => leader.replica.onLink(3, true));
    runButFor3();
    expect(cluster.state(1)).toMatchObject({ progress: [{}, {}, {}, { mode: 'snapshot' }] });
    expect(cluster.state(1).nextIndex[3]).toBe(6);
    cluster.write(1, ...'gh');
    runButFor3();
    leader.takeSnapshot();
    expect(leader.mainLog.first).toBe(10);
    // What was sent before the snapshot was slow, and is stored after all.
    const [abcd, ef] = late.filter(
      ({ message }) => message.type === 'AppendEntries' && message.entries.count > 0,
    );
    cluster.deliver(abcd!, ef!);
    cluster.run();
    expect(cluster.state(1).matchIndex[3]).toBe(7);
    expect(cluster.state(1).nextIndex[3]).toBeGreaterThan(7);
    cluster.pass(8000);
    expect(commands(cluster.node(3))).toEqual([...'abcdefgh']);
  });

  test('Figure 13, 6: a snapshot of a prefix of the log retains what follows it', () => {
    const cluster = new Cluster({ logs: { 1: [1, 1, 2, 2] } });
    const answers = ask(cluster, 2, 1, {
      type: 'InstallSnapshot',
      term: 3,
      lastIncludedIndex: 3,
      lastIncludedTerm: 2,
    });
    expect(answers).toMatchObject([{ success: true, matchIndex: 3 }]);
    expect(cluster.terms(1)).toEqual([1, 1, 2, 2]);
    expect(cluster.state(1).commitIndex).toBe(3);
  });

  test('Figure 13, 7: a snapshot that conflicts with the log replaces all of it', () => {
    const cluster = new Cluster({ logs: { 1: [1, 1, 2, 2] } });
    cluster.deliver({
      from: 2,
      to: 1,
      message: { type: 'InstallSnapshot', term: 3, lastIncludedIndex: 3, lastIncludedTerm: 3 },
      state: ['', 'a', 'b', 'c'],
    });
    expect(cluster.node(1).mainLog).toMatchObject({ first: 4, last: 3 });
    expect(cluster.state(1)).toMatchObject({ commitIndex: 3, snapshotIndex: 3, snapshotTerm: 3 });
    expect(commands(cluster.node(1))).toEqual(['a', 'b', 'c']);
    // Entries from before it are known to match; entries behind it follow on.
    expect(ask(cluster, 2, 1, appendEntries(3, 1, 1, [1]))).toMatchObject([{ success: true, matchIndex: 3 }]);
    expect(ask(cluster, 2, 1, appendEntries(3, 3, 3, [3]))).toMatchObject([{ success: true, matchIndex: 4 }]);
  });

  test('an old snapshot changes nothing', () => {
    const cluster = new Cluster({ knobs: compacting });
    cluster.elect(1);
    cluster.write(1, ...'abcd');
    cluster.run();
    cluster.pass(100);
    const answers = ask(cluster, 1, 2, {
      type: 'InstallSnapshot',
      term: 1,
      lastIncludedIndex: 2,
      lastIncludedTerm: 1,
    });
    expect(answers).toMatchObject([{ success: true, matchIndex: 5 }]);
    expect(commands(cluster.node(2))).toEqual([...'abcd']);
  });

  test('a server restarts from its snapshot and the log behind it', () => {
    const cluster = new Cluster({ knobs: compacting });
    cluster.elect(1);
    cluster.write(1, ...'abcd');
    cluster.run();
    cluster.node(1).takeSnapshot();
    cluster.write(1, 'e');
    cluster.run();
    cluster.node(1).crash();
    cluster.node(1).boot();
    expect(cluster.state(1)).toMatchObject({ commitIndex: 5, snapshotIndex: 5, snapshotTerm: 1 });
    cluster.elect(1);
    expect(commands(cluster.node(1))).toEqual([...'abcde']);
  });
});

describe('§8 Client interaction', () => {
  test('requests to others than the leader are refused with its name', () => {
    const cluster = new Cluster();
    cluster.elect(2);
    cluster.write(1, 'x');
    const read = cluster.read(1);
    expect(cluster.node(1).refusals).toMatchObject([
      { why: 'not-leader', leader: 2 },
      { why: 'not-leader', leader: 2, request: read },
    ]);
  });

  test('a leader begins its term with a no-op', () => {
    const cluster = new Cluster({ logs: { 1: [1] }, terms: { 1: 1 } });
    cluster.elect(1);
    expect(cluster.node(1).mainLog.entryAt(2)).toMatchObject({ epoch: 2, tag: TAG_NOOP });
    expect(cluster.state(1).commitIndex).toBe(2);
  });

  test('a read is answered once a majority has confirmed, after it came, that the leader still leads', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    const stale = success(1, 1);
    const request = cluster.read(1);
    expect(cluster.node(1).answers).toEqual([]);
    expect(cluster.network).toHaveLength(2);
    ask(cluster, 2, 1, stale); // an answer from before the read confirms nothing
    expect(cluster.node(1).answers).toEqual([]);
    cluster.run();
    expect(cluster.node(1).answers).toEqual([{ request, slot: 1 }]);
  });

  test('reads of one burst share a round, and a round rides on entries that are sent anyway', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    const node = cluster.node(1);
    node.step(() => {
      for (let i = 0; i < 5; i++) node.replica.onRequest(cluster.request('read'));
      node.replica.onRequest(cluster.request('write', 'x'));
    });
    expect(cluster.network).toHaveLength(2);
    cluster.run();
    expect(node.answers.map(({ slot }) => slot)).toEqual([1, 1, 1, 1, 1]);
    expect(cluster.state(1).pendingReads).toBe(0);
  });

  test('a deposed leader that does not know it yet answers no read', () => {
    const cluster = new Cluster({ knobs: { checkQuorum: 0 } });
    cluster.elect(1);
    cluster.isolate(1);
    cluster.elect(2);
    cluster.write(2, 'new');
    cluster.run();
    const request = cluster.read(1);
    cluster.pass(100);
    expect(cluster.node(1).answers).toEqual([]);
    cluster.heal();
    cluster.pass(100);
    expect(cluster.node(1).answers).toEqual([]);
    expect(cluster.node(1).refusals).toMatchObject([{ request, why: 'not-leader' }]);
  });

  test('a new leader answers no read before an entry of its own term is committed', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.write(1, 'x');
    cluster.run(); // committed and answered at node 1; the others do not know it yet
    cluster.node(1).crash();
    cluster.campaign(2);
    while (cluster.state(2).role !== 'leader') cluster.deliver(cluster.network.shift()!);
    expect(cluster.state(2).commitIndex).toBe(1);
    const request = cluster.read(2);
    ask(cluster, 3, 2, success(2, 0, 1));
    expect(cluster.node(2).answers).toEqual([]);
    cluster.run();
    expect(cluster.node(2).answers).toEqual([{ request, slot: 3 }]);
  });

  test('a lost round of confirmations is repeated by the next heartbeat', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    const request = cluster.read(1);
    cluster.network = [];
    cluster.pass(50);
    expect(cluster.node(1).answers).toEqual([{ request, slot: 1 }]);
  });

  test('a single server needs nobody to confirm', () => {
    const cluster = new Cluster({ nodes: 1 });
    cluster.elect(1);
    const request = cluster.read(1);
    expect(cluster.node(1).answers).toEqual([{ request, slot: 1 }]);
  });

  test('a leader with too much unfinished refuses as busy', () => {
    const cluster = new Cluster({ knobs: { maxPending: 2 } });
    cluster.elect(1);
    cluster.isolate(1);
    cluster.write(1, 'a', 'b', 'c');
    for (let i = 0; i < 3; i++) cluster.read(1);
    expect(cluster.node(1).refusals.map(({ why, request }) => [request.kind, why])).toEqual([
      ['write', 'busy'],
      ['read', 'busy'],
    ]);
  });
});

describe('D §4.2.3, §6.2, §9.6: servers that were cut off do not disturb the others', () => {
  test('D §9.6 with pre-vote, an isolated server keeps its term, and the leader its place when it returns', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.isolate(3);
    cluster.pass(3000);
    expect(cluster.state(3)).toMatchObject({ role: 'pre-candidate', currentTerm: 1 });
    cluster.heal();
    cluster.pass(500);
    expect(cluster.leader).toBe(1);
    expect(cluster.state(1).currentTerm).toBe(1);
  });

  test('D §9.6 a pre-vote changes nothing at the server that gives it', () => {
    const cluster = new Cluster();
    const before = structuredClone(cluster.state(2));
    cluster.now += 1000;
    const [answer] = ask(cluster, 1, 2, { type: 'PreVote', term: 7, lastLogIndex: 0, lastLogTerm: 0 });
    expect(answer).toMatchObject({ type: 'PreVoteResponse', term: 0, voteGranted: true, askedTerm: 7 });
    expect(cluster.state(2)).toEqual(before);
  });

  test('D §9.6 a pre-vote of a lower term is answered, so that its sender learns the term', () => {
    const cluster = new Cluster({ terms: { 1: 2, 2: 8, 3: 8 } });
    cluster.campaign(1);
    cluster.run();
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 8 });
    cluster.elect(1);
    expect(cluster.state(1).currentTerm).toBe(9);
  });

  test('D §4.2.3 a RequestVote is not looked at while a leader is heard', () => {
    const cluster = new Cluster({ knobs: { preVote: 0 } });
    cluster.elect(1);
    expect(ask(cluster, 3, 2, requestVote(9, 9, 9))).toEqual([]);
    expect(cluster.state(2).currentTerm).toBe(1);
    cluster.now += 151;
    expect(ask(cluster, 3, 2, requestVote(9, 9, 9))).toMatchObject([{ term: 9, voteGranted: true }]);
  });

  test('D §6.2 a leader that no majority answers steps down, and refuses the reads it holds', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.isolate(1);
    const request = cluster.read(1);
    cluster.pass(301);
    expect(cluster.state(1).role).not.toBe('leader');
    expect(cluster.node(1).refusals).toMatchObject([{ request, why: 'not-leader' }]);
    expect(cluster.leader).toBeDefined(); // the others have one
  });

  test('a server stuck in a higher term frees itself by answering the leader', () => {
    const cluster = new Cluster({ terms: { 3: 20 } });
    cluster.campaign(1);
    cluster.runOnly(1, 2);
    expect(cluster.leader).toBe(1);
    cluster.pass(3000);
    expect(cluster.leader).toBeDefined();
    expect(cluster.state(cluster.leader!).currentTerm).toBeGreaterThan(20);
    expect(cluster.state(3).leader).toBe(cluster.leader);
  });
});
