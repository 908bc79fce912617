import type { FaultEvent } from '@quorate/faults';
import { type SimulationOptions, simulate } from '@quorate/simulator';
import { failureClass } from './failure-class.ts';
import { requestsOf } from './shrink-load.ts';
import { eventsOf, highestNode, planOf, simplerEvents } from './shrink-plan.ts';
import { earlier, rounded } from './shrink-times.ts';

/** The smallest run found that fails in the same way. */
export interface Shrunk {
  readonly options: SimulationOptions;
  /** The check that is broken before and after. */
  readonly check: string;
  /** `failureClass` of both. */
  readonly class: string;
  readonly detail: string;
  readonly traceHash: string;
  /** Runs that it took. */
  readonly tries: number;
}

export interface ShrinkOptions {
  /** Runs at most. Default 4000. */
  readonly tries?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each run with the smallest failing one so far. */
  readonly onTry?: (best: Shrunk) => void;
}

/** What was found wrong with a run. */
interface Broken {
  readonly detail: string;
  readonly traceHash: string;
  /** Virtual milliseconds at which a rule broke; undefined where only the whole run shows it. */
  readonly at: number | undefined;
  /** Messages delivered: what the run cost. */
  readonly delivered: number;
}

const TRIES = 4000;
/** Where a candidate's own seed does not fail, others are tried, for about so many delivered messages in all … */
const MESSAGES = 40_000;
/** … and so many at most. */
const SEEDS = 24;

/**
 * Makes a failing run smaller for as long as it fails in the same way, by the same check and with the same class of detail: fewer
 * faults, client operations and nodes (delta debugging, Zeller and Hildebrandt 2002), knobs at their defaults, simpler faults, a
 * shorter time and rounder numbers. What goes wrong may hang on a delay that any change shifts, so a smaller run may also have another seed.
 * Deterministic: equal options, equal result.
 * @throws RangeError where the check is not broken in the run to begin with
 */
export function shrink(options: SimulationOptions, check: string, limits: ShrinkOptions = {}): Shrunk {
  const search = new Search(options, check, limits);
  for (let before = -1; before !== search.accepted && !search.exhausted; ) {
    before = search.accepted;
    search.shorten();
    search.writeOutLoad();
    search.dropFaults();
    search.dropLoad();
    search.dropKnobs();
    search.dropNodes();
    search.simplifyFaults();
    search.tightenTimes();
  }
  return search.best;
}

class Search {
  accepted = 0;
  #options: SimulationOptions;
  #found: Broken;
  #tries = 0;
  readonly #check: string;
  readonly #class: string | undefined;
  readonly #limits: ShrinkOptions;

  constructor(options: SimulationOptions, check: string, limits: ShrinkOptions) {
    this.#check = check;
    this.#limits = limits;
    this.#options = options;
    const found = this.#run(options);
    if (found === null)
      throw new RangeError(`"${check}" is not broken in the run that is to be made smaller`);
    this.#found = found;
    this.#class = failureClass(check, found.detail);
  }

  get best(): Shrunk {
    const { detail, traceHash } = this.#found;
    return {
      options: this.#options,
      check: this.#check,
      class: this.#class!,
      detail,
      traceHash,
      tries: this.#tries,
    };
  }

  get exhausted(): boolean {
    return this.#tries >= (this.#limits.tries ?? TRIES) || this.#limits.signal?.aborted === true;
  }

  #run(options: SimulationOptions): Broken | null {
    this.#tries++;
    const { verdicts, traceHash, simulation, delivered } = simulate(options);
    const broken = verdicts.find(({ check, verdict }) => check === this.#check && verdict === 'violated');
    if (broken === undefined) return null;
    const { detail } = broken;
    if (this.#class !== undefined && failureClass(this.#check, detail) !== this.#class) return null;
    const { violation } = simulation.checks;
    return { detail, traceHash, at: violation === null ? undefined : violation.time / 1000, delivered };
  }

  /** Takes a candidate over if it fails in the same way, with its own seed or with another. */
  #accept(candidate: SimulationOptions, seeds = 1): boolean {
    const own = candidate.seed;
    for (let i = 0; i < seeds && !this.exhausted; i++) {
      const options = i === 0 ? candidate : { ...candidate, seed: i === own ? 0 : i };
      const found = this.#run(options);
      if (found !== null) {
        this.#options = options;
        this.#found = found;
        this.accepted++;
      }
      this.#limits.onTry?.(this.best);
      if (found !== null) return true;
    }
    return false;
  }

