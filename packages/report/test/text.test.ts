import { describe, expect, it } from 'vitest';
import type { Message } from '../src/text/catalogue.ts';
import { en } from '../src/text/en.ts';
import { preferred } from '../src/text/language.ts';
import { textOf } from '../src/text/text.ts';
import { zh } from '../src/text/zh.ts';

const formsOf = (message: Message): string[] =>
  typeof message === 'string'
    ? [message]
    : [message.other, ...(message.one === undefined ? [] : [message.one])];
const parametersOf = (message: Message): string[] => {
  const names = formsOf(message).flatMap((form) =>
    Array.from(form.matchAll(/\{(\w+)\}/g), (found) => found[1]!),
  );
  return [...new Set(names)].sort();
};
const keys = Object.keys(en) as (keyof typeof en)[];

/** Names and symbols, which Chinese leaves in Latin letters. */
const LATIN = new Set(['stage.time', 'said.raft', 'format.utc', 'column.p99', 'column.p999']);

describe('the catalogue', () => {
  it('has every text in both languages, and no other', () => {
    expect(Object.keys(zh).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      for (const form of [...formsOf(en[key]), ...formsOf(zh[key])]) expect(form.trim(), key).not.toBe('');
    }
  });

  it('has the same parameters in both', () => {
    for (const key of keys) expect(parametersOf(zh[key]), key).toEqual(parametersOf(en[key]));
  });

  it('was translated: what is in letters in English has Chinese characters in Chinese', () => {
    const bare = (form: string) => form.replace(/\{\w+\}/g, '');
    for (const key of keys) {
      const lettered = formsOf(en[key]).some((form) => /\p{L}/u.test(bare(form)));
      if (!lettered || LATIN.has(key)) continue;
      for (const form of formsOf(zh[key])) expect(bare(form), key).toMatch(/\p{Script=Han}/u);
    }
  });

  it('writes English punctuation in English and Chinese in Chinese', () => {
    for (const key of keys) {
      for (const form of formsOf(en[key])) expect(form, key).not.toMatch(/[，。：；（）]|\p{Script=Han}/u);
      for (const form of formsOf(zh[key])) expect(form, key).not.toMatch(/\p{Script=Han}[,.:;()!?]/u);
    }
  });
});

describe('a text', () => {
  const [english, chinese] = [textOf('en'), textOf('zh')];

  it('takes numbers as its language writes them, and the plural that fits', () => {
    expect(english.t('count.nodes', { count: 1 })).toBe('1 node');
    expect(english.t('count.nodes', { count: 12_345 })).toBe('12,300 nodes');
    expect(chinese.t('count.nodes', { count: 1 })).toBe('1 个节点');
  });

  it('takes a parameter for what it is, whatever stands in it', () => {
    expect(english.t('shell.title', { title: '{title} $& <b>' })).toBe('{title} $& <b>: a Quorate report');
  });

  it('does not compile without its parameters', () => {
    // @ts-expect-error: `count` is missing
    expect(english.t('count.nodes')).toBe('{count} nodes');
    // @ts-expect-error: there is no such text
    expect(() => english.t('no.such.text')).toThrow();
  });

  it('writes dates and lists by its language', () => {
    expect(english.dateTime('2026-11-23T06:16:00Z')).toBe('23 November 2026 at 06:16 UTC');
    expect(chinese.dateTime('2026-11-23T06:16:00Z')).toMatch(/^2026年11月23日.*06:16（UTC）$/);
    expect(english.dateTime('soon')).toBe('soon');
    expect(english.list(['Raft', 'ZAB', 'etcd'])).toBe('Raft, ZAB and etcd');
    expect(chinese.list(['Raft', 'ZAB', 'etcd'])).toBe('Raft、ZAB和etcd');
  });

  it('knows words for names in results, and has none for a stranger', () => {
    expect(chinese.known('scenario', 'partition')).toBe('网络分区');
    expect(chinese.known('scenario', 'constructor')).toBeUndefined();
  });

  it('tells again in Chinese what results say in English, and leaves alone what it does not know', () => {
    expect(chinese.said('node 3 leads, epoch 2')).toContain('节点 3');
    expect(chinese.said('the coordinator crashes')).toBe('协调者崩溃');
    expect(chinese.said('something else')).toBe('something else');
    expect(chinese.told('no two decisions on a transaction differ (Gray 1978, ch. 7)')).toEqual([
      '对同一事务的任何两个决定都不会不同（',
      { english: 'Gray 1978, ch. 7' },
      '）',
    ]);
    expect(english.said('the coordinator crashes')).toBe('the coordinator crashes');
  });
});

describe("a reader's language", () => {
  it('is the first that the page has', () => {
    expect(preferred(['fr-FR', 'zh-TW', 'en'])).toBe('zh');
    expect(preferred(['en-GB', 'zh'])).toBe('en');
    expect(preferred(['fr'])).toBe('en');
    expect(preferred([])).toBe('en');
  });
});
