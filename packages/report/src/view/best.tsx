import type { Comparison } from '@quorate/bench/results';
import { Fragment } from 'preact';
import { sentence, slug } from '../data/format.ts';
import { comparedValue, metricTitle, parseMetric, placeTitle } from '../data/metrics.ts';
import { groupBy, modeTitle, type Run, scenarioTitle, shortTitleOf } from '../data/run.ts';
import type { Finding, Rival } from '../data/summary.ts';
import type { Text } from '../text/text.ts';
import { Beside } from './beside.tsx';
import { Forest } from './forest.tsx';
import { Missing, Name } from './glyph.tsx';
import { Heading } from './section.tsx';
import { type Column, DataTable, Table } from './table.tsx';

/** Who is best at what, as measured: one line for each metric of each scenario, and every pair for those who ask. */
export function Best({ run, findings }: { readonly run: Run; readonly findings: readonly Finding[] }) {
  const { text } = run;
  return (
    <div class="best">
      <Heading>{text.t('best.title')}</Heading>
      {findings.length === 0 ? (
        <p>{text.t('best.none')}</p>
      ) : (
        <>
          <Leads run={run} findings={findings} />
          <Scores run={run} findings={findings} />
        </>
      )}
      <Beside run={run} findings={findings} />
      <Pairs run={run} />
    </div>
  );
}

/** How often each protocol is best: the answer in one line. */
function Leads({ run, findings }: { readonly run: Run; readonly findings: readonly Finding[] }) {
  const { text } = run;
  const decided = findings.filter(({ verdict }) => verdict === 'best' || verdict === 'shared');
  const counts = [...groupBy(decided, ({ leader }) => leader)].sort(([, a], [, b]) => b.length - a.length);
  const open = findings.length - decided.length;
  if (counts.length === 0) return <p class="leads">{text.t('best.nobody', { count: findings.length })}</p>;
  return (
    <p class="leads">
      {text.t('best.of', { count: findings.length })}
      {counts.map(([leader, own], i) => (
        <Fragment key={leader}>
          {i === 0 ? '' : text.t('format.semicolon')}
          <strong>{shortTitleOf(run, leader)}</strong> {text.t('best.times', { count: own.length })}
        </Fragment>
      ))}
      {open === 0
        ? text.t('format.stop')
        : text.t('format.semicolon') + text.t('best.undecided', { count: open })}
    </p>
  );
}

interface ScoresProps {
  readonly run: Run;
  readonly findings: readonly Finding[];
}

/** With more protocols there is no room for the plots. */
const FEW = 3;

