import type { Lesson, LessonFault } from '@quorate/interface';

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

/** Figure 8, (a) to (c), up to where node 1 leads term 3. */
export const FIGURE_8: readonly LessonFault[] = [
  stands(10, 1),
  { at: 100, for: 45, kind: 'cut', from: [1], to: [3, 4, 5] },
  crash(140, 1, 160),
  stands(160, 5),
  { at: 175, for: 50, kind: 'cut', from: [5], to: [1, 2, 3, 4] },
  crash(220, 5, 280),
  stands(310, 1),
  stands(350, 1),
];

/** The write that becomes entry 2 of Figure 8. */
export const FIGURE_8_REQUESTS: Lesson['run']['requests'] = [
  { at: 110, node: 1, operation: { kind: 'put', key: 'x', value: '1' } },
];
