import type { Lesson } from '@quorate/interface';

/** Why two-phase commit blocks: Bernstein, Hadzilacos & Goodman 1987, ch. 7. */
export const blocked: Lesson = {
  name: 'blocked',
  title: { en: 'The coordinator dies, and all are blocked', zh: '协调者宕机，全体阻塞' },
  question: {
    en: 'All have voted yes when the coordinator dies. Who may decide, and who waits for whom?',
    zh: '所有节点都已投赞成票，此时协调者宕机。谁可以决定？谁在等谁？',
  },
  source: 'Bernstein, Hadzilacos & Goodman 1987, ch. 7',
  run: {
    nodes: 3,
    seed: 1,
    milliseconds: 1200,
    faults: [{ at: 47, for: 1000, kind: 'crash', node: 3, lostWrites: false, tornWrites: false }],
    requests: [
      { at: 20, node: 3, operation: { kind: 'put', key: 'x', value: '1' } },
      { at: 60, node: 1, operation: { kind: 'put', key: 'x', value: '2' } },
      { at: 70, node: 2, operation: { kind: 'get', key: 'x' } },
    ],
  },
  steps: [
    {
      when: {
        nodes: {
          3: { up: false },
          1: { details: { 'T3.1': 'PREPARED' } },
          2: { details: { 'T3.1': 'PREPARED' } },
        },
      },
      text: {
        en: 'Nodes 1 and 2 have voted yes on T3.1, and their votes are on the way when the coordinator, node 3, dies. Nobody knows whether it had decided.',
        zh: '节点 1、2 对 T3.1 投了赞成票，选票还在途中，协调者节点 3 就宕机了。没有人知道它是否已作决定。',
      },
    },
    {
      when: {
        operations: ['pending', 'pending', 'pending'],
        nodes: { 1: { details: { 'waiting for locks': 1 } } },
      },
      text: {
        en: 'A second client wants to write x at node 1, a third to read it at node 2. Both need the lock that T3.1 holds, and wait for it.',
        zh: '第二个客户端要在节点 1 写 x，第三个要在节点 2 读 x。两者都需要 T3.1 持有的锁，只能等待。',
      },
    },
    {
      when: { nodes: { 1: { role: 'in doubt' }, 2: { role: 'in doubt' } } },
      text: {
        en: 'Nodes 1 and 2 ask the coordinator, then each other. Both are in doubt, so neither can tell the other anything: they are blocked, and so is whoever needs x.',
        zh: '节点 1、2 询问协调者，又互相询问。两者都处于存疑状态，谁也无法告诉对方结果：它们被阻塞，需要 x 的客户端也被阻塞。',
      },
    },
    {
      when: { operations: ['pending', 'failed', 'pending'] },
      text: {
        en: 'The second client is refused: its own coordinator, node 1, never had its lock and may abort. The read still waits; to answer it, node 2 would have to guess what became of T3.1.',
        zh: '第二个客户端被拒绝：它的协调者节点 1 从未拿到锁，可以中止。读操作仍在等待；要应答它，节点 2 就得猜测 T3.1 的结果。',
      },
    },
    {
      when: {
        nodes: { 3: { role: 'ready' }, 1: { role: 'ready' }, 2: { role: 'ready' } },
        operations: ['pending', 'failed', 'ok'],
      },
      text: {
        en: 'Node 3 is back, finds no COMMIT record, and so presumes an abort. Only now do the others come out of doubt, a second later, and the reader is answered.',
        zh: '节点 3 恢复，没有找到 COMMIT 记录，因此推定为中止。直到这时（一秒之后），其他节点才摆脱存疑状态，读操作得到应答。',
      },
    },
  ],
  next: {
    en: 'Take over at stop 3 and isolate node 1 as well: nothing changes for it. What would it take to decide without the coordinator?',
    zh: '在第 3 步接管，再把节点 1 也断开：对它来说没有任何变化。要在没有协调者时作出决定，需要什么？',
  },
};