/** Each metric with every protocol's median, the best marked, and how far it is from the next. */
function Scores({ run, findings }: ScoresProps) {
  const { text } = run;
  const met = new Set(findings.flatMap(membersOf));
  const protocols = run.order.filter((name) => met.has(name));
  const axis = findings.flatMap((finding) =>
    nearest(finding).flatMap(({ ratio }) => [ratio.low, ratio.high]),
  );
  const groups = groupBy(findings, (finding) => JSON.stringify([finding.scenario, finding.mode]));
  return (
    <Table caption={text.t('best.scores')} class={protocols.length > FEW ? 'scores many' : 'scores'}>
      <thead>
        <tr>
          <th scope="col">{text.t('column.metric')}</th>
          {protocols.map((protocol) => (
            <th scope="col" key={protocol} class="number">
              <Name run={run} protocol={protocol} />
            </th>
          ))}
          <th scope="col" class="number">
            {text.t('best.toNext')}
          </th>
          <td class="plot" aria-hidden="true">
            <AxisKey text={text} />
          </td>
        </tr>
      </thead>
      {[...groups].map(([key, group]) => (
        <tbody key={key}>
          <tr class="group">
            <th scope="rowgroup" colSpan={protocols.length + 3}>
              <Place run={run} finding={group[0]!} />
            </th>
          </tr>
          {group.map((finding) => (
            <tr key={finding.metric}>
              <th scope="row">
                {measure(text, finding.metric)} <span class="better">{text.t(`best.${finding.better}`)}</span>
              </th>
              {protocols.map((protocol) => (
                <td key={protocol} class="number">
                  <Score run={run} finding={finding} protocol={protocol} />
                </td>
              ))}
              <td class="number">
                <Next run={run} finding={finding} />
              </td>
              <td class="plot" aria-hidden="true">
                <Forest run={run} leader={finding.leader} rivals={nearest(finding)} axis={axis} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </Table>
  );
}

/** A scenario and its mode; the scenario's name leads to its section. */
function Place({ run, finding: { scenario, mode } }: { readonly run: Run; readonly finding: Finding }) {
  const { text } = run;
  return (
    <>
      <a href={`#${run.prefix}${slug(scenario)}`}>{scenarioTitle(text, scenario)}</a>
      {text.t('format.comma') + modeTitle(text, mode)}
    </>
  );
}

function AxisKey({ text }: { readonly text: Text }) {
  return (
    <span class="axis-key">
      <span>{text.t('best.less')}</span>
      <span>{text.t('best.equal')}</span>
      <span>{text.t('best.more')}</span>
    </span>
  );
}

interface ScoreProps {
  readonly run: Run;
  readonly finding: Finding;
  readonly protocol: string;
}

/** One protocol's median, marked where it is the best, or level with it. */
function Score({ run, finding, protocol }: ScoreProps) {
  const { text } = run;
  const { verdict, leader, level } = finding;
  const found = comparedValue(run.results.experiments, finding, protocol);
  const value =
    found === null ? <Missing>{text.t('table.missing')}</Missing> : text.quantity(found.kind, found.value);
  if (protocol === leader && (verdict === 'best' || verdict === 'shared')) {
    return (
      <strong class="best-one">
        <span aria-hidden="true">✓ </span>
        {value}
        <span class="heard">{text.t('format.comma') + text.t('best.best')}</span>
      </strong>
    );
  }
  if (verdict !== 'shared' || !level.some((rival) => rival.protocol === protocol)) return <>{value}</>;
  return (
    <span class="best-level">
      <span aria-hidden="true">≈ </span>
      {value}
      <span class="heard">{text.t('format.comma') + text.t('best.sameAs')}</span>
    </span>
  );
}

/** How the best one stands to the next, or why none is called best. */
function Next({ run, finding }: { readonly run: Run; readonly finding: Finding }) {
  const { text } = run;
  const { verdict } = finding;
  if (verdict === 'open') return <span class="same">{text.t('best.noOrder')}</span>;
  const [rival] = nearest(finding);
  const why =
    verdict !== 'level' ? null : (
      <span class="same">{text.t(tooFewRuns(finding) ? 'best.tooFew' : 'best.noDifference')}</span>
    );
  if (rival === undefined) return why;
  const { times, interval } = text.ratio(rival.ratio);
  return (
    <>
      <span class="digits">{times}</span>
      {interval === null ? null : <span class="interval"> {interval}</span>} {why}
    </>
  );
}

/** The rival that a finding's line shows: the nearest of those behind; of two that are level, the other. */
function nearest({ verdict, behind, level }: Finding): readonly Rival[] {
  if (verdict === 'open') return [];
  if (verdict === 'level') return level.length > 1 ? [] : level;
  return behind.slice(0, 1);
}

function membersOf({ leader, behind, level }: Finding): string[] {
  return [leader, ...[...behind, ...level].map(({ protocol }) => protocol)];
}

export function placeOf(text: Text, { scenario, mode }: Pick<Finding, 'scenario' | 'mode'>): string {
  return scenarioTitle(text, scenario) + text.t('format.comma') + modeTitle(text, mode);
}

export function measure(text: Text, metric: string): string {
  const { qualifier } = parseMetric(metric);
  const title = metricTitle(text, metric);
  return sentence(qualifier === null ? title : title + text.t('format.comma') + placeTitle(text, qualifier));
}

/** With fewer runs no difference is called significant (the result file's `significant` says so too). */
const RUNS_TO_TELL = 6;

export function tooFewRuns({ runs }: Finding): boolean {
  return runs !== undefined && runs < RUNS_TO_TELL;
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
