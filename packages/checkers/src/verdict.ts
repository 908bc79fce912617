/**
 * What a check says. `unknown`: its bounds were reached, or the record does not hold what it would need; never a pass.
 * `detail` is a sentence for people, `witness` the evidence as data, where there is any.
 */
export interface Verdict<Witness = unknown> {
  /** `linearizable`, `agreement`, `AC1`, `exactly-once`, … */
  readonly check: string;
  readonly verdict: 'ok' | 'violated' | 'unknown';
  readonly detail: string;
  readonly witness?: Witness;
}
