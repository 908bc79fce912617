/**
 * Where protocols have their promises and costs from, and what checks say, in English, word for word, as results hold them; names of authors
 * and papers stay as they are.
 */
export const sources = {
  'said.raftFigure3': 'Raft, Figure 3',
  'said.raftFigure2': 'Raft, Figure 2',
  'said.raftSafety': 'Raft, §5.4.3, State Machine Safety',
  'said.raftReads': 'Raft, §8; reads by read-index: dissertation §6.4',
  'said.raftSessions': 'Raft, §8; dissertation §6.3',
  'said.raftProgress': 'Raft, §2 and §5.6: while a majority is up and connected; dissertation §6.2 and §9.6',
  'said.raftConvergence':
    'Raft, §5.3: the leader brings every log up to its own, and equal logs make equal states (§2)',
  'said.raftCosts':
    'Raft, §5.3: one round of AppendEntries, which a majority makes durable; the commit index rides on the next message',
  'said.twoPhaseAC1': 'no two decisions on a transaction differ ({source})',
  'said.twoPhaseAC2':
    'commit only where every participant that is not read-only has a durable PREPARED record ({source})',
  'said.twoPhaseAC3': 'PREPARED is left only by a decision that was received or derived ({source})',
  'said.twoPhaseAC4': 'no yes, decision or ack precedes its forced record ({source})',
  'said.twoPhaseAC5': 'whoever is in doubt holds its locks, across restarts ({source})',
  'said.twoPhaseAC6': 'the COMMIT record exists while any participant may inquire ({source})',
  'said.sameSource': 'ibid.',
  'said.allAbove': 'all of the above, after every step',
  'said.twoPhaseAgreement': 'AC1: no two nodes decide differently',
  'said.twoPhaseReads':
    'strict two-phase locking on every replica; reads wait for transactions in doubt (README, Reads)',
  'said.sessions': 'client sessions in the state machine',
  'said.twoPhaseConvergence':
    'AC1 and two-phase locking: the same transactions, and those of one key in the same order',
  'said.twoPhaseBlocks': 'owed only while all are up and connected: 2PC blocks',
  'said.twoPhaseCosts':
    '{source}, coordinator co-located: Prepare, Vote, Decision to n−1 each, acks excluded (they ride with votes); forced: n PREPARED and COMMIT to the answer, n COMMITTED after it',

  'said.seedFound': 'seed {seed}: {detail}',
  'said.atNode': '{detail} (node {node}, at {time} ms)',
  'said.coreHealed': 'nodes {nodes}, healed while all other faults last,',
  'said.allHealed': 'the cluster, all faults healed,',
  'said.noAnswer': '{who} did not answer requests at node {node} within {seconds} s',
  'said.notOneState': '{who} did not reach one state within {seconds} s: {difference}',
  'said.otherEntry': 'slot {slot}: node {node} decides another entry than node {first} did',
  'said.otherOutcome': 'slot {slot}: node {first} decided {outcome}, node {node} decides {other}',
  'said.outOfBounds': 'no answer within the bounds for {count} of {all} parts, the first {name}',
} as const;
