import type { Log, ReplicaView } from '@quorate/interface';
import { describe, expect, test } from 'vitest';
import { initialState, type RaftState, raft, raftInvariants } from '../src/index.ts';
import { TestLog } from './test-log.ts';

/** A server as monitors see it, of which a test can make anything. */
class Fake implements ReplicaView<RaftState> {
  readonly id: number;
  up = true;
  state: RaftState;
  changedFrom = Number.POSITIVE_INFINITY;
  durableLast = 0;
  entries = new TestLog();

  constructor(id: number) {
    this.id = id;
    this.state = Fake.state(id);
  }
  static state(id: number): RaftState {
    return initialState(id, { voters: [1, 2, 3], learners: [], observers: [] }, raft.initial);
  }
  log(): Log {
    return this.entries;
  }
  /** Gives it a log with these terms, durable, as if written in the step just made; commands are the slots' own numbers, or `command`. */
  hold(terms: readonly number[], from = 1, command?: number): this {
    this.entries = new TestLog();
    for (const [i, term] of terms.entries())
      this.entries.append(term, 0, Uint8Array.from([command ?? i + 1, 0, 0, 0, 1]));
    this.changedFrom = from;
    this.durableLast = terms.length;
    return this;
  }
  be(changes: Partial<RaftState>): this {
    Object.assign(this.state, changes);
    return this;
  }
  restart(changes: Partial<RaftState>): this {
    this.state = { ...Fake.state(this.id), ...changes };
    return this;
  }
}

function watch(name: string) {
  const invariant = raftInvariants.find((one) => one.name === name)!;
  const monitor = invariant.monitor();
  const nodes = [undefined, new Fake(1), new Fake(2), new Fake(3)] as const;
  const step = (id: 1 | 2 | 3) => monitor.afterStep(id, nodes);
  const decide = (id: 1 | 2 | 3, slot: number) => monitor.onDecide!(id, slot, 'committed', nodes);
  return { one: nodes[1], two: nodes[2], three: nodes[3], step, decide };
}

