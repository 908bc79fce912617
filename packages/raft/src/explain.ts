import type { Language } from '@quorate/interface';
import type { RaftMessage } from './messages.ts';

/** One sentence on a message for a reader of a trace, with its place in the paper. */
export function explain(message: RaftMessage, language: Language = 'en'): string {
  return language === 'zh' ? inChinese(message) : inEnglish(message);
}

function inEnglish(message: RaftMessage): string {
  switch (message.type) {
    case 'RequestVote':
      return `Asks for a vote in term ${message.term}; its log ends at ${message.lastLogIndex} of term ${message.lastLogTerm} (§5.2, §5.4.1).`;
    case 'RequestVoteResponse':
      return message.voteGranted
        ? `Gives its one vote of term ${message.term} (§5.2).`
        : `Refuses its vote; its term is ${message.term} (§5.2, §5.4.1).`;
    case 'PreVote':
      return `Asks who would vote for it in term ${message.term + 1}, before it starts that term (dissertation §9.6).`;
    case 'PreVoteResponse':
      return message.voteGranted
        ? `Would vote for it in term ${message.askedTerm + 1} (dissertation §9.6).`
        : `Would not vote for it: it hears a leader or has the newer log (dissertation §9.6).`;
    case 'AppendEntries': {
      const { entries, prevLogIndex, leaderCommit } = message;
      if (entries.count === 0)
        return `Heartbeat of term ${message.term}; committed up to ${leaderCommit} (§5.2).`;
      const last = entries.first + entries.count - 1;
      const what = entries.count === 1 ? `Entry ${last}` : `Entries ${entries.first} to ${last}`;
      const where =
        prevLogIndex === 0
          ? 'at the start of the log'
          : `right after entry ${prevLogIndex} of term ${message.prevLogTerm}`;
      return `${what}, to stand ${where}; committed up to ${leaderCommit} (§5.3).`;
    }
    case 'AppendEntriesResponse':
      return message.success
        ? `Its log is durable and equal to the leader's up to ${message.matchIndex} (§5.3).`
        : `Refuses: it lacks entry ${message.prevLogIndex} as the leader has it, or is in a later term (its term is ${message.term}); try from ${message.hintIndex} (§5.3).`;
    case 'InstallSnapshot':
      return `The state up to ${message.lastIncludedIndex} instead of entries that are compacted away (§7).`;
    default:
      return message satisfies never;
  }
}

function inChinese(message: RaftMessage): string {
  switch (message.type) {
    case 'RequestVote':
      return `请求任期 ${message.term} 的选票；其日志止于任期 ${message.lastLogTerm} 的第 ${message.lastLogIndex} 条（§5.2、§5.4.1）。`;
    case 'RequestVoteResponse':
      return message.voteGranted
        ? `投出任期 ${message.term} 中唯一的一票（§5.2）。`
        : `拒绝投票；自己的任期是 ${message.term}（§5.2、§5.4.1）。`;
    case 'PreVote':
      return `在开始任期 ${message.term + 1} 之前，先询问谁愿意投票给自己（博士论文 §9.6）。`;
    case 'PreVoteResponse':
      return message.voteGranted
        ? `愿意在任期 ${message.askedTerm + 1} 投票给它（博士论文 §9.6）。`
        : '不愿投票给它：仍能听到领导者，或自己的日志更新（博士论文 §9.6）。';
    case 'AppendEntries': {
      const { entries, prevLogIndex, leaderCommit } = message;
      if (entries.count === 0) return `任期 ${message.term} 的心跳；已提交至第 ${leaderCommit} 条（§5.2）。`;
      const last = entries.first + entries.count - 1;
      const what = entries.count === 1 ? `第 ${last} 条日志` : `第 ${entries.first} 至 ${last} 条日志`;
      const where =
        prevLogIndex === 0
          ? '放在日志开头'
          : `应紧接在任期 ${message.prevLogTerm} 的第 ${prevLogIndex} 条之后`;
      return `${what}，${where}；已提交至第 ${leaderCommit} 条（§5.3）。`;
    }
    case 'AppendEntriesResponse':
      return message.success
        ? `其日志直到第 ${message.matchIndex} 条都已落盘，并与领导者一致（§5.3）。`
        : `拒绝：它没有与领导者相同的第 ${message.prevLogIndex} 条，或已处于更高的任期（其任期为 ${message.term}）；请从第 ${message.hintIndex} 条再试（§5.3）。`;
    case 'InstallSnapshot':
      return `用截至第 ${message.lastIncludedIndex} 条的状态快照代替已被压缩的日志（§7）。`;
    default:
      return message satisfies never;
  }
}
