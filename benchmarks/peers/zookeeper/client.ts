import type { EndHandler } from '@quorate/cluster';
import type { Operation } from '@quorate/state-machine';
import { AnswerQueue, failLater, type Lane, NO_RESULT } from '../lanes.ts';
import { Pipe } from '../pipe.ts';
import {
  connectRequest,
  NODE_EXISTS,
  OK,
  PING_XID,
  ping,
  REPLY_HEADER,
  sessionOf,
  writeCreate,
  writeGetData,
  writeSetData,
} from './jute.ts';

const TIMEOUT_MILLISECONDS = 30_000;
const LARGEST_XID = 0x7fff_ffff;

/** A ZooKeeper session on one connection, with any number of requests under way; the server answers them in order. */
export class ZooKeeperClient implements Lane {
  /** Resolves when the session is open. @throws Error where it is refused */
  readonly ready: Promise<void>;
  readonly #pipe: Pipe;
  readonly #answers = new AnswerQueue();
  readonly #pings: NodeJS.Timeout;
  #xid = 0;
  #isOpen = false;
  #opened!: () => void;
  #refused!: (error: Error) => void;

  constructor(port: number) {
    this.ready = new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#refused = reject;
    });
    this.#pipe = new Pipe(
      port,
      (bytes, length) => this.#onData(bytes, length),
      (why) => this.#onGone(why),
    );
    this.#pipe.append(connectRequest(TIMEOUT_MILLISECONDS));
    this.#pings = setInterval(() => this.#pipe.append(ping()), TIMEOUT_MILLISECONDS / 3);
  }

  /** Reads, or sets the data of a znode that exists, named like the key. */
  ask(operation: Operation, done: EndHandler): void {
    const path = `/${operation.key}`;
    if (!this.#mayAsk(done)) return;
    if (operation.kind === 'get') writeGetData(this.#pipe, this.#xid, path);
    else if (operation.kind === 'put') writeSetData(this.#pipe, this.#xid, path, operation.value);
    else throw new RangeError(`a load on ZooKeeper has no ${operation.kind}`);
  }

  /** Makes a znode; `ok` too where it exists. */
  create(path: string, value: string, done: EndHandler): void {
    if (this.#mayAsk(done)) writeCreate(this.#pipe, this.#xid, path, value);
  }

  close(): void {
    clearInterval(this.#pings);
    this.#pipe.close();
  }

  #mayAsk(done: EndHandler): boolean {
    if (this.#pipe.gone) {
      failLater(done);
      return false;
    }
    this.#xid = this.#xid === LARGEST_XID ? 1 : this.#xid + 1;
    this.#answers.push(done);
    return true;
  }

  #onData(bytes: Buffer, length: number): number {
    let at = 0;
    while (length - at >= 4) {
      const end = at + 4 + bytes.readInt32BE(at);
      if (end > length) break;
      this.#onFrame(bytes, at + 4);
      at = end;
    }
    return at;
  }

  #onFrame(bytes: Buffer, at: number): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      if (sessionOf(bytes, at) === 0n) this.#refused(new Error('ZooKeeper refused the session'));
      else this.#opened();
      return;
    }
    if (bytes.readInt32BE(at) === PING_XID) return;
    const error = bytes.readInt32BE(at + REPLY_HEADER - 4);
    const done = this.#answers.shift();
    done(error === OK || error === NODE_EXISTS ? 'ok' : 'aborted', NO_RESULT);
  }

  #onGone(why: string): void {
    clearInterval(this.#pings);
    this.#refused(new Error(`ZooKeeper: ${why}`));
    this.#answers.abandon();
  }
}
