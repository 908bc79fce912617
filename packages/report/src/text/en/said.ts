/**
 * Texts that protocols and scenarios write into results, in English, word for word; a test holds them against what a comparison says.
 * Another language tells them again where it recognises them.
 */
export const said = {
  'said.raft': 'Raft',
  'said.atMoment': '{what} (node {node}, at {time} ms)',
  'said.decidedOtherwise': 'slot {slot}: node {first} decided {one}, node {second} decides {other}',
  'said.oneDecision': 'no two nodes decide differently',
  'said.committed': 'committed',
  'said.aborted': 'aborted',
  'said.countedEarlier': 'leader {node} of term {term} committed entry {slot} of term {earlier} by counting',
  'said.twoPhaseCommit': 'Two-phase commit (presumed abort)',
  'said.oneClient': '1 client',
  'said.clients': '{n} clients',
  'said.nodes': '{n} nodes',
  'said.theory': 'Theory: {source}.',
  'said.middleRun': 'The timeline is that of seed {seed}, the median run.',
  'said.allReplicas': 'Needs every replica: nothing can be decided until the crashed one is back.',
  'said.majority': 'Needs a majority: the others go on once they have found a new leader.',
  'said.neitherSide': 'Needs every replica: neither side can write during the split.',
  'said.largerSide': 'Needs a majority: the larger side goes on with a new leader, the smaller one stops.',
  'said.latenciesAt': 'Latencies are those at {rate} operations offered per second.',
  'said.closedLoop': 'Closed loop: {clients} clients, each with one operation after another.',
  'said.interrupted': 'Interrupted: {missing} of {seeds} seeds are missing.',
  'said.leads': 'node {node} leads, epoch {epoch}',
  'said.slowDisk': "the {role}'s disk grows slow",
  'said.crashes': 'the {role} crashes',
  'said.leader': 'leader',
  'said.coordinator': 'coordinator',
  'said.startsAgain': 'it starts again',
  'said.splits': 'the network splits: {sides}',
  'said.heals': 'the network heals',
  'said.bound': 'Bound: {trips} round trip(s) to {quorum}; {where} ({source}).',
  'said.allOfThem': 'all replicas',
  'said.aMajority': 'a majority',
  'said.ownReplica': "the client's own replica coordinates",
  'said.asksLeader': 'the client asks the leader, wherever it is',
  'said.realClosed': 'With real processes: closed loops, every client with one operation after another.',
  'said.nodeCrashes': 'node {node} crashes',
  'said.over': 'over: {what}',
  'said.floor': 'Floor program',
  'said.postgresql': 'PostgreSQL (two-phase commit)',
  'said.peerIs': '{peer}. With real processes: closed loops, every client with one operation after another.',
  'said.floorOn': 'Floor program on Node {version}',
  'said.postgresqlIs': 'PostgreSQL (two-phase commit) {version}',
  'said.etcdNote': 'etcd: KV/Put over four HTTP/2 connections to the leader; all settings are the defaults.',
  'said.zooKeeperNote':
    'ZooKeeper: setData of existing znodes, over four sessions at the leader; forceSync on, other settings are the defaults; heap of 1000 MB.',
  'said.postgresqlNote':
    'PostgreSQL: BEGIN, UPDATE of a row that exists and PREPARE TRANSACTION on every server, then COMMIT PREPARED; over 32 and 16 connections to each; fsync and synchronous_commit on, max_prepared_transactions raised, other settings are the defaults. Quorate’s own coordinator leads it from within the load’s process and answers once its decision is on its disk; its processor time is the load’s, and its forced writes are not among those counted.',
  'said.postgresqlCaveat':
    'PostgreSQL’s forced writes leave out the log of its coordinator, which is Quorate’s own and runs within the load’s process: its processor time counts as the load’s.',
  'said.floorNote':
    'Floor program: no protocol, but the least that one has to do: the leader sends clients’ frames as they are to its followers and to its own disk at once, all write them in place to a file made beforehand (O_DSYNC, two writes under way), and it answers when a majority has. No elections, sessions, state machine or reads; a crash loses everything.',
  'said.peerMissing': '{peer}: not installed here; needed: {what}.',
  'said.debianPackage': 'the Debian package {name}',
  'said.peerFailed': '{peer}: did not start: {why}.',
  'said.inMemory':
    'The temporary folder is in memory ({fileSystem}): nothing is durable there, and forced writes cost nothing. Set TMPDIR to a folder on a disk.',
  'said.fastDisk': 'A forced write takes {time} µs: the disk does not seem to wait for anything durable.',
  'said.busyDisk':
    'One forced write in a hundred takes {slow} µs, the median {time} µs: the disk is busy, or shared.',
  'said.busy': "Other programs use {share} of this machine's processors.",
  'said.stolen': "{share} of the processors' time is given to other machines on the same host.",
  'said.away': 'A loop that never waits did not run for {share} of its time.',
  'said.oneProcessor': 'There is one processor for all replicas and their clients.',
  'said.steady':
    'LAN, a server and an SSD for each replica, uniform keys, clients spread over the nodes. Open loop: seeded Poisson arrivals; latency from the intended start; the first 20 % of each load is discarded; what is never answered counts as the time-out of 5 s at least; refusals (aborts) are counted apart. Throughput is the rate at which the middle three fifths of a load were carried out, at the load where it is highest; loads rise until one is hopeless. Closed loop: so many clients, each with one operation after another.',
  'said.cost':
    'One client beside the leader (beside one node where there is none) writes, one operation after another, with free processors and disks and a fixed link delay. Counted from the full trace by cause. Left out: heartbeats, messages to self, and messages between two nodes that both know the outcome already (acknowledgements of a decision). A forced record counts even when one sync covers several.',
  'said.leaderCrash':
    'LAN, {rate} operations offered per second, half of them reads. At about 3 s the leader (node 1 where nobody leads), whose disk has been slow for {failing} ms, loses power with what was not synced, and starts again {seconds} s later. First decision: from the crash until commits go on, anywhere. Unavailable: the longest time after the crash without an answered write (reads apart). In doubt: the longest time that a participant held locks.',
  'said.partition':
    'LAN, {rate} operations offered per second, half of them reads, clients on both sides. At about 3 s the leader (node 1 where nobody leads) and as many followers as still make a minority are cut off from the rest, for {seconds} s; a client reaches only its own side. Rates are of what was carried out during the split; of what was asked in it, shares were carried out or refused before the healing, the rest got no answer. Unavailable: the longest time without an answered write on that side. Recovery: from the healing until a client of each side was answered something that it asked after it.',
  'said.wan':
    'Replicas and clients in {regions}; half of the round trips measured between them each way, timeouts {scale} times those of a LAN, {rate} writes offered per second, open loop. Where somebody leads, it is the replica of {first}: its clock runs fast until it is elected. The bound counts the round trips that the protocol must wait for, and nothing else.',
  'said.guarantees':
    'For each seed and each class of faults alone: {seconds} s of virtual time, with faults of the class, knobs and load drawn from the seed (swarm). Invariants and agreement are checked after every step, linearizability over the whole history; when all faults are healed, every node must answer again.',
  'said.realSteady':
    'One process for each replica, on loopback, every write durable before it is acknowledged. Closed loop of {clients} clients over pipelined connections from one load process on the same machine. All systems run at once and take turns: after {warmUp} ms or more at {warmUpClients} clients, which are not measured, each has every load once in each round, for {measured} ms after {settling} ms that are left out. Then, for protocols, a mixed load, whose history is checked. Processor time, bytes and forced writes are counted over whole loads, per operation.',
  'said.realCrash':
    'One process for each replica; {rate} operations offered per second (open loop), half of them reads. SIGKILL for the leader (or a coordinator) after {at} s, started again {seconds} s later. Unavailable: the longest time after the kill without an answered write.',
} as const;
