import { type FaultEvent, type FaultPlan, noFaults } from '@quorate/faults';
import { type SimulationOptions, simulate } from '@quorate/simulator';

/** The smallest run found in which the same check is broken. */
export interface Shrunk {
  readonly options: SimulationOptions;
  /** The check that is broken before and after. */
  readonly check: string;
  readonly detail: string;
  readonly traceHash: string;
  /** Runs that it took. */
  readonly tries: number;
}

export interface ShrinkOptions {
  /** Runs at most. Default 500. */
  readonly tries?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onTry?: (tries: number, faults: number) => void;
}

/** What was found wrong with a run. */
interface Broken {
  readonly detail: string;
  readonly traceHash: string;
  /** Virtual milliseconds at which a rule broke; undefined where only the whole history shows it. */
  readonly at: number | undefined;
}

/**
 * Makes a failing run smaller for as long as the same check stays broken: fewer faults (delta debugging, Zeller and Hildebrandt 2002),
 * fewer nodes, clients, operations and keys, knobs at their defaults, a shorter time. Deterministic: equal options, equal result.
 * @throws RangeError where the check is not broken in the run to begin with
 */
export function shrink(options: SimulationOptions, check: string, limits: ShrinkOptions = {}): Shrunk {
  const search = new Search(options, check, limits);
  for (let before = -1; before !== search.size && !search.exhausted; ) {
    before = search.size;
    search.shorten();
    search.dropFaults();
    search.dropKnobs();
    search.shrinkNodes();
    search.shrinkLoad();
  }
  const { best, found, tries } = search;
  return { options: best, check, detail: found.detail, traceHash: found.traceHash, tries };
}

class Search {
  best: SimulationOptions;
  found: Broken;
  tries = 0;
  readonly #check: string;
  readonly #limits: ShrinkOptions;

  constructor(options: SimulationOptions, check: string, limits: ShrinkOptions) {
    this.#check = check;
    this.#limits = limits;
    this.best = options;
    const found = this.#run(options);
    if (found === null)
      throw new RangeError(`"${check}" is not broken in the run that is to be made smaller`);
    this.found = found;
  }

  get exhausted(): boolean {
    return this.tries >= (this.#limits.tries ?? 500) || this.#limits.signal?.aborted === true;
  }

  /** Falls with every step that makes the run smaller. */
  get size(): number {
    const { nodes, milliseconds, knobs = {}, workload } = this.best;
    const { clients = 0, keys, operations = 1e6 } = workload;
    return (
      this.#events.length * 1e9 +
      nodes * 1e6 +
      Object.keys(knobs).length * 1e5 +
      clients * 1e4 +
      keys * 1e3 +
      operations +
      milliseconds / 1e6
    );
  }

  get #events(): readonly FaultEvent[] {
    return (this.best.faults ?? noFaults).events;
  }

  #run(options: SimulationOptions): Broken | null {
    this.tries++;
    const { verdicts, traceHash, simulation } = simulate(options);
    const broken = verdicts.find(({ check, verdict }) => check === this.#check && verdict === 'violated');
    if (broken === undefined) return null;
    const { violation } = simulation.checks;
    return { detail: broken.detail, traceHash, at: violation === null ? undefined : violation.time / 1000 };
  }

  /** Takes a candidate over if the same check is broken in it. */
  #accept(candidate: SimulationOptions): boolean {
    if (this.exhausted) return false;
    const found = this.#run(candidate);
    this.#limits.onTry?.(this.tries, this.#events.length);
    if (found === null) return false;
    this.best = candidate;
    this.found = found;
    return true;
  }

  /** Nothing behind the broken rule matters. */
  shorten(): void {
    const { at } = this.found;
    if (at === undefined) return;
    const milliseconds = Math.ceil(at) + 1;
    if (milliseconds >= this.best.milliseconds) return;
    const events = this.#events.filter((event) => event.at <= at);
    this.#accept({ ...this.best, milliseconds, faults: planOf(events) });
  }

  /** Delta debugging: leaves out halves, quarters, …, single faults. */
  dropFaults(): void {
    for (
      let size = Math.ceil(this.#events.length / 2);
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      for (let from = 0; from < this.#events.length; ) {
        const rest = this.#events.filter((_, i) => i < from || i >= from + size);
        if (!this.#accept({ ...this.best, faults: planOf(rest) })) from += size;
        if (this.exhausted) return;
      }
    }
  }

  dropKnobs(): void {
    for (const name of Object.keys(this.best.knobs ?? {})) {
      const { [name]: _, ...knobs } = this.best.knobs ?? {};
      this.#accept({ ...this.best, knobs });
    }
    if (this.best.snapshotEvery !== 0) this.#accept({ ...this.best, snapshotEvery: 0 });
  }

  /** Fewer nodes; faults that name a missing one go with it. */
  shrinkNodes(): void {
    for (let nodes = 2; nodes < this.best.nodes; nodes++) {
      const events = this.#events.filter((event) => highestNode(event) <= nodes);
      if (this.#accept({ ...this.best, nodes, faults: planOf(events) })) return;
    }
  }

  shrinkLoad(): void {
    const withLoad = (change: Partial<SimulationOptions['workload']>) =>
      this.#accept({ ...this.best, workload: { ...this.best.workload, ...change } });
    for (const keys of [1, 2, 4]) if (keys < this.best.workload.keys && withLoad({ keys })) break;
    for (const clients of [1, 2, 3, 4]) {
      if (clients < (this.best.workload.clients ?? 0) && withLoad({ clients })) break;
    }
    for (const operations of [1, 2, 3, 4, 6, 8, 16, 32, 64, 128]) {
      if (
        operations < (this.best.workload.operations ?? Number.POSITIVE_INFINITY) &&
        withLoad({ operations })
      )
        break;
    }
  }
}

function planOf(events: readonly FaultEvent[]): FaultPlan {
  return { version: 1, events: [...events] };
}

/** The highest node that an event names by number; 0 where it names roles only, or all. */
function highestNode(event: FaultEvent): number {
  const named: unknown[] = [];
  if ('node' in event) named.push(event.node);
  if ('from' in event) named.push(...(event.from ?? []));
  if ('to' in event) named.push(...(event.to ?? []));
  if ('groups' in event) named.push(...event.groups.flat());
  return Math.max(0, ...named.filter((node) => typeof node === 'number'));
}
