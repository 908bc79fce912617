import type { Lesson } from '@quorate/interface';
import { crash, FIGURE_8, FIGURE_8_REQUESTS, PLAIN, stands } from './paper-runs.ts';

/** Why a leader counts replicas only for entries of its own term: §5.4.2. */
export const figure8: Lesson = {
  name: 'figure-8',
  title: { en: 'On a majority, and still not safe (Figure 8)', zh: '已在多数派上，仍不安全（图 8）' },
  question: {
    en: 'An entry is on the disks of three nodes out of five. Can it still be lost?',
    zh: '一条日志已在五个节点中三个的磁盘上。它还会丢失吗？',
  },
  source: 'Raft §5.4.2, Figure 8',
  run: {
    nodes: 5,
    seed: 1,
    milliseconds: 640,
    knobs: PLAIN,
    faults: [
      ...FIGURE_8,
      { at: 365, for: 90, kind: 'cut', from: [1], to: [2, 4, 5] },
      crash(450, 1),
      stands(510, 5),
      stands(550, 5),
    ],
    requests: FIGURE_8_REQUESTS,
  },
  steps: [
    {
      when: { nodes: { 1: { role: 'leader', log: [1, 1] }, 2: { log: [1, 1] }, 3: { log: [1] } } },
      text: {
        en: '(a) Node 1 leads term 1 and has x = 1 as entry 2. It reaches only node 2 with it: two of five.',
        zh: '(a) 节点 1 是任期 1 的领导者，x = 1 是它的第 2 条日志。它只送到了节点 2：五个节点中只有两个持有它。',
      },
    },
    {
      when: { nodes: { 1: { up: false }, 5: { role: 'leader', epoch: 2, log: [1, 2] } } },
      text: {
        en: '(b) Node 1 crashes, and node 5 is elected in term 2 by nodes 3 and 4, whose logs are no longer than its own. It puts another entry on slot 2, and reaches nobody before it crashes too.',
        zh: '(b) 节点 1 崩溃，节点 5 在任期 2 由节点 3、4 选出，它们的日志都不比它长。它在第 2 个位置写入另一条日志，还没送到任何节点就也崩溃了。',
      },
    },
    {
      when: { nodes: { 1: { role: 'leader', epoch: 3 }, 2: { log: [1, 1] }, 3: { log: [1, 1, 3] } } },
      after: 3,
      text: {
        en: '(c) Node 1 is back and leads term 3. It goes on with entry 2 and brings it to node 3: now it is on nodes 1, 2 and 3, which is a majority. Its commitIndex stays where it was, since entry 2 is of an earlier term.',
        zh: '(c) 节点 1 恢复并成为任期 3 的领导者。它继续复制第 2 条日志并送到节点 3：现在节点 1、2、3 都有它，已构成多数派。但 commitIndex 不变，因为第 2 条属于更早的任期。',
      },
    },
    {
      when: { nodes: { 1: { up: false }, 5: { role: 'leader', epoch: 4 } } },
      text: {
        en: '(d) Node 1 crashes again. Node 5 may win: its last entry is of term 2, later than the last entries of nodes 2 and 4. Only node 3, which has an entry of term 3, refuses.',
        zh: '(d) 节点 1 再次崩溃。节点 5 能够当选：它最后一条日志的任期为 2，比节点 2、4 的更新。只有持有任期 3 日志的节点 3 拒绝投票。',
      },
    },
    {
      when: { nodes: { 2: { log: [1, 2, 4] }, 3: { log: [1, 2, 4] }, 4: { log: [1, 2, 4] } } },
      after: 3,
      text: {
        en: 'Entry 2 of term 1 is overwritten everywhere, although a majority had it. Nobody was harmed: a leader commits by counting only entries of its own term, and so had told no client of it.',
        zh: '任期 1 的第 2 条日志虽曾存于多数节点，如今处处被覆盖。但没有人因此受害：领导者只对本任期的日志计数来提交，因此从未就它应答过任何客户端。',
      },
    },
  ],
  next: {
    en: '(e) Take over at stop 3 and end the cut between node 1 and node 2 at once: an entry of term 3 reaches a majority, entry 2 is committed with it, and node 5 can never win again.',
    zh: '(e) 在第 3 步接管并立即结束节点 1 与节点 2 之间的隔断：任期 3 的日志到达多数派，第 2 条随之提交，节点 5 再也不可能当选。',
  },
};
