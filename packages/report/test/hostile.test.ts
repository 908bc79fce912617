import { renderReport } from '@quorate/report';
import { describe, expect, it } from 'vitest';
import { EVIL, poisoned, poisonedTrace } from './hostile.ts';
import { sampleChanges } from './sample-findings.ts';
import { sampleResults } from './sample-results.ts';

const assets = { script: 'void 0;' };

describe('hostile strings', () => {
  it.each(EVIL.map((evil) => ({ evil, name: evil.slice(0, 40) })))(
    'are text wherever they come from: $name',
    ({ evil }) => {
      const runs = [poisoned(sampleResults(), evil), poisoned(sampleResults(), evil)];
      const more = {
        labels: [`a.json${evil}`, evil],
        changes: sampleChanges(runs[0]!.experiments),
        traces: [poisonedTrace(evil)],
      };
      const html = renderReport(runs, assets, more);
      expect(html.match(/<script/gi)).toHaveLength(2);
      expect(html.match(/<\/script/gi)).toHaveLength(2);
      expect(html).not.toMatch(/<img|<svg onload/i);
      expect(html).not.toContain('"onload="');
      expect(html).not.toContain('<!--');
      expect(html).not.toMatch(/href="javascript:/i);
      const data = /<script type="application\/json" id="results">([\s\S]*?)<\/script>/.exec(html)![1]!;
      expect(JSON.parse(data)).toMatchObject({ runs, ...more });
    },
  );

  it('are refused in script and style, which cannot hold them', () => {
    expect(() => renderReport(sampleResults(), { script: '"</script>"' })).toThrow(RangeError);
    expect(() => renderReport(sampleResults(), { script: '"<!--"' })).toThrow(RangeError);
    expect(() => renderReport(sampleResults(), { ...assets, style: '</style>' })).toThrow(RangeError);
  });
});
