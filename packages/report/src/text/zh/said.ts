import type { Translation } from '../catalogue.ts';
import type { said as english } from '../en/said.ts';

export const said: Translation<typeof english> = {
  'said.raft': 'Raft',
  'said.twoPhaseCommit': '两阶段提交（推定中止）',
  'said.theory': '理论值出处：{source}。',
  'said.middleRun': '时间线取自种子 {seed}，即居中的那次运行。',
  'said.allReplicas': '需要所有副本：崩溃的副本恢复之前，什么也无法决定。',
  'said.majority': '需要多数派：其余节点选出新的领导者后即可继续。',
  'said.neitherSide': '需要所有副本：分区期间两侧都无法写入。',
  'said.largerSide': '需要多数派：较大的一侧选出新领导者后继续工作，较小的一侧停止。',
  'said.latenciesAt': '延迟取自每秒施加 {rate} 个操作时。',
  'said.closedLoop': '闭环：{clients} 个客户端，各自做完一个操作再做下一个。',
  'said.interrupted': '已中断：{seeds} 个种子中缺 {missing} 个。',
  'said.leads': '节点 {node} 成为领导者，任期（纪元）{epoch}',
  'said.slowDisk': '{role}的磁盘变慢',
  'said.crashes': '{role}崩溃',
  'said.leader': '领导者',
  'said.coordinator': '协调者',
  'said.startsAgain': '重新启动',
  'said.splits': '网络分裂：{sides}',
  'said.heals': '网络恢复',
};
