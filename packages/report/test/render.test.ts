import type { Experiment } from '@quorate/bench/results';
import { renderReport } from '@quorate/report';
import { describe, expect, it } from 'vitest';
import { sampleChanges } from './sample-findings.ts';
import { sampleResults, withPeers } from './sample-results.ts';

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
    const plain = words.replaceAll('\u00a0', ' ');
    expect(plain).toContain('Best in 11 comparisons: Raft 10 times; none in 1.');
    expect(plain).toContain('Throughput more is better ✓ 46,000/s , the best 28,400/s 1.62× 1.58–1.65');
    expect(plain).toContain(
      '99th-percentile latency less is better 2.51 ms 3.39 ms 0.930× 0.710–1.180 no significant difference',
    );
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
    expect(charts).toHaveLength(28);
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

describe('peers', () => {
  const html = renderReport(withPeers(sampleResults()), assets);
  const words = text(html).replaceAll('\u00a0', ' ');

  it('stand beside the protocols by name, and compete with none of them', () => {
    expect(html).toContain('<h1>Raft · Two-phase commit</h1>');
    expect(words).toContain('beside ZooKeeper, PostgreSQL (two-phase commit) and Floor program');
    expect(words).toContain("Floor program this machine's limit, not a protocol");
    const best = words.slice(words.indexOf('Who is best at what'), words.indexOf('Beside other systems'));
    expect(best).toContain('✓ 31,000/s , the best 19,100/s 1.55× 1.31–1.77');
    expect(best).not.toMatch(/Floor|ZooKeeper|PostgreSQL/);
  });

  it('have their ratios to the leading protocol, the limit last, with what these leave out', () => {
    const beside = words.slice(words.indexOf('Beside other systems'), words.indexOf('Every pair'));
    expect(beside).toContain('PostgreSQL Floor program limit of this machine Throughput more is better');
    expect(beside).toMatch(/Raft 31,000\/s 4\.00× \S+ 7,750\/s 5\.00× \S+ 6,200\/s 0\.800× \S+ 38,800\/s/);
    expect(beside).toContain("Quorate's own clusters are asked by a client that costs");
    expect(beside).toContain('PostgreSQL’s forced writes leave out the log of its coordinator');
  });

  it('may be all that one protocol is compared with', () => {
    const results = withPeers(sampleResults());
    const protocols = results.protocols.slice(0, 1);
    const own = ({ protocol }: Experiment) => protocol !== 'two-phase-commit';
    const comparisons = results.comparisons.filter(({ a, b }) => ![a, b].includes('two-phase-commit'));
    const alone = text(
      renderReport(
        { ...results, protocols, comparisons, experiments: results.experiments.filter(own) },
        assets,
      ),
    );
    expect(alone).toContain('Raft 31,000/s 4.00×');
    expect(alone).not.toMatch(/Two-phase commit (?!is)/);
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
    expect(text(html)).toContain('24 November 2026 at 00:00 UTC');
    expect(html.match(/<h1/g)).toHaveLength(1);
  });

  it('may be none, or without any experiment', () => {
    const empty = { ...sampleResults(), experiments: [], comparisons: [], protocols: [] };
    expect(text(renderReport(empty, assets))).toContain('Nothing was checked in these runs.');
    expect(renderReport([], assets)).toContain('<h1>No results</h1>');
  });
});

describe('the matrix of guarantees', () => {
  const html = renderReport(sampleResults(), assets);
  const section = html.slice(html.indexOf('id="guarantees"'), html.indexOf('id="verdicts"'));
  const words = text(section);

  it('says for each class of faults what held in how many runs, what broke, and what was not exercised', () => {
    expect(words).toContain('partition ✓ held 10 runs ◇ expected progress');
    expect(words).toContain('crash ✓ held 10 runs ✗ violated linearizable ? unknown progress');
    expect(words).toContain('torn writes not exercised not exercised');
    expect(words).toContain('reads: read-index, a round to a majority');
  });

  it('shows the run behind each break, worst first, with the line that shows it again', () => {
    const breaks = words.slice(words.indexOf('The runs that show it'));
    const places = ['✗ violated', '? unknown', '◇ expected'].map((word) => breaks.indexOf(word));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(breaks).toContain('Seed 7: key &quot;k3&quot;: a read returned');
    expect(breaks).toContain('--seed 7 --duration 20s --faults swarm:partition');
  });
});

describe('CAP as measured', () => {
  const html = renderReport(sampleResults(), assets);
  const words = text(html.slice(html.indexOf('id="cap"'), html.indexOf('id="wan"')));

  it('says who was answered what on which side, and what was given up', () => {
    expect(words).toContain(
      'Raft : the majority could read and write; the minority was not answered. It kept consistency',
    );
    expect(words).toContain(
      'the majority could read, but not write; the minority could read, but not write. Linearizability was not decided',
    );
    expect(words.replaceAll('\u00a0', ' ')).toContain('97 % answered, 3 % no answer');
    expect(words.replaceAll('\u00a0', ' ')).toContain('90 % refused, 10 % no answer');
  });
});

describe('before and after', () => {
  const runs = [sampleResults(), sampleResults()];
  const changes = sampleChanges(sampleResults().experiments);
  const words = text(renderReport(runs, assets, { labels: ['old.json', 'new.json'], changes }));

  it('names both files and counts what is better, worse, level and the very same', () => {
    expect(words).toContain('new.json, against old.json');
    expect(words).toContain('1 better · 1 worse · 3 without significant difference · 1 the very same');
  });

  it('says of each metric what came of it', () => {
    expect(words.replaceAll('\u00a0', ' ')).toMatch(/Median latency ▲ better 0\.900× \S+ 1 ms 900 µs 10 /);
    expect(words).toContain('○ no significant difference');
    expect(words).toContain('○ too few runs to tell');
    expect(words).toContain('= the very same in every run');
    expect(words).toContain('– no ratio: some run has a zero');
    expect(words).toContain('≠ different');
    expect(words).toContain('Five regions, simulated: run with other settings');
  });
});
