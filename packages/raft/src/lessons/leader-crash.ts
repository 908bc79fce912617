import type { Lesson } from '@quorate/interface';

/** What a crash of the leader costs, and what it does not: §5.2, §5.4.1. */
export const leaderCrash: Lesson = {
  name: 'leader-crash',
  title: { en: 'The leader crashes', zh: '领导者崩溃' },
  question: {
    en: 'For how long is nobody there to answer, and what has become of what was answered before?',
    zh: '有多长时间无人应答？此前已经应答过的内容又会怎样？',
  },
  source: 'Raft §5.2, §5.4.1',
  run: {
    nodes: 5,
    seed: 1,
    milliseconds: 900,
    faults: [{ at: 500, for: 250, kind: 'crash', node: 3, lostWrites: true, tornWrites: false }],
    requests: [{ at: 400, node: 2, operation: { kind: 'put', key: 'x', value: '1' } }],
  },
  steps: [
    {
      when: { operations: ['ok'], nodes: { 3: { role: 'leader', epoch: 1 } } },
      text: {
        en: 'Node 3 leads term 1, and x = 1 is committed: a majority has it on disk. A client was told so.',
        zh: '节点 3 是任期 1 的领导者，x = 1 已提交：多数节点已将其落盘，客户端也已得到答复。',
      },
    },
    {
      when: { nodes: { 3: { up: false } } },
      text: {
        en: 'Node 3 loses power. Nobody is told: the others only hear no more heartbeats, and each goes on waiting for its own time-out.',
        zh: '节点 3 断电。没有人通知其他节点：它们只是不再收到心跳，各自等待超时。',
      },
    },
    {
      when: { nodes: { 4: { role: 'candidate', epoch: 2 } } },
      text: {
        en: 'Node 4 was the first to lose patience. It asks for votes in term 2, and says how long its log is: nobody votes for a log that is behind their own.',
        zh: '节点 4 最先失去耐心。它在任期 2 中拉票，并说明自己的日志到哪里为止：谁也不会投给日志比自己更旧的节点。',
      },
    },
    {
      when: { nodes: { 4: { role: 'leader', epoch: 2, log: [1, 1, 2] } } },
      text: {
        en: 'Node 4 leads term 2. It holds x = 1, as it must: its voters are a majority, and so was whoever stored x = 1. For two hundred milliseconds nobody could answer.',
        zh: '节点 4 成为任期 2 的领导者。它必然持有 x = 1：投票给它的是多数派，存有 x = 1 的也是多数派，两者必有交集。在此之前，大约两百毫秒内无人能够应答。',
      },
    },
    {
      when: { nodes: { 3: { role: 'follower', epoch: 2, log: [1, 1, 2] } } },
      text: {
        en: 'Node 3 is back with what its disk has kept, and still believes in term 1. The first message of term 2 makes it a follower, and it is given what it missed.',
        zh: '节点 3 带着磁盘上的内容恢复，仍以为还在任期 1。收到任期 2 的第一条消息后，它成为跟随者，并补上缺失的日志。',
      },
    },
  ],
  next: {
    en: 'Take over before the crash and crash two more nodes: with two of five left, nothing can be decided, and nothing wrong either.',
    zh: '在崩溃之前接管，再让另外两个节点崩溃：五个中只剩两个时，无法作出任何决定，但也不会出错。',
  },
};
