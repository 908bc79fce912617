import type { LocalText } from '@quorate/interface';

/** What each planted bug does, by its name in `@quorate/raft/mutants`. */
export const bugs: Readonly<Record<string, LocalText>> = {
  'vote-not-saved': {
    en: 'a vote is forgotten in a crash (Figure 2)',
    zh: '崩溃后忘记投过的票（图 2）',
  },
  'vote-for-any-log': {
    en: 'votes are given to any log, however old (§5.4.1)',
    zh: '无论对方日志多旧都投票（§5.4.1）',
  },
  'vote-by-log-length': {
    en: 'logs are compared by length alone, not by last term (§5.4.1)',
    zh: '只比较日志长度，不比较最后的任期（§5.4.1）',
  },
  'second-vote': {
    en: 'two votes are given in one term (§5.2)',
    zh: '同一任期内投两次票（§5.2）',
  },
  'earlier-term-committed-by-counting': {
    en: 'entries of earlier terms are committed by counting (§5.4.2, Figure 8)',
    zh: '靠计数提交以前任期的日志（§5.4.2，图 8）',
  },
  'ack-credited-after-a-b-a': {
    en: 'an acknowledgement of an earlier term still counts',
    zh: '以前任期的确认仍被计入',
  },
  'leader-counts-own-disk-early': {
    en: 'the leader counts itself before its disk is done (dissertation §10.2.1)',
    zh: '领导者在自己落盘之前就把自己计入（博士论文 §10.2.1）',
  },
  'follower-acks-before-fsync': {
    en: 'followers acknowledge before their disk is done (Figure 2)',
    zh: '跟随者在落盘之前就确认（图 2）',
  },
  'logs-not-compared': {
    en: 'followers do not compare the entry before the new ones (§5.3)',
    zh: '跟随者不比较新日志之前的那一条（§5.3）',
  },
  'commit-past-last-new-entry': {
    en: 'a heartbeat commits entries that were never compared (Figure 2)',
    zh: '心跳提交了从未比较过的日志（图 2）',
  },
  'truncate-on-any-append': {
    en: 'every AppendEntries cuts the log, conflict or not (Figure 2)',
    zh: '每个 AppendEntries 都截断日志，不论是否冲突（图 2）',
  },
  'stale-read-without-round': {
    en: 'reads are answered without asking a majority (§8)',
    zh: '不询问多数节点就应答读请求（§8）',
  },
  'read-before-own-entry': {
    en: 'a new leader answers reads before it has committed anything (§8)',
    zh: '新领导者尚未提交任何日志就应答读请求（§8）',
  },
  'snapshot-keeps-conflicting-log': {
    en: 'a conflicting log is kept under a snapshot (Figure 13)',
    zh: '安装快照后仍保留冲突的日志（图 13）',
  },
  'no-probing-after-mismatch': {
    en: 'the leader does not go back after a mismatch (§5.3)',
    zh: '日志不匹配时领导者不回退（§5.3）',
  },
};
