import { type SimulationOptions, simulate, type TimedRequest } from '@quorate/simulator';
import type { Operation } from '@quorate/state-machine';

/** What the clients of a run asked for under load, as single requests at the times and places at which they did. */
export function requestsOf(options: SimulationOptions): TimedRequest[] {
  const { simulation } = simulate({ ...options, workload: { ...options.workload, history: true } });
  const { history, columns } = simulation.clients;
  const loadEnds = options.milliseconds * 1000;
  // The n-th invocation of the history is the n-th operation of the columns.
  const invoked = [...history].sort((a, b) => a.start - b.start);
  const requests = invoked.map(({ key, input }, i): TimedRequest => {
    const operation = { ...(input as object), key } as Operation;
    return { at: columns.intended[i]! / 1000, node: columns.home[i]!, operation };
  });
  return requests.filter(({ at }) => at * 1000 < loadEnds); // later ones are asked by the run itself, once healed
}
