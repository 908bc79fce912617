import { emptyBatch } from '@quorate/interface';
import { describe, expect, test } from 'vitest';
import { Cluster, commands } from './harness.ts';
import { appendEntries, ask, ofType, requestVote, success } from './messages.ts';

/*
 * Titles quote sections of the extended Raft paper (2014), or of the dissertation (D). §7, §8 and the dissertation's additions
 * are in paper-additions.test.ts.
 */

const plain = { preVote: 0, checkQuorum: 0 };

describe('§5.1 Raft basics: terms', () => {
  test('a server that sees a higher term adopts it and becomes a follower', () => {
    for (const role of ['follower', 'candidate', 'leader'] as const) {
      const cluster = new Cluster({ knobs: plain });
      if (role === 'candidate') cluster.campaign(1);
      if (role === 'leader') cluster.elect(1);
      expect(cluster.state(1).role).toBe(role);
      ask(cluster, 2, 1, appendEntries(9, 0, 0));
      expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 9, leader: 2, votedFor: null });
    }
  });

  test('a request of a stale term is refused with the current term', () => {
    const cluster = new Cluster({ terms: { 1: 5 } });
    expect(ask(cluster, 2, 1, requestVote(4))).toMatchObject([{ term: 5, voteGranted: false }]);
    expect(ask(cluster, 2, 1, appendEntries(4, 0, 0, [4]))).toMatchObject([{ term: 5, success: false }]);
    expect(
      ask(cluster, 2, 1, { type: 'InstallSnapshot', term: 4, lastIncludedIndex: 1, lastIncludedTerm: 1 }),
    ).toMatchObject([{ term: 5, success: false }]);
    expect(cluster.node(1).mainLog.last).toBe(0);
  });

  test('currentTerm is exchanged whenever servers communicate: a refusal deposes a stale leader', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    ask(cluster, 2, 1, { ...success(7, 0), success: false });
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 7, leader: null });
  });
});