describe('each invariant can say no', () => {
  test('Election Safety: two leaders in a term, even if not at the same time', () => {
    const { one, two, step } = watch('Election Safety');
    one.be({ role: 'leader', currentTerm: 4 });
    expect(step(1)).toBeNull();
    one.be({ role: 'follower' });
    expect(step(1)).toBeNull();
    two.be({ role: 'leader', currentTerm: 5 });
    expect(step(2)).toBeNull();
    two.be({ currentTerm: 4 });
    expect(step(2)).toBe('term 4 has two leaders: 1 and 2');
  });

  test('Leader Append-Only: a leader changes an entry that it has', () => {
    const { one, step } = watch('Leader Append-Only');
    one.hold([1, 1], 1).be({ role: 'follower', currentTerm: 1 });
    expect(step(1)).toBeNull();
    one.hold([1, 1, 2], 3).be({ role: 'leader', currentTerm: 2 });
    expect(step(1)).toBeNull();
    one.hold([1, 1, 2, 2], 4);
    expect(step(1)).toBeNull();
    one.hold([1, 1, 2, 2], 4);
    expect(step(1)).toBe('leader 1 of term 2 changed entry 4 of 4');
  });

  test('Log Matching: one index and term behind two terms, or with two commands', () => {
    const { one, two, three, step } = watch('Log Matching');
    one.hold([1, 1, 3]);
    expect(step(1)).toBeNull();
    two.hold([1, 1, 3]);
    expect(step(2)).toBeNull();
    three.hold([1, 2, 3]);
    expect(step(3)).toBe('node 3: (3, term 3) stands behind term 1 in one log and behind term 2 in another');
    three.hold([1, 1, 3], 3, 99);
    expect(step(3)).toBe('node 3: (3, term 3) has two commands');
    // The same of terms that are not the first seen on their slot.
    two.hold([1, 2]);
    expect(step(2)).toBeNull();
    three.hold([1, 2], 2, 99);
    expect(step(3)).toBe('node 3: (2, term 2) has two commands');
  });

  test('Log Matching looks only at what has changed', () => {
    const { one, two, step } = watch('Log Matching');
    one.hold([1, 1]);
    expect(step(1)).toBeNull();
    two.hold([1, 1], 2, 99);
    expect(step(2)).not.toBeNull();
    two.changedFrom = Number.POSITIVE_INFINITY;
    expect(step(2)).toBeNull();
  });

  test('Leader Completeness: a later leader lacks a committed entry; an earlier one may', () => {
    const { one, two, three, step, decide } = watch('Leader Completeness and State Machine Safety');
    one.hold([1, 3]).be({ role: 'leader', currentTerm: 3 });
    expect(step(1)).toBeNull();
    expect([decide(1, 1), decide(1, 2)]).toEqual([null, null]);
    two.hold([1]).be({ role: 'leader', currentTerm: 2 });
    expect(step(2)).toBeNull();
    three.hold([1, 2]).be({ role: 'leader', currentTerm: 4 });
    expect(step(3)).toBe('leader 3 of term 4 lacks entry 2, committed in term 3');
  });

  test('State Machine Safety: two entries decided on one index, also after a restart', () => {
    const { one, two, decide } = watch('Leader Completeness and State Machine Safety');
    one.hold([1, 3]).be({ currentTerm: 3 });
    expect([decide(1, 1), decide(1, 2)]).toEqual([null, null]);
    one.restart({ currentTerm: 3 });
    expect([decide(1, 1), decide(1, 2)]).toEqual([null, null]);
    two.hold([1, 2]).be({ currentTerm: 4 });
    expect(decide(2, 1)).toBeNull();
    expect(decide(2, 2)).toBe('slot 2: node 2 decides an entry of term 2, before it was 3');
    expect(decide(1, 4)).toBe('slot 4 is decided, but 3 never was');
  });

  test('currentTerm and commitIndex never fall, and commitIndex never passes the log', () => {
    const { one, step } = watch('monotone term and commitIndex');
    one.hold([1, 1, 1]).be({ currentTerm: 5, commitIndex: 2 });
    expect(step(1)).toBeNull();
    one.be({ currentTerm: 4 });
    expect(step(1)).toBe("node 1's term fell from 5 to 4");
    one.be({ currentTerm: 5, commitIndex: 1 });
    expect(step(1)).toBe("node 1's commitIndex fell from 2 to 1");
    one.be({ commitIndex: 4 });
    expect(step(1)).toBe("node 1's commitIndex 4 is beyond its log's 3");
    one.restart({ currentTerm: 4, commitIndex: 0 }); // what was never said may be forgotten
    expect(step(1)).toBeNull();
  });

  test('one vote per term: a vote is changed, counted twice, or forgotten', () => {
    const changed = watch('one vote per term');
    changed.one.be({ currentTerm: 2, votedFor: 2 });
    expect(changed.step(1)).toBeNull();
    changed.one.be({ votedFor: 3 });
    expect(changed.step(1)).toBe('node 1 changed its vote in term 2 from 2 to 3');

    const twice = watch('one vote per term');
    const votesReceived = [null, true, null, true];
    twice.one.be({ role: 'candidate', currentTerm: 2, votedFor: 1, votesReceived });
    expect(twice.step(1)).toBeNull();
    twice.two.be({ role: 'leader', currentTerm: 2, votedFor: 2, votesReceived: [null, null, true, true] });
    expect(twice.step(2)).toBe('node 3 gave two votes in term 2: to 1 and to 2');

    const forgotten = watch('one vote per term');
    forgotten.one.be({ role: 'candidate', currentTerm: 2, votedFor: 1, votesReceived });
    expect(forgotten.step(1)).toBeNull();
    forgotten.three.restart({ currentTerm: 1 });
    expect(forgotten.step(3)).toBe('node 3 restarted in term 1, its vote in 2 was counted');
    forgotten.three.restart({ currentTerm: 2, votedFor: null });
    expect(forgotten.step(3)).toBe('node 3 voted for 1 in term 2, and holds null now');
    forgotten.three.restart({ currentTerm: 2, votedFor: 1 });
    expect(forgotten.step(3)).toBeNull();
  });

  test('matchIndex is durable: at the time, and across a restart', () => {
    const { one, two, step } = watch('matchIndex is durable');
    two.hold([1, 1, 1]).be({ currentTerm: 1 });
    one
      .hold([1, 1, 1])
      .be({ role: 'leader', currentTerm: 1, matchIndex: [0, 3, 3, 0], nextIndex: [1, 4, 4, 1] });
    expect(step(1)).toBeNull();
    one.be({ matchIndex: [0, 3, 4, 0], nextIndex: [1, 4, 5, 1] });
    expect(step(1)).toBe('leader 1 counts entry 4 of node 2, durable there is 3');
    one.be({ matchIndex: [0, 4, 3, 0] });
    expect(step(1)).toBe('leader 1 counts entry 4 of node 1, durable there is 3');
    one.be({ matchIndex: [0, 3, 2, 0], nextIndex: [1, 4, 2, 1] });
    expect(step(1)).toBe('leader 1: matchIndex[2] 2 is not below nextIndex 2');
    two.restart({ currentTerm: 1 }).hold([1]);
    expect(step(2)).toBe('leader 1 counts entry 2 of node 2, durable there is 1');
    two.restart({ currentTerm: 0 }).hold([1, 1, 1]);
    expect(step(2)).toBe('node 2 acknowledged in term 1, and is in 0 now');
    two.restart({ currentTerm: 2 }).hold([1]); // a later term may have replaced it
    expect(step(2)).toBeNull();
  });

  test('committed on a durable majority, and by an entry of the own term', () => {
    const { one, two, three, step, decide } = watch('committed on a durable majority');
    one.hold([1, 2]).be({ role: 'leader', currentTerm: 2 });
    two.hold([1, 2]);
    three.hold([1, 1]);
    expect(decide(1, 2)).toBeNull();
    expect(step(1)).toBeNull();
    two.durableLast = 1;
    expect(decide(1, 2)).toBeNull();
    expect(step(1)).toBe('leader 1 committed entry 2, durable on 1 servers of 3');
    two.up = false; // cannot be looked into
    expect(decide(1, 2)).toBeNull();
    expect(step(1)).toBeNull();
    one.be({ currentTerm: 3 });
    expect(decide(1, 2)).toBeNull();
    expect(step(1)).toBe('leader 1 of term 3 committed entry 2 of term 2 by counting');
  });
});

test('every invariant has a name and a source', () => {
  const names = raftInvariants.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { source } of raftInvariants) expect(source).toMatch(/^Raft, /);
});
