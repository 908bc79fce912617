import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Cluster, type Options } from './harness.ts';
import { ofType } from './messages.ts';
import { Transcript } from './transcript.ts';

/*
 * Whole runs as text, in test/traces: to read, and to see what a change changes. They are compared exactly. To write them anew,
 * run this file with QUORATE_UPDATE_TRACES=1 and read the difference.
 */

const update = process.env.QUORATE_UPDATE_TRACES !== undefined;

const LEGEND = [
  '# Time in ms. A message takes 1 ms, a write to disk too; what a message promises is on disk before it leaves.',
  '# 7@2 is the log entry on index 7, of term 2. "behind" is prevLogIndex and prevLogTerm, "commit" is leaderCommit.',
  '',
];

interface Run {
  /** What to see, for the reader. */
  readonly about: readonly string[];
  readonly options?: Options;
  readonly act: (cluster: Cluster, transcript: () => Transcript) => void;
}

/** Fewer heartbeats to read. */
const slow = { heartbeatInterval: 50 };

/** A cluster whose node 1 leads, and where everybody knows what is committed. */
function settled(cluster: Cluster): void {
  cluster.elect(1);
  cluster.pass(slow.heartbeatInterval);
}

const runs: Record<string, Run> = {
  'first-leader': {
    about: [
      'Three servers start; one runs out of patience first, asks whether it could win (pre-vote, dissertation §9.6), then for votes',
      '(§5.2), and begins its term with a no-op (§8). Votes leave once they are on disk.',
    ],
    options: { knobs: slow },
    act: (_, begin) => begin().run(300),
  },
  write: {
    about: [
      'Node 1 leads. A write needs one AppendEntries to each follower and its answer (§5.3). The leader sends before its own disk',
      'is done (dissertation §10.2.1), and followers learn the commit index with what comes next: an entry, or a heartbeat.',
    ],
    options: { knobs: slow },
    act: (cluster, begin) => {
      settled(cluster);
      const transcript = begin();
      transcript.write(1, 'x');
      transcript.run(10);
      transcript.write(1, 'y');
      transcript.run(50);
      transcript.write(2, 'z');
    },
  },
  'figure-7': {
    about: [
      "The paper's Figure 7: node 1 becomes leader of term 8; nodes 2 to 7 are its followers a to f. A refusal names the last entry",
      'that may still match, so that each follower refuses once at most. (Without pre-vote, for brevity.)',
    ],
    options: {
      nodes: 7,
      terms: { 1: 7 },
      logs: {
        1: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
        2: [1, 1, 1, 4, 4, 5, 5, 6, 6],
        3: [1, 1, 1, 4],
        4: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        5: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        6: [1, 1, 1, 4, 4, 4, 4],
        7: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
      },
      knobs: { ...slow, preVote: 0 },
    },
    act: (cluster, begin) => {
      cluster.node(1).timers.set('election', cluster.now);
      cluster.state(1).patience = 0;
      const transcript = begin();
      transcript.showLogs();
      transcript.run(60);
      transcript.showLogs();
      for (const id of cluster.ids) {
        expect(cluster.terms(id)).toEqual([1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8]);
        const answers = ofType(cluster.node(id).sent, 'AppendEntriesResponse');
        expect(answers.filter(({ success }) => !success).length).toBeLessThanOrEqual(1);
      }
    },
  },
  'leader-crash': {
    about: [
      'Node 1 leads and crashes with a write that one follower holds. The others hear nobody, so one of them asks for pre-votes,',
      'which are given since nobody hears a leader. Entry 3 is of an earlier term: it is committed with the no-op behind it (§5.4.2).',
    ],
    options: { knobs: slow },
    act: (cluster, begin) => {
      settled(cluster);
      const transcript = begin();
      transcript.write(1, 'x');
      transcript.run(10);
      cluster.cut.add('1>3');
      transcript.write(1, 'y');
      transcript.run(1);
      cluster.node(1).crash();
      cluster.cut.clear();
      transcript.run(330);
      cluster.node(1).boot();
      transcript.run(60);
      transcript.showLogs();
    },
  },
  'deposed-leader': {
    about: [
      'Node 1 leads, is cut off, and appends a write that it cannot commit. It steps down as no majority answers (check-quorum,',
      'dissertation §6.2), while the others elect a leader. After healing, its stale tail is overwritten (§5.3).',
    ],
    options: { knobs: slow },
    act: (cluster, begin) => {
      settled(cluster);
      const transcript = begin();
      transcript.isolate(1);
      transcript.write(1, 'stale');
      transcript.run(320);
      const leader = cluster.ids.find((id) => id !== 1 && cluster.state(id).role === 'leader')!;
      transcript.write(leader, 'kept');
      transcript.run(5);
      transcript.showLogs();
      transcript.heal();
      transcript.run(110);
      transcript.showLogs();
    },
  },
  read: {
    about: [
      'A read by read-index (§8; dissertation §6.4): the leader notes its commit index, and answers once a majority has confirmed,',
      'after the read came, that it still leads. It writes nothing. A follower refuses; so does a leader that steps down meanwhile.',
    ],
    options: { knobs: slow },
    act: (cluster, begin) => {
      settled(cluster);
      const transcript = begin();
      transcript.write(1, 'x');
      transcript.run(10);
      transcript.read(1);
      transcript.read(2);
      transcript.run(5);
      transcript.isolate(1);
      transcript.read(1);
      transcript.run(280);
    },
  },
};

it.each(Object.entries(runs))('test/traces/%s.txt', (name, { about, options, act }) => {
  const cluster = new Cluster(options);
  let transcript: Transcript | undefined;
  act(cluster, () => {
    transcript = new Transcript(cluster);
    return transcript;
  });
  const text = [...about.map((line) => `# ${line}`), ...LEGEND, ...transcript!.lines, ''].join('\n');
  const file = new URL(`traces/${name}.txt`, import.meta.url);
  if (update) {
    mkdirSync(new URL('traces/', import.meta.url), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
});
