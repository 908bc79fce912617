import type { Operation } from './history.ts';

/**
 * What a check says. `unknown`: its bounds were reached, or the record does not hold what it would need; never a pass.
 * `detail` is a sentence for people, `witness` the evidence as plain data, where there is any.
 */
export interface Verdict<Item = unknown> {
  /** `linearizable`, `agreement`, `AC1`, `exactly-once`, … */
  readonly check: string;
  readonly verdict: 'ok' | 'violated' | 'unknown';
  readonly detail: string;
  readonly witness?: Witness<Item>;
}

/** A verdict whose evidence takes longer than itself, and so is worked out when it is first looked at. */
export function withEvidence<V extends object, Item>(
  verdict: V,
  work: () => { readonly detail: string; readonly witness: Witness<Item> },
): V & { readonly detail: string; readonly witness: Witness<Item> } {
  let evidence: ReturnType<typeof work> | undefined;
  const found = () => {
    evidence ??= work();
    return evidence;
  };
  return {
    ...verdict,
    get detail() {
      return found().detail;
    },
    get witness() {
      return found().witness;
    },
  };
}

/** The evidence for `ok` or for `violated`. Items are operations of a history, unless a check says otherwise. */
export type Witness<Item = Operation> = OrderWitness<Item> | Contradiction<Item>;

/** Evidence for `ok`: an order that explains everything, for each part that is judged by itself. */
export interface OrderWitness<Item = Operation> {
  readonly kind: 'order';
  readonly parts: readonly OrderedPart<Item>[];
}

export interface OrderedPart<Item = Operation> {
  /** Null: all keys together. */
  readonly key: string | null;
  readonly items: readonly Item[];
}

/**
 * Evidence for `violated`: a part of the history which cannot be explained, whatever the rest was. It is as small as the check could
 * make it within its bounds. Made to be drawn: items are the dots (or bars), edges the arrows.
 */
export interface Contradiction<Item = Operation> {
  readonly kind: 'contradiction';
  /** What kind of contradiction; each check tells its kinds. */
  readonly pattern: string;
  /** The key that it is about; null: more than one, or none. */
  readonly key: string | null;
  readonly items: readonly Item[];
  readonly edges: readonly Edge[];
  /**
   * Positions of items whose outcome is unknown, or is not needed: they may have taken effect at any time since they began, or never,
   * and still the others cannot be explained.
   */
  readonly unsure: readonly number[];
}

/** That one item comes before another, and why. */
export interface Edge {
  /** Positions in `items`. */
  readonly from: number;
  readonly to: number;
  readonly reason: EdgeReason;
}

/**
 * - `program-order`: the same process did one after the other.
 * - `reads-from`: the second returned what the first wrote.
 * - `real-time`: the first had ended before the second began.
 * - `forced`: the reads leave no other order.
 * - `recorded`: the record has the one before the other.
 */
export type EdgeReason = 'program-order' | 'reads-from' | 'real-time' | 'forced' | 'recorded';
