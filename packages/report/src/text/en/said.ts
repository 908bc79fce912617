/**
 * Texts that protocols and scenarios write into results, in English, word for word; a test holds them against what a comparison says.
 * Another language tells them again where it recognises them.
 */
export const said = {
  'said.raft': 'Raft',
  'said.twoPhaseCommit': 'Two-phase commit (presumed abort)',
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
} as const;
