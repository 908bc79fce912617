import type { Lesson } from '@quorate/interface';
import { crash, PLAIN, stands } from './paper-runs.ts';

/** Logs that differ in both ways which Figure 7 shows, and how a leader makes them equal: §5.3. */
export const figure7: Lesson = {
  name: 'figure-7',
  title: { en: 'Log repair (Figure 7)', zh: '日志修复（图 7）' },
  question: {
    en: 'A new leader finds followers with entries missing and followers with entries too many. How do all logs become equal?',
    zh: '新领导者发现有的跟随者缺少日志，有的又多出日志。所有日志如何变得一致？',
  },
  source: 'Raft §5.3, Figure 7',
  run: {
    nodes: 5,
    seed: 1,
    milliseconds: 600,
    knobs: PLAIN,
    faults: [
      stands(10, 1),
      crash(70, 4, 420),
      { at: 130, for: 270, kind: 'partition', groups: [[1]] },
      stands(200, 2),
    ],
    requests: [
      { at: 80, node: 1, operation: { kind: 'put', key: 'a', value: '1' } },
      { at: 140, node: 1, operation: { kind: 'put', key: 'b', value: '1' } },
      { at: 150, node: 1, operation: { kind: 'put', key: 'c', value: '1' } },
      { at: 160, node: 1, operation: { kind: 'put', key: 'd', value: '1' } },
      { at: 260, node: 2, operation: { kind: 'put', key: 'b', value: '2' } },
    ],
  },
  steps: [
    {
      when: { operations: ['ok'], nodes: { 1: { role: 'leader', log: [1, 1] }, 4: { up: false } } },
      text: {
        en: 'Node 1 leads term 1; entry 2 is committed while node 4 is down. Node 4 will come back with an entry missing, like follower (b) of the figure.',
        zh: '节点 1 是任期 1 的领导者；节点 4 宕机期间第 2 条日志已提交。节点 4 恢复时会缺少日志，正如图中的跟随者 (b)。',
      },
    },
    {
      when: { nodes: { 1: { role: 'leader', log: [1, 1, 1, 1, 1] } } },
      text: {
        en: 'Node 1 is cut off and does not know it. It takes three more commands into its log, which reach nobody: like (d), it has entries too many.',
        zh: '节点 1 被隔离而不自知。它又把三条命令写入日志，却送不到任何节点：正如图中的 (d)，它的日志多出了几条。',
      },
    },
    {
      when: { nodes: { 1: { log: [1, 1, 1, 1, 1] }, 2: { role: 'leader', epoch: 2, log: [1, 1, 2, 2] } } },
      text: {
        en: 'Node 2 leads term 2 and appends its own entries. From slot 3 on, the logs of nodes 1 and 2 have nothing in common.',
        zh: '节点 2 成为任期 2 的领导者并追加自己的日志。从第 3 个位置起，节点 1 与节点 2 的日志毫无共同之处。',
      },
    },
    {
      when: { nodes: { 1: { role: 'follower', epoch: 2, log: [1, 1, 2, 2] } } },
      text: {
        en: 'The link is back. Node 2 sends what follows entry 4, node 1 refuses since it has no such entry of term 2, and says where its logs may still match. One message later its three entries are replaced.',
        zh: '链路恢复。节点 2 发送第 4 条之后的内容；节点 1 没有任期 2 的第 4 条，于是拒绝，并告知从哪里起可能一致。再经过一条消息，它那三条日志就被替换。',
      },
    },
    {
      when: { nodes: { 4: { role: 'follower', epoch: 2, log: [1, 1, 2, 2] } } },
      text: {
        en: 'Node 4 has started again, and the same rule fills its log: go back to the last entry that is equal, then send everything behind it. A leader never changes its own log for that.',
        zh: '节点 4 重新启动，同样的规则补齐它的日志：领导者退回到最后一条相同的日志，再发送其后的全部内容。它从不为此改动自己的日志。',
      },
    },
  ],
  next: {
    en: 'Take over at stop 3 and crash node 2. Whom may node 1 ask for votes now, and who refuses?',
    zh: '在第 3 步接管并让节点 2 崩溃。此时节点 1 能向谁拉票？谁会拒绝？',
  },
};
