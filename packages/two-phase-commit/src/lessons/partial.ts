import type { Lesson } from '@quorate/interface';

/** A decision that reached only some: cooperative termination, Bernstein, Hadzilacos & Goodman 1987, ch. 7. */
export const partial: Lesson = {
  name: 'partial-commit',
  title: { en: 'A commit that reached only one', zh: '只送达一个节点的提交' },
  question: {
    en: 'The coordinator dies after it told one participant and not the other. Must the other wait for it?',
    zh: '协调者告知了一个参与者、尚未告知另一个就宕机。另一个必须等它恢复吗？',
  },
  source: 'Bernstein, Hadzilacos & Goodman 1987, ch. 7, cooperative termination',
  run: {
    nodes: 3,
    seed: 1,
    milliseconds: 960,
    faults: [
      { at: 45, for: 855, kind: 'cut', from: [1], to: [3] },
      { at: 60, for: 800, kind: 'crash', node: 1, lostWrites: false, tornWrites: false },
    ],
    requests: [{ at: 20, node: 1, operation: { kind: 'put', key: 'x', value: '1' } }],
  },
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
        en: 'T1.1 is committed: the client knows, and node 2 knows. Node 3 does not, because its link from the coordinator is cut, and now the coordinator is dead.',
        zh: 'T1.1 已提交：客户端知道，节点 2 也知道。节点 3 不知道，因为从协调者到它的链路被切断，而现在协调者已宕机。',
      },
    },
    {
      when: { nodes: { 3: { role: 'in doubt' } } },
      text: {
        en: 'Node 3 has waited too long and asks the coordinator. No answer comes. It keeps the lock on x.',
        zh: '节点 3 等待过久，询问协调者，没有回音。它继续持有 x 的锁。',
      },
    },
    {
      when: { nodes: { 1: { up: false }, 3: { role: 'ready', details: { 'in doubt': 0 } } } },
      text: {
        en: 'In its second round node 3 asks all participants that its PREPARED record lists. Node 2 has committed and says so: that is enough, and node 3 commits without the coordinator.',
        zh: '第二轮中，节点 3 询问其 PREPARED 记录所列的全部参与者。节点 2 已提交并如实相告：这就够了，节点 3 无需协调者即可提交。',
      },
    },
    {
      when: { nodes: { 1: { up: true, role: 'ready' }, 3: { role: 'ready' } } },
      text: {
        en: 'The coordinator is back. Its COMMIT record tells it what it had decided; it repeats the decision until all have acked. All three have x = 1.',
        zh: '协调者恢复。COMMIT 记录告诉它曾作出的决定；它重复通知，直到所有节点确认。三个节点都有 x = 1。',
      },
    },
  ],
  next: {
    en: 'Take over at stop 2 and crash node 2 too. Now nobody knows, and node 3 is blocked.',
    zh: '在第 2 步接管，让节点 2 也崩溃。现在无人知晓，节点 3 被阻塞。',
  },
};
