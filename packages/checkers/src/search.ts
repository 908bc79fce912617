import type { Operation } from './history.ts';
import { type Hint, type Identity, IMPOSSIBLE, type Model } from './models.ts';
import { PlacedSet } from './placed-set.ts';
import { Timeline } from './timeline.ts';

/** What searches may use; one object is shared by all searches of a check. */
export interface Budget {
  /** Model steps left. */
  steps: number;
  /** Bytes of dead ends that one search may remember. */
  readonly memory: number;
  /** Asked now and then; true ends the search. */
  readonly expired: () => boolean;
}

/** The id of all states that nobody needs. */
const UNNEEDED = -1;

/** Something that could be placed next, and the state behind it. */
interface Choice<State> {
  readonly operation: number;
  readonly state: State;
}

/** A place where the search chose, and how to come back to it. */
interface Frame<State> {
  readonly choices: readonly Choice<State>[];
  next: number;
  readonly placed: number;
  readonly state: State;
  readonly stateId: number;
}

/**
 * The search for a linearization of one part of a history (Wing and Gong 1993; the list, and the memory of sets and states, by
 * Lowe 2017).
 *
 * An operation may come next if its call stands before the first return in the list; placing it takes both out. All answered ones
 * placed: linearizable. A return that nothing can come before: a dead end. What keeps the search short:
 * - An answered operation that never changes the state (a read) is placed without a choice where it fits: in any linearization
 *   from here, it could be moved to here.
 * - A state that an answered operation still needs, and that nobody can bring back, is not overwritten.
 * - An operation of unknown outcome is placed only right before one that needs what it leaves, and of equal ones only the first:
 *   where nobody sees it, it could as well be left out, and until somebody does, it can wait.
 * - What leads to the next needed state is tried first, then what returns first ("just in time").
 * - Only dead ends are remembered, so a search that never turns back stores nothing.
 */
export class Search<State, I, O> {
  /** Indices of the operations placed, in order: the linearization, once `run` has said `ok`. */
  readonly placed: number[] = [];
  /** The state after them. */
  state: State;
  readonly #model: Model<State, I, O>;
  readonly #inputs: readonly I[];
  readonly #outputs: readonly (O | undefined)[];
  readonly #ends: readonly number[];
  readonly #answered: Uint8Array;
  readonly #budget: Budget;
  readonly #timeline: Timeline;
  readonly #set: PlacedSet;
  readonly #frames: Frame<State>[] = [];
  readonly #deadEnds = new Set<string>();
  #memory: number;
  #polled = 0;
  readonly #stateIds = new Map<Identity, number>();
  readonly #states: State[] = [];
  /** The id of `state`, `UNNEEDED` where nobody needs it; kept only where `#fixed`. */
  #stateId: number;
  /** Per operation the id of the state that it needs, or -1, and the ids of those that it may leave. */
  readonly #needs: Int32Array;
  readonly #leaves: (readonly number[])[] = [];
  /** Per state id: operations not yet placed that need it (answered ones only) and that may leave it. */
  readonly #needed: number[] = [];
  readonly #offered: number[] = [];
  /** 1 for answered operations that never change the state. */
  readonly #reads: Uint8Array;
  /** Equal for operations of unknown outcome with equal inputs. */
  readonly #alike: Int32Array;
  /** Whether it is known of every operation what it needs and may leave. */
  #fixed = true;
  /** Whether operations depend on the state without naming the one that they need. */
  readonly #depends: Hint<State>['depends'][] = [];
  /** Answered operations that need a state, by `end`; each one's place there; up to where all are placed. */
  readonly #needers: Int32Array;
  readonly #needersAt: Int32Array;
  #needersPlaced = 0;

