import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ScriptRun } from './etcd-run.ts';
import { type Command, parseScript } from './etcd-script.ts';

/*
 * The scripted interactions of etcd's Raft, performed on servers of this package. Compared are outcomes: who leads, roles, terms,
 * votes, logs, commit indexes, and what a leader thinks of its followers (`status`). Messages differ, and are not compared.
 *
 * Two deviations concern every script. Followers learn the commit index with the next message that comes anyway, where etcd sends one
 * for it alone: so it is compared at leaders at once, and at everybody after one more heartbeat at the end. And several AppendEntries
 * of one burst get one answer. Other deviations stand with their script.
 */

const FOLDER = new URL('../../../../shared/data/etcd-raft/testdata/', import.meta.url);
const present = existsSync(FOLDER);
if (!present) console.warn('skipped: the scripts of ../shared/data/etcd-raft/testdata are not here');

interface Case {
  /** Outcomes that differ by design, and why. All others must be as printed. */
  readonly differences?: Readonly<Record<string, string>>;
  /** Commands to perform before that on a line, with what they print here. */
  readonly insert?: { readonly line: number; readonly script: string };
}

const REFUSED =
  'a refused PreVote is answered here, so its sender knows that it has lost, and is a follower again; etcd leaves it unanswered';

const cases: Readonly<Record<string, Case>> = {
  campaign: {},
  single_node: {},
  // Here, as in the dissertation's §9.6, no pre-vote is given while a leader is heard; in etcd's Raft only check-quorum sees to that.
  // So node 2 fails at first, and wins once node 3 has heard nobody for the election time-out.
  prevote: {
    insert: {
      line: 132,
      script: `
campaign 2
----

stabilize
----

raft-state
----
1: StateLeader (Voter) Term:1 Lead:1
2: StateFollower (Voter) Term:1 Lead:0
3: StateFollower (Voter) Term:1 Lead:1

set-randomized-election-timeout 3 timeout=5
----

tick-election 3
----
`,
    },
  },
  checkquorum: {},
  prevote_checkquorum: {
    differences: {
      "line 34, stabilize, node 2's role: StatePreCandidate there, StateFollower here": REFUSED,
      "line 206, stabilize, node 1's role: StatePreCandidate there, StateFollower here": REFUSED,
    },
  },
  probe_and_replicate: {},
  lagging_commit: {}, // and see below
  heartbeat_resp_recovers_from_probing: {
    differences: {
      'line 40, status 1: 2: StateProbe match=11 next=12 there, 2: StateProbe match=11 next=12 paused here':
        'a link that is down is not probed until it is up, or a heartbeat is answered; etcd is told of a lost message only',
    },
  },
  replicate_pause: {},
  snapshot_succeed_via_app_resp: {},
  // What the leader thinks of node 3, once it has asked for entries that are gone, is printed in a debug line only.
  snapshot_succeed_via_app_resp_behind: {
    insert: {
      line: 135,
      script: `
status 1
----
1: StateReplicate match=12 next=13
2: StateReplicate match=12 next=13
3: StateSnapshot match=0 next=13 paused pendingSnap=12
`,
    },
  },
  slow_follower_after_compaction: {},
};

const STATIC = 'membership is static in this package so far';
const FORGET = "forget-leader is an operation of etcd's own";

const notApplicable: Readonly<Record<string, string>> = {
  async_storage_writes:
    "messages to and from etcd's storage threads; here Ports.send and sendEarly, tested in paper.test.ts",
  async_storage_writes_append_aba_race:
    'as before, and looks into what is on disk only. That an acknowledgement of an earlier term says nothing is tested in paper.test.ts',
  campaign_learner_must_vote: STATIC,
  confchange_disable_validation: `${STATIC}; an option of etcd's own`,
  confchange_v1_add_single: STATIC,
  confchange_v1_remove_leader: STATIC,
  confchange_v1_remove_leader_stepdown: STATIC,
  confchange_v2_add_double_auto: STATIC,
  confchange_v2_add_double_implicit: STATIC,
  confchange_v2_add_single_auto: STATIC,
  confchange_v2_add_single_explicit: STATIC,
  confchange_v2_replace_leader: STATIC,
  confchange_v2_replace_leader_stepdown: STATIC,
  forget_leader: FORGET,
  forget_leader_prevote_checkquorum: FORGET,
  forget_leader_read_only_lease_based: `${FORGET}; reads by lease are not offered here`,
};

