import type { Translation } from '../catalogue.ts';
import type { said as english } from '../en/said.ts';

export const said: Translation<typeof english> = {
  'said.raft': 'Raft',
  'said.atMoment': '{what}（节点 {node}，{time} ms 时）',
  'said.decidedOtherwise': '{slot}：节点 {first} 的决定是{one}，节点 {second} 的决定却是{other}',
  'said.oneDecision': '任何两个节点都不会作出不同的决定',
  'said.committed': '提交',
  'said.aborted': '中止',
  'said.countedEarlier': '任期 {term} 的领导者 {node} 靠计数提交了任期 {earlier} 的第 {slot} 条日志',
  'said.twoPhaseCommit': '两阶段提交（推定中止）',
  'said.oneClient': '1 个客户端',
  'said.clients': '{n} 个客户端',
  'said.nodes': '{n} 个节点',
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
  'said.bound': '下界：与{quorum}往返 {trips} 次；{where}（{source}）。',
  'said.allOfThem': '所有副本',
  'said.aMajority': '多数派',
  'said.ownReplica': '由客户端所在的副本担任协调者',
  'said.asksLeader': '客户端向领导者发请求，无论它在哪里',
  'said.realClosed': '真实进程：闭环，每个客户端做完一个操作再做下一个。',
  'said.nodeCrashes': '节点 {node} 崩溃',
  'said.over': '{what}：结束',
  'said.floor': '极限程序',
  'said.postgresql': 'PostgreSQL（两阶段提交）',
  'said.peerIs': '{peer}。真实进程：闭环，每个客户端做完一个操作再做下一个。',
  'said.floorOn': '极限程序，运行于 Node {version}',
  'said.postgresqlIs': 'PostgreSQL（两阶段提交）{version}',
  'said.etcdNote': 'etcd：通过四个 HTTP/2 连接向领导者发 KV/Put；所有设置均为默认值。',
  'said.zooKeeperNote':
    'ZooKeeper：通过与领导者的四个会话对已有 znode 执行 setData；forceSync 开启，其余设置为默认值；堆为 1000 MB。',
  'said.postgresqlNote':
    'PostgreSQL：在每台服务器上依次执行 BEGIN、对已有行的 UPDATE 和 PREPARE TRANSACTION，然后 COMMIT PREPARED；到每台服务器有 32 个和 16 个连接；fsync 与 synchronous_commit 开启，max_prepared_transactions 调高，其余设置为默认值。协调者是 Quorate 自己的，运行在负载进程之内，决定落盘之后才应答；它的处理器时间算作负载的，它的强制写没有计入。',
  'said.postgresqlCaveat':
    'PostgreSQL 的强制写不包括其协调者的日志：协调者是 Quorate 自己的，运行在负载进程之内，处理器时间也算作负载的。',
  'said.floorNote':
    '极限程序：不是协议，而是协议至少要做的事：领导者把客户端的帧原样同时发给跟随者和自己的磁盘，所有副本都就地写入预先建好的文件（O_DSYNC，同时有两个写入在途），多数派写完即应答。没有选举、会话、状态机和读操作；一旦崩溃，全部丢失。',
  'said.peerMissing': '{peer}：本机没有安装；需要：{what}。',
  'said.debianPackage': 'Debian 软件包 {name}',
  'said.peerFailed': '{peer}：没有启动：{why}。',
  'said.inMemory':
    '临时文件夹在内存中（{fileSystem}）：那里没有任何内容是持久的，强制写不花任何代价。请把 TMPDIR 设为磁盘上的文件夹。',
  'said.fastDisk': '一次强制写只需 {time} µs：磁盘似乎并没有等到数据真正持久。',
  'said.busyDisk': '每百次强制写就有一次需要 {slow} µs，而中位数为 {time} µs：磁盘繁忙，或与他人共用。',
  'said.busy': '其他程序占用了本机 {share} 的处理器时间。',
  'said.stolen': '{share} 的处理器时间被分给了同一宿主机上的其他虚拟机。',
  'said.away': '一个从不等待的循环，有 {share} 的时间没有得到运行。',
  'said.oneProcessor': '所有副本及其客户端只有一个处理器。',
  'said.steady':
    '局域网，每个副本各有一台服务器和一块 SSD，键均匀分布，客户端分散在各节点旁。开环：按种子生成泊松到达；延迟从预定的开始时刻算起；每档负载的前 20 % 不计；始终未得到应答的请求至少按 5 秒超时计；拒绝（中止）另行统计。吞吐量取完成速率最高的那档负载，以其中间五分之三的完成速率为准；负载逐档升高，直到毫无希望为止。闭环：固定数量的客户端，各自做完一个操作再做下一个。',
  'said.cost':
    '一个客户端位于领导者旁（没有领导者时位于某个节点旁），逐个发出写操作；处理器和磁盘不耗时，链路延迟固定。按因果关系从完整的轨迹中计数。不计：心跳、发给自己的消息，以及双方都已知道结果时的消息（对决议的确认）。一次同步即使覆盖多条强制记录，每条也都计入。',
  'said.leaderCrash':
    '局域网，每秒施加 {rate} 个操作，其中一半是读。约第 3 秒时，领导者（没有领导者时为节点 1）断电，未同步的内容丢失；此前它的磁盘已变慢 {failing} ms；{seconds} 秒后重新启动。首次决议：从崩溃到任何一处恢复提交为止。不可用时间：崩溃之后没有写操作得到应答的最长时间（读另计）。存疑时间：参与者持有锁的最长时间。',
  'said.partition':
    '局域网，每秒施加 {rate} 个操作，其中一半是读，两侧都有客户端。约第 3 秒时，领导者（没有领导者时为节点 1）与若干跟随者（合起来仍是少数派）同其余节点隔断 {seconds} 秒；客户端只能到达自己一侧。速率指分区期间完成的操作；比例指分区期间提出的请求中，在网络恢复前完成或被拒绝的部分，其余没有得到应答。不可用时间：该侧没有写操作得到应答的最长时间。恢复时间：从网络恢复到两侧各有客户端就此后提出的请求得到应答为止。',
  'said.wan':
    '副本和客户端位于 {regions}；单程延迟取实测往返时间的一半，超时为局域网的 {scale} 倍，每秒施加 {rate} 个写操作，开环。若有领导者，则是 {first} 的副本：它的时钟走得快，直到当选为止。下界只计协议必须等待的往返，此外什么也不计。',
  'said.guarantees':
    '每个种子、每类故障单独运行：虚拟时间 {seconds} 秒，该类故障、参数与负载都由种子抽取（swarm 测试）。每一步之后检查不变式与一致性，对整个历史检查线性一致性；所有故障消除之后，每个节点都必须重新应答。',
  'said.realSteady':
    '每个副本一个进程，经本机回环通信，每次写入在确认之前都已持久化。同一台机器上的一个负载进程经流水线连接维持 {clients} 个客户端的闭环。所有系统同时运行、轮流受测：先以 {warmUpClients} 个客户端预热至少 {warmUp} ms（不计入），此后每轮中每档负载各一次，去掉开头的 {settling} ms 后测量 {measured} ms。最后，各协议再承受一次混合负载，并检查其历史。处理器时间、字节数和强制写按整段负载统计，折算到每个操作。',
  'said.realCrash':
    '每个副本一个进程；每秒施加 {rate} 个操作（开环），其中一半是读。{at} 秒后对领导者（或某个协调者）发送 SIGKILL，{seconds} 秒后重新启动。不可用时间：终止之后没有写操作得到应答的最长时间。',
};
