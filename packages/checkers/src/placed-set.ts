/**
 * The operations placed so far, in a form that makes short keys: the number up to which all answered operations are placed, one bit
 * for each of the few beyond, and one bit for each operation of unknown outcome.
 */
export class PlacedSet {
  /** Rank of each operation among the answered, or among those of unknown outcome. */
  readonly #rank: Int32Array;
  readonly #answered: Uint8Array;
  readonly #answeredPlaced: Uint8Array;
  readonly #unknownPlaced: Uint8Array;
  /** Every answered operation of lower rank is placed. */
  #low = 0;
  #answeredSize = 0;
  #unknownSize = 0;

  /** @param answered 1 for each answered operation, 0 for those of unknown outcome, in order of `start` */
  constructor(answered: Uint8Array) {
    this.#answered = answered;
    this.#rank = new Int32Array(answered.length);
    const totals = [0, 0];
    answered.forEach((kind, i) => {
      this.#rank[i] = totals[kind]!++;
    });
    this.#unknownPlaced = new Uint8Array(totals[0]!);
    // One more, never placed: where `#low` stops.
    this.#answeredPlaced = new Uint8Array(totals[1]! + 1);
  }

  add(operation: number): void {
    const rank = this.#rank[operation]!;
    if (this.#answered[operation] === 0) {
      this.#unknownPlaced[rank] = 1;
      this.#unknownSize++;
      return;
    }
    this.#answeredPlaced[rank] = 1;
    this.#answeredSize++;
    while (this.#answeredPlaced[this.#low] === 1) this.#low++;
  }

  delete(operation: number): void {
    const rank = this.#rank[operation]!;
    if (this.#answered[operation] === 0) {
      this.#unknownPlaced[rank] = 0;
      this.#unknownSize--;
      return;
    }
    this.#answeredPlaced[rank] = 0;
    this.#answeredSize--;
    if (rank < this.#low) this.#low = rank;
  }

  has(operation: number): boolean {
    const flags = this.#answered[operation] === 0 ? this.#unknownPlaced : this.#answeredPlaced;
    return flags[this.#rank[operation]!] === 1;
  }

  /** The set and a state's number as a string: equal strings for equal sets and states, and only for those. */
  key(stateId: number): string {
    const units = [this.#low & 0xffff, this.#low >>> 16, stateId & 0xffff, stateId >>> 16];
    pushBits(units, this.#answeredPlaced, this.#low, this.#answeredSize - this.#low);
    units.push(units.length); // where the first bits end and the others begin
    pushBits(units, this.#unknownPlaced, 0, this.#unknownSize);
    let key = '';
    for (let i = 0; i < units.length; i += 4096) key += String.fromCharCode(...units.slice(i, i + 4096));
    return key;
  }
}

/** Packs flags from `from` on, up to the last of `size` set ones, 16 to a unit. */
function pushBits(units: number[], flags: Uint8Array, from: number, size: number): void {
  let left = size;
  for (let at = from; left > 0; at += 16) {
    let unit = 0;
    for (let bit = 0; bit < 16 && left > 0; bit++) {
      if (flags[at + bit] !== 1) continue;
      unit |= 1 << bit;
      left--;
    }
    units.push(unit);
  }
}