describe('§5.2 Leader election', () => {
  test('servers start as followers; one that hears nothing becomes a candidate for a new term, votes for itself and asks all', () => {
    const cluster = new Cluster({ knobs: plain });
    expect(cluster.ids.map((id) => cluster.state(id).role)).toEqual(['follower', 'follower', 'follower']);
    cluster.campaign(2);
    expect(cluster.state(2)).toMatchObject({ role: 'candidate', currentTerm: 1, votedFor: 2 });
    expect(ofType(cluster.network, 'RequestVote')).toHaveLength(2);
  });

  test('a candidate wins with votes from a majority of the full cluster, its own included', () => {
    for (const nodes of [1, 2, 3, 4, 5, 7]) {
      const cluster = new Cluster({ nodes, knobs: plain });
      cluster.campaign(1);
      const term = 1;
      const needed = Math.floor(nodes / 2) + 1;
      for (let voter = 2; voter <= needed; voter++) {
        expect(cluster.state(1).role).toBe('candidate');
        ask(cluster, voter, 1, { type: 'RequestVoteResponse', term, voteGranted: true });
      }
      expect(cluster.state(1).role).toBe('leader');
    }
  });

  test('each server votes for at most one candidate in a term, first come first served, also after a restart', () => {
    const cluster = new Cluster({ knobs: plain });
    expect(ask(cluster, 2, 1, requestVote(1))).toMatchObject([{ voteGranted: true }]);
    expect(ask(cluster, 3, 1, requestVote(1))).toMatchObject([{ voteGranted: false }]);
    expect(ask(cluster, 2, 1, requestVote(1))).toMatchObject([{ voteGranted: true }]); // asked again
    cluster.node(1).crash();
    cluster.node(1).boot();
    expect(ask(cluster, 3, 1, requestVote(1))).toMatchObject([{ voteGranted: false }]);
    expect(ask(cluster, 3, 1, requestVote(2))).toMatchObject([{ term: 2, voteGranted: true }]);
  });

  test('Figure 2: a vote leaves only once it is on stable storage', () => {
    const cluster = new Cluster({ knobs: plain, autoSync: false });
    expect(ask(cluster, 2, 1, requestVote(1))).toEqual([]);
    cluster.node(1).sync();
    expect(cluster.network.map((packet) => packet.message)).toMatchObject([{ voteGranted: true }]);
  });

  test("a candidate's own vote counts only once it is durable", () => {
    const cluster = new Cluster({ nodes: 1, knobs: plain, autoSync: false });
    cluster.campaign(1);
    expect(cluster.state(1).role).toBe('candidate');
    cluster.node(1).sync();
    expect(cluster.state(1).role).toBe('leader');
  });

  test('votes of another election do not count', () => {
    const cluster = new Cluster({ knobs: plain });
    cluster.campaign(1);
    cluster.campaign(1);
    ask(cluster, 2, 1, { type: 'RequestVoteResponse', term: 1, voteGranted: true });
    expect(cluster.state(1)).toMatchObject({ role: 'candidate', currentTerm: 2 });
  });

  test('a candidate that hears a leader of its term returns to follower; of a lower term, it refuses and goes on', () => {
    const cluster = new Cluster({ knobs: plain, terms: { 1: 4 } });
    cluster.campaign(1);
    ask(cluster, 2, 1, appendEntries(4, 0, 0));
    expect(cluster.state(1).role).toBe('candidate');
    ask(cluster, 2, 1, appendEntries(5, 0, 0));
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 5, leader: 2 });
  });

  test('a split vote ends in a new election with a higher term', () => {
    const cluster = new Cluster({ nodes: 4, knobs: plain });
    cluster.now += 1000;
    for (const id of [1, 2]) cluster.fire(id, 'election');
    // Each candidate reaches one of the two others first: two votes each, where three are needed.
    const asked = (from: number, to: number) => cluster.network.filter((p) => p.from === from && p.to === to);
    cluster.network = [...asked(1, 3), ...asked(2, 4)];
    cluster.run();
    const granted = (id: number) => cluster.state(id).votesReceived.filter((vote) => vote === true).length;
    expect([granted(1), granted(2)]).toEqual([2, 2]);
    expect(cluster.leader).toBeUndefined();
    cluster.pass(1000);
    expect(cluster.leader).toBeDefined();
    expect(cluster.state(cluster.leader!).currentTerm).toBeGreaterThan(1);
  });

  test('time-outs are drawn anew from [T, 2T) for each election', () => {
    const cluster = new Cluster({ nodes: 1, knobs: { ...plain, electionTimeout: 100 } });
    const drawn = new Set<number>();
    const node = cluster.node(1);
    for (let i = 0; i < 200; i++) {
      node.crash();
      node.boot();
      const { patience } = cluster.state(1);
      expect(patience).toBeGreaterThanOrEqual(100);
      expect(patience).toBeLessThan(200);
      drawn.add(Math.floor(patience / 10));
    }
    expect(drawn.size).toBe(10);
  });

  test('heartbeats keep followers from campaigning; only a leader, or a vote given, restarts the time-out', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.pass(2000);
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 1 });
    const { heardAt } = cluster.state(2);
    cluster.now += 10;
    ask(cluster, 3, 2, { type: 'PreVote', term: 1, lastLogIndex: 9, lastLogTerm: 1 });
    ask(cluster, 3, 2, appendEntries(0, 0, 0));
    expect(cluster.state(2).heardAt).toBe(heardAt);
    ask(cluster, 1, 2, appendEntries(1, 1, 1));
    expect(cluster.state(2).heardAt).toBe(cluster.now);
  });

  test('a refused vote does not restart the time-out, a granted one does', () => {
    const cluster = new Cluster({ knobs: plain, logs: { 1: [1, 1] } });
    const { heardAt } = cluster.state(1);
    cluster.now += 10;
    ask(cluster, 2, 1, requestVote(2, 1, 1));
    expect(cluster.state(1)).toMatchObject({ heardAt, currentTerm: 2, votedFor: null });
    ask(cluster, 3, 1, requestVote(2, 2, 1));
    expect(cluster.state(1)).toMatchObject({ heardAt: cluster.now, votedFor: 3 });
  });
});

