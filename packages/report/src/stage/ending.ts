import type { ResolvedEvent } from '@quorate/faults';
import type { Session } from '@quorate/simulator';

/** A fault that a reader ends: where it has this index, and what it is. */
export interface Ended {
  readonly index: number;
  /** Undefined where only its index is known. */
  readonly event: ResolvedEvent | undefined;
}

/**
 * Ends faults in a session. Of two runs side by side, what was done to one alone gave later faults other indices in it: so where another
 * fault has that index, the one that is alike ends, and where there is none, nothing does.
 */
export function endAlike(session: Session, faults: readonly Ended[]): void {
  for (const { index, event } of faults) {
    const active = session.simulation.activeFaults;
    const wanted = event === undefined ? undefined : contentOf(event);
    const isIt = (at: number, one: ResolvedEvent | undefined) =>
      one !== undefined && (wanted === undefined ? at === index : contentOf(one) === wanted);
    const at = isIt(index, active.get(index)) ? index : [...active].find((one) => isIt(...one))?.[0];
    if (at !== undefined) session.end(at);
  }
}

/** What a fault does, whenever it began and for however long. */
function contentOf(event: ResolvedEvent): string {
  return JSON.stringify(Object.entries({ ...event, at: 0, for: 0 }).sort(([a], [b]) => (a < b ? -1 : 1)));
}
