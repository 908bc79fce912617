import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeResult, encodeCommand, KeyValueStore, type Operation, type Result } from '../src/index.ts';
import { command } from './arbitraries.ts';
import { NaiveStore } from './naive.ts';

function run(store: KeyValueStore, client: number, sequence: number, operation: Operation): Result {
  return decodeResult(store.apply(encodeCommand({ client, sequence, operation })));
}

test('agrees with the naive model, sessions dropped or not, through snapshots', () => {
  const limit = fc.constantFrom(1, 2, 3, 100);
  fc.assert(
    fc.property(limit, fc.array(fc.tuple(command, fc.nat(9)), { maxLength: 60 }), (sessions, steps) => {
      let store = new KeyValueStore({ sessions });
      const model = new NaiveStore(sessions);
      for (const [one, dice] of steps) {
        expect(decodeResult(store.apply(encodeCommand(one)))).toEqual(model.apply(one));
        expect(store.entries()).toEqual(model.entries());
        if (dice > 0) continue;
        const copy = new KeyValueStore({ sessions });
        copy.restore(store.snapshot());
        expect(copy.snapshot()).toEqual(store.snapshot());
        store = copy;
      }
    }),
    { seed: 1, numRuns: 600 },
  );
});

test('equal states give equal snapshots, in whatever order the keys came', () => {
  const names = ['b', 'a', '\u{1f680}', '\uffff', ''];
  const [one, other] = [new KeyValueStore(), new KeyValueStore()];
  for (const key of names) run(one, 1, names.indexOf(key) + 1, { kind: 'put', key, value: key });
  const backwards = [...names].reverse();
  for (const key of backwards) run(other, 1, backwards.indexOf(key) + 1, { kind: 'append', key, value: key });
  expect(other.snapshot()).toEqual(one.snapshot());
  run(other, 1, 6, { kind: 'delete', key: 'a' });
  expect(other.snapshot()).not.toEqual(one.snapshot());
  expect(other.size).toBe(4);
});

test('a retry gets the same result again and is not carried out (Raft dissertation §6.3)', () => {
  const store = new KeyValueStore();
  run(store, 1, 1, { kind: 'append', key: 'k', value: 'x' });
  expect(run(store, 1, 1, { kind: 'append', key: 'k', value: 'x' })).toEqual({ status: 'ok', value: null });
  expect(run(store, 1, 2, { kind: 'get', key: 'k' })).toEqual({ status: 'ok', value: 'x' });
  run(store, 2, 1, { kind: 'append', key: 'k', value: 'y' });
  expect(run(store, 1, 2, { kind: 'get', key: 'k' })).toEqual({ status: 'ok', value: 'x' });
  expect(run(store, 1, 1, { kind: 'append', key: 'k', value: 'x' })).toEqual({
    status: 'stale',
    value: null,
  });
  expect(store.entries()).toEqual([['k', 'xy']]);
});

test('a dropped session is not begun again in the middle', () => {
  const store = new KeyValueStore({ sessions: 2 });
  run(store, 1, 5, { kind: 'append', key: 'k', value: '1' }); // first seen at 5: its reads came before
  run(store, 2, 1, { kind: 'append', key: 'k', value: '2' });
  run(store, 1, 5, { kind: 'append', key: 'k', value: '1' }); // a use: now client 2 is the longest unused
  run(store, 3, 1, { kind: 'append', key: 'k', value: '3' });
  expect(run(store, 2, 2, { kind: 'append', key: 'k', value: '!' }).status).toBe('expired');
  expect(run(store, 1, 6, { kind: 'append', key: 'k', value: '1' }).status).toBe('ok');
  expect(run(store, 4, 1, { kind: 'append', key: 'k', value: '4' }).status).toBe('ok');
  expect(store.entries()).toEqual([['k', '12314']]);
});

test('reads do not touch sessions, and only a get reads', () => {
  const store = new KeyValueStore();
  run(store, 1, 1, { kind: 'put', key: 'k', value: 'v' });
  const before = store.snapshot();
  const get = encodeCommand({ client: 9, sequence: 1, operation: { kind: 'get', key: 'k' } });
  expect(decodeResult(store.read(get))).toEqual({ status: 'ok', value: 'v' });
  const put = encodeCommand({ client: 9, sequence: 1, operation: { kind: 'put', key: 'k', value: 'w' } });
  expect(decodeResult(store.read(put)).status).toBe('malformed');
  expect(decodeResult(store.read(new Uint8Array(3))).status).toBe('malformed');
  expect(store.snapshot()).toEqual(before);
});

test('refers to a command until a snapshot holds what it put, and then to that', () => {
  const store = new KeyValueStore();
  const command = (sequence: number, kind: 'put' | 'append', key: string) =>
    encodeCommand({ client: 1, sequence, operation: { kind, key, value: 'value' } });
  const commands = [command(1, 'put', 'k'), command(2, 'put', 'l'), command(3, 'append', 'l')];
  for (const bytes of commands) store.apply(bytes);
  const entries = [
    ['k', 'value'],
    ['l', 'valuevalue'],
  ];
  expect(store.entries()).toEqual(entries);
  const snapshot = store.snapshot();
  for (const bytes of commands) bytes.fill(0); // gone with the log's beginning
  expect(store.entries()).toEqual(entries);
  const copy = new KeyValueStore();
  copy.restore(snapshot);
  copy.apply(command(4, 'append', 'k'));
  expect(copy.entries()).toEqual([
    ['k', 'valuevalue'],
    ['l', 'valuevalue'],
  ]);
  expect(store.entries()).toEqual(entries); // the snapshot, which both refer to, is as it was
  expect(copy.snapshot()).not.toEqual(snapshot);
  expect(store.snapshot()).toEqual(snapshot);
});

test('a damaged snapshot is refused and changes nothing', () => {
  const store = new KeyValueStore();
  run(store, 1, 1, { kind: 'put', key: 'k', value: 'v' });
  const good = store.snapshot();
  for (let length = 0; length < good.length; length++)
    expect(() => store.restore(good.slice(0, length))).toThrow(RangeError);
  expect(() => store.restore(Uint8Array.from([...good, 0]))).toThrow(RangeError);
  expect(() => store.restore(good.map((byte, i) => (i === 0 ? 99 : byte)))).toThrow(/version/);
  expect(store.snapshot()).toEqual(good);
});

test('the number of sessions must make sense', () => {
  for (const sessions of [0, -1, 1.5, Number.NaN])
    expect(() => new KeyValueStore({ sessions })).toThrow(RangeError);
});
