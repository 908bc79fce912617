import type { Experiment, Results } from '@quorate/bench/results';
import { renderReport } from '@quorate/report';
import { describe, expect, it } from 'vitest';
import { sampleResults } from './sample-results.ts';

const assets = { script: 'void 0;' };
const text = (html: string) =>
  html
    .replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<svg[\s\S]*?<\/svg>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\u2060/g, '')
    .replace(/\s+/g, ' ');

describe('the page', () => {
  const html = renderReport(sampleResults(), assets);
  const words = text(html);

  it('is complete, and the same for the same results', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('</html>');
    expect(renderReport(sampleResults(), assets)).toBe(html);
  });

  it('names nothing outside itself that it would load', () => {
    expect(html).not.toMatch(/<(link|img|iframe|script)[^>]+(src|href)=/);
    expect(html).not.toMatch(/@import|url\(/);
    expect(html).toContain("default-src 'none'");
  });

  it('says who is best, and where there is no significant difference', () => {
    expect(words).toContain('Raft 1.62× that of Two-phase commit (1.58–1.65)');
    expect(words).toContain('No significant difference. Raft: 0.93× that of Two-phase commit (0.71–1.18)');
  });

  it('counts an unknown verdict as no pass, and says why an expected one is allowed', () => {
    expect(words).toContain('2 verdicts unknown: not a pass.');
    expect(words).toContain('Promised except under partition, crash and pause (Skeen 1981');
    expect(words).toContain('Key k17: given up after 1,000,000 states');
  });

  it('marks costs that equal theory, and those that differ, in words', () => {
    expect(words.match(/✓ equals theory/g)).toHaveLength(23);
    expect(words.match(/≠ theory 14/g)).toHaveLength(1);
    expect(words).toContain('Differs from theory in forced writes in all. This run recorded no explanation.');
  });

  it('gives every row the line that runs it again, and where it ran', () => {
    for (const { reproduce } of sampleResults().experiments) expect(words).toContain(reproduce);
    for (const fact of ['Example CPU at 2.4 GHz, 2 cores', 'v20.20.0', '171 µs', '7.7 GiB']) {
      expect(words.replaceAll('\u00a0', ' ')).toContain(fact);
    }
  });

  it('gives every table a caption and scopes, and every chart words', () => {
    const tables = html.match(/<table[\s\S]*?<\/table>/g)!;
    expect(tables.length).toBeGreaterThan(15);
    for (const table of tables) {
      expect(table).toContain('<caption');
      expect(table).not.toMatch(/<th(?![^>]*scope=)[ >]/);
    }
    const charts = html.match(/<canvas[^>]*>/g)!;
    expect(charts).toHaveLength(24);
    for (const chart of charts) expect(chart).toMatch(/role="img" aria-label="[^"]{20,}"/);
  });

  it('uses every id once', () => {
    const ids = Array.from(html.matchAll(/\sid="([^"]*)"/g), (match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });
});

describe('the headline', () => {
  const withVerdicts = (verdicts: Experiment['verdicts']): string => {
    const [first] = sampleResults().experiments;
    return text(renderReport({ ...sampleResults(), experiments: [{ ...first!, verdicts }] }, assets));
  };
  const verdict = { check: 'agreement', detail: '', seeds: [1] };

  it('puts a broken promise before anything else', () => {
    const words = withVerdicts([
      { ...verdict, verdict: 'violated' },
      { ...verdict, check: 'linearizable', verdict: 'unknown' },
    ]);
    expect(words).toContain('1 verdict unexpected: a promise was broken.');
  });

  it('is content only where all was checked and held', () => {
    expect(withVerdicts([{ ...verdict, verdict: 'ok' }])).toContain('No unexpected verdict in 1 check.');
    expect(withVerdicts([])).toContain('Nothing was checked in these runs.');
  });
});

describe('hostile strings', () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"onload="alert(3)" '&<!--`;
  const poison = <T>(value: T): T => {
    if (typeof value === 'string') return (value + evil) as T;
    if (Array.isArray(value)) return value.map(poison) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, poison(inner)])) as T;
  };
  // what the page branches on stays as it is; everything that anybody could have written is poisoned
  const spare = (results: Results, original: Results): Results => ({
    ...results,
    experiments: results.experiments.map((row, i) => {
      const { mode, verdicts, timeline } = original.experiments[i]!;
      return {
        ...row,
        mode,
        verdicts: row.verdicts.map((one, k) => ({ ...one, verdict: verdicts[k]!.verdict })),
        ...(row.timeline && timeline
          ? {
              timeline: {
                ...row.timeline,
                events: row.timeline.events.map((one, k) => ({ ...one, kind: timeline.events[k]!.kind })),
              },
            }
          : {}),
      };
    }),
    comparisons: results.comparisons.map((one, i) => {
      const { mode, better } = original.comparisons[i]!;
      return { ...one, mode, better };
    }),
  });

  it('are text wherever they come from', () => {
    const html = renderReport(spare(poison(sampleResults()), sampleResults()), assets);
    expect(html.match(/<script/gi)).toHaveLength(2);
    expect(html.match(/<\/script/gi)).toHaveLength(2);
    expect(html).not.toMatch(/<img/i);
    expect(html).not.toContain('"onload="');
    expect(html).not.toContain('<!--');
    expect(html).toContain('&lt;/script');
    const data = /<script type="application\/json" id="results">([\s\S]*?)<\/script>/.exec(html)![1]!;
    expect(JSON.parse(data)).toEqual({ runs: [spare(poison(sampleResults()), sampleResults())] });
  });

  it('are refused in script and style, which cannot hold them', () => {
    expect(() => renderReport(sampleResults(), { script: '"</script>"' })).toThrow(RangeError);
    expect(() => renderReport(sampleResults(), { script: '"<!--"' })).toThrow(RangeError);
    expect(() => renderReport(sampleResults(), { ...assets, style: '</style>' })).toThrow(RangeError);
  });
});

describe('several runs', () => {
  it('stand one after another, each with its own contents and ids', () => {
    const html = renderReport(
      [sampleResults(), { ...sampleResults(), createdAt: '2026-11-24T00:00:00Z' }],
      assets,
    );
    const ids = Array.from(html.matchAll(/\sid="([^"]*)"/g), (match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('run-1-summary');
    expect(ids).toContain('run-2-verdicts');
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  it('may be none, or without any experiment', () => {
    const empty = { ...sampleResults(), experiments: [], comparisons: [], protocols: [] };
    expect(text(renderReport(empty, assets))).toContain('Nothing was checked in these runs.');
    expect(renderReport([], assets)).toContain('<h1>No results</h1>');
  });
});
