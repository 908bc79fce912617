import type { Language } from '@quorate/interface';
import type { TwoPhaseCommitMessage } from './messages.ts';
import { transactionName } from './transactions.ts';

/** One sentence on a message for a reader of a trace. */
export function explain(message: TwoPhaseCommitMessage, language: Language = 'en'): string {
  return language === 'zh' ? inChinese(message) : inEnglish(message);
}

function inEnglish(message: TwoPhaseCommitMessage): string {
  switch (message.type) {
    case 'Prepare':
      return `Phase one: the coordinator asks for a vote on ${transactionName(message.slot)} (Gray 1978).`;
    case 'Vote': {
      const name = transactionName(message.slot);
      if (message.vote === 'yes')
        return `Promises to commit ${name} if told to, has forced that promise to disk, and is in doubt from here on (Bernstein et al. 1987, ch. 7).`;
      return message.vote === 'no'
        ? `Refuses ${name}, which will abort.`
        : `Has nothing to commit for ${name} and leaves (Mohan et al. 1986, read-only).`;
    }
    case 'Decision':
      return message.outcome === 'committed'
        ? `Phase two: ${transactionName(message.slot)} is committed; its COMMIT record is durable (Gray 1978).`
        : `${transactionName(message.slot)} is aborted; nobody keeps a record of that (presumed abort, Mohan et al. 1986).`;
    case 'Ack':
      return `Has made ${message.slots.map(transactionName).join(', ')} durable and will never ask about it again (Mohan et al. 1986).`;
    case 'Inquire':
      return `In doubt about ${transactionName(message.slot)}: asks what became of it (cooperative termination, Bernstein et al. 1987, ch. 7).`;
    case 'InquireReply':
      return message.answer === 'undecided'
        ? `Has no information on ${transactionName(message.slot)}: the asker stays blocked.`
        : `${transactionName(message.slot)} is ${message.answer}.`;
    default:
      return message satisfies never;
  }
}

function inChinese(message: TwoPhaseCommitMessage): string {
  switch (message.type) {
    case 'Prepare':
      return `第一阶段：协调者就 ${transactionName(message.slot)} 征求投票（Gray 1978）。`;
    case 'Vote': {
      const name = transactionName(message.slot);
      if (message.vote === 'yes')
        return `承诺一旦得到通知就提交 ${name}，承诺已强制落盘；从此处于存疑状态（Bernstein 等 1987，第 7 章）。`;
      return message.vote === 'no'
        ? `拒绝 ${name}，该事务将中止。`
        : `对 ${name} 没有需要提交的内容，退出（Mohan 等 1986，只读优化）。`;
    }
    case 'Decision':
      return message.outcome === 'committed'
        ? `第二阶段：${transactionName(message.slot)} 已提交；其 COMMIT 记录已落盘（Gray 1978）。`
        : `${transactionName(message.slot)} 已中止；没有人为此留下记录（推定中止，Mohan 等 1986）。`;
    case 'Ack':
      return `已将 ${message.slots.map(transactionName).join('、')} 落盘，今后不会再询问（Mohan 等 1986）。`;
    case 'Inquire':
      return `对 ${transactionName(message.slot)} 存疑，询问其结果（协作终止协议，Bernstein 等 1987，第 7 章）。`;
    case 'InquireReply':
      if (message.answer === 'undecided')
        return `不知道 ${transactionName(message.slot)} 的结果：询问者继续阻塞。`;
      return `${transactionName(message.slot)} ${message.answer === 'committed' ? '已提交' : '已中止'}。`;
    default:
      return message satisfies never;
  }
}