describe('§5.3 Log replication', () => {
  test('a command is appended, replicated, committed on a majority, and followers learn it with the next message', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.write(1, 'x');
    const appends = ofType(cluster.network, 'AppendEntries');
    expect(appends).toHaveLength(2);
    expect(appends[0]).toMatchObject({ term: 1, prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 1 });
    expect(appends[0]).toBe(appends[1]); // built once, encoded once
    cluster.run();
    expect(commands(cluster.node(1))).toEqual(['x']);
    expect(commands(cluster.node(2))).toEqual([]);
    cluster.write(1, 'y');
    cluster.run();
    expect(commands(cluster.node(2))).toEqual(['x']);
  });

  test('2(n−1) messages decide one command after another, and nothing else is sent', () => {
    for (const nodes of [3, 5, 7]) {
      const cluster = new Cluster({ nodes });
      cluster.elect(1);
      for (const node of cluster.nodes) if (node) node.sent = [];
      for (let i = 0; i < 10; i++) {
        cluster.write(1, `w${i}`);
        cluster.run();
      }
      const sent = cluster.ids.flatMap((id) => cluster.node(id).sent).filter(({ from, to }) => from !== to);
      expect(sent).toHaveLength(10 * 2 * (nodes - 1));
      expect(commands(cluster.node(1))).toHaveLength(10);
    }
  });

  test('commands of one burst travel in one AppendEntries, and one burst of AppendEntries gets one answer', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.write(1, 'a', 'b', 'c');
    expect(ofType(cluster.network, 'AppendEntries').map(({ entries }) => entries.count)).toEqual([3, 3]);
    cluster.write(1, 'd');
    const burst = cluster.network.filter(({ to }) => to === 2);
    expect(burst).toHaveLength(2);
    cluster.network = [];
    cluster.deliver(...burst);
    expect(cluster.network.map(({ message }) => message)).toMatchObject([{ success: true, matchIndex: 5 }]);
  });

  test('a follower refuses entries that do not fit its log, and tells how far they may fit', () => {
    const cluster = new Cluster({ logs: { 1: [1, 1, 2, 2] } });
    const refused = (prev: number, term: number) => ask(cluster, 2, 1, appendEntries(5, prev, term))[0];
    expect(refused(9, 4)).toMatchObject({ success: false, prevLogIndex: 9, hintIndex: 4, hintTerm: 2 });
    expect(refused(4, 1)).toMatchObject({ success: false, prevLogIndex: 4, hintIndex: 2, hintTerm: 1 });
    expect(refused(3, 3)).toMatchObject({ success: false, prevLogIndex: 3, hintIndex: 3, hintTerm: 2 });
  });

  test('a conflicting entry is deleted with all that follow it', () => {
    const cluster = new Cluster({ logs: { 1: [1, 1, 2, 2, 2] } });
    expect(ask(cluster, 2, 1, appendEntries(3, 2, 1, [3]))).toMatchObject([{ success: true, matchIndex: 3 }]);
    expect(cluster.terms(1)).toEqual([1, 1, 3]);
  });

  test('a late or empty AppendEntries removes nothing that came after it', () => {
    const cluster = new Cluster({ logs: { 1: [1, 1, 1, 1] } });
    expect(ask(cluster, 2, 1, appendEntries(1, 1, 1, [1]))).toMatchObject([{ success: true, matchIndex: 2 }]);
    expect(ask(cluster, 2, 1, appendEntries(1, 1, 1))).toMatchObject([{ success: true, matchIndex: 1 }]);
    expect(cluster.terms(1)).toEqual([1, 1, 1, 1]);
  });

  test('commitIndex is min(leaderCommit, index of last new entry)', () => {
    const cluster = new Cluster({ logs: { 1: [1, 1, 1] } });
    ask(cluster, 2, 1, appendEntries(2, 1, 1, [], 3));
    expect(cluster.state(1).commitIndex).toBe(1); // entries 2 and 3 were not compared
    ask(cluster, 2, 1, appendEntries(2, 1, 1, [2], 3));
    expect(cluster.state(1).commitIndex).toBe(2);
    expect(cluster.terms(1)).toEqual([1, 2]);
  });

  test('an acknowledgement leaves only once the entries are durable; the leader sends before its own disk is done (D §10.2.1)', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.autoSync = false;
    cluster.write(1, 'x');
    expect(ofType(cluster.network, 'AppendEntries')).toHaveLength(2);
    cluster.run();
    expect(cluster.network).toEqual([]);
    cluster.node(2).sync();
    cluster.run();
    expect(cluster.state(1).commitIndex).toBe(1); // one follower is no majority without the leader's own disk
    cluster.node(3).sync();
    cluster.run();
    expect(cluster.state(1).commitIndex).toBe(2); // two followers are
  });

  test('an answer owed is dropped when the term changes within the burst', () => {
    const cluster = new Cluster();
    cluster.deliver(
      { from: 2, to: 1, message: appendEntries(1, 0, 0, [1, 1]) },
      { from: 3, to: 1, message: appendEntries(2, 0, 0, [2]) },
    );
    expect(cluster.terms(1)).toEqual([2]);
    expect(cluster.network.map(({ to, message }) => [to, message])).toMatchObject([
      [3, { term: 2, success: true, matchIndex: 1 }],
    ]);
  });

  test('an acknowledgement of an earlier term says nothing: a log may go from A to B and back', () => {
    const cluster = new Cluster({ knobs: plain, logs: { 1: [1, 1, 1], 2: [1], 3: [1] } });
    cluster.campaign(1);
    cluster.deliver({
      from: 2,
      to: 1,
      message: { type: 'RequestVoteResponse', term: 2, voteGranted: true },
    });
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 2 });
    ask(cluster, 2, 1, success(1, 3)); // what node 2 held in term 1 may have been replaced since
    expect(cluster.state(1).matchIndex[2]).toBe(0);
    cluster.run();
    expect(cluster.state(1).matchIndex[2]).toBe(4);
  });

  test('Figure 7: a leader brings every kind of follower to its own log', () => {
    const logs = {
      1: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
      2: [1, 1, 1, 4, 4, 5, 5, 6, 6],
      3: [1, 1, 1, 4],
      4: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
      5: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
      6: [1, 1, 1, 4, 4, 4, 4],
      7: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    };
    const cluster = new Cluster({ nodes: 7, logs, terms: { 1: 7 } });
    cluster.elect(1);
    cluster.write(1, 'x');
    cluster.run();
    for (const id of cluster.ids) expect(cluster.terms(id), `follower ${id}`).toEqual([...logs[1], 8, 8]);
    // Fast back-off: never more refusals than the follower has conflicting terms, plus one for a shorter log.
    const refusals = (id: number) =>
      ofType(cluster.node(id).sent, 'AppendEntriesResponse').filter((message) => !message.success).length;
    expect(cluster.ids.map(refusals)).toEqual([0, 1, 1, 0, 0, 1, 1]);
  });

  test('lost messages of a full window are noticed by the next heartbeat and sent again', () => {
    const cluster = new Cluster({ knobs: { maxEntriesPerAppend: 1, maxInflight: 4 } });
    cluster.elect(1);
    cluster.write(1, ...'abcdefgh');
    const toTwo = cluster.network.filter(({ to }) => to === 2);
    expect(toTwo).toHaveLength(4);
    cluster.network = [];
    cluster.write(1, 'i');
    expect(cluster.network).toEqual([]); // both windows are full
    cluster.pass(200);
    expect(commands(cluster.node(2))).toEqual([...'abcdefghi']);
    expect(cluster.state(1).progress[2]).toMatchObject({ mode: 'replicate', count: 0, bytes: 0 });
  });

  test('the window is bounded in bytes too, but always lets one message through', () => {
    const cluster = new Cluster({ knobs: { maxAppendBytes: 1, maxInflightBytes: 30 } });
    cluster.elect(1);
    cluster.write(1, 'aaaa', 'bbbb', 'cccc'); // 16 bytes each with their headers
    expect(cluster.network.filter(({ to }) => to === 2)).toHaveLength(2);
    cluster.run();
    expect(commands(cluster.node(1))).toEqual(['aaaa', 'bbbb', 'cccc']);
  });

  test('a link that comes up again is probed at once', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.isolate(2);
    cluster.write(1, 'x');
    cluster.run();
    cluster.heal();
    const leader = cluster.node(1);
    leader.step(() => leader.replica.onLink(2, false));
    expect(cluster.network).toEqual([]);
    leader.step(() => leader.replica.onLink(2, true));
    cluster.run();
    expect(cluster.terms(2)).toEqual([1, 1]);
  });
});

