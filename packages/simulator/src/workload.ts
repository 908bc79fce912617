/** What clients ask for, and how fast. */
export interface Workload {
  /** Open loop: arrivals per second (Poisson), whether or not earlier ones were answered. Exactly one of `rate` and `clients` is set. */
  readonly rate?: number;
  /** Closed loop: so many clients, each with one operation after another. */
  readonly clients?: number;
  /** Closed loop: pause between an answer and the next operation, milliseconds. Default 0. */
  readonly thinkMilliseconds?: number;
  /**
   * Closed loop: operations begin only in bursts of so many milliseconds, with so long a pause between two. What would begin in a pause
   * begins with the next burst, and so together with others'. Default: at any time.
   */
  readonly bursts?: { readonly milliseconds: number; readonly pauseMilliseconds: number };
  /** Quiet time before the first request, in which a cluster may find its leader; LAN milliseconds. Default 0. */
  readonly quietMilliseconds?: number;
  /** Stop asking after so many operations. Default: none. */
  readonly operations?: number;
  /** Number of keys, drawn uniformly. */
  readonly keys: number;
  /** Length of written values in bytes; values are unique and never shorter than their number. */
  readonly valueBytes: number;
  /** Share of reads, 0 to 1. */
  readonly reads: number;
  /** What writes are: `put`, or a mix of put, compare-and-set, append and delete, which finds more bugs. */
  readonly writes: 'put' | 'mixed';
  /** Where clients stand: spread over the nodes' places, or all beside one node (a number), or beside whoever leads. */
  readonly place: 'spread' | 'leader' | number;
  /**
   * Every other client hears at once of each new leader, and asks it what it waits for, or would have asked next: so a leader has requests
   * before it has done anything else, while the others' still go to an old one. Default false.
   */
  readonly attentive?: boolean;
  /** Keep the history for checkers. Off for long measurements. */
  readonly history: boolean;
}

export const DEFAULT_WORKLOAD: Workload = {
  keys: 16,
  valueBytes: 16,
  reads: 0.3,
  writes: 'mixed',
  place: 'spread',
  history: true,
};
