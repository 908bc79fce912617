import { raft } from '@quorate/raft';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { describe, expect, it } from 'vitest';
import { type ComparisonOptions, runComparison } from '../src/compare.ts';
import { scenarioNamed } from '../src/scenarios/index.ts';
import { mergeVerdicts, worstOf } from '../src/verdicts.ts';

const protocols = [raft, twoPhaseCommit].map((protocol) => ({ protocol, module: '', exportName: '' }));

const options: ComparisonOptions = {
  protocols,
  scenarios: ['cost', 'wan'].map(scenarioNamed),
  mode: 'sim',
  settings: { quick: true, seeds: 2, valueBytes: 32, keys: 1000 },
  quorateVersion: '0.0.0',
  command: 'quorate compare',
  threads: 0,
};

describe('a comparison', () => {
  it('has a row for each protocol in each cell, and pairs by seed', async () => {
    const results = await runComparison(options);
    expect(
      results.experiments.map(({ scenario, protocol, nodes }) => `${scenario} ${protocol} ${nodes}`),
    ).toEqual([
      'cost raft 3',
      'cost two-phase-commit 3',
      'cost raft 5',
      'cost two-phase-commit 5',
      'cost raft 7',
      'cost two-phase-commit 7',
      'wan raft 5',
      'wan two-phase-commit 5',
    ]);
    expect(results.experiments.at(-1)!.seeds).toEqual([1, 2]);
    expect(results.experiments.at(-1)!.reproduce).toBe(
      'quorate compare two-phase-commit --mode sim --scenario wan --nodes 5 --seeds 2 --value-bytes 32 --keys 1000 --quick',
    );
    const wan = results.comparisons.find(({ metric }) => metric === 'p50Microseconds')!;
    expect(wan).toMatchObject({
      scenario: 'wan',
      a: 'raft',
      b: 'two-phase-commit',
      better: 'lower',
      significant: false, // two runs are too few to tell
      runs: 2,
    });
    expect(wan.ratio.value).toBeLessThan(0.9); // a majority is near, all are far
    expect(results.comparisons.map(({ metric }) => metric)).toEqual(['p50Microseconds', 'p99Microseconds']);
    expect(results.protocols.map(({ name }) => name)).toEqual(['raft', 'two-phase-commit']);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results); // plain data

    const { createdAt: _, ...again } = await runComparison(options);
    expect(results).toMatchObject(again);
  });

  it('keeps what was finished when it is stopped', async () => {
    const controller = new AbortController();
    const results = await runComparison({
      ...options,
      signal: controller.signal,
      onProgress: ({ done }) => done === 7 && controller.abort(),
    });
    expect(results.experiments).toHaveLength(7);
    const last = results.experiments.at(-1)!;
    expect(last).toMatchObject({ scenario: 'wan', protocol: 'raft', seeds: [1] });
    expect(last.notes).toContain('Interrupted: 1 of 2 seeds are missing.');
  });

  it('refuses real processes where there is nobody to run them', async () => {
    await expect(runComparison({ ...options, mode: 'both' })).rejects.toThrow('use mode sim');
  });
});

describe('verdicts', () => {
  const protocol = { invariants: [{ name: 'one' }, { name: 'two' }] as never };
  const verdict = (check: string, word: 'ok' | 'violated' | 'unknown') => ({
    check,
    verdict: word,
    detail: `${check} ${word}`,
  });

  it('are merged over seeds; a broken invariant has its own name', () => {
    const rows = mergeVerdicts(protocol, [
      { seed: 1, verdicts: [verdict('one', 'ok'), verdict('two', 'ok'), verdict('linearizable', 'ok')] },
      {
        seed: 2,
        verdicts: [verdict('one', 'ok'), verdict('two', 'violated'), verdict('linearizable', 'unknown')],
      },
    ]);
    expect(rows.map(({ check, verdict: word, seeds }) => [check, word, seeds])).toEqual([
      ['invariants', 'ok', [1, 2]],
      ['linearizable', 'unknown', [2]],
      ['linearizable', 'ok', [1]],
      ['two', 'violated', [2]],
    ]);
    expect(rows.at(-1)!.detail).toBe('seed 2: two violated');
  });

  it('are as bad as the worst', () => {
    expect(worstOf(['ok', 'unknown', 'expected'])).toBe('unknown');
    expect(worstOf([])).toBe('ok');
  });
});
