import { createHash } from 'node:crypto';
import { renderReport } from '@quorate/report';
import { bundlePage } from '@quorate/report/bundle';
import { describe, expect, it } from 'vitest';
import { sampleResults } from './sample-results.ts';

describe('the bundled page', async () => {
  const assets = await bundlePage();

  it('is one script without imports', () => {
    expect(assets.script).not.toMatch(/\b(import|require)\s*\(|^\s*import\s/m);
    expect(assets.script).not.toMatch(/<\/script|<!--/i);
  });

  it('is the only one that the policy lets run', () => {
    const html = renderReport(sampleResults(), assets);
    const inline = /<script>([\s\S]*?)<\/script>/.exec(html)![1]!;
    const hash = createHash('sha256').update(inline, 'utf8').digest('base64');
    expect(html).toContain(`script-src &#39;sha256-${hash}&#39;`.replaceAll('&#39;', "'"));
  });

  it('makes a file of less than a megabyte', () => {
    expect(new TextEncoder().encode(renderReport(sampleResults(), assets)).length).toBeLessThan(1_000_000);
  });
});
