import { decodeResult, encodeCommand, type Operation, type Result } from '@quorate/state-machine';
import { type AskingOptions, Connections } from './connections.ts';
import {
  AbortedError,
  ClosedError,
  type ClusterError,
  OutcomeUnknownError,
  UnavailableError,
  UnsupportedError,
} from './errors.ts';
import type { Members } from './members.ts';
import { type Ending, Session } from './session.ts';

/** How a `QuorateClient` asks. */
export interface ClientOptions extends AskingOptions {
  /** Operations under way at a time; further ones wait. Default 256. */
  readonly outstanding?: number;
}

/** What a compare-and-set did. `found`: the value that stood in its way, or null where none did. */
export interface CasResult {
  readonly swapped: boolean;
  readonly found: string | null;
}

interface Waiting {
  readonly operation: Operation;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: ClusterError) => void;
}

/**
 * A client of a served cluster. Finds the leader, asks again where that is safe, and carries out each write once: a write is either done
 * when its promise resolves, or surely not done when it rejects, except with `OutcomeUnknownError` and `ClosedError`.
 *
 * All methods reject with `UnavailableError`, `UnsupportedError` or `ClosedError`; writes also with `OutcomeUnknownError` and, in atomic
 * commitment, `AbortedError`. A key of more than 65,535 bytes is a RangeError. Any number of calls may be under way at once; they take
 * effect in any order.
 */
export class QuorateClient {
  readonly #connections: Connections;
  readonly #outstandingMax: number;
  readonly #idle: Session[] = [];
  readonly #queue: Waiting[] = [];
  readonly #running = new Set<Waiting>();
  #sessions = 0;
  #isClosed = false;

  constructor(members: Members, options: ClientOptions = {}) {
    this.#connections = new Connections(members, 1, options);
    this.#outstandingMax = options.outstanding ?? 256;
    if (!(this.#outstandingMax >= 1))
      throw new RangeError(`outstanding ${options.outstanding}: must be at least 1`);
  }

  /** The key's value, or null where there is none. */
  async get(key: string): Promise<string | null> {
    return (await this.#carryOut({ kind: 'get', key })).value;
  }

  async put(key: string, value: string): Promise<void> {
    await this.#carryOut({ kind: 'put', key, value });
  }

  /** Succeeds also where there is no such key. */
  async delete(key: string): Promise<void> {
    await this.#carryOut({ kind: 'delete', key });
  }

  /** Sets the value if the present one is `expected`, where null means that there is none. */
  async cas(key: string, expected: string | null, value: string): Promise<CasResult> {
    const result = await this.#carryOut({ kind: 'cas', key, expected, value });
    return { swapped: result.status === 'ok', found: result.status === 'ok' ? null : result.value };
  }

  /** Adds `value` behind the present value; an absent one counts as empty. */
  async append(key: string, value: string): Promise<void> {
    await this.#carryOut({ kind: 'append', key, value });
  }

  /** Closes the connections. What is under way is rejected with `ClosedError`. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const waiting of [...this.#running, ...this.#queue.splice(0)])
      waiting.reject(
        new ClosedError(`the client was closed before ${describe(waiting.operation)} was answered`),
      );
    await this.#connections.close();
  }

  #carryOut(operation: Operation): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new ClosedError('the client is closed');
      const waiting: Waiting = { operation, resolve, reject };
      const session = this.#idle.pop() ?? this.#newSession();
      if (session === undefined) this.#queue.push(waiting);
      else this.#begin(session, waiting);
    });
  }

  #newSession(): Session | undefined {
    if (this.#sessions === this.#outstandingMax) return undefined;
    return new Session(this.#connections, this.#sessions++);
  }

  #begin(session: Session, waiting: Waiting): void {
    const { operation } = waiting;
    const kind = operation.kind === 'get' ? 'read' : 'write';
    let command: Uint8Array;
    try {
      command = encodeCommand({ client: session.id, sequence: session.sequence + 1, operation });
    } catch (error) {
      this.#idle.push(session);
      throw error;
    }
    session.sequence++;
    this.#running.add(waiting);
    session.ask(kind, command, (ending, result) => {
      this.#running.delete(waiting);
      if (ending === 'ok') waiting.resolve(decodeResult(result));
      else waiting.reject(errorOf(ending, operation));
      const next = this.#queue.shift();
      if (next === undefined) this.#idle.push(session);
      else this.#begin(session, next);
    });
  }
}

function errorOf(ending: Exclude<Ending, 'ok'>, operation: Operation): ClusterError {
  const what = describe(operation);
  switch (ending) {
    case 'aborted':
      return new AbortedError(`${what} was aborted`);
    case 'unsupported':
      return new UnsupportedError(`the cluster does not offer ${what}`);
    case 'unavailable':
      return new UnavailableError(`no replica served ${what} in time`);
    case 'unknown':
      return new OutcomeUnknownError(`what became of ${what} is not known`);
  }
}

function describe({ kind, key }: Operation): string {
  return `${kind} ${JSON.stringify(key.length > 40 ? `${key.slice(0, 37)}...` : key)}`;
}
