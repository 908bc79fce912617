import { type FaultEvent, isMomentary } from '@quorate/faults';
import type { SimulationOptions } from '@quorate/simulator';
import { eventsOf, planOf } from './shrink-plan.ts';

/** Gaps up to so many milliseconds are left alone. */
const SMALL_GAP = 20;

/**
 * With less idle time: the gap before the run's moment `index` shorter, all that comes after it earlier. Null behind the last moment.
 * Moments are when faults begin and end, requests are made, and the load ends.
 */
export function earlier(options: SimulationOptions, index: number): SimulationOptions[] | null {
  const moments = momentsOf(options);
  const moment = moments[index];
  if (moment === undefined) return null;
  const before = moments[index - 1] ?? 0;
  const gap = moment - before;
  if (gap <= SMALL_GAP) return [];
  return [7 / 8, 1 / 2, 1 / 4].map((share) => {
    const less = Math.floor(gap * share);
    return warped(options, (at) => (at >= moment ? at - less : at));
  });
}

/** With the `index`-th time (of a fault's begin or length, of a request, the load's end) rounder. Null behind the last. */
export function rounded(options: SimulationOptions, index: number): SimulationOptions[] | null {
  const events = eventsOf(options);
  const { requests = [] } = options;
  const rounder = (time: number, make: (time: number) => SimulationOptions) =>
    [1000, 100, 10, 1]
      .map((unit) => Math.round(time / unit) * unit)
      .filter((round, i, all) => all.indexOf(round) === i && digits(round) < digits(time))
      .map(make);
  const at = index >> 1;
  const event = events[at];
  if (event !== undefined) {
    const withEvent = (changed: FaultEvent) => ({ ...options, faults: planOf(events.with(at, changed)) });
    if (index % 2 === 0) return rounder(event.at, (time) => withEvent({ ...event, at: time }));
    if (isMomentary(event) || event.for === undefined) return [];
    return rounder(event.for, (time) => withEvent({ ...event, for: Math.max(1, time) }));
  }
  const next = index - 2 * events.length;
  const request = requests[next];
  if (request === undefined) return null;
  return rounder(request.at, (time) => ({
    ...options,
    requests: requests.with(next, { ...request, at: time }),
  }));
}

/** Decimal digits that are not zeros at the end. */
function digits(time: number): number {
  return String(time).replace('.', '').replace(/0+$/, '').length;
}

function momentsOf(options: SimulationOptions): number[] {
  const times = eventsOf(options).flatMap((event) =>
    isMomentary(event) || event.for === undefined ? [event.at] : [event.at, event.at + event.for],
  );
  for (const { at } of options.requests ?? []) times.push(at);
  times.push(options.milliseconds);
  return [...new Set(times)].filter((at) => at <= options.milliseconds).sort((a, b) => a - b);
}

function warped(options: SimulationOptions, to: (at: number) => number): SimulationOptions {
  const events = eventsOf(options).map((event): FaultEvent => {
    const at = to(event.at);
    if (isMomentary(event) || event.for === undefined) return { ...event, at };
    return { ...event, at, for: to(event.at + event.for) - at };
  });
  const { requests } = options;
  return {
    ...options,
    milliseconds: to(options.milliseconds),
    faults: planOf(events),
    ...(requests === undefined ? {} : { requests: requests.map((one) => ({ ...one, at: to(one.at) })) }),
  };
}
