import type { Lesson } from '@quorate/interface';

/** How a leader is found and what it then does: §5.2 and the beginning of §5.3. */
export const election: Lesson = {
  name: 'election',
  title: { en: 'An election, and the first command', zh: '一次选举与第一条命令' },
  question: {
    en: 'How do five equal nodes come to one leader, and when is a command safe?',
    zh: '五个平等的节点如何选出唯一的领导者？一条命令何时才算安全？',
  },
  source: 'Raft §5.2, §5.3; dissertation §9.6',
  run: {
    nodes: 5,
    seed: 1,
    milliseconds: 340,
    faults: [],
    requests: [{ at: 250, node: 3, operation: { kind: 'put', key: 'x', value: '1' } }],
  },
  steps: [
    {
      when: { nodes: { 1: { role: 'follower', epoch: 0 }, 3: { role: 'follower', epoch: 0 } } },
      text: {
        en: 'Five followers, and nobody leads. Each waits a random time to hear a leader; the times differ so that one of them is first.',
        zh: '五个跟随者，没有领导者。每个节点都等待领导者的消息，等待的时长是随机的；各不相同，所以总有一个最先超时。',
      },
    },
    {
      when: { nodes: { 3: { role: 'pre-candidate' } } },
      text: {
        en: 'Node 3 is the first whose time is over. Before it disturbs anyone it asks who would vote for it: a pre-vote changes nothing on any disk.',
        zh: '节点 3 最先超时。在打扰别人之前，它先询问谁愿意投票给自己：预投票不会改变任何磁盘上的内容。',
      },
    },
    {
      when: { nodes: { 3: { role: 'candidate', epoch: 1 } } },
      text: {
        en: 'A majority would, so node 3 begins term 1 and votes for itself. The vote must be on its disk before anybody hears of it: a vote that could be forgotten could be given twice. Node 1 has run out of patience too, but comes too late.',
        zh: '多数节点愿意，于是节点 3 开始任期 1 并投自己一票。这一票必须先落盘才能告诉别人：会被遗忘的选票就可能投出两次。节点 1 也已超时，但晚了一步。',
      },
    },
    {
      when: { nodes: { 3: { role: 'leader', epoch: 1 } } },
      text: {
        en: 'Three of five votes are a majority, and any two majorities share a node. No other node can win term 1. Node 3 now writes an empty entry of its own term and sends it to all.',
        zh: '五票中的三票就是多数派，而任意两个多数派必有共同节点，因此不会有别的节点赢得任期 1。节点 3 随即写入一条本任期的空日志并发给所有节点。',
      },
    },
    {
      when: { operations: ['pending'], nodes: { 3: { log: [1, 1] } } },
      text: {
        en: 'A client asks node 3 to put x = 1. The leader only appends the command to its log; it is not safe yet, since this node alone has it.',
        zh: '客户端请求节点 3 执行 put x = 1。领导者只是把命令追加到日志；此时还不安全：只有这一个节点有它，仍可能丢失。',
      },
    },
    {
      when: { operations: ['ok'] },
      text: {
        en: 'A majority has the entry on disk, so it is committed and applied, and the client is answered. Whoever leads next needs a vote from that majority, and so will have the entry.',
        zh: '多数节点已将该日志落盘，于是它被提交、应用，客户端得到应答。下一任领导者必须从这个多数派中得到选票，因此一定拥有这条日志。',
      },
    },
  ],
  next: {
    en: 'Take over and crash node 3, or cut one link in one direction only: which of the others notices?',
    zh: '接管这次运行，让节点 3 崩溃，或者只切断某条链路的一个方向：谁会察觉？',
  },
};
