import type { NodeId } from '@quorate/interface';
import { below, chance, pick, type Random, shuffle } from './draw.ts';
import type { FaultEvent, NodeRef, Role } from './events.ts';

/*
 * Series of faults that reach states which single ones hardly do, in any protocol: several leaders in a row that are stopped with work
 * unfinished, links that vanish one by one and come back in another order, nodes that crash in turn. Each is a list of plain events, so
 * that a plan with them is shrunk like any other.
 */

/** What a series is made of, and where it may lie. */
export interface SeriesDraw {
  readonly random: Random;
  readonly nodes: readonly NodeId[];
  /** Who is struck again and again, where the protocol has such a role. */
  readonly role: Role | undefined;
  /** When the first event begins, and when the last must have ended; milliseconds. */
  readonly from: number;
  readonly until: number;
}

/** How one node is struck at `at` for a while; the caller knows which ways are allowed. */
export type Strike = (node: NodeRef, at: number, lasts: number) => FaultEvent;

/**
 * Whoever has the role is struck, and after a pause whoever has it then, two to six times. The pauses are about as long as it takes to
 * replace a leader, so that the next one is struck before or shortly after it has done its first work.
 */
export function succession(draw: SeriesDraw, strikes: readonly Strike[], role: Role): FaultEvent[] {
  const { random } = draw;
  const pause = pick(random, [150, 400, 1000]);
  const lasts = pick(random, [300, 1000, 3000]);
  const strike = chance(random, 0.5) ? pick(random, strikes) : undefined;
  const events: FaultEvent[] = [];
  let at = draw.from;
  for (let left = 2 + below(random, 5); left > 0; left--) {
    const long = Math.floor(lasts * (0.3 + random()));
    events.push(...inTime(draw, strike ?? pick(random, strikes), role, at, long));
    at += Math.floor(pause * (0.3 + random()));
  }
  return events;
}

/**
 * Some nodes are struck one by one and come back one by one, in another order (FoundationDB's swizzle). `strikes` are ways in which a
 * node's links are harmed.
 */
export function swizzle(draw: SeriesDraw, strikes: readonly Strike[]): FaultEvent[] {
  const { random } = draw;
  const strike = pick(random, strikes);
  const step = pick(random, [20, 200, 800]);
  const struck = shuffle(random, draw.nodes).slice(0, 1 + below(random, draw.nodes.length));
  const back = shuffle(random, struck);
  return struck.flatMap((node, i) => {
    const at = draw.from + i * step;
    const end = draw.from + (struck.length + back.indexOf(node)) * step + 1 + below(random, step);
    return inTime(draw, strike, node, at, end - at);
  });
}

/** One node after another is struck, each shortly before or after the one before it is back. */
export function inTurn(draw: SeriesDraw, strikes: readonly Strike[]): FaultEvent[] {
  const { random } = draw;
  const strike = pick(random, strikes);
  const lasts = pick(random, [50, 300, 1500]);
  const overlap = pick(random, [-0.2, 0.2, 0.5]);
  return shuffle(random, draw.nodes).flatMap((node, i) =>
    inTime(draw, strike, node, draw.from + Math.floor(i * lasts * (1 - overlap)), lasts),
  );
}

/** The event, cut so that it ends in time; none where it would begin too late. */
function inTime(draw: SeriesDraw, strike: Strike, node: NodeRef, at: number, lasts: number): FaultEvent[] {
  return at >= draw.until ? [] : [strike(node, at, Math.max(1, Math.min(lasts, draw.until - at)))];
}
