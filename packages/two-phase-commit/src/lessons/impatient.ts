import type { Lesson } from '@quorate/interface';
import { partial } from './partial.ts';

/** What comes of not waiting: the run of `partial`, in which whoever is in doubt for too long aborts alone. */
export const impatient: Lesson = {
  name: 'impatient',
  title: { en: 'Why not simply abort?', zh: '为什么不干脆中止？' },
  question: {
    en: 'Blocked participants hold locks for as long as the coordinator is away. What if they gave up and aborted on their own?',
    zh: '协调者不在时，被阻塞的参与者一直持有锁。如果它们放弃等待、自行中止，会怎样？',
  },
  source: 'Bernstein, Hadzilacos & Goodman 1987, ch. 7',
  run: partial.run,
  mutant: 'unilateral-abort-in-doubt',
  steps: [
    {
      when: {
        operations: ['ok'],
        nodes: {
          1: { up: false },
          2: { details: { 'in doubt': 0 } },
          3: { details: { 'T1.1': 'PREPARED' } },
        },
      },
      text: {
        en: 'T1.1 is committed, and its client knows. Node 3 has voted yes and was not told: the link is cut, and the coordinator is dead. A bug is planted in all nodes: whoever is in doubt for too long aborts.',
        zh: 'T1.1 已提交，客户端也已知道。节点 3 投了赞成票却没有得到通知：链路被切断，协调者也已宕机。所有节点都植入了一个缺陷：谁存疑过久，谁就自行中止。',
      },
    },
    {
      when: { nodes: { 3: { details: { 'in doubt': 0 } } } },
      text: {
        en: 'Node 3 has lost patience and aborts T1.1, which nodes 1 and 2 have committed: x = 1 on two nodes, and not on the third. A transaction is all or nothing, and this one is neither. That is why a yes must wait, however long.',
        zh: '节点 3 失去耐心，中止了 T1.1，而节点 1、2 已将其提交：两个节点上 x = 1，第三个上却不是。事务要么全做，要么全不做，而这一个两者都不是。因此投了赞成票就必须等待，无论多久。',
      },
    },
  ],
  verdicts: { agreement: 'violated' },
  next: {
    en: 'Run two-phase commit with this bug yourself: one link cut at the right moment is enough.',
    zh: '亲自运行带有此缺陷的两阶段提交：在恰当的时刻切断一条链路就够了。',
  },
};
