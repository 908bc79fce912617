import type { Comparison, Results } from '@quorate/bench/results';
import { summarise } from '@quorate/report';
import { describe, expect, it } from 'vitest';
import { sampleResults } from './sample-results.ts';

type Ratio = readonly [low: number, value: number, high: number];

function compared(
  better: Comparison['better'],
  pairs: readonly (readonly [string, string, Ratio])[],
): Results {
  const comparisons = pairs.map(([a, b, [low, value, high]]): Comparison => {
    const significant = low > 1 || high < 1;
    return {
      scenario: 's',
      mode: 'sim',
      metric: 'm',
      better,
      a,
      b,
      ratio: { low, value, high },
      significant,
    };
  });
  return { ...sampleResults(), comparisons };
}

const only = (results: Results) => {
  const { findings } = summarise(results);
  expect(findings).toHaveLength(1);
  return findings[0]!;
};

describe('who is best', () => {
  it('is the one with the higher value where higher is better, on either side of the pair', () => {
    expect(only(compared('higher', [['x', 'y', [1.5, 2, 2.5]]]))).toMatchObject({
      verdict: 'best',
      leader: 'x',
    });
    const swapped = only(compared('higher', [['x', 'y', [0.4, 0.5, 0.8]]]));
    expect(swapped).toMatchObject({ verdict: 'best', leader: 'y' });
    expect(swapped.behind).toEqual([{ protocol: 'x', ratio: { value: 2, low: 1.25, high: 2.5 } }]);
  });

  it('is the one with the lower value where lower is better', () => {
    expect(only(compared('lower', [['x', 'y', [1.5, 2, 2.5]]]))).toMatchObject({
      verdict: 'best',
      leader: 'y',
    });
  });

  it('is nobody where the interval includes 1', () => {
    const finding = only(compared('higher', [['x', 'y', [0.9, 1.2, 1.5]]]));
    expect(finding).toMatchObject({ verdict: 'level', behind: [] });
    expect(finding.level.map((rival) => rival.protocol)).toEqual(['y']);
  });

  it('is shared with those from whom there is no significant difference', () => {
    const finding = only(
      compared('higher', [
        ['x', 'y', [0.9, 1.1, 1.3]],
        ['x', 'z', [1.5, 2, 2.5]],
        ['y', 'z', [1.4, 1.9, 2.4]],
      ]),
    );
    expect(finding).toMatchObject({ verdict: 'shared', leader: 'x' });
    expect(finding.behind.map((rival) => rival.protocol)).toEqual(['z']);
    expect(finding.level.map((rival) => rival.protocol)).toEqual(['y']);
  });

  it('stays open where a pair was never compared, or pairs go round in a circle', () => {
    const missing = compared('higher', [
      ['x', 'y', [1.5, 2, 2.5]],
      ['y', 'z', [0.9, 1, 1.1]],
    ]);
    expect(only(missing).verdict).toBe('open');
    const circle = compared('higher', [
      ['x', 'y', [1.5, 2, 2.5]],
      ['y', 'z', [1.5, 2, 2.5]],
      ['z', 'x', [1.5, 2, 2.5]],
    ]);
    expect(only(circle).verdict).toBe('open');
  });

  it('is said for each scenario, mode and metric apart', () => {
    const { comparisons } = sampleResults();
    expect(summarise(sampleResults()).findings).toHaveLength(comparisons.length);
  });
});

describe('what broke', () => {
  it('counts every verdict, and an unknown one is no pass', () => {
    const { tally, remarks } = summarise(sampleResults());
    const all = sampleResults().experiments.flatMap((experiment) => experiment.verdicts);
    expect(tally.ok + tally.expected + tally.unknown + tally.violated).toBe(all.length);
    expect(tally).toMatchObject({ expected: 4, unknown: 2, violated: 0 });
    expect(remarks).toHaveLength(6);
  });

  it('names the worst first, with what was promised', () => {
    const results = sampleResults();
    const [first, ...others] = results.experiments;
    const violated = { check: 'agreement', verdict: 'violated', detail: 'slot 7', seeds: [3] } as const;
    const experiments = [...others, { ...first!, verdicts: [violated] }];
    const { remarks } = summarise({ ...results, experiments });
    expect(remarks.map((remark) => remark.verdict.verdict)).toEqual([
      'violated',
      'unknown',
      'unknown',
      'expected',
      'expected',
      'expected',
      'expected',
    ]);
    expect(remarks[0]!.promise).toMatchObject({ exceptUnder: [], source: '§3.6.3, State Machine Safety' });
    expect(remarks[6]!.promise?.exceptUnder).toEqual(['partition', 'crash', 'pause']);
  });

  it('holds no promise about invariants against what is none', () => {
    const results = sampleResults();
    const protocols = results.protocols.map((card) => ({
      ...card,
      guarantees: card.guarantees.filter(({ check }) => check === 'invariants'),
    }));
    const [first] = results.experiments;
    const checks = ['convergence', 'progress', 'assertion', 'Election Safety'];
    const verdicts = checks.map((check) => ({ check, verdict: 'expected', detail: '', seeds: [1] }) as const);
    const { remarks } = summarise({ ...results, protocols, experiments: [{ ...first!, verdicts }] });
    const promised = remarks.map(({ verdict, promise }) => [verdict.check, promise?.check ?? null]);
    expect(promised).toEqual([
      ['convergence', null],
      ['progress', null],
      ['assertion', null],
      ['Election Safety', 'invariants'],
    ]);
  });

  it('says so where a check was never promised', () => {
    const results = { ...sampleResults(), protocols: [] };
    for (const remark of summarise(results).remarks) {
      expect(remark.promise).toBeNull();
    }
  });
});
