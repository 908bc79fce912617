import { type FaultEvent, type FaultPlan, isMomentary, noFaults } from '@quorate/faults';
import type { SimulationOptions } from '@quorate/simulator';

/** The faults of a run. */
export function eventsOf({ faults = noFaults }: SimulationOptions): readonly FaultEvent[] {
  return faults.events;
}

export function planOf(events: readonly FaultEvent[]): FaultPlan {
  return { version: 1, events };
}

/** The highest node that an event names by number; 0 where it names roles only, or all. */
export function highestNode(event: FaultEvent): number {
  const named: unknown[] = [];
  if ('node' in event) named.push(event.node);
  if ('from' in event) named.push(...(event.from ?? []));
  if ('to' in event) named.push(...(event.to ?? []));
  if ('groups' in event) named.push(...event.groups.flat());
  return Math.max(0, ...named.filter((node) => typeof node === 'number'));
}

/** No fault is made shorter than this, milliseconds. */
const SHORTEST = 10;

/**
 * The same event in simpler forms, the simplest first: a node instead of a role, one node cut off instead of groups, fewer nodes, no lost
 * writes, a shorter time. Each form is simpler than the event, so taking one over and asking again comes to an end.
 */
export function simplerEvents(event: FaultEvent, nodes: number): FaultEvent[] {
  const ids = Array.from({ length: nodes }, (_, i) => i + 1);
  const simpler: FaultEvent[] = [];
  if ('node' in event && typeof event.node !== 'number')
    simpler.push(...ids.map((node) => ({ ...event, node })));
  if (event.kind === 'crash') {
    if (event.tornWrites) simpler.push({ ...event, tornWrites: false });
    if (event.lostWrites) simpler.push({ ...event, lostWrites: false });
  }
  if (event.kind === 'partition') {
    const isolated = event.groups.length === 1 && event.groups[0]!.length === 1;
    if (!isolated) simpler.push(...ids.map((node) => ({ ...event, groups: [[node]] })));
  }
  for (const side of ['from', 'to'] as const) {
    const list = (event as { readonly from?: readonly unknown[]; readonly to?: readonly unknown[] })[side];
    if (list === undefined || list.length < 2) continue;
    for (const one of list)
      simpler.push({ ...event, [side]: list.filter((other) => other !== one) } as FaultEvent);
  }
  if (!isMomentary(event) && event.for !== undefined) {
    for (const share of [1 / 8, 1 / 2]) {
      const shorter = Math.ceil(event.for * share);
      if (shorter >= SHORTEST && shorter < event.for) simpler.push({ ...event, for: shorter });
    }
  }
  return simpler;
}
