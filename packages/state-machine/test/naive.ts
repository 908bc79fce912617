import type { Command, Operation, Result } from '../src/index.ts';

/** The store as one would write it first: the model that the real one must agree with. */
export class NaiveStore {
  values: Record<string, string> = {};
  /** Longest unused first. */
  sessions: { client: number; sequence: number; result: Result }[] = [];
  dropped = false;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  apply({ client, sequence, operation }: Command): Result {
    const found = this.sessions.find((session) => session.client === client);
    if (found !== undefined) {
      this.sessions = [...this.sessions.filter((session) => session !== found), found];
      if (sequence === found.sequence) return found.result;
      if (sequence < found.sequence) return { status: 'stale', value: null };
      found.sequence = sequence;
      found.result = this.execute(operation);
      return found.result;
    }
    if (this.dropped && sequence > 1) return { status: 'expired', value: null };
    const session = { client, sequence, result: this.execute(operation) };
    this.sessions = [...this.sessions, session];
    if (this.sessions.length > this.limit) {
      this.sessions = this.sessions.slice(1);
      this.dropped = true;
    }
    return session.result;
  }

  execute(operation: Operation): Result {
    const key = `key ${operation.key}`;
    const present = this.values[key] ?? null;
    if (operation.kind === 'get') return { status: 'ok', value: present };
    if (operation.kind === 'cas' && present !== operation.expected)
      return { status: 'mismatch', value: present };
    if (operation.kind === 'delete') delete this.values[key];
    else if (operation.kind === 'append') this.values[key] = (present ?? '') + operation.value;
    else this.values[key] = operation.value;
    return { status: 'ok', value: null };
  }

  entries(): [string, string][] {
    return Object.entries(this.values)
      .map(([key, value]): [string, string] => [key.slice(4), value])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