describe('§5.4 Safety', () => {
  test('§5.4.1 a vote goes only to a candidate whose log is at least as up-to-date: later last term, then length', () => {
    const asks = (lastLogIndex: number, lastLogTerm: number) => {
      const cluster = new Cluster({ knobs: plain, logs: { 1: [1, 1, 3] } });
      const [answer] = ask(cluster, 2, 1, requestVote(4, lastLogIndex, lastLogTerm));
      return answer?.type === 'RequestVoteResponse' && answer.voteGranted;
    };
    expect(asks(3, 3)).toBe(true);
    expect(asks(4, 3)).toBe(true);
    expect(asks(1, 4)).toBe(true);
    expect(asks(2, 3)).toBe(false);
    expect(asks(9, 2)).toBe(false);
  });

  test('§5.4.2 a leader commits only entries of its own term by counting, and with them all before (Figure 8)', () => {
    // (c): S1 leads term 4 and has brought entry 2 of term 2 to a majority, while S5 holds another of term 3.
    const logs = { 1: [1, 2], 2: [1, 2], 3: [1], 4: [1], 5: [1, 3] };
    const cluster = new Cluster({
      nodes: 5,
      logs,
      terms: { 1: 3 },
      knobs: { ...plain, maxEntriesPerAppend: 1 },
    });
    cluster.campaign(1);
    cluster.runOnly(1, 2, 3); // votes, then entries one by one
    expect(cluster.state(1)).toMatchObject({ role: 'leader', currentTerm: 4, commitIndex: 3 });
    expect(cluster.terms(3)).toEqual([1, 2, 4]); // (e): S5 cannot win any more
    cluster.campaign(5);
    cluster.run();
    expect(cluster.state(5).role).not.toBe('leader');
  });

  test('§5.4.2 (Figure 8d): an entry of an earlier term on a majority is not committed, and may be overwritten', () => {
    const logs = { 1: [1, 2], 2: [1, 2], 3: [1], 4: [1], 5: [1, 3] };
    const cluster = new Cluster({
      nodes: 5,
      logs,
      terms: { 1: 3 },
      knobs: { ...plain, maxEntriesPerAppend: 1 },
    });
    cluster.campaign(1);
    // S1 wins with S2 and S3 and replicates entry 2 to S3, but nothing of its own term to anybody.
    while (cluster.network.length > 0) {
      const packet = cluster.network.shift()!;
      const { message } = packet;
      const ownEntry = message.type === 'AppendEntries' && message.prevLogIndex === 2;
      const fits = ownEntry && cluster.terms(packet.to).length >= 2;
      if (packet.from <= 3 && packet.to <= 3 && !fits) cluster.deliver(packet);
    }
    expect(
      cluster
        .state(1)
        .matchIndex.slice(1, 4)
        .filter((match) => match >= 2),
    ).toHaveLength(2);
    ask(cluster, 2, 1, success(4, 2));
    expect(cluster.terms(3)).toEqual([1, 2]);
    expect(cluster.state(1).commitIndex).toBe(0); // entry 2 is on S1, S2 and S3
    cluster.node(1).crash();
    cluster.network = [];
    cluster.campaign(5);
    cluster.run();
    cluster.campaign(5);
    cluster.run();
    expect(cluster.state(5).role).toBe('leader');
    expect(cluster.terms(3).slice(0, 2)).toEqual([1, 3]);
  });

  test('§5.4.3 a committed entry survives any change of leader that can happen', () => {
    const cluster = new Cluster({ nodes: 5 });
    cluster.elect(1);
    cluster.isolate(4, 5);
    cluster.write(1, 'x');
    cluster.run();
    expect(commands(cluster.node(1))).toEqual(['x']);
    cluster.node(1).crash();
    cluster.heal();
    cluster.campaign(4); // its log lacks the entry
    cluster.run();
    expect(cluster.leader).toBeUndefined();
    cluster.elect(3);
    cluster.pass(200);
    for (const id of [2, 3, 4, 5]) expect(commands(cluster.node(id))).toEqual(['x']);
  });
});

