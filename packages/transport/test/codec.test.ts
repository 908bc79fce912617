import fc from 'fast-check';
import { Packr } from 'msgpackr/pack';
import { expect, test } from 'vitest';
import {
  FRAME_HEADER_BYTES,
  FRAME_KINDS,
  MAX_STRUCTURES,
  MessageDecoder,
  MessageEncoder,
  ProtocolError,
} from '../src/index.ts';
import { encodeStructures } from '../src/structures.ts';
import { type AnyMessage, concat, cut, message, Receiver, Sender } from './messages.ts';

const SEED = { seed: 20_261_123, numRuns: 200 };

/** What is wrong with something, as the reason of the ProtocolError that it throws. */
function reason(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ProtocolError) return error.reason;
    throw error;
  }
  return 'none';
}

test('messages of any shape pass the codec and framing, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      (sent, places) => {
        const sender = new Sender(new MessageEncoder<AnyMessage>());
        const stream = concat(sent.flatMap((one) => sender.frames(one)));
        const receiver = new Receiver();
        for (const chunk of cut(stream, places)) receiver.reader.push(chunk);
        expect(receiver.messages).toEqual(sent);
        expect(receiver.reader.midFrame).toBe(false);
      },
    ),
    SEED,
  );
});

test('a stream that comes byte by byte, and one in one piece', () => {
  const [sent] = fc.sample(fc.array(message, { minLength: 20, maxLength: 20 }), { seed: 7, numRuns: 1 });
  const sender = new Sender(new MessageEncoder<AnyMessage>());
  const stream = concat(sent!.flatMap((one) => sender.frames(one)));
  for (const size of [1, stream.length]) {
    const receiver = new Receiver();
    for (let i = 0; i < stream.length; i += size) receiver.reader.push(stream.slice(i, i + size));
    expect(receiver.messages).toEqual(sent);
  }
});

test('a frame inside a chunk is not copied: bulk fields are views on the chunk', () => {
  const sender = new Sender(new MessageEncoder<AnyMessage>());
  const bulk = new Uint8Array(64).fill(9);
  const chunk = concat(
    sender.frames({ type: 'A', entries: { first: 1, count: 1, bytes: bulk }, command: bulk }),
  );
  const receiver = new Receiver();
  receiver.reader.push(chunk);
  const { entries, command } = receiver.messages[0] as unknown as {
    entries: { bytes: Uint8Array };
    command: Uint8Array;
  };
  expect(entries.bytes.buffer).toBe(chunk.buffer);
  expect(command.buffer).toBe(chunk.buffer);
  expect(command).toEqual(bulk);
});

test('structures are told only as they are needed, up to the most there may be, and one more is refused', () => {
  const encoder = new MessageEncoder<AnyMessage>();
  const early = new Sender(encoder);
  const receiver = new Receiver();
  const shape = (i: number): AnyMessage => ({ type: 'T', [`field${i}`]: i });
  for (let i = 0; i < MAX_STRUCTURES; i++) for (const f of early.frames(shape(i))) receiver.reader.push(f);
  expect(receiver.structureFrames).toBe(MAX_STRUCTURES);
  for (let i = 0; i < MAX_STRUCTURES; i++) {
    const frames = early.frames(shape(i));
    expect(frames.length).toBe(1);
    receiver.reader.push(frames[0]!);
  }
  expect(receiver.messages).toEqual(
    Array.from({ length: 2 * MAX_STRUCTURES }, (_, i) => shape(i % MAX_STRUCTURES)),
  );
  // One that connects late is told everything at once.
  const late = new Receiver();
  for (const f of new Sender(encoder).frames(shape(777))) late.reader.push(f);
  expect([late.structureFrames, late.messages]).toEqual([1, [shape(777)]]);

  expect(reason(() => encoder.encode(shape(MAX_STRUCTURES)))).toBe('structure');
  expect(encoder.encode(shape(5))).toEqual(encoder.encode(shape(5)));
});

test('a message that goes to several is encoded once', () => {
  const encoder = new MessageEncoder<AnyMessage>();
  const senders = [new Sender(encoder), new Sender(encoder), new Sender(encoder)];
  const one: AnyMessage = { type: 'A', term: 1 };
  const frames = senders.map((sender) => sender.frames(one).at(-1)!);
  expect(encoder.encoded).toBe(1);
  expect(frames[1]).toBe(frames[0]);
  expect(frames[2]).toBe(frames[0]);
  encoder.encode({ type: 'A', term: 2 });
  expect(encoder.encoded).toBe(2);
  expect(frames[0]).toEqual(encoder.encode(one));
});