function script(name: string): Command[] {
  return parseScript(readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8'));
}

function inserted(commands: readonly Command[], { insert }: Case): Command[] {
  if (insert === undefined) return [...commands];
  const at = commands.findIndex(({ line }) => line === insert.line);
  if (at < 0) throw new Error(`no command on line ${insert.line}`);
  return commands.toSpliced(at, 0, ...parseScript(insert.script));
}

describe.skipIf(!present)("etcd's scripted interactions (skipped where ../shared/data is absent)", () => {
  test.each(Object.entries(cases))('%s', (name, scriptCase) => {
    const run = new ScriptRun();
    run.run(inserted(script(name), scriptCase));
    run.finish();
    expect(run.differences).toEqual(Object.keys(scriptCase.differences ?? {}));
  });

  test('lagging_commit: here a heartbeat carries the commit index, which etcd sends only once it is answered', () => {
    const commands = script('lagging_commit');
    const run = new ScriptRun();
    run.run(
      commands.slice(
        0,
        commands.findIndex(({ args }) => args.join() === '1,3'),
      ),
    );
    expect(run.cluster.state(3).commitIndex).toBe(11);
    run.run(parseScript('deliver-msgs 3\n----\n'));
    expect(run.cluster.state(3).commitIndex).toBe(13);
  });

  test('every script is performed, or it is said why not', () => {
    const scripts = readdirSync(FOLDER).map((file) => file.replace('.txt', ''));
    expect([...Object.keys(cases), ...Object.keys(notApplicable)].sort()).toEqual(scripts.sort());
  });
});

describe('the interpreter', () => {
  const performed = (script: string) => {
    const run = new ScriptRun();
    run.run(parseScript(script));
    return run;
  };
  const begin = 'add-nodes 3 voters=(1,2,3) index=2\n----\nok\n\ncampaign 1\n----\n\n';

  test('says which outcomes differ from what a script printed', () => {
    const printed = `> 1 handling Ready
  Lead:1 State:StateLeader
  HardState Term:2 Vote:1 Commit:4
  Entries:
  1/3 EntryNormal "x"
  1/4 EntryNormal ""
> 2 handling Ready
  Lead:3 State:StateCandidate
  HardState Term:1 Commit:1`;
    const { differences } = performed(
      `${begin}stabilize\n----\n${printed}\n\nraft-log 3\n----\n2/3 EntryNormal ""\n`,
    );
    expect(differences).toEqual([
      "line 8, stabilize, node 1's term: 2 there, 1 here",
      "line 8, stabilize, node 1's commit index: 4 there, 3 here",
      `line 8, stabilize, node 1's entry 3: 1/3 EntryNormal "x" there, 1/3 EntryNormal "" here`,
      `line 8, stabilize, node 1's entry 4: 1/4 EntryNormal "" there, nothing here`,
      "line 8, stabilize, node 1's last index: 4 there, 3 here",
      "line 8, stabilize, node 2's role: StateCandidate there, StateFollower here",
      "line 8, stabilize, node 2's leader: 3 there, 1 here",
      "line 8, stabilize, node 2's vote: 0 there, 1 here",
      "line 8, stabilize, node 2's commit index: 1 there, 2 here",
      `line 20, raft-log 3: 2/3 EntryNormal "" there, 1/3 EntryNormal "" here`,
    ]);
  });

  test('says where the end differs, and what it does not know', () => {
    const ahead = performed(
      `${begin}stabilize\n----\n> 2 handling Ready\nHardState Term:1 Vote:1 Commit:9\n`,
    );
    expect(() => ahead.finish()).toThrow('9 is committed there, 3 here');
    expect(() => performed(begin).finish()).toThrow('without a leader');
    expect(() => performed('add-nodes 3 voters=(1,2,3) colour=red\n----\nok\n')).toThrow('no option colour');
    expect(() => performed(`${begin}transfer-leadership\n----\nok\n`)).toThrow('no command');
  });
});
