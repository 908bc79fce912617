import { NO_BYTES, packBatch } from '@quorate/interface';
import type { AppendEntries, AppendEntriesResponse, RaftMessage, RequestVote } from '../src/index.ts';
import type { Cluster, Packet } from './harness.ts';

export function appendEntries(
  term: number,
  prevLogIndex: number,
  prevLogTerm: number,
  terms: readonly number[] = [],
  leaderCommit = 0,
): AppendEntries {
  const first = prevLogIndex + 1;
  const entries = packBatch(
    terms.map((epoch, i) => ({ slot: first + i, epoch, tag: 0, command: NO_BYTES })),
    first,
  );
  return { type: 'AppendEntries', term, prevLogIndex, prevLogTerm, entries, leaderCommit, readRound: 0 };
}

export function requestVote(term: number, lastLogIndex = 0, lastLogTerm = 0): RequestVote {
  return { type: 'RequestVote', term, lastLogIndex, lastLogTerm };
}

export function success(term: number, matchIndex: number, readRound = 0): AppendEntriesResponse {
  return {
    type: 'AppendEntriesResponse',
    term,
    success: true,
    matchIndex,
    prevLogIndex: 0,
    hintIndex: 0,
    hintTerm: 0,
    readRound,
  };
}

/** Delivers one message to a server and returns what it sends in answer, which is taken off the network. */
export function ask(cluster: Cluster, from: number, to: number, message: RaftMessage): RaftMessage[] {
  const before = cluster.network;
  cluster.network = [];
  cluster.deliver({ from, to, message });
  const answers = cluster.network.map((packet) => packet.message);
  cluster.network = before;
  return answers;
}

export function ofType<T extends RaftMessage['type']>(packets: readonly Packet[], type: T) {
  return packets
    .map((packet) => packet.message)
    .filter((message): message is Extract<RaftMessage, { type: T }> => message.type === type);
}
