import type { FaultState } from '@quorate/faults';
import type { Message, NodeId } from '@quorate/interface';
import { DROP, type Fate, type Interceptor, PASS } from '@quorate/transport';

/**
 * Carries out link faults where messages leave a node, so that each message meets them once.
 * @param runTime milliseconds since the run began, the clock of the plan
 */
export function linkFaults(
  id: NodeId,
  faults: FaultState,
  runTime: () => number,
  random: () => number = Math.random,
): Interceptor<Message> {
  return { outgoing: (to) => fateOf(id, to, faults, runTime, random) };
}

function fateOf(
  from: NodeId,
  to: NodeId,
  faults: FaultState,
  runTime: () => number,
  random: () => number,
): Fate {
  if (faults.quiet) return PASS;
  const link = faults.link(from, to);
  if (link.blocked || random() < link.lossProbability) return DROP;
  let delay = link.delayMilliseconds + random() * link.jitterMilliseconds;
  if (random() < link.reorderProbability) delay += random() * link.reorderMilliseconds;
  if (link.cloggedUntil > 0) delay = Math.max(delay, link.cloggedUntil - runTime());
  if (delay === Number.POSITIVE_INFINITY) return DROP; // queued until after the end of the run
  if (random() >= link.duplicateProbability) return delay === 0 ? PASS : [delay];
  return [delay, delay + random() * link.duplicateMilliseconds];
}
