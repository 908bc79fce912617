import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  casRegisterModel,
  checkLinearizability,
  keyValueModel,
  parseEdnHistory,
  parseJepsenLog,
} from '../src/index.ts';

const FOLDER = new URL('../../../../shared/data/linearizability/', import.meta.url);
const present = existsSync(new URL('verdicts.json', FOLDER));
if (!present) console.warn('skipped: the histories of ../shared/data/linearizability are not here');

describe.skipIf(!present)('histories with known verdicts', () => {
  const verdicts: Record<string, boolean> = present
    ? JSON.parse(readFileSync(new URL('verdicts.json', FOLDER), 'utf8'))
    : {};
  const check = (file: string) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const history = file.endsWith('.log') ? parseJepsenLog(text) : parseEdnHistory(text);
    // In the key-value files every key begins as an empty text.
    return checkLinearizability(history, file.startsWith('kv/') ? keyValueModel('') : casRegisterModel());
  };
  const families: Record<string, number> = { 'etcd/': 52, 'kv/': 4, 'knossos/': 42 };
  for (const [family, count] of Object.entries(families))
    test(`${family} ${count} files`, () => {
      const files = Object.keys(verdicts).filter((file) => file.startsWith(family));
      expect(files.length).toBe(count);
      for (const file of files) {
        const { verdict, steps } = check(file);
        expect(verdict, file).toBe(verdicts[file] ? 'ok' : 'violated');
        expect(steps, file).toBeLessThan(50_000);
      }
    });
});
