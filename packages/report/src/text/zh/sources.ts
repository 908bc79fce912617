import type { Translation } from '../catalogue.ts';
import type { sources as english } from '../en/sources.ts';

export const sources: Translation<typeof english> = {
  'said.raftFigure3': 'Raft，图 3',
  'said.raftFigure2': 'Raft，图 2',
  'said.raftSafety': 'Raft，§5.4.3，状态机安全（State Machine Safety）',
  'said.raftReads': 'Raft，§8；以 read-index 读：博士论文 §6.4',
  'said.raftSessions': 'Raft，§8；博士论文 §6.3',
  'said.raftProgress': 'Raft，§2 与 §5.6：多数派在线且相互连通时；博士论文 §6.2 与 §9.6',
  'said.raftConvergence': 'Raft，§5.3：领导者使每份日志都与自己的一致，相同的日志得出相同的状态（§2）',
  'said.raftCosts': 'Raft，§5.3：一轮 AppendEntries，由多数派持久化；提交位置随下一条消息送达',
  'said.twoPhaseAC1': '对同一事务的任何两个决定都不会不同（{source}）',
  'said.twoPhaseAC2': '只有当每个非只读参与者都有持久的 PREPARED 记录时才提交（{source}）',
  'said.twoPhaseAC3': '只有凭收到或推断出的决定才能离开 PREPARED 状态（{source}）',
  'said.twoPhaseAC4': '任何赞成票、决定或确认都不早于其强制记录（{source}）',
  'said.twoPhaseAC5': '存疑的节点一直持有它的锁，重启之后也不例外（{source}）',
  'said.twoPhaseAC6': '只要还有参与者可能来询问，COMMIT 记录就一直存在（{source}）',
  'said.sameSource': '同上',
  'said.allAbove': '以上全部，每一步之后都检查',
  'said.twoPhaseAgreement': 'AC1：任何两个节点都不会作出不同的决定',
  'said.twoPhaseReads': '每个副本上的严格两阶段锁；读操作等待存疑的事务（见 README 的 Reads 一节）',
  'said.sessions': '状态机中的客户端会话',
  'said.twoPhaseConvergence': 'AC1 与两阶段锁：事务相同，且涉及同一键的事务次序相同',
  'said.twoPhaseBlocks': '仅当全部节点在线且相互连通时才须做到：两阶段提交会阻塞',
  'said.twoPhaseCosts':
    '{source}，协调者与一个参与者同处：向其余 n−1 个节点各发 Prepare、Vote、Decision，确认不计（随投票捎带）；强制写：应答之前 n 条 PREPARED 和一条 COMMIT，之后 n 条 COMMITTED',

  'said.seedFound': '种子 {seed}：{detail}',
  'said.atNode': '{detail}（节点 {node}，{time} ms 时）',
  'said.coreHealed': '已恢复的节点 {nodes}（其余故障仍在）',
  'said.allHealed': '所有故障都已消除的集群',
  'said.noAnswer': '{who}在 {seconds} 秒内没有应答发往节点 {node} 的请求',
  'said.notOneState': '{who}在 {seconds} 秒内没有达到同一状态：{difference}',
  'said.otherEntry': '槽位 {slot}：节点 {node} 决定的条目与节点 {first} 的不同',
  'said.otherOutcome': '槽位 {slot}：节点 {first} 决定 {outcome}，节点 {node} 却决定 {other}',
  'said.outOfBounds': '{all} 个部分中有 {count} 个在限度内没有得出结论，其中第一个是 {name}',
};
