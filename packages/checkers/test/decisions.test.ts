import { describe, expect, test } from 'vitest';
import { Agreement, checkExactlyOnce, type Operation } from '../src/index.ts';
import { draw } from './history-text.ts';

const A = Uint8Array.of(1, 2, 3);
const B = Uint8Array.of(1, 2, 4);

describe('agreement', () => {
  test('equal decisions agree, in equal bytes or the same', () => {
    const agreement = new Agreement();
    for (const node of [0, 1, 2])
      expect(agreement.decide(node, 1, 'committed', node === 2 ? A : A.slice())).toBeNull();
    for (const slot of [2, 900, 5_000_000, 2 ** 50, 901])
      expect(agreement.decide(0, slot, 'committed', B)).toBeNull();
    expect(agreement.verdict()).toMatchObject({
      verdict: 'ok',
      detail: '8 decisions on 6 slots, none different',
    });
  });

  for (const slot of [1, 700, 2 ** 45])
    test(`the first difference stays the verdict (slot ${slot})`, () => {
      const agreement = new Agreement();
      agreement.decide(0, slot, 'committed', A);
      agreement.decide(1, slot, 'committed', A);
      expect(agreement.decide(2, slot, 'committed', B)).toMatchObject({
        first: { node: 0 },
        second: { node: 2 },
      });
      agreement.decide(3, slot, 'aborted', undefined);
      const { verdict, detail } = agreement.verdict();
      expect(verdict).toBe('violated');
      expect(detail).toBe(`slot ${slot}: nodes 0 and 2 committed different commands`);
    });

  test('a node may not change its own decision, nor the length of a command', () => {
    const agreement = new Agreement();
    agreement.decide(0, 1, 'aborted', A);
    expect(agreement.decide(0, 1, 'committed', A)).not.toBeNull();
    agreement.decide(0, 2, 'chosen', A);
    expect(agreement.decide(1, 2, 'chosen', A.subarray(0, 2))).not.toBeNull();
  });

  test('a decision without its command agrees by outcome; a command seen later counts from then on', () => {
    const agreement = new Agreement();
    agreement.decide(0, 1, 'aborted', undefined);
    expect(agreement.decide(1, 1, 'aborted', A)).toBeNull();
    expect(agreement.decide(2, 1, 'aborted', B)).not.toBeNull();
  });

  test('a slot first far out and later within reach is still the same slot', () => {
    const agreement = new Agreement();
    agreement.decide(0, 3000, 'committed', A);
    for (let slot = 0; slot < 4000; slot += 500) agreement.decide(0, slot, 'committed', A);
    expect(agreement.decide(1, 3000, 'committed', B)).not.toBeNull();
  });
});

describe('exactly once', () => {
  const history: Operation[] = [
    ...draw(
      '[] : x append (1)',
      '[] : x append (2)',
      '[> : x append (3)',
      '[] : x get (1)',
      '[] : y append (1)',
    ),
    { ...draw('[] : x append (4)')[0]!, status: 'fail' },
  ];
  const judge = (x: string, y = '(1)') =>
    checkExactlyOnce(
      history,
      new Map([
        ['x', x],
        ['y', y],
      ]),
    );

  test('holds', () => {
    expect(judge('(2)(1)')).toMatchObject({ verdict: 'ok', detail: '5 appends to 2 keys' });
    expect(judge('(2)(3)(1)').verdict).toBe('ok');
  });

  test('is broken by a loss, a repetition, a failure that took effect, and what nobody wrote', () => {
    expect(judge('(2)').detail).toContain('"(1)" is missing');
    expect(judge('(2)(1)', '').detail).toContain('key "y"');
    expect(judge('(2)(1)(2)').detail).toContain('"(2)" is there twice');
    expect(judge('(2)(1)(3)(3)').verdict).toBe('violated');
    expect(judge('(2)(1)(4)').detail).toContain('though its append failed');
    expect(judge('(2)(1)?').detail).toContain('nobody appended what stands at 6');
  });

  test('is unknown where texts cannot be told apart, or values were overwritten', () => {
    expect(checkExactlyOnce(draw('[] : x append a', '[] : x append a'), new Map()).verdict).toBe('unknown');
    expect(checkExactlyOnce(draw('[] : x append a', '[] : x append ab'), new Map()).verdict).toBe('unknown');
    expect(checkExactlyOnce(draw('[] : x append a', '[] : x put b'), new Map()).verdict).toBe('unknown');
  });
});
