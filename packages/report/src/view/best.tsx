import type { Comparison } from '@quorate/bench/results';
import { sentence } from '../data/format.ts';
import { comparedValue, metricTitle, parseMetric, placeTitle } from '../data/metrics.ts';
import { groupBy, modeTitle, type Run, scenarioTitle, shortTitleOf } from '../data/run.ts';
import type { Finding, Rival } from '../data/summary.ts';
import type { Text } from '../text/text.ts';
import { Beside } from './beside.tsx';
import { Forest } from './forest.tsx';
import { Heading } from './section.tsx';
import { type Column, DataTable } from './table.tsx';

/** Who is best at what, as measured: one line for each metric of each scenario, and every pair for those who ask. */
export function Best({ run, findings }: { readonly run: Run; readonly findings: readonly Finding[] }) {
  const { text } = run;
  const groups = groupBy(findings, (finding) => placeOf(text, finding));
  const axis = findings.flatMap((finding) => shown(finding).flatMap(({ ratio }) => [ratio.low, ratio.high]));
  return (
    <div class="best">
      <Heading>{text.t('best.title')}</Heading>
      {findings.length === 0 ? <p>{text.t('best.none')}</p> : null}
      {[...groups].map(([title, group]) => (
        <div class="findings" key={title}>
          <div class="findings-head">
            <Heading below={1}>{title}</Heading>
            <AxisKey text={text} />
          </div>
          <ul>
            {group.map((finding) => (
              <li key={finding.metric}>
                <span class="measure">
                  {measure(text, finding.metric)}{' '}
                  <span class="better">{text.t(`best.${finding.better}`)}</span>
                </span>
                <span class="finding">
                  <FindingText run={run} finding={finding} />
                </span>
                <Forest run={run} leader={finding.leader} rivals={shown(finding)} axis={axis} />
              </li>
            ))}
          </ul>
        </div>
      ))}
      <Beside run={run} findings={findings} />
      <Pairs run={run} />
    </div>
  );
}

function AxisKey({ text }: { readonly text: Text }) {
  return (
    <span class="axis-key" aria-hidden="true">
      <span>{text.t('best.less')}</span>
      <span>{text.t('best.equal')}</span>
      <span>{text.t('best.more')}</span>
    </span>
  );
}

export function placeOf(text: Text, { scenario, mode }: Pick<Finding, 'scenario' | 'mode'>): string {
  return scenarioTitle(text, scenario) + text.t('format.comma') + modeTitle(text, mode);
}

export function measure(text: Text, metric: string): string {
  const { qualifier } = parseMetric(metric);
  const title = metricTitle(text, metric);
  return sentence(qualifier === null ? title : title + text.t('format.comma') + placeTitle(text, qualifier));
}

/** The rivals that a line has room for: of many that are behind, the nearest and the farthest. */
function shown({ verdict, behind, level }: Finding): readonly Rival[] {
  if (verdict === 'open') return [];
  if (verdict === 'level') return level.length > 1 ? [] : level;
  return behind.length > 2 ? [behind[0]!, behind[behind.length - 1]!] : behind;
}

/** With fewer runs no difference is called significant (the result file's `significant` says so too). */
export const RUNS_TO_TELL = 6;

function FindingText({ run, finding }: { readonly run: Run; readonly finding: Finding }) {
  const { text } = run;
  const { verdict, behind, level } = finding;
  const pairs = shown(finding).map((rival) => against(run, finding, rival));
  if (verdict === 'open') {
    return text.rich('best.open', { verdict: <span class="same">{text.t('best.noOrder')}</span> });
  }
  if (verdict === 'level') {
    const tooFew = finding.runs !== undefined && finding.runs < RUNS_TO_TELL;
    const same = <span class="same">{text.t(tooFew ? 'best.tooFew' : 'best.noDifference')}</span>;
    if (pairs.length === 0) return text.rich('best.level', { verdict: same, count: level.length + 1 });
    const leader = withValue(run, finding, finding.leader);
    return text.rich('best.pairs', { verdict: same, leader, pairs: pairs.join(text.t('format.semicolon')) });
  }
  const leader = <Leader run={run} finding={finding} />;
  if (behind.length + level.length === 0) return leader;
  const told =
    behind.length > 2
      ? text.t('best.last', { pair: pairs[0]!, count: behind.length, last: pairs[1]! })
      : pairs.join(text.t('format.semicolon'));
  if (level.length === 0) return text.rich('best.leads', { leader, pairs: told });
  return text.rich('best.leadsAndLevel', {
    leader,
    pairs: told,
    verdict: <span class="same">{text.t('best.sameAs')}</span>,
    others: text.list(level.map((rival) => shortTitleOf(run, rival.protocol))),
  });
}

/** A leader with what it reached. */
export function Leader({ run, finding }: { readonly run: Run; readonly finding: Finding }) {
  const { text } = run;
  const found = comparedValue(run.results.experiments, finding, finding.leader);
  return (
    <>
      <strong>{shortTitleOf(run, finding.leader)}</strong>
      {found === null ? null : ` ${text.quantity(found.kind, found.value)}`}
    </>
  );
}

function against(run: Run, finding: Finding, { protocol, ratio }: Rival): string {
  const { text } = run;
  const { times, interval } = text.ratio(ratio);
  return text.t('best.against', {
    ratio: interval === null ? times : text.t('format.interval', { value: times, interval }),
    protocol: withValue(run, finding, protocol),
  });
}

/** `Two-phase commit (13,000/s)`. */
function withValue(run: Run, finding: Finding, protocol: string): string {
  const { text } = run;
  const title = shortTitleOf(run, protocol);
  const found = comparedValue(run.results.experiments, finding, protocol);
  if (found === null) return title;
  return text.t('format.interval', { value: title, interval: text.quantity(found.kind, found.value) });
}

/** Every comparison as it was made. */
function Pairs({ run }: { readonly run: Run }) {
  const { text } = run;
  const { comparisons } = run.results;
  if (comparisons.length === 0) return null;
  return (
    <details class="numbers">
      <summary>{text.t('best.everyPair')}</summary>
      <DataTable
        caption={text.t('best.caption')}
        columns={pairColumns(run)}
        rows={comparisons}
        file="quorate-comparisons"
      />
    </details>
  );
}

function pairColumns(run: Run): Column<Comparison>[] {
  const { text } = run;
  const words = (pick: (row: Comparison) => string) => ({ sort: pick, cell: pick });
  return [
    { title: text.t('column.scenario'), header: true, ...words((row) => placeOf(text, row)) },
    { title: text.t('column.metric'), ...words((row) => measure(text, row.metric)) },
    { title: text.t('column.of'), ...words((row) => shortTitleOf(run, row.a)) },
    { title: text.t('column.to'), ...words((row) => shortTitleOf(run, row.b)) },
    {
      title: text.t('column.ratio'),
      numeric: true,
      sort: (row) => row.ratio.value,
      cell: (row) => text.ratio(row.ratio).times,
    },
    {
      title: text.t('column.interval'),
      numeric: true,
      sort: (row) => row.ratio.low,
      cell: (row) => text.ratio(row.ratio).interval ?? text.t('best.onePair'),
    },
    {
      title: text.t('column.difference'),
      ...words((row) => text.t(row.significant ? 'best.significant' : 'best.notSignificant')),
    },
  ];
}
