import type { Trace } from './trace.ts';

/** What the decisions of one traced run cost, each a mean over the operations counted. */
export interface MeasuredCosts {
  readonly operations: number;
  readonly messagesPerDecision: number;
  /** Virtual time from invoke to return, in units of the link delay. */
  readonly delaysPerDecision: number;
  /** Forced records in the answer's causal past. */
  readonly forcedWritesPerDecision: number;
  readonly forcedWritesInAll: number;
}

interface Tally {
  /** Nodes that know the outcome. */
  readonly decided: Set<number>;
  invoked: number;
  returned: number;
  messages: number;
  forced: number;
  forcedBefore: number;
}

/**
 * Counts, from a full trace of a run with one request at a time, what each answered operation cost. Messages to self do not appear in
 * a trace, and what timers caused has no operation as its cause, so heartbeats are not counted. A message between two nodes that have
 * both decided already changes nothing (2PC's acks) and is not counted, as in the literature. A forced record counts before the answer
 * only where it happened before it in Lamport's sense: at the answering node, or known to it through a chain of messages.
 *
 * @param linkDelay the fixed one-way delay of every link, microseconds
 * @param skip how many operations at the beginning to leave out (elections, cold caches)
 */
export function costs(trace: Trace, linkDelay: number, skip = 1): MeasuredCosts {
  const tallies = new Map<number, Tally>();
  const known = new Map<number, Set<string>>(); // node → forced writes in its causal past, of operations still open
  const unsynced = new Map<number, { sequence: number; label: string }[]>();
  const decidedSlots = new Map<number, Tally | undefined>(); // slot → the operation under way when it was first decided
  let latest: Tally | undefined;
  const carried = new Map<number, string[]>(); // message → its sender's causal past when it left
  const past = (node: number): Set<string> => known.get(node) ?? known.set(node, new Set()).get(node)!;

  for (const event of trace) {
    switch (event.kind) {
      case 'invoke':
        latest = {
          decided: new Set(),
          invoked: event.time,
          returned: -1,
          messages: 0,
          forced: 0,
          forcedBefore: 0,
        };
        tallies.set(event.a, latest);
        known.clear();
        break;
      case 'send': {
        const tally = tallies.get(event.d);
        if (tally === undefined) break;
        if (!tally.decided.has(event.node) || !tally.decided.has(event.a)) tally.messages++;
        carried.set(event.b, [...past(event.node)]);
        break;
      }
      case 'deliver': {
        const sent = carried.get(event.b);
        if (sent === undefined) break;
        for (const label of sent) past(event.node).add(label);
        carried.delete(event.b);
        break;
      }
      case 'write': {
        const tally = tallies.get(event.c);
        if (tally === undefined || event.b === 0) break;
        tally.forced++;
        const waiting = unsynced.get(event.node) ?? [];
        waiting.push({ sequence: event.a, label: `${event.c}/${event.node}/${event.a}` });
        unsynced.set(event.node, waiting);
        break;
      }
      case 'sync': {
        const waiting = unsynced.get(event.node) ?? [];
        while (waiting.length > 0 && waiting[0]!.sequence <= event.a)
          past(event.node).add(waiting.shift()!.label);
        break;
      }
      case 'decide': {
        if (!decidedSlots.has(event.a)) decidedSlots.set(event.a, latest);
        decidedSlots.get(event.a)?.decided.add(event.node);
        break;
      }
      case 'respond': {
        const tally = tallies.get(event.d);
        if (tally === undefined) break;
        tally.forcedBefore = 0;
        for (const label of past(event.node)) if (label.startsWith(`${event.d}/`)) tally.forcedBefore++;
        break;
      }
      case 'return': {
        const tally = tallies.get(event.a);
        if (tally !== undefined && event.b === 0) tally.returned = event.time;
        break;
      }
    }
  }
  const counted = [...tallies.values()].filter((tally) => tally.returned >= 0).slice(skip);
  const mean = (of: (tally: Tally) => number): number =>
    counted.length === 0 ? Number.NaN : counted.reduce((sum, tally) => sum + of(tally), 0) / counted.length;
  return {
    operations: counted.length,
    messagesPerDecision: mean((tally) => tally.messages),
    delaysPerDecision: mean((tally) => (tally.returned - tally.invoked) / linkDelay),
    forcedWritesPerDecision: mean((tally) => tally.forcedBefore),
    forcedWritesInAll: mean((tally) => tally.forced),
  };
}
