import type { EndHandler } from '@quorate/cluster';
import type { Operation } from '@quorate/state-machine';
import { failLater, type Lane, NO_RESULT } from '../lanes.ts';
import { Http2Connection } from './http2.ts';
import { METHOD, readStatus, requestBytes, writeKeyValue } from './messages.ts';

/** etcd's keys and values, and who leads, over one connection. */
export class EtcdClient implements Lane {
  readonly ready: Promise<void>;
  readonly #http: Http2Connection;
  readonly #put: Buffer;
  readonly #range: Buffer;

  constructor(port: number) {
    this.#http = new Http2Connection(port);
    this.ready = this.#http.ready;
    this.#put = this.#http.headersOf(METHOD.put);
    this.#range = this.#http.headersOf(METHOD.range);
  }

  ask({ kind, key, ...rest }: Operation, done: EndHandler): void {
    if (this.#http.gone) {
      failLater(done);
      return;
    }
    if (kind !== 'get' && kind !== 'put') throw new RangeError(`a load on etcd has no ${kind}`);
    const value = kind === 'get' ? null : (rest as { readonly value: string }).value;
    this.#http.call(
      value === null ? this.#range : this.#put,
      requestBytes(key, value),
      (target, at) => writeKeyValue(target, at, key, value),
      (answer, isKnown) => done(answer !== null ? 'ok' : isKnown ? 'aborted' : 'unknown', NO_RESULT),
    );
  }

  /** Whether the member at the other end leads; null where it knows of no leader. */
  leads(): Promise<boolean | null> {
    return new Promise((resolve, reject) => {
      this.#http.call(
        this.#http.headersOf(METHOD.status),
        0,
        () => {},
        (answer) => {
          if (answer === null) reject(new Error('etcd does not tell its status'));
          else {
            const { member, leader } = readStatus(answer);
            resolve(leader === 0n ? null : leader === member);
          }
        },
      );
    });
  }

  close(): void {
    this.#http.close();
  }
}
