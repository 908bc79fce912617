/**
 * Texts that protocols and scenarios write into results, in English, word for word; a test holds them against what a comparison says.
 * Another language tells them again where it recognises them.
 */
export const said = {
  'said.raft': 'Raft',
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
