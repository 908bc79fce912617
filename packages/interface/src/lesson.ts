import type { NodeId } from './identifiers.ts';

/** The languages of the page. */
export type Language = 'en' | 'zh';

/** A text in each of them. */
export type LocalText = Readonly<Record<Language, string>>;

/** What must be so at a moment of a lesson. */
export interface Expectation {
  /** By node; what is not named may be anything. */
  readonly nodes?: Readonly<
    Record<
      NodeId,
      {
        readonly up?: boolean;
        readonly role?: string;
        readonly epoch?: number;
        /** Pairs of the protocol's own `observe`. */
        readonly details?: Readonly<Record<string, string | number | boolean>>;
        /** Replicated logs: the epoch of each entry, from the first on. */
        readonly log?: readonly number[];
      }
    >
  >;
  /** How each client operation stands, in the order in which they were asked for. */
  readonly operations?: readonly ('pending' | 'ok' | 'failed' | 'unknown')[];
}

/** One stop of a lesson. */
export interface LessonStep {
  /** Two or three sentences: what has just happened, and why. */
  readonly text: LocalText;
  /** The stop is the first moment, not before the one before, at which this holds. */
  readonly when: Expectation;
  /** So many virtual milliseconds later still, and it still holds then. Default 0. */
  readonly after?: number;
  /** The time that a reader should see around the stop, milliseconds. Default 5. */
  readonly window?: number;
}

/**
 * A run with something to learn in it, as data. It lies in the protocol's own package under `lessons`; the page plays it, and a test
 * (`lessonSuite` of `@quorate/conformance`) holds everything that it claims against a run.
 */
export interface Lesson {
  /** In addresses: lower case and hyphens. */
  readonly name: string;
  readonly title: LocalText;
  /** What the reader shall be able to answer afterwards. */
  readonly question: LocalText;
  /** Where to read it up: paper and section. */
  readonly source: string;
  /** A run as `SimulationOptions` of `@quorate/simulator` has it, without the protocol. */
  readonly run: LessonRun;
  /** The planted bug with which it runs, by the name of the mutant; absent: the protocol as it is. */
  readonly mutant?: string;
  readonly steps: readonly LessonStep[];
  /** The verdicts that are not `ok` at the end, by check, and why. */
  readonly verdicts?: Readonly<Record<string, 'expected' | 'violated'>>;
  /** What to try next: the reader may take the run over at any moment. */
  readonly next: LocalText;
}

/** What `SimulationOptions` has and a lesson needs; of the same shape, since a protocol knows no simulator. */
export interface LessonRun {
  readonly nodes: number;
  readonly seed: number;
  /** Virtual milliseconds; the lesson ends there. */
  readonly milliseconds: number;
  readonly knobs?: Readonly<Record<string, number>>;
  /** Events of a fault plan (`@quorate/faults`). */
  readonly faults: readonly LessonFault[];
  /** What clients ask, and when: nothing else is asked. */
  readonly requests: readonly {
    readonly at: number;
    readonly node: NodeId;
    readonly operation:
      | { readonly kind: 'get' | 'delete'; readonly key: string }
      | { readonly kind: 'put' | 'append'; readonly key: string; readonly value: string };
  }[];
}

/** An event of a fault plan; which fields it has depends on its kind, and whoever runs the lesson checks that. */
export interface LessonFault {
  readonly at: number;
  readonly for?: number;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** What a name means that a reader meets in a run: a role, a timer, a kind of message, a label of `observe`. */
export interface Term {
  readonly name: LocalText;
  /** A sentence, with its section where there is one. */
  readonly about?: LocalText;
}

/** What a protocol brings for readers: `./lessons` of its package exports it as `teaching`. */
export interface Teaching {
  readonly lessons: readonly Lesson[];
  readonly terms: Readonly<Record<string, Term>>;
  /** What each planted bug of the package does, by the name of the mutant: a reader may run the protocol with one. */
  readonly bugs?: Readonly<Record<string, LocalText>>;
}
