/**
 * A key-value store for replicated logs and for atomic commitment, which carries out each client's command exactly once.
 *
 * ```ts
 * import { decodeResult, encodeCommand, KeyValueStore } from '@quorate/state-machine';
 *
 * const store = new KeyValueStore();
 * const put = encodeCommand({ client: 7, sequence: 1, operation: { kind: 'put', key: 'colour', value: 'red' } });
 * store.apply(put);
 * store.apply(put); // a retry: answered from the session, not carried out again
 *
 * const get = encodeCommand({ client: 7, sequence: 2, operation: { kind: 'get', key: 'colour' } });
 * decodeResult(store.read(get)); // { status: 'ok', value: 'red' }
 *
 * const copy = new KeyValueStore();
 * copy.restore(store.snapshot());
 * copy.entries(); // [['colour', 'red']]
 * ```
 * @packageDocumentation
 */
export { type Command, decodeCommand, encodeCommand, type Operation } from './commands.ts';
export { decodeResult, encodeResult, type Result, type Status } from './results.ts';
export { KeyValueStore, type StoreOptions } from './store.ts';
export { readUtf8, utf8Length, writeUtf8 } from './utf8.ts';