describe('§5.5 Follower and candidate crashes', () => {
  test('a restarted server keeps its term, vote and durable entries, and loses what was not durable', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    cluster.write(1, 'x');
    cluster.run();
    cluster.autoSync = false;
    cluster.write(1, 'lost');
    cluster.node(1).crash();
    cluster.network = [];
    cluster.autoSync = true;
    cluster.node(1).boot();
    expect(cluster.state(1)).toMatchObject({ role: 'follower', currentTerm: 1, votedFor: 1, commitIndex: 0 });
    expect(cluster.terms(1)).toEqual([1, 1]);
    cluster.elect(2);
    cluster.pass(100);
    expect(commands(cluster.node(1))).toEqual(['x']);
  });

  test('RPCs are idempotent: each message may come twice', () => {
    const cluster = new Cluster();
    const twice = () => {
      for (let next = cluster.network.shift(); next !== undefined; next = cluster.network.shift()) {
        cluster.deliver(next);
        cluster.deliver(next);
      }
    };
    cluster.campaign(1);
    twice();
    cluster.write(1, 'a', 'b');
    twice();
    cluster.write(1, 'c');
    twice();
    expect(commands(cluster.node(1))).toEqual(['a', 'b', 'c']);
    expect(cluster.terms(2)).toEqual([1, 1, 1, 1]);
  });
});

describe('assertions stop a server rather than let it go on wrongly', () => {
  test('two leaders in one term', () => {
    const cluster = new Cluster();
    ask(cluster, 2, 1, appendEntries(1, 0, 0));
    expect(() => ask(cluster, 3, 1, appendEntries(1, 0, 0))).toThrow('term 1 has two leaders: 2 and 3');
  });

  test('a leader that replaces a committed entry', () => {
    const cluster = new Cluster();
    ask(cluster, 2, 1, appendEntries(1, 0, 0, [1, 1], 2));
    expect(() => ask(cluster, 3, 1, appendEntries(2, 1, 1, [2]))).toThrow('replaces committed entry 2');
  });

  test('an acknowledgement beyond the log', () => {
    const cluster = new Cluster();
    cluster.elect(1);
    expect(() => ask(cluster, 2, 1, success(1, 9))).toThrow('acknowledges 9, beyond 1');
  });

  test('entries that do not begin behind prevLogIndex', () => {
    const cluster = new Cluster();
    const message = { ...appendEntries(1, 0, 0), entries: emptyBatch(5) };
    expect(() => ask(cluster, 2, 1, message)).toThrow('AppendEntries behind 0 begins at 5');
  });
});
