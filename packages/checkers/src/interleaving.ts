import type { Sessions } from './causal-order.ts';

export interface SearchBounds {
  /** Operations placed, at most. */
  readonly steps: number;
  /** Bytes, about, for the positions remembered; without room the search forgets and takes more steps. */
  readonly memory: number;
  /** Asked now and then; true ends the search. */
  readonly expired: () => boolean;
}

interface Frame {
  readonly choices: readonly number[];
  next: number;
  readonly placed: number;
}

/**
 * The search for one order of all operations of some sessions in which every read returns the last write to its key.
 *
 * A session's next operation may be placed if all that must come before it is. A read whose value is there is placed without a choice:
 * in any order from here it could be moved to here. A value that somebody has still to read is not overwritten, since each is written
 * only once. Writes are the choices, the one that was asked for first being tried first. Positions from which all choices failed are
 * remembered.
 */
export class Interleaving {
  /** The order, once `run` has said `ok`. */
  readonly placed: number[] = [];
  /** Operations placed. */
  steps = 0;
  readonly #sessions: Sessions;
  readonly #before: readonly (readonly number[])[];
  readonly #bounds: SearchBounds;
  #memory: number;
  #polled = 0;
  /** Per session how many of its operations are placed. */
  readonly #done: Int32Array;
  /** Per key the write in force, or -1. */
  readonly #current: Int32Array;
  /** Per write the reads of it that are not placed. */
  readonly #unread: Int32Array;
  /** For each operation placed, the write that was in force on its key. */
  readonly #replaced: number[] = [];
  readonly #frames: Frame[] = [];
  readonly #deadEnds = new Set<string>();

  /**
   * @param before per operation what must come before it, its session aside: at least the write that it read from
   */
  constructor(sessions: Sessions, before: readonly (readonly number[])[], bounds: SearchBounds) {
    this.#sessions = sessions;
    this.#before = before;
    this.#bounds = bounds;
    this.#memory = bounds.memory;
    this.#done = new Int32Array(sessions.sessions.length);
    this.#current = new Int32Array(sessions.writes.length).fill(-1);
    this.#unread = new Int32Array(sessions.operations.length);
    sessions.source.forEach((source, i) => {
      if (source >= 0 && source !== i) this.#unread[source]!++;
    });
  }

  run(): 'ok' | 'violated' | 'unknown' {
    for (;;) {
      this.#placeReads();
      if (this.placed.length === this.#sessions.operations.length) return 'ok';
      if (this.steps >= this.#bounds.steps) return 'unknown';
      if ((++this.#polled & 0xff) === 0 && this.#bounds.expired()) return 'unknown';
      const known = this.#deadEnds.size > 0 && this.#deadEnds.has(this.#position());
      this.#frames.push({ choices: known ? [] : this.#choices(), next: 0, placed: this.placed.length });
      if (!this.#advance()) return 'violated';
    }
  }

  /** Takes the next choice of the last frame that has one; false: there is none. */
  #advance(): boolean {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      while (this.placed.length > frame.placed) this.#undo();
      const choice = frame.choices[frame.next++];
      if (choice !== undefined) {
        this.#place(choice);
        return true;
      }
      this.#frames.pop();
      const position = frame.choices.length > 0 ? this.#position() : '';
      if (position === '' || this.#memory < 2 * position.length) continue;
      this.#memory -= 2 * position.length;
      this.#deadEnds.add(position);
    }
    return false;
  }

  #placeReads(): void {
    const { sessions, source, keyOf } = this.#sessions;
    for (let progress = true; progress; ) {
      progress = false;
      for (let s = 0; s < sessions.length; s++)
        for (;;) {
          const next = sessions[s]![this.#done[s]!];
          if (next === undefined || source[next] === next) break;
          if (source[next] !== this.#current[keyOf[next]!] || !this.#ready(next)) break;
          this.#place(next);
          progress = true;
        }
    }
  }

  #choices(): number[] {
    const { sessions, source, keyOf, operations } = this.#sessions;
    const choices: number[] = [];
    for (let s = 0; s < sessions.length; s++) {
      const next = sessions[s]![this.#done[s]!];
      if (next === undefined || source[next] !== next) continue;
      const current = this.#current[keyOf[next]!]!;
      if (current >= 0 && this.#unread[current]! > 0) continue;
      if (this.#ready(next)) choices.push(next);
    }
    return choices.sort((a, b) => operations[a]!.start - operations[b]!.start);
  }

  #ready(operation: number): boolean {
    const { sessionOf, placeOf } = this.#sessions;
    for (const one of this.#before[operation]!)
      if (placeOf[one]! >= this.#done[sessionOf[one]!]!) return false;
    return true;
  }

  #place(operation: number): void {
    const { sessionOf, keyOf, source } = this.#sessions;
    const key = keyOf[operation]!;
    const from = source[operation]!;
    this.steps++;
    this.placed.push(operation);
    this.#replaced.push(this.#current[key]!);
    this.#done[sessionOf[operation]!]!++;
    if (from === operation) this.#current[key] = operation;
    else if (from >= 0) this.#unread[from]!--;
  }

  #undo(): void {
    const { sessionOf, keyOf, source } = this.#sessions;
    const operation = this.placed.pop()!;
    const from = source[operation]!;
    this.#current[keyOf[operation]!] = this.#replaced.pop()!;
    this.#done[sessionOf[operation]!]!--;
    if (from !== operation && from >= 0) this.#unread[from]!++;
  }

  /** How far each session is, and each key's value: all that matters to what can follow. */
  #position(): string {
    return `${this.#done.join()};${this.#current.join()}`;
  }
}