  /** @param operations sorted by `start`, none failed */
  constructor(model: Model<State, I, O>, operations: readonly Operation<I, O>[], budget: Budget) {
    this.#model = model;
    this.#budget = budget;
    this.#memory = budget.memory;
    this.#inputs = operations.map(({ input }) => input);
    this.#outputs = operations.map(({ status, output }) => (status === 'ok' ? output : undefined));
    this.#ends = operations.map(({ status, end }) => (status === 'ok' ? end : Number.MAX_VALUE));
    this.#answered = Uint8Array.from(operations, ({ status }) => (status === 'ok' ? 1 : 0));
    this.#timeline = new Timeline(operations);
    this.#set = new PlacedSet(this.#answered);
    this.#needs = new Int32Array(operations.length).fill(-1);
    this.#reads = new Uint8Array(operations.length);
    this.#alike = new Int32Array(operations.length).fill(-1);
    this.state = model.initial;
    this.#stateId = this.#idOf(model.initial);
    this.#survey(operations);
    this.#needers = this.#timeline.byEnd.filter((operation) => this.#needs[operation]! >= 0);
    this.#needersAt = new Int32Array(operations.length).fill(-1);
    this.#needers.forEach((operation, at) => {
      this.#needersAt[operation] = at;
    });
  }

  run(): 'ok' | 'violated' | 'unknown' {
    for (;;) {
      const choices = this.#settle();
      if (choices === null) return 'ok';
      if (choices.length > 0 && !(this.#deadEnds.size > 0 && this.#deadEnds.has(this.#configuration())))
        this.#frames.push({
          choices,
          next: 0,
          placed: this.placed.length,
          state: this.state,
          stateId: this.#stateId,
        });
      if (!this.#choose()) return 'violated';
      if (this.#exhausted()) return 'unknown';
    }
  }

  /** Places the reads that fit, and returns what else fits and could come next; null when all is done. */
  #settle(): Choice<State>[] | null {
    const timeline = this.#timeline;
    const fitting: Choice<State>[] = [];
    /** The states for which operations wait that could come next; -1: for one that is not known. */
    const awaited = new Set<number>();
    let event = timeline.first;
    while (event < timeline.count) {
      const state = this.#step(event);
      if (state !== IMPOSSIBLE && this.#reads[event] === 1) {
        event = this.#place(event);
        continue;
      }
      const depends = this.#depends[event]!;
      if (depends === true || (depends !== false && depends(this.state))) awaited.add(-1);
      if (state === IMPOSSIBLE) {
        awaited.add(this.#needs[event]!);
      } else if (this.#answered[event] === 1 || !this.#isPresent(state)) {
        fitting.push({ operation: event, state });
      }
      event = timeline.after(event);
    }
    return event === timeline.end ? null : this.#worthTrying(fitting, awaited);
  }

  /** The state after an operation, or that it does not fit. One of unknown outcome fits only where it may have an effect. */
  #step(operation: number): State | typeof IMPOSSIBLE {
    this.#budget.steps--;
    const needs = this.#needs[operation]!;
    if (needs >= 0 && (this.#fixed ? needs !== this.#stateId : !this.#isPresent(this.#states[needs]!)))
      return IMPOSSIBLE;
    return this.#model.step(this.state, this.#inputs[operation]!, this.#outputs[operation]);
  }

  /** Goes back to the last place with a choice not yet tried, and takes it; false where there is none. */
  #choose(): boolean {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      while (this.placed.length > frame.placed) this.#unplace();
      this.state = frame.state;
      this.#stateId = frame.stateId;
      const choice = frame.choices[frame.next++];
      if (choice !== undefined) {
        this.#place(choice.operation);
        this.state = choice.state;
        this.#stateId = this.#fixed
          ? (this.#stateIds.get(this.#identify(choice.state)) ?? UNNEEDED)
          : UNNEEDED;
        return true;
      }
      this.#remember(this.#configuration());
      this.#frames.pop();
    }
    return false;
  }

  /** Of what fits, all that may be of use, the most promising first. */
  #worthTrying(fitting: readonly Choice<State>[], awaited: ReadonlySet<number>): Choice<State>[] {
    const need = this.#nextNeed();
    const tried = new Set<number>();
    const leading: Choice<State>[] = [];
    const others: Choice<State>[] = [];
    for (const choice of fitting) {
      const { operation, state } = choice;
      if (this.#answered[operation] === 0 && !this.#mayHelp(operation, awaited, tried)) continue;
      if (this.#overwritesNeeded(operation) && !this.#isPresent(state)) continue;
      (this.#leaves[operation]!.includes(need) ? leading : others).push(choice);
    }
    if (leading.length + others.length < 2) return leading.length > 0 ? leading : others;
    const byEnd = (a: Choice<State>, b: Choice<State>): number =>
      this.#ends[a.operation]! - this.#ends[b.operation]! || a.operation - b.operation;
    return [...leading.sort(byEnd), ...others.sort(byEnd)];
  }

  /** Whether an operation of unknown outcome may be of use: somebody awaits what it leaves, and no equal one was `tried` here. */
  #mayHelp(operation: number, awaited: ReadonlySet<number>, tried: Set<number>): boolean {
    const alike = this.#alike[operation]!;
    if (tried.has(alike)) return false;
    tried.add(alike);
    return !this.#fixed || awaited.has(-1) || this.#leaves[operation]!.some((state) => awaited.has(state));
  }

  /** Whether others need the present state, which nobody can bring back. */
  #overwritesNeeded(operation: number): boolean {
    if (!this.#fixed || this.#stateId === UNNEEDED || this.#offered[this.#stateId]! > 0) return false;
    const itself = this.#answered[operation] === 1 && this.#needs[operation] === this.#stateId ? 1 : 0;
    return this.#needed[this.#stateId]! > itself;
  }

  /** The state needed by the answered operation, not yet placed, that returns first; -1 where no state is needed any more. */
  #nextNeed(): number {
    const needers = this.#needers;
    while (this.#needersPlaced < needers.length && this.#set.has(needers[this.#needersPlaced]!))
      this.#needersPlaced++;
    return this.#needersPlaced < needers.length ? this.#needs[needers[this.#needersPlaced]!]! : -1;
  }

  /** Places an operation behind the others and returns the event that came after its call. */
  #place(operation: number): number {
    this.placed.push(operation);
    this.#set.add(operation);
    this.#count(operation, -1);
    return this.#timeline.remove(operation);
  }

  #unplace(): void {
    const operation = this.placed.pop()!;
    this.#timeline.restore(operation);
    this.#set.delete(operation);
    this.#count(operation, 1);
    const at = this.#needersAt[operation]!;
    if (at >= 0 && at < this.#needersPlaced) this.#needersPlaced = at;
  }

  #count(operation: number, change: number): void {
    const needs = this.#needs[operation]!;
    if (needs >= 0 && this.#answered[operation] === 1) this.#needed[needs]! += change;
    for (const state of this.#leaves[operation]!) this.#offered[state]! += change;
  }

  /** Learns from the model what each operation needs and leaves. */
  #survey(operations: readonly Operation<I, O>[]): void {
    const hints = this.#model.hints?.(operations);
    const alike = new Map<string, number>();
    const ids = new Map<readonly State[], readonly number[]>();
    operations.forEach(({ input }, i) => {
      const { needs, depends, leaves }: Hint<State> = hints?.[i] ?? { depends: true, leaves: null };
      if (needs !== undefined) this.#needs[i] = this.#idOf(needs);
      this.#depends.push(depends);
      if (leaves === null) {
        this.#fixed = false;
        this.#leaves.push([]);
      } else if (leaves === 'unchanged') {
        this.#reads[i] = this.#answered[i]!;
        this.#leaves.push([]);
      } else {
        // Operations may share one array, which can be long.
        const left = ids.get(leaves) ?? leaves.map((state) => this.#idOf(state));
        ids.set(leaves, left);
        this.#leaves.push(left);
      }
      this.#count(i, 1);
      if (this.#answered[i] === 1) return;
      const words = this.#model.describe(input, undefined);
      this.#alike[i] = alike.get(words) ?? alike.size;
      alike.set(words, this.#alike[i]!);
    });
  }

  #idOf(state: State): number {
    const identity = this.#identify(state);
    const known = this.#stateIds.get(identity);
    if (known !== undefined) return known;
    const id = this.#states.length;
    this.#stateIds.set(identity, id);
    this.#states.push(state);
    this.#needed.push(0);
    this.#offered.push(0);
    return id;
  }

  #identify(state: State): Identity {
    return this.#model.identify === undefined ? (state as Identity) : this.#model.identify(state);
  }

  #isPresent(state: State): boolean {
    return state === this.state || this.#identify(state) === this.#identify(this.state);
  }

  #configuration(): string {
    return this.#set.key(this.#idOf(this.state));
  }

  #remember(configuration: string): void {
    this.#memory -= 2 * configuration.length + 64;
    if (this.#memory > 0) this.#deadEnds.add(configuration);
  }

  #exhausted(): boolean {
    if (this.#budget.steps <= 0) return true;
    if ((++this.#polled & 0xff) !== 0) return false;
    return this.#budget.expired();
  }
}
