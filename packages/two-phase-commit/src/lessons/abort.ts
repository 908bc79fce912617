import type { Lesson } from '@quorate/interface';

/** A vote that does not come: presumed abort, Mohan, Lindsay & Obermarck 1986. */
export const abort: Lesson = {
  name: 'abort',
  title: { en: 'An abort', zh: '一次中止' },
  question: {
    en: 'One of three nodes is down. What becomes of a transaction that needs all three?',
    zh: '三个节点中有一个宕机。需要全部三个节点的事务会怎样？',
  },
  source: 'Mohan, Lindsay & Obermarck 1986, presumed abort',
  run: {
    nodes: 3,
    seed: 1,
    milliseconds: 420,
    faults: [{ at: 10, kind: 'crash', node: 3, lostWrites: true, tornWrites: false }],
    requests: [{ at: 20, node: 1, operation: { kind: 'put', key: 'x', value: '1' } }],
  },
  steps: [
    {
      when: { nodes: { 2: { details: { 'T1.1': 'PREPARED' } }, 3: { up: false } } },
      text: {
        en: 'Node 3 is down, so only nodes 1 and 2 can vote. Node 2 is prepared and has locked x.',
        zh: '节点 3 宕机，只有节点 1、2 能投票。节点 2 已进入准备状态（PREPARED），并锁住了 x。',
      },
    },
    {
      when: { nodes: { 2: { role: 'in doubt' } } },
      text: {
        en: 'Node 2 has waited long for a decision and asks the coordinator, which still collects votes: no information yet. Node 2 may not decide alone, since the coordinator might have committed. As a participant, node 1 is in doubt like any other.',
        zh: '节点 2 等待决定已久，询问协调者，而后者仍在收集投票：还没有结果。节点 2 不能自行决定，因为协调者可能已经提交。节点 1 作为参与者，同样处于存疑状态。',
      },
    },
    {
      when: { operations: ['failed'], nodes: { 1: { role: 'ready' } } },
      text: {
        en: 'The coordinator gives up waiting and aborts. It may: without a COMMIT record on its disk nothing was decided. It writes nothing, since who finds no record presumes an abort.',
        zh: '协调者不再等待，中止事务。它可以这样做：磁盘上没有 COMMIT 记录，就什么也没有决定。它不必写任何记录：谁找不到记录，就推定为中止。',
      },
    },
    {
      when: { nodes: { 2: { role: 'ready', details: { 'in doubt': 0 } } }, operations: ['failed'] },
      text: {
        en: 'Node 2 hears of it, discards what it had prepared and unlocks x. Nothing has happened, everywhere.',
        zh: '节点 2 得知后丢弃已准备的内容，释放 x 的锁。各个节点都如同什么也没有发生。',
      },
    },
  ],
  next: {
    en: 'Take over and start node 3 again before the coordinator gives up: does its vote still count?',
    zh: '接管，在协调者放弃之前重新启动节点 3：它的一票还算数吗？',
  },
};
