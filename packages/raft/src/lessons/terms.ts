import type { Term } from '@quorate/interface';

/** What a reader of a run meets, in words. */
export const terms: Readonly<Record<string, Term>> = {
  epoch: { name: { en: 'term', zh: '任期' } },
  follower: {
    name: { en: 'follower', zh: '跟随者' },
    about: {
      en: 'A follower only answers: leaders and candidates ask (§5.1).',
      zh: '跟随者只作应答，由领导者和候选人发起请求（§5.1）。',
    },
  },
  'pre-candidate': {
    name: { en: 'pre-candidate', zh: '预候选人' },
    about: {
      en: 'It has heard no leader for a while and asks who would vote for it, before it begins a new term (dissertation §9.6).',
      zh: '已有一段时间没有听到领导者，先询问谁愿意投票，再决定是否开始新任期（博士论文 §9.6）。',
    },
  },
  candidate: {
    name: { en: 'candidate', zh: '候选人' },
    about: {
      en: 'It has begun a new term, voted for itself and asks all others for their votes (§5.2).',
      zh: '已开始新任期，给自己投票，并向其他节点拉票（§5.2）。',
    },
  },
  leader: {
    name: { en: 'leader', zh: '领导者' },
    about: {
      en: 'A majority has voted for it, and each votes once in a term: there is no other leader in this term (§5.2).',
      zh: '它获得多数票，而每个节点在一个任期只投一票：此任期不会有别的领导者（§5.2）。',
    },
  },
  election: {
    name: { en: 'election', zh: '选举' },
    about: {
      en: 'No leader was heard for the whole time-out (§5.2); at a leader: time to see whether a majority still answers (dissertation §6.2).',
      zh: '整个超时时间内没有听到领导者（§5.2）；若是领导者：检查多数节点是否仍有应答（博士论文 §6.2）。',
    },
  },
  heartbeat: {
    name: { en: 'heartbeat', zh: '心跳' },
    about: { en: 'The leader lets itself be heard (§5.2).', zh: '领导者报告自己仍在（§5.2）。' },
  },
  'voted for': { name: { en: 'voted for', zh: '投票给' } },
  nobody: { name: { en: 'nobody', zh: '无' } },
  commitIndex: { name: { en: 'commitIndex', zh: '提交位置 commitIndex' } },
  snapshot: { name: { en: 'snapshot', zh: '快照' } },
};
