import type { Lesson } from '@quorate/interface';

/** A transaction that nothing disturbs: Gray 1978. */
export const commit: Lesson = {
  name: 'commit',
  title: { en: 'A commit', zh: '一次提交' },
  question: {
    en: 'Who must have promised what, on which disks, before a client hears that its transaction is committed?',
    zh: '在客户端得知事务已提交之前，谁必须在哪些磁盘上作出什么承诺？',
  },
  source: 'Gray 1978; Bernstein, Hadzilacos & Goodman 1987, §7.4',
  run: {
    nodes: 3,
    seed: 1,
    milliseconds: 120,
    faults: [],
    requests: [{ at: 20, node: 1, operation: { kind: 'put', key: 'x', value: '1' } }],
  },
  steps: [
    {
      when: { nodes: { 1: { details: { 'collecting votes': 1, 'T1.1': 'WAIT, PREPARED' } } } },
      text: {
        en: 'A client asks node 1, which becomes the coordinator of T1.1 and asks everyone, itself too, for a vote: phase one. Each node locks x before it may say yes.',
        zh: '客户端请求节点 1，节点 1 成为事务 T1.1 的协调者，并向所有节点（包括自己）征求投票：第一阶段。每个节点须先锁住 x 才能投赞成票。',
      },
    },
    {
      when: { nodes: { 2: { details: { 'T1.1': 'PREPARED' } }, 3: { details: { 'T1.1': 'PREPARED' } } } },
      text: {
        en: 'Nodes 2 and 3 write PREPARED and force it to disk; only then may their yes leave. From here on they are in doubt: they must be able to commit, and to abort, whatever happens to them.',
        zh: '节点 2、3 写入 PREPARED 并强制落盘，之后赞成票才能发出。从此它们处于存疑状态：无论发生什么，都必须既能提交也能中止。',
      },
    },
    {
      when: { operations: ['ok'] },
      text: {
        en: 'All have said yes, so node 1 forces COMMIT to its disk: that record is the decision. Now the client may be told.',
        zh: '所有节点都投了赞成票，于是节点 1 将 COMMIT 强制落盘：这条记录就是决定。现在可以告诉客户端。',
      },
    },
    {
      when: {
        nodes: { 2: { details: { 'in doubt': 0 } }, 3: { details: { 'in doubt': 0 } } },
        operations: ['ok'],
      },
      after: 45,
      text: {
        en: 'Phase two: the others hear of it, commit, and unlock x. Their acks let the coordinator forget the transaction. From request to answer it took two message delays between nodes.',
        zh: '第二阶段：其他节点得知决定，提交并释放 x 的锁。收到它们的确认后，协调者就可以忘掉该事务。从请求到应答，节点之间只经过了两次消息延迟。',
      },
    },
  ],
  next: {
    en: 'Take over before the votes arrive and drop one of them: how long does the client wait, and for which answer?',
    zh: '在投票到达之前接管并丢弃其中一票：客户端要等多久？得到什么答复？',
  },
};