  /** As many seeds as are worth it: short runs are tried again more often. */
  get #seeds(): number {
    return Math.max(1, Math.min(SEEDS, Math.floor(MESSAGES / this.#found.delivered)));
  }

  /** Delta debugging: leaves out halves, quarters, …, single elements. */
  #drop<T>(list: () => readonly T[], without: (rest: readonly T[]) => SimulationOptions): void {
    for (let size = Math.ceil(list().length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let from = 0; from < list().length && !this.exhausted; ) {
        const rest = list().filter((_, i) => i < from || i >= from + size);
        if (!this.#accept(without(rest), this.#seeds)) from += size;
      }
    }
  }

  get #events(): readonly FaultEvent[] {
    return eventsOf(this.#options);
  }

  /** Nothing behind the broken rule matters. Where only the whole run shows what is wrong, half of it may do. */
  shorten(): void {
    const { at } = this.#found;
    const { milliseconds } = this.#options;
    const upTo = (end: number) => {
      if (end >= this.#options.milliseconds) return false;
      const events = this.#events.filter((event) => event.at <= end);
      const requests = this.#options.requests?.filter((request) => request.at <= end);
      const rest = { ...this.#options, milliseconds: end, faults: planOf(events) };
      return this.#accept(requests === undefined ? rest : { ...rest, requests });
    };
    if (at !== undefined) upTo(Math.ceil(at) + 1);
    else for (const share of [1 / 8, 1 / 4, 1 / 2, 3 / 4]) if (upTo(Math.ceil(milliseconds * share))) return;
  }

  /** The load as a list of single requests, so that any of them can be left out. */
  writeOutLoad(): void {
    if (this.#options.workload.clients === 0) return;
    const requests = requestsOf(this.#options);
    const { rate: _, operations: __, ...workload } = this.#options.workload;
    this.#accept({ ...this.#options, workload: { ...workload, clients: 0 }, requests }, SEEDS);
  }

  dropFaults(): void {
    this.#drop(
      () => this.#events,
      (rest) => ({ ...this.#options, faults: planOf(rest) }),
    );
  }

  /** Fewer requests; where they could not be written out, a smaller load. */
  dropLoad(): void {
    if (this.#options.workload.clients === 0) {
      this.#drop(
        () => this.#options.requests ?? [],
        (rest) => ({ ...this.#options, requests: rest }),
      );
      return;
    }
    const withLoad = (change: Partial<SimulationOptions['workload']>) =>
      this.#accept({ ...this.#options, workload: { ...this.#options.workload, ...change } }, this.#seeds);
    const { keys, clients = 0, operations = Number.POSITIVE_INFINITY } = this.#options.workload;
    for (const fewer of [1, 2, 4]) if (fewer < keys && withLoad({ keys: fewer })) break;
    for (const fewer of [1, 2, 3, 4]) if (fewer < clients && withLoad({ clients: fewer })) break;
    for (const fewer of [1, 2, 3, 4, 6, 8, 16, 32, 64, 128])
      if (fewer < operations && withLoad({ operations: fewer })) break;
  }

  dropKnobs(): void {
    for (const name of Object.keys(this.#options.knobs ?? {})) {
      const { [name]: _, ...knobs } = this.#options.knobs ?? {};
      this.#accept({ ...this.#options, knobs }, this.#seeds);
    }
    if (this.#options.snapshotEvery !== 0) this.#accept({ ...this.#options, snapshotEvery: 0 }, this.#seeds);
  }

  /** Fewer nodes; faults and requests that name a missing one go with it. */
  dropNodes(): void {
    for (let nodes = 2; nodes < this.#options.nodes; nodes++) {
      const events = this.#events.filter((event) => highestNode(event) <= nodes);
      const requests = this.#options.requests?.filter(({ node }) => node <= nodes);
      const fewer = { ...this.#options, nodes, faults: planOf(events) };
      if (this.#accept(requests === undefined ? fewer : { ...fewer, requests }, this.#seeds)) return;
    }
  }

  /** One fault after another in the simplest form that will do. */
  simplifyFaults(): void {
    for (let i = 0; i < this.#events.length && !this.exhausted; i++) {
      for (let again = true; again && !this.exhausted; ) {
        again = simplerEvents(this.#events[i]!, this.#options.nodes).some((simpler) =>
          this.#accept({ ...this.#options, faults: planOf(this.#events.with(i, simpler)) }, this.#seeds),
        );
      }
    }
  }

  /** Less idle time, then rounder times. */
  tightenTimes(): void {
    for (const candidates of [earlier, rounded]) {
      for (let index = 0; !this.exhausted; index++) {
        const next = candidates(this.#options, index);
        if (next === null) break;
        for (const candidate of next) if (this.#accept(candidate, this.#seeds)) break;
      }
    }
  }
}
