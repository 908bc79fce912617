import type { Lesson } from '@quorate/interface';

/** Two leaders at once, of two terms: §5.1, §5.4; dissertation §6.2. */
export const staleLeader: Lesson = {
  name: 'stale-leader',
  title: { en: 'A split with a stale leader', zh: '分区中的旧领导者' },
  question: {
    en: 'A leader is on the smaller side of a split. Can both sides promise something to clients?',
    zh: '领导者落在分区的较小一侧。两侧都能对客户端作出承诺吗？',
  },
  source: 'Raft §5.1, §5.3, §5.4; dissertation §6.2',
  run: {
    nodes: 5,
    seed: 1,
    milliseconds: 1000,
    faults: [{ at: 300, for: 600, kind: 'partition', groups: [[2, 3]] }],
    requests: [
      { at: 250, node: 3, operation: { kind: 'put', key: 'x', value: '1' } },
      { at: 320, node: 3, operation: { kind: 'put', key: 'x', value: '2' } },
      { at: 560, node: 4, operation: { kind: 'put', key: 'x', value: '3' } },
    ],
  },
  steps: [
    {
      when: { operations: ['ok', 'pending'], nodes: { 3: { role: 'leader', epoch: 1, log: [1, 1, 1] } } },
      text: {
        en: 'The network has split, and nodes 2 and 3 are alone. Node 3 still leads term 1 and takes x = 2 into its log, but only one other node can store it: that is no majority, so it must not answer.',
        zh: '网络发生分区，节点 2 和 3 被隔在一侧。节点 3 仍是任期 1 的领导者，并把 x = 2 写入日志，但只有另一个节点能保存它：不构成多数派，因此不能应答。',
      },
    },
    {
      when: { nodes: { 3: { role: 'follower', epoch: 1 }, 4: { role: 'candidate', epoch: 2 } } },
      text: {
        en: 'No majority has answered node 3 for a whole time-out, so it steps down: its clients may ask elsewhere. On the other side node 4 begins term 2.',
        zh: '整个超时时间内没有多数节点应答节点 3，于是它退位，好让客户端去问别的节点。另一侧，节点 4 开始任期 2。',
      },
    },
    {
      when: { nodes: { 4: { role: 'leader', epoch: 2 } } },
      text: {
        en: 'Three of five vote for node 4. Had node 3 not stepped down, there would be two leaders now, of two terms; only the newer one could ever reach a majority.',
        zh: '五个节点中的三个投票给节点 4。假如节点 3 没有退位，此刻会有两个不同任期的领导者；但只有较新的那个能得到多数。',
      },
    },
    {
      when: {
        operations: ['ok', 'pending', 'ok'],
        nodes: { 3: { log: [1, 1, 1] }, 4: { log: [1, 1, 2, 2] } },
      },
      text: {
        en: 'The larger side commits x = 3. The logs differ now: on slot 3 node 3 has x = 2 of term 1, which nobody was promised, and node 4 an entry of term 2.',
        zh: '较大一侧提交了 x = 3。此时日志已经不同：在第 3 个位置，节点 3 有任期 1 的 x = 2（从未向任何人承诺），节点 4 则是任期 2 的日志。',
      },
    },
    {
      when: { nodes: { 3: { role: 'follower', epoch: 2, log: [1, 1, 2, 2] } } },
      text: {
        en: 'The network is whole again. Node 3 hears of term 2, and its entry of term 1 is replaced by what the leader has: only what a majority had stored was ever safe.',
        zh: '网络恢复。节点 3 得知任期 2，它那条任期 1 的日志被领导者的日志替换：只有多数节点存下的内容才是安全的。',
      },
    },
  ],
  next: {
    en: 'Take over during the split and send a get to node 2 and to node 4: who answers, and with which value?',
    zh: '在分区期间接管，分别向节点 2 和节点 4 发送 get：谁会应答？值是什么？',
  },
};
