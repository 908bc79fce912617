import type { NodeId, Outcome, Slot } from '@quorate/interface';
import type { Verdict } from './verdict.ts';

/** One node's decision. */
export interface Decision {
  readonly node: NodeId;
  readonly slot: Slot;
  readonly outcome: Outcome;
  /** Undefined where the node decided without knowing it, as it may to abort. */
  readonly command: Uint8Array | undefined;
}

/** Two decisions on one slot that differ. */
export interface Disagreement {
  readonly first: Decision;
  readonly second: Decision;
}

/** How far beyond the highest slot an array still grows; slots further out go to a map. */
const GAP = 1024;

/**
 * Agreement over the history of decisions: no two nodes, and no node at two times, ever decide differently on a slot. The whole history
 * counts, not only what nodes hold at one moment: those who disagree need not be there together. Constant time per decision.
 */
export class Agreement {
  /** By slot, the first decision; slots far apart are in the map. */
  readonly #dense: (Decision | undefined)[] = [];
  readonly #sparse = new Map<Slot, Decision>();
  #decisions = 0;
  #slots = 0;
  #broken: Disagreement | null = null;

  /** Takes one decision; says what it contradicts, or null. Bytes of `command` must not change later. */
  decide(node: NodeId, slot: Slot, outcome: Outcome, command: Uint8Array | undefined): Disagreement | null {
    this.#decisions++;
    const first = this.#dense[slot] ?? (this.#sparse.size > 0 ? this.#sparse.get(slot) : undefined);
    if (first === undefined || (first.command === undefined && first.outcome === outcome)) {
      if (first === undefined) this.#slots++;
      this.#keep({ node, slot, outcome, command });
      return null;
    }
    if (first.outcome === outcome && same(first.command, command)) return null;
    const disagreement = { first, second: { node, slot, outcome, command } };
    this.#broken ??= disagreement;
    return disagreement;
  }

  verdict(): Verdict<Decision> {
    const check = 'agreement';
    if (this.#broken === null) {
      const detail = `${this.#decisions} decisions on ${this.#slots} slots, none different`;
      return { check, verdict: 'ok', detail };
    }
    const { first, second } = this.#broken;
    const witness = {
      kind: 'contradiction',
      pattern: 'disagreement',
      key: `${first.slot}`,
      items: [first, second],
      edges: [{ from: 0, to: 1, reason: 'recorded' }],
      unsure: [],
    } as const;
    return { check, verdict: 'violated', detail: describeDisagreement(this.#broken), witness };
  }

  #keep(decision: Decision): void {
    const { slot } = decision;
    if (slot >= 0 && slot < this.#dense.length + GAP && !this.#sparse.has(slot)) this.#dense[slot] = decision;
    else this.#sparse.set(slot, decision);
  }
}

/** A disagreement in a sentence. */
export function describeDisagreement({ first, second }: Disagreement): string {
  const outcomes =
    first.outcome === second.outcome
      ? `${first.outcome} different commands`
      : `decided differently: ${first.outcome} and ${second.outcome}`;
  return `slot ${first.slot}: nodes ${first.node} and ${second.node} ${outcomes}`;
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
