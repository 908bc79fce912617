import { NO_BYTES, type NodeId, writeU32 } from '@quorate/interface';
import { decodeResult } from '@quorate/state-machine';
import type { ResponseHandler, TcpClient } from '@quorate/transport/tcp';
import type { Connections } from './connections.ts';

/**
 * How an operation ended.
 * - `ok`: carried out; the result is the state machine's.
 * - `aborted`, `unsupported`: refused for good, without effect. `unavailable`: nobody served in time; without effect.
 * - `unknown`: a write which may have had its effect, or may have it yet.
 */
export type Ending = 'ok' | 'aborted' | 'unsupported' | 'unavailable' | 'unknown';

/** Takes an operation's end. `result` is a view that may be kept; empty unless `ok`. */
export type EndHandler = (ending: Ending, result: Uint8Array) => void;

/** So many hints are followed at once; then two replicas send us to and fro, and a pause is in order. */
const REDIRECTS_MAX = 3;
/** Statuses of results from here on say that the command was not carried out by this request. */
const FIRST_ODD_STATUS = 2;
const DOUBLINGS_MAX = 4;

/**
 * One session of a client: one request at a time, sent again, redirected and given up as is safe. A session which does not know what
 * became of a write is not used again: it goes on under a new number.
 */
export class Session {
  /** The number under which the state machine knows it, 1 to 2^32 - 1. */
  id: number;
  /** Of the last command. Whoever encodes a command counts it up. */
  sequence = 0;
  readonly #connections: Connections;
  readonly #index: number;
  #target: NodeId;
  #connection: TcpClient | undefined;
  #kind: 'read' | 'write' = 'read';
  #command: Uint8Array = NO_BYTES;
  #done: EndHandler | undefined;
  /** An attempt's end was not learnt, so the operation may have its effect whatever later attempts are told. */
  #inDoubt = false;
  #redirects = 0;
  #pauses = 0;
  /** When to ask again; 0 while an answer is awaited. */
  #retryAt = 0;
  #attemptUntil = 0;
  #giveUpAt = 0;

  constructor(connections: Connections, index: number) {
    this.#connections = connections;
    this.#index = index;
    this.#target = connections.homeOf(index);
    this.id = connections.newSession();
    connections.admit(this);
  }

  get busy(): boolean {
    return this.#done !== undefined;
  }

  /** Asks. `command` begins with this session's `id` and `sequence`. `done` is called once, later. */
  ask(kind: 'read' | 'write', command: Uint8Array, done: EndHandler, now = performance.now()): void {
    if (this.#done !== undefined) throw new Error('a session has one request at a time');
    this.#kind = kind;
    this.#command = command;
    this.#done = done;
    this.#inDoubt = false;
    this.#redirects = 0;
    this.#pauses = 0;
    this.#giveUpAt = now + this.#connections.giveUpMilliseconds;
    this.#attempt(now);
  }

  /** Looks at the deadlines. */
  sweep(now: number): void {
    if (this.#done === undefined) return;
    if (now >= this.#giveUpAt) this.#giveUp();
    else if (this.#retryAt > 0) {
      if (now >= this.#retryAt) this.#attempt(now);
    } else if (now >= this.#attemptUntil && this.#mayRetry) {
      this.#connection!.abandon(this.id);
      this.#inDoubt = true;
      this.#connections.doubt(this.#target);
      this.#target = this.#connections.after(this.#target);
      this.#attempt(now);
    }
  }

  /** A node can be reached now. */
  onReachable(node: NodeId): void {
    if (this.#done !== undefined && this.#retryAt > 0 && this.#target === node) this.#retryAt = 1;
  }

  /** Reads have no effect and may always be asked again. */
  get #mayRetry(): boolean {
    return this.#kind === 'read' || this.#connections.mayRetryWrites;
  }

  #attempt(now: number): void {
    const connections = this.#connections;
    if (connections.leader !== null) this.#target = connections.leader;
    const connection = connections.to(this.#target, this.#index);
    this.#retryAt = 0;
    this.#attemptUntil = now + connections.attemptMilliseconds;
    this.#connection = connection;
    if (connection?.request(this.#kind, this.#command, this.#onResponse) === true) return;
    connections.doubt(this.#target); // it can't be reached
    this.#tryNext();
  }

  readonly #onResponse: ResponseHandler = (status, leader, result) => {
    switch (status) {
      case 'ok':
        this.#connections.served(this.#target);
        if (result[0]! >= FIRST_ODD_STATUS) this.#odd(result);
        else this.#end('ok', result);
        return;
      case 'aborted':
      case 'unsupported':
        this.#end(this.#inDoubt ? 'unknown' : status, NO_BYTES);
        return;
      case 'not-leader':
        this.#connections.doubt(this.#target);
        if (leader === null || leader === this.#target || ++this.#redirects > REDIRECTS_MAX) this.#tryNext();
        else {
          this.#target = leader;
          this.#connections.leader = leader;
          this.#attempt(performance.now());
        }
        return;
      case 'busy':
        this.#pause();
        return;
      case 'stopped':
        this.#connections.doubt(this.#target);
        this.#tryNext();
        return;
      case 'unknown':
        this.#inDoubt = true;
        if (this.#mayRetry) this.#tryNext();
        else this.#end('unknown', NO_BYTES);
        return;
      default:
        status satisfies never;
    }
  };

  /** The state machine did not carry out this very command: the session has gone on, or was forgotten. */
  #odd(result: Uint8Array): void {
    const { status } = decodeResult(result);
    if (status === 'malformed') this.#end('unsupported', NO_BYTES);
    else if (status === 'expired' && !this.#inDoubt) {
      // Forgotten for lack of use, and asked for the first time: surely not carried out, so a new session may ask.
      this.#renew();
      this.sequence = 1;
      writeU32(this.#command, 0, this.id);
      writeU32(this.#command, 4, this.sequence);
      this.#attempt(performance.now());
    } else this.#end('unknown', NO_BYTES);
  }

  #tryNext(): void {
    this.#target = this.#connections.after(this.#target);
    this.#pause();
  }

  #pause(): void {
    const span = this.#connections.backoffMilliseconds * 2 ** Math.min(this.#pauses++, DOUBLINGS_MAX);
    this.#redirects = 0;
    this.#retryAt = performance.now() + span * (0.5 + Math.random());
  }

  #giveUp(): void {
    if (this.#retryAt === 0) {
      this.#connection!.abandon(this.id);
      this.#inDoubt = true;
    }
    this.#end(this.#inDoubt && this.#kind === 'write' ? 'unknown' : 'unavailable', NO_BYTES);
  }

  #end(ending: Ending, result: Uint8Array): void {
    const done = this.#done!;
    this.#done = undefined;
    if (ending === 'unknown') this.#renew();
    done(ending, result);
  }

  #renew(): void {
    this.id = this.#connections.newSession();
    this.sequence = 0;
  }
}
