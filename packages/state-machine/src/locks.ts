import type { Slot, Vote } from '@quorate/interface';

/** A transaction that holds its locks or waits for them. */
interface Transaction {
  readonly slot: Slot;
  /** Null: a malformed command, which needs no lock. */
  readonly key: string | null;
  readonly client: number;
}

/**
 * Exclusive locks on keys and clients for atomic commitment, all or none per transaction, held until it is finished. A client is
 * locked too, because its session changes with the commit: of two attempts at one request only one may be in doubt.
 *
 * *Wait-die*, by slot: a transaction that meets a younger holder (larger slot) waits; one that meets an older holder dies, which
 * is the vote `no`. A holder is never forced out, since it may have voted yes. No deadlock, also across nodes: each waiting
 * transaction has a younger holder before it, which can itself only wait, at another node, for a still younger one, and so on to
 * one that waits for nobody.
 *
 * A released lock goes to the youngest of those waiting for it. The others are older than that one and so may go on waiting;
 * given to the oldest, the lock would have to kill them.
 */
export class LockTable {
  readonly #keys = new Map<string, Transaction>();
  readonly #clients = new Map<number, Transaction>();
  readonly #holding = new Map<Slot, Transaction>();
  /** Oldest first. */
  readonly #waiting: Transaction[] = [];
  #answers: { readonly slot: Slot; readonly vote: Vote }[] = [];

  /** Asks for a transaction's locks. Asking again for the same slot changes nothing. */
  acquire(slot: Slot, key: string | null, client: number): 'yes' | 'no' | 'waiting' {
    if (this.#waiting.some((one) => one.slot === slot) || this.#answers.some((one) => one.slot === slot))
      return 'waiting';
    if (this.#holding.has(slot)) return 'yes';
    const transaction = { slot, key, client };
    const answer = this.#judge(transaction);
    if (answer === 'yes') this.#grant(transaction);
    if (answer === 'waiting') {
      const younger = this.#waiting.findIndex((one) => one.slot > slot);
      this.#waiting.splice(younger < 0 ? this.#waiting.length : younger, 0, transaction);
    }
    return answer;
  }

  /**
   * Takes locks that were held before a restart.
   * @throws Error where another transaction holds one of them: both were prepared, which these locks never allow.
   */
  retake(slot: Slot, key: string | null, client: number): void {
    if (this.#holding.has(slot)) return;
    const transaction = { slot, key, client };
    if (this.#judge(transaction) !== 'yes')
      throw new Error(`transaction ${slot} was prepared without its locks`);
    this.#grant(transaction);
  }

  /** Gives up what the transaction holds or waits for. */
  release(slot: Slot): void {
    if (this.#answers.length > 0) this.#answers = this.#answers.filter((one) => one.slot !== slot);
    const waiting = this.#waiting.findIndex((one) => one.slot === slot);
    if (waiting >= 0) this.#waiting.splice(waiting, 1);
    const transaction = this.#holding.get(slot);
    if (transaction === undefined) return;
    this.#holding.delete(slot);
    if (transaction.key === null) return;
    this.#keys.delete(transaction.key);
    this.#clients.delete(transaction.client);
    this.#wake(transaction);
  }

  /** The answers to those that waited, since the last call. */
  answers(): { readonly slot: Slot; readonly vote: Vote }[] {
    if (this.#answers.length === 0) return [];
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }

  holds(slot: Slot): boolean {
    return this.#holding.has(slot);
  }

  locked(key: string): boolean {
    return this.#keys.has(key);
  }

  #judge(wanted: Transaction): 'yes' | 'no' | 'waiting' {
    if (wanted.key === null) return 'yes';
    const one = this.#keys.get(wanted.key);
    const other = this.#clients.get(wanted.client);
    if ((one !== undefined && one.slot < wanted.slot) || (other !== undefined && other.slot < wanted.slot))
      return 'no';
    return one === undefined && other === undefined ? 'yes' : 'waiting';
  }

  #grant(transaction: Transaction): void {
    this.#holding.set(transaction.slot, transaction);
    if (transaction.key === null) return;
    this.#keys.set(transaction.key, transaction);
    this.#clients.set(transaction.client, transaction);
  }

  /** Judges again all that a released transaction stood before, the youngest first. */
  #wake(released: Transaction): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const transaction = this.#waiting[i]!;
      if (transaction.key !== released.key && transaction.client !== released.client) continue;
      const answer = this.#judge(transaction);
      if (answer === 'waiting') continue;
      this.#waiting.splice(i, 1);
      if (answer === 'yes') this.#grant(transaction);
      this.#answers.push({ slot: transaction.slot, vote: answer });
    }
  }
}