test('what messages may not hold is refused where it is sent', () => {
  const bad: [unknown, string][] = [
    [2 ** 53, 'number'],
    [-(2 ** 60), 'number'],
    [Number.NaN, 'number'],
    [Number.POSITIVE_INFINITY, 'number'],
    [5n, 'number'],
    [undefined, 'undefined'],
    [() => 1, 'undefined'],
    [new Date(0), 'type'],
    [new Map([[1, 2]]), 'type'],
    [JSON.parse('{"__proto__": 1}'), 'structure'],
    [{ 'not a name': 1 }, 'structure'],
    [{ toJSON: 1 }, 'structure'],
  ];
  for (const [value, expected] of bad) {
    const encoder = new MessageEncoder<AnyMessage>();
    const got = reason(() => encoder.encode({ type: 'A', value }));
    expect([value, got]).toEqual([value, expected]);
    // A refusal spoils nothing.
    const receiver = new Receiver();
    for (const f of new Sender(encoder).frames({ type: 'A', value: 1 })) receiver.reader.push(f);
    expect(receiver.messages).toEqual([{ type: 'A', value: 1 }]);
  }
  const small = new MessageEncoder<AnyMessage>(100);
  expect(reason(() => small.encode({ type: 'A', data: new Uint8Array(101) }))).toBe('size');
});

/** A decoder that knows the structure [type, value]. */
function decoder(maxFrameBytes?: number): MessageDecoder<AnyMessage> {
  const one = new MessageDecoder<AnyMessage>(maxFrameBytes);
  one.addStructures(encodeStructures([['type', 'value']], 0));
  return one;
}

/** The message { type: 'A', value } with `value` given as bytes. */
function withValue(...value: number[]): Uint8Array {
  return Uint8Array.of(0x40, 0xa1, 0x41, ...value);
}

test('what messages may not hold is refused where it arrives, before it is decoded', () => {
  const packed = (value: unknown, options = {}): number[] => [
    ...new Packr({ useRecords: false, moreTypes: true, ...options }).pack(value),
  ];
  const bad: [string, number[], string][] = [
    ['2^53', packed(2 ** 53), 'number'],
    ['NaN', packed(Number.NaN), 'number'],
    ['int 64', packed(5n), 'number'],
    ['uint 64', [0xcf, 0, 0, 0, 0, 0, 0, 0, 5], 'number'],
    ['undefined', [0xd4, 0, 0], 'undefined'],
    ['date', packed(new Date(0)), 'type'],
    ['map', packed(new Map([[1, 2]])), 'type'],
    ['plain map', packed({ a: 1 }), 'type'],
    ['set', packed(new Set([1])), 'type'],
    ['regular expression', packed(/(a+)+$/), 'type'],
    ['error', packed(new Error('x')), 'type'],
    ['float32 array', packed(Float32Array.of(1)), 'type'],
    ['big integer', packed(2n ** 80n), 'type'],
    ['inline record', [0xd4, 0x72, 0x41, 0x91, 0xa1, 0x61, 1], 'type'],
    ['reference', [0xd6, 0x69, 0, 0, 0, 1, 0x90], 'type'],
    ['bundled strings', [0xd6, 0x62, 0, 0, 0, 5, 1], 'type'],
    ['float 32', [0xca, 0, 0, 0, 0], 'type'],
    ['never used', [0xc1], 'type'],
    ['unknown structure', [0x41], 'structure'],
    ['unknown structure of two bytes', [0x60, 3], 'structure'],
    ['cut string', [0xa5, 0x61], 'truncated'],
    ['cut long string', [0xdb, 0, 1, 0, 0], 'truncated'],
    ['cut bytes', [0xc6, 0xff, 0xff, 0xff, 0xff], 'truncated'],
    ['huge array', [0xdd, 0xff, 0xff, 0xff, 0xff], 'size'],
    ['cut array', [0x95, 1], 'truncated'],
    ['nothing', [], 'truncated'],
    ['deep', [...new Array(40).fill(0x91), 1], 'depth'],
    ['more', [1, 1], 'trailing'],
  ];
  for (const [what, bytes, expected] of bad)
    expect([what, reason(() => decoder().decode(withValue(...bytes)))]).toEqual([what, expected]);
  expect(decoder().decode(withValue(1))).toEqual({ type: 'A', value: 1 });
});

