import type { Lesson } from '@quorate/interface';
import { FIGURE_8, FIGURE_8_REQUESTS, PLAIN } from './paper-runs.ts';

/** Figure 8 in a Raft that lacks the rule of §5.4.2, with one entry in each message: a check says no before (d). */
export const figure8Broken: Lesson = {
  name: 'figure-8-broken',
  title: { en: 'Figure 8 without the rule', zh: '去掉规则的图 8' },
  question: {
    en: 'What if a leader did count replicas of an entry of an earlier term? Here it does.',
    zh: '如果领导者也对以前任期的日志计数，会怎样？这里的领导者就这么做。',
  },
  source: 'Raft §5.4.2, Figure 8',
  run: {
    nodes: 5,
    seed: 1,
    milliseconds: 640,
    knobs: { ...PLAIN, maxEntriesPerAppend: 1 },
    faults: [...FIGURE_8, { at: 365, for: 90, kind: 'cut', from: [1], to: [4, 5] }],
    requests: FIGURE_8_REQUESTS,
  },
  mutant: 'earlier-term-committed-by-counting',
  steps: [
    {
      when: { nodes: { 1: { role: 'leader', log: [1, 1] }, 2: { log: [1, 1] }, 3: { log: [1] } } },
      text: {
        en: '(a) As in Figure 8, but with a bug planted in every node: a leader commits whatever is on a majority. Node 1 leads term 1 and reaches only node 2 with x = 1.',
        zh: '(a) 与图 8 相同，但每个节点都植入了一个缺陷：领导者会提交任何存于多数节点的日志。节点 1 是任期 1 的领导者，x = 1 只送到了节点 2。',
      },
    },
    {
      when: { nodes: { 1: { up: false }, 5: { role: 'leader', epoch: 2, log: [1, 2] } } },
      text: {
        en: '(b) Node 1 crashes, and node 5 leads term 2 with another entry on slot 2. Nothing differs yet: the bug sleeps.',
        zh: '(b) 节点 1 崩溃，节点 5 成为任期 2 的领导者，在第 2 个位置写入另一条日志。到此没有任何不同：缺陷尚未发作。',
      },
    },
    {
      when: {
        nodes: {
          1: { role: 'leader', epoch: 3, details: { commitIndex: 2 } },
          3: { log: [1, 1] },
          5: { up: false },
        },
      },
      text: {
        en: '(c) Node 1 leads term 3, finds entry 2 on three nodes, and commits it. A check says no at once: this entry is of term 1, and node 5, whose last entry is of term 2, could still win and overwrite it. The client would have been told of a write that is then lost.',
        zh: '(c) 节点 1 是任期 3 的领导者，看到第 2 条日志已在三个节点上，便将其提交。检查立即报告违规：这条日志属于任期 1，而节点 5 最后一条日志的任期为 2，仍可能当选并将其覆盖。那样一来，客户端得到了成功的答复，写入却随后丢失。',
      },
    },
  ],
  verdicts: { 'committed on a durable majority': 'violated' },
  next: {
    en: 'Run Raft with another of the planted bugs, beside the same Raft without it: which of them can you make a check find?',
    zh: '选另一个植入的缺陷运行 Raft，与没有缺陷的 Raft 并排对照：你能让检查发现其中哪些？',
  },
};
