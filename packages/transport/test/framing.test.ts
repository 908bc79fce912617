import { expect, test } from 'vitest';
import {
  FRAME_HEADER_BYTES,
  FRAME_KINDS,
  FrameError,
  FrameReader,
  frame,
  WIRE_VERSION,
} from '../src/index.ts';
import { concat } from './messages.ts';

function readerOf(maxFrameBytes?: number): { reader: FrameReader; seen: [number, Uint8Array][] } {
  const seen: [number, Uint8Array][] = [];
  const reader = new FrameReader(
    (kind, bytes, start, end) => seen.push([kind, bytes.subarray(start, end)]),
    maxFrameBytes,
  );
  return { reader, seen };
}

function reason(run: () => void): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FrameError) return `${error.reason}: ${error.message}`;
    throw error;
  }
  return 'none';
}

test('an oversized frame, a wrong version and an unknown kind are refused, also where the header straddles chunks', () => {
  const header = (length: number, version: number, kind: number): Uint8Array =>
    Uint8Array.of(length, length >>> 8, length >>> 16, length >>> 24, version, kind);
  const cases: [Uint8Array, string][] = [
    [header(101, WIRE_VERSION, 6), 'oversized: frame of 101 bytes, at most 100 are allowed'],
    [header(0xffff_ffff, WIRE_VERSION, 6), 'oversized: frame of 4294967295 bytes, at most 100 are allowed'],
    [header(1, 9, 6), 'version: frame of wire version 9, this is version 1'],
    [header(1, WIRE_VERSION, 0), 'kind: frame of unknown kind 0'],
    [header(1, WIRE_VERSION, 99), 'kind: frame of unknown kind 99'],
  ];
  const good = frame(FRAME_KINDS.ping, new Uint8Array(0));
  for (const [bad, expected] of cases) {
    const whole = readerOf(100);
    expect(reason(() => whole.reader.push(concat([good, bad, good])))).toBe(expected);
    expect(whole.seen.length).toBe(1);
    const split = readerOf(100);
    split.reader.push(bad.slice(0, 3));
    expect(reason(() => split.reader.push(bad.slice(3)))).toBe(expected);
    // Nothing comes out any more.
    split.reader.push(good);
    expect(split.seen.length).toBe(0);
  }
});

test('a frame is handed over when its last byte is there, and memory is taken only for what came', () => {
  const payload = Uint8Array.from({ length: 3 * 1024 * 1024 + 17 }, (_, i) => i);
  const bytes = frame(FRAME_KINDS.message, payload);
  const { reader, seen } = readerOf();
  for (let i = 0; i < bytes.length - 1; i += 65_536)
    reader.push(bytes.slice(i, Math.min(i + 65_536, bytes.length - 1)));
  expect([seen.length, reader.midFrame]).toEqual([0, true]);
  reader.push(concat([bytes.slice(-1), frame(FRAME_KINDS.ping, new Uint8Array(0))]));
  expect(seen.map(([kind]) => kind)).toEqual([FRAME_KINDS.message, FRAME_KINDS.ping]);
  expect(Buffer.compare(seen[0]![1], payload)).toBe(0);
  expect(reader.midFrame).toBe(false);
});

test('a reader that is stopped in the middle of a chunk hands over no more', () => {
  const one = frame(FRAME_KINDS.ping, new Uint8Array(0));
  let seen = 0;
  const reader: FrameReader = new FrameReader(() => {
    seen++;
    if (seen === 2) reader.stop();
  });
  reader.push(concat([one, one, one, one]));
  expect(seen).toBe(2);
  expect(one.length).toBe(FRAME_HEADER_BYTES);
});
