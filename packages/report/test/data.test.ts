import { toCsv } from '@quorate/report';
import { describe, expect, it } from 'vitest';
import { ranges } from '../src/data/format.ts';
import { estimateOf, expectedOf, metricNames, metricTitle, parseMetric } from '../src/data/metrics.ts';
import { join } from '../src/text/quantities.ts';
import { textOf } from '../src/text/text.ts';
import { estimate, sampleResults } from './sample-results.ts';

const text = textOf('en');

describe('CSV', () => {
  const results = sampleResults();
  const lines = toCsv(results).split('\r\n');

  it('has one line for each metric, its interval and its theory', () => {
    expect(lines[0]).toBe('scenario,protocol,mode,nodes,clients,metric,value,low,high');
    expect(lines).toContain('cost,raft,sim,5,1,messagesPerDecision,8,,');
    expect(lines).toContain('cost,raft,sim,5,1,expectedMessagesPerDecision,8,,');
    expect(lines).toContain('leader-crash,two-phase-commit,sim,5,32,unavailableMilliseconds,5000,4400,5780');
    expect(lines).toContain('leader-crash,raft,sim,5,32,inDoubtMilliseconds,,,');
    expect(lines.filter((line) => line.includes('p99Microseconds:offered=500,'))).toHaveLength(4);
    expect(lines.at(-1)).toBe('');
  });

  it('quotes what needs quotes, and disarms what a spreadsheet would run', () => {
    const experiment = { ...results.experiments[0]!, curve: [], metrics: { 'a,"b"\n': 1 } };
    const csv = toCsv({ ...results, experiments: [{ ...experiment, protocol: '=1+1', scenario: 'x' }] });
    expect(csv.slice(csv.indexOf('\r\n') + 2)).toBe('x,\'=1+1,sim,5,32,"a,""b""\n",1,,\r\n');
  });
});

describe('metric names', () => {
  it('are taken apart into words, unit and place', () => {
    expect(parseMetric('p50Microseconds:us-east-1')).toEqual({
      base: 'p50Microseconds',
      qualifier: 'us-east-1',
      kind: 'duration',
      factor: 1,
      stem: 'p50',
    });
    expect(parseMetric('inDoubtMilliseconds')).toMatchObject({
      kind: 'duration',
      factor: 1000,
      stem: 'inDoubt',
    });
    expect(parseMetric('constructor')).toMatchObject({ kind: 'count', stem: 'constructor' });
    expect(metricTitle(text, 'p50Microseconds:us-east-1')).toBe('median latency');
    expect(metricTitle(text, 'queuedRequestsBytes')).toBe('queued requests');
    expect(metricTitle(text, 'constructor')).toBe('constructor');
  });

  it('find the theory that stands beside them, by each of its names', () => {
    const [base] = sampleResults().experiments;
    const metrics = {
      'p50Microseconds:x': estimate(10),
      'expectedP50Microseconds:x': 8,
      'p50Microseconds:y': 10,
      'expectedMicroseconds:y': 7,
      messagesPerDecision: 4,
      expected: {
        messagesPerDecision: 4,
        delaysPerDecision: 2,
        forcedWritesPerDecision: 2,
        forcedWritesInAll: 3,
      },
    };
    const experiment = { ...base!, metrics };
    expect(expectedOf(experiment, 'p50Microseconds:x')).toBe(8);
    expect(expectedOf(experiment, 'p50Microseconds:y')).toBe(7);
    expect(expectedOf(experiment, 'messagesPerDecision')).toBe(4);
    expect(expectedOf(experiment, 'p50Microseconds:z')).toBeNull();
    expect(metricNames(experiment)).toEqual([
      'p50Microseconds:x',
      'p50Microseconds:y',
      'messagesPerDecision',
    ]);
    expect(estimateOf(experiment, 'toString')).toBeNull();
  });
});

describe('numbers', () => {
  const plain = (written: string) => written.replaceAll('\u2060', '').replaceAll('\u00a0', ' ');

  it('are written with three digits, in the unit that suits them', () => {
    expect(plain(text.quantity('duration', 812))).toBe('812 µs');
    expect(plain(text.quantity('duration', 2_310_000))).toBe('2.31 s');
    expect(text.quantity('rate', 48_213)).toBe('48,200/s');
    expect(plain(text.quantity('share', 0.5))).toBe('50 %');
    expect(text.number(9_999)).toBe('9,999');
    expect(text.number(Number.NaN)).toBe('–');
    expect(join('3', '')).toBe('3');
  });

  it('have intervals in the same unit, to the same place', () => {
    expect(plain(text.withInterval('duration', { value: 1_000, low: 974, high: 1_041 }))).toBe(
      '1.00 ms (0.97–1.04)',
    );
    expect(plain(text.withInterval('rate', { value: 46_000, low: 44_620, high: 47_794 }))).toBe(
      '46,000/s (44,600–47,800)',
    );
    expect(plain(text.withInterval('duration', { value: 0, low: 0, high: 3 }))).toBe('0.00 µs (0.00–3.00)');
  });

  it('that follow one another are drawn together', () => {
    expect(plain(ranges([3, 1, 2, 7, 9, 8, 20, 12, 13]))).toBe('1–3, 7–9, 12, 13, 20');
    expect(ranges([])).toBe('');
  });
});