test('a small frame cannot become a large object', () => {
  const nested = (arrays: number): Uint8Array => {
    const bytes = new Uint8Array(8 + arrays).fill(0x90);
    bytes.set([0x40, 0xa1, 0x41, 0xdd, arrays >>> 24, arrays >>> 16, arrays >>> 8, arrays]);
    return bytes;
  };
  expect(reason(() => decoder(64_000).decode(nested(2_000)))).toBe('size');
  expect(decoder(64_000).decode(nested(500)).value).toHaveLength(500);
});

test('bulk fields that are not what they should be are refused', () => {
  const send = (one: unknown): string => {
    const sender = new Sender(new MessageEncoder<AnyMessage>());
    const receiver = new Receiver();
    return reason(() => {
      for (const f of sender.frames(one as AnyMessage)) receiver.reader.push(f);
    });
  };
  const bytes = new Uint8Array(1);
  expect(send({ type: 7 })).toBe('shape');
  expect(send({ term: 7 })).toBe('shape');
  expect(send([{ type: 'A' }])).toBe('shape');
  expect(send(null)).toBe('shape');
  expect(send({ type: 'A', command: 'text' })).toBe('shape');
  expect(send({ type: 'A', data: null })).toBe('shape');
  expect(send({ type: 'A', entries: null })).toBe('shape');
  expect(send({ type: 'A', entries: { first: 1, count: 1, bytes: 'text' } })).toBe('shape');
  expect(send({ type: 'A', entries: { first: 1, count: 0, bytes } })).toBe('shape');
  expect(send({ type: 'A', entries: { first: 0.5, count: 1, bytes } })).toBe('shape');
  expect(send({ type: 'A', entries: { first: 1, count: 1, bytes } })).toBe('none');
});

test('structures that are not what they should be are refused', () => {
  const tell = (...lists: string[][]): string =>
    reason(() => new MessageDecoder().addStructures(encodeStructures(lists, 0)));
  expect(tell(['a', 'b'], [])).toBe('none');
  expect(tell(['a', 'a'])).toBe('structure');
  expect(tell(['__proto__'])).toBe('structure');
  expect(tell(['a:process.exit()'])).toBe('structure');
  expect(tell(['x'.repeat(65)])).toBe('structure');
  expect(tell(Array.from({ length: 65 }, (_, i) => `f${i}`))).toBe('structure');
  expect(tell(...Array.from({ length: MAX_STRUCTURES + 1 }, () => ['a']))).toBe('structure');
  expect(reason(() => decoder().addStructures(encodeStructures([['a']], 0)))).toBe('structure');
  expect(reason(() => new MessageDecoder().addStructures(Uint8Array.of(0, 0, 1, 0, 1, 5, 97)))).toBe(
    'truncated',
  );
  expect(reason(() => new MessageDecoder().addStructures(Uint8Array.of(0, 0, 0, 0, 9)))).toBe('trailing');
});

test('no bytes whatever get anything but a message or a ProtocolError out of a decoder', () => {
  const encoder = new MessageEncoder<AnyMessage>();
  const sample = fc.sample(message, { seed: 3, numRuns: 40 });
  const frames = sample.map((one) => new Uint8Array(encoder.encode(one).subarray(FRAME_HEADER_BYTES)));
  const structures = encoder.structures(0).subarray(FRAME_HEADER_BYTES);
  const victim = new MessageDecoder<AnyMessage>();
  victim.addStructures(structures);
  const damaged = fc
    .tuple(fc.nat(frames.length - 1), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }), fc.nat())
    .map(([index, changes, end]) => {
      const bytes = frames[index]!.slice();
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return end % 6 === 0 ? bytes.slice(0, end % (bytes.length + 1)) : bytes;
    });
  let refused = 0;
  let decoded = 0;
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 })), (bytes) => {
      if (reason(() => victim.decode(bytes)) === 'none') decoded++;
      else refused++;
    }),
    { ...SEED, numRuns: 3000 },
  );
  expect(Math.min(refused, decoded)).toBeGreaterThan(100);
  expect(sample.map((_, i) => victim.decode(frames[i]!))).toEqual(sample);
  expect(FRAME_KINDS.message).toBe(6);
});
