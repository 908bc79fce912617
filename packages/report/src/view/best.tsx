import type { Comparison } from '@quorate/bench/results';
import { number, sentence, TO, times } from '../data/format.ts';
import { parseMetric } from '../data/metrics.ts';
import { groupBy, modeTitle, type Run, scenarioTitle, titleOf } from '../data/run.ts';
import type { Finding, Rival } from '../data/summary.ts';
import { Forest } from './forest.tsx';
import { Heading } from './section.tsx';
import { type Column, DataTable } from './table.tsx';

/** Who is best at what, as measured: one line for each metric of each scenario, and every pair for those who ask. */
export function Best({ run, findings }: { readonly run: Run; readonly findings: readonly Finding[] }) {
  const groups = groupBy(findings, ({ scenario, mode }) => `${scenarioTitle(scenario)}, ${modeTitle(mode)}`);
  const axis = findings.flatMap((finding) => shown(finding).flatMap(({ ratio }) => [ratio.low, ratio.high]));
  return (
    <div class="best">
      <Heading>Who is best at what, as measured</Heading>
      {findings.length === 0 ? <p>Nothing was compared: these runs hold no pairs.</p> : null}
      {[...groups].map(([title, group]) => (
        <div class="findings" key={title}>
          <div class="findings-head">
            <Heading below={1}>{title}</Heading>
            <span class="axis-key" aria-hidden="true">
              <span>← less</span>
              <span>equal</span>
              <span>more →</span>
            </span>
          </div>
          <ul>
            {group.map((finding) => (
              <li key={finding.metric}>
                <span class="measure">
                  {measure(finding.metric)} <span class="better">{BETTER[finding.better]}</span>
                </span>
                <FindingText run={run} finding={finding} />
                <Forest run={run} leader={finding.leader} rivals={shown(finding)} axis={axis} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      <Pairs run={run} />
    </div>
  );
}

const BETTER = { higher: 'more is better', lower: 'less is better' } as const;

function measure(metric: string): string {
  const { label, qualifier } = parseMetric(metric);
  return sentence(qualifier === null ? label : `${label}, ${qualifier}`);
}

/** The rivals that a line has room for: of many that are behind, the nearest and the farthest. */
function shown({ verdict, behind, level }: Finding): readonly Rival[] {
  if (verdict === 'open') return [];
  if (verdict === 'level') return level.length > 1 ? [] : level;
  return behind.length > 2 ? [behind[0]!, behind[behind.length - 1]!] : behind;
}

/** With fewer runs no difference is called significant (the result file's `significant` says so too). */
const RUNS_TO_TELL = 6;

function FindingText({ run, finding }: { readonly run: Run; readonly finding: Finding }) {
  const { verdict, leader, behind, level } = finding;
  const pairs = shown(finding).map((rival) => against(run, rival));
  if (verdict === 'open') {
    return (
      <span class="finding">
        <span class="same">No consistent order:</span> not every pair was compared, or the pairs contradict
        one another.
      </span>
    );
  }
  if (verdict === 'level') {
    return (
      <span class="finding">
        <span class="same">
          {finding.runs !== undefined && finding.runs < RUNS_TO_TELL
            ? 'Too few runs to tell.'
            : 'No significant difference.'}
        </span>{' '}
        {pairs.length === 0
          ? `${level.length + 1} protocols are level.`
          : `${titleOf(run, leader)}: ${pairs.join('; ')}`}
      </span>
    );
  }
  const many = behind.length > 2;
  return (
    <span class="finding">
      <strong>{titleOf(run, leader)}</strong>{' '}
      {pairs.join(many ? `; of ${behind.length} behind it the last: ` : '; ')}
      {level.length > 0 ? (
        <>
          ; <span class="same">no significant difference</span> from{' '}
          {level.map((rival) => titleOf(run, rival.protocol)).join(', ')}
        </>
      ) : null}
    </span>
  );
}

function against(run: Run, { protocol, ratio }: Rival): string {
  return `${times(ratio.value)} that of ${titleOf(run, protocol)} (${number(ratio.low)}${TO}${number(ratio.high)})`;
}

/** Every comparison as it was made. */
function Pairs({ run }: { readonly run: Run }) {
  const { comparisons } = run.results;
  if (comparisons.length === 0) return null;
  const columns: Column<Comparison>[] = [
    {
      title: 'Scenario',
      header: true,
      sort: (row) => `${scenarioTitle(row.scenario)}, ${modeTitle(row.mode)}`,
      cell: (row) => `${scenarioTitle(row.scenario)}, ${modeTitle(row.mode)}`,
    },
    { title: 'Metric', sort: (row) => row.metric, cell: (row) => measure(row.metric) },
    { title: 'Of', sort: (row) => titleOf(run, row.a), cell: (row) => titleOf(run, row.a) },
    { title: 'To', sort: (row) => titleOf(run, row.b), cell: (row) => titleOf(run, row.b) },
    { title: 'Ratio', numeric: true, sort: (row) => row.ratio.value, cell: (row) => times(row.ratio.value) },
    {
      title: '95 % interval',
      numeric: true,
      sort: (row) => row.ratio.low,
      cell: (row) => number(row.ratio.low) + TO + number(row.ratio.high),
    },
    {
      title: 'Difference',
      sort: (row) => (row.significant ? 'significant' : 'not significant'),
      cell: (row) => (row.significant ? 'significant' : 'not significant'),
    },
  ];
  return (
    <details class="numbers">
      <summary>Every pair that was compared</summary>
      <DataTable
        caption="Ratios of pairs: medians over runs of the same seed"
        columns={columns}
        rows={comparisons}
        file="quorate-comparisons"
      />
    </details>
  );
}
