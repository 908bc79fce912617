import { ClosedError, type Members, OutcomeUnknownError, QuorateClient } from '@quorate/cluster';

const KEYS = 32;
const PAUSE_MILLISECONDS = 100;

interface Account {
  readonly key: string;
  /** The last write that was acknowledged; 0 for none. */
  acknowledged: number;
  /** Writes that nobody knows the fate of, which may take effect at any time. */
  readonly unknown: Set<number>;
}

/**
 * Writes that are remembered outside the cluster: each key has one writer, which writes 1, 2, 3, … one after another. What was acknowledged
 * last must be there, unless a write whose outcome is unknown has come after it.
 */
export class Ledger {
  readonly #members: Members;
  readonly #client: QuorateClient;
  readonly #accounts: readonly Account[];
  readonly #writers: Promise<void>[];
  #acknowledged = 0;
  #active = true;

  constructor(members: Members) {
    this.#members = members;
    this.#client = new QuorateClient(members);
    this.#accounts = Array.from({ length: KEYS }, (_, i): Account => {
      return { key: `ledger-${i}`, acknowledged: 0, unknown: new Set() };
    });
    this.#writers = this.#accounts.map((account) => this.#write(account));
  }

  /** Writes that were acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Stops writing, reads everything, and says what is lost; nothing, if all is well. */
  async close(): Promise<string[]> {
    this.#active = false;
    await Promise.all(this.#writers);
    await this.#client.close();
    const reader = new QuorateClient(this.#members, { giveUpMilliseconds: 30_000 });
    const lost: string[] = [];
    for (const account of this.#accounts) {
      const found = await reader.get(account.key);
      const problem = problemOf(account, found === null ? 0 : Number(found));
      if (problem !== null) lost.push(problem);
    }
    await reader.close();
    return lost;
  }

  async #write(account: Account): Promise<void> {
    for (let n = 1; this.#active; n++) {
      try {
        await this.#client.put(account.key, String(n));
        account.acknowledged = n;
        this.#acknowledged++;
      } catch (error) {
        if (error instanceof OutcomeUnknownError || error instanceof ClosedError) account.unknown.add(n);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
    }
  }
}

/** What is wrong with a key's value, or null. A write that surely had no effect must not be there either. */
export function problemOf(
  { key, acknowledged, unknown }: Pick<Account, 'key' | 'acknowledged' | 'unknown'>,
  found: number,
): string | null {
  if (found === acknowledged || unknown.has(found)) return null;
  return `${key} is ${found}; acknowledged last: ${acknowledged}, unknown: ${[...unknown].join(', ') || 'none'}`;
}
