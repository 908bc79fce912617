import type { Term } from '@quorate/interface';

/** What a reader of a run meets, in words. */
export const terms: Readonly<Record<string, Term>> = {
  ready: {
    name: { en: 'ready', zh: '就绪' },
    about: {
      en: 'No transaction keeps this node in doubt for long.',
      zh: '没有事务让该节点长时间处于存疑状态。',
    },
  },
  'in doubt': {
    name: { en: 'in doubt', zh: '存疑' },
    about: {
      en: 'It has voted yes and hears no decision: it may neither commit nor abort, and keeps its locks. It is blocked (Bernstein et al. 1987, ch. 7).',
      zh: '它已投赞成票却没有听到决定：既不能提交也不能中止，锁也不能释放：它被阻塞了（Bernstein 等 1987，第 7 章）。',
    },
  },
  coordinator: {
    name: { en: 'coordinator', zh: '协调者' },
    about: { en: 'The coordinator has waited long enough.', zh: '协调者等待得够久了。' },
  },
  participant: {
    name: { en: 'participant', zh: '参与者' },
    about: {
      en: 'A participant has waited long enough: before its vote it aborts, after a yes it can only ask.',
      zh: '参与者等待得够久了：投票之前可以中止，投赞成票之后就只能询问。',
    },
  },
  incarnation: { name: { en: 'incarnation', zh: '启动次数' } },
  'collecting votes': { name: { en: 'collecting votes', zh: '正在收集投票' } },
  'collecting acks': { name: { en: 'collecting acks', zh: '正在收集确认' } },
  'waiting for locks': { name: { en: 'waiting for locks', zh: '等待锁' } },
  'in doubt too long': { name: { en: 'in doubt too long', zh: '存疑过久' } },
  WORKING: { name: { en: 'WORKING (waits for locks)', zh: 'WORKING（等待锁）' } },
  PREPARED: { name: { en: 'PREPARED (in doubt)', zh: 'PREPARED（存疑）' } },
};
