import type { LessonFault } from '@quorate/interface';

/** Raft as in the paper: elections without asking first, leaders that stay until they hear of a later term, and no time-out by itself. */
export const PLAIN: Readonly<Record<string, number>> = { preVote: 0, checkQuorum: 0, electionTimeout: 5000 };

/** The node's time-out is over: how a lesson decides who stands for election when. */
export function stands(at: number, node: number): LessonFault {
  return { at, kind: 'clock-jump', node, milliseconds: 10_000 };
}

/** A crash; `for` absent: it stays down. */
export function crash(at: number, node: number, span?: number): LessonFault {
  const what = { kind: 'crash', node, lostWrites: false, tornWrites: false };
  return span === undefined ? { at, ...what } : { at, for: span, ...what };
}
