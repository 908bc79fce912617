import { readFileSync } from 'node:fs';
import type { Results } from '@quorate/bench/results';
import { renderReport, summarise, toCsv } from '@quorate/report';
import { bundlePage } from '@quorate/report/bundle';
import { transformWithEsbuild } from 'vite';
import { expect, it } from 'vitest';
import { sampleResults } from './sample-results.ts';

type Write = (results: Results) => Promise<{ html: string; csv: string; unexpected: number }>;

it("the index's example writes page and CSV, and counts the unexpected", async () => {
  const source = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(source)![1]!.replace(/^ \* ?/gm, '');
  const { code } = await transformWithEsbuild(example, 'example.ts');
  const body = code.replace(/^import .*$/gm, '').replace(/^export /gm, '');
  const names = ['renderReport', 'summarise', 'toCsv', 'bundlePage'];
  const write: Write = new Function(...names, `${body}\nreturn write;`)(
    renderReport,
    summarise,
    toCsv,
    bundlePage,
  );
  const { html, csv, unexpected } = await write(sampleResults());
  expect(html).toContain('</html>');
  expect(csv).toContain('steady,raft,sim');
  expect(unexpected).toBe(0);
});
