import type { LocalText } from '@quorate/interface';

/** What each planted bug does, by its name in `@quorate/two-phase-commit/mutants`. */
export const bugs: Readonly<Record<string, LocalText>> = {
  'unilateral-abort-in-doubt': {
    en: 'who is in doubt for too long aborts alone',
    zh: '存疑过久的节点自行中止',
  },
  'yes-not-logged': {
    en: 'a yes leaves before it is on disk',
    zh: '赞成票尚未落盘就发出',
  },
  'decision-sent-before-logged': {
    en: 'a commit is told before it is on disk',
    zh: '提交尚未落盘就通知他人',
  },
  'commit-forgotten-early': {
    en: 'a commit is forgotten with its first ack',
    zh: '收到第一个确认就忘掉提交',
  },
  'transaction-id-reused': {
    en: 'a restarted coordinator gives transaction numbers again',
    zh: '协调者重启后重复使用事务编号',
  },
};
