import type { Results } from '@quorate/bench/results';
import { list, number, plural, ranges, sentence, TO, times } from '../data/format.ts';
import { parseMetric } from '../data/metrics.ts';
import { distinct, groupBy, modeTitle, type Run, scenarioTitle, styleOf, titleOf } from '../data/run.ts';
import { type Finding, type Remark, type Rival, type Summary, summarise } from '../data/summary.ts';
import { Forest } from './forest.tsx';
import { Glyph, Status } from './glyph.tsx';
import { Heading, Section } from './section.tsx';

/** What a person can read in a minute: what was compared, who is best at what, what broke. */
export function SummarySection({ run }: { readonly run: Run }) {
  const summary = summarise(run.results);
  return (
    <Section
      id={`${run.prefix}summary`}
      title="Summary"
      lede={
        <p>
          Each ratio is the median over pairs of runs with the same seed, with its bootstrap 95 % interval.
          Where the interval includes 1, there is no significant difference.
        </p>
      }
    >
      <Headline summary={summary} />
      <Compared run={run} />
      <Best run={run} findings={summary.findings} />
      <Broken run={run} remarks={summary.remarks} />
    </Section>
  );
}

/** The one line that must not be missed. */
function Headline({ summary }: { readonly summary: Summary }) {
  const { ok, expected, violated, unknown } = summary.tally;
  const checked = ok + expected + violated + unknown;
  const [tone, text] =
    violated > 0
      ? ['violated', `${plural(violated, 'verdict')} unexpected: a promise was broken.`]
      : unknown > 0
        ? ['unknown', `${plural(unknown, 'verdict')} unknown: not a pass. No promise is known to be broken.`]
        : checked === 0
          ? ['unknown', 'Nothing was checked in these runs.']
          : ['ok', `No unexpected verdict in ${plural(checked, 'check')}.`];
  const counts = [
    `${number(ok)} ok`,
    `${number(expected)} broken as promises allow`,
    `${number(violated)} unexpected`,
    `${number(unknown)} unknown`,
  ];
  return (
    <p class={`headline headline-${tone}`}>
      <strong>{text}</strong> {checked > 0 ? <span class="counts">{counts.join(' · ')}</span> : null}
    </p>
  );
}

function Compared({ run }: { readonly run: Run }) {
  const { results, order } = run;
  const rows = results.experiments;
  const nodes = distinct(rows.map((row) => row.nodes)).sort((a, b) => a - b);
  const seeds = (mode: 'sim' | 'real') =>
    ranges(rows.filter((row) => row.mode === mode).flatMap((row) => row.seeds));
  const facts: [term: string, value: string][] = [
    ['Scenarios', list(distinct(rows.map((row) => scenarioTitle(row.scenario))))],
    ['Nodes', list(nodes.map(String))],
    ['Modes', list(distinct(rows.map((row) => modeTitle(row.mode))))],
    ['Seeds', seeds('sim')],
    ['Repetitions', seeds('real')],
  ];
  return (
    <div class="compared">
      <Heading>What was compared</Heading>
      <ul class="legend">
        {order.map((protocol) => (
          <li key={protocol}>
            <span class="name">
              <Glyph index={styleOf(run, protocol)} />
              <span>
                {titleOf(run, protocol)} <span class="family">{familyOf(results, protocol)}</span>
              </span>
            </span>
          </li>
        ))}
      </ul>
      <dl class="facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </div>
  );
}

function familyOf(results: Results, protocol: string): string {
  const card = results.protocols.find((candidate) => candidate.name === protocol);
  return card === undefined ? 'measured for comparison' : card.family.replaceAll('-', ' ');
}

function Best({ run, findings }: { readonly run: Run; readonly findings: readonly Finding[] }) {
  const groups = groupBy(findings, ({ scenario, mode }) => `${scenarioTitle(scenario)}, ${modeTitle(mode)}`);
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
                <Forest run={run} finding={finding} findings={findings} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

const BETTER = { higher: 'more is better', lower: 'less is better' } as const;

function measure(metric: string): string {
  const { label, qualifier } = parseMetric(metric);
  return sentence(qualifier === null ? label : `${label}, ${qualifier}`);
}

function FindingText({ run, finding }: { readonly run: Run; readonly finding: Finding }) {
  const { verdict, leader, behind, level } = finding;
  const names = (rivals: readonly Rival[]) => list(rivals.map((rival) => titleOf(run, rival.protocol)));
  if (verdict === 'level') {
    return (
      <span class="finding">
        <span class="same">No significant difference.</span>{' '}
        <span class="ratio">
          {level.map((rival) => `${titleOf(run, leader)}: ${against(run, rival)}`).join('; ')}
        </span>
      </span>
    );
  }
  if (verdict === 'open') {
    return (
      <span class="finding">
        <span class="same">No consistent order</span>{' '}
        <span class="ratio">not every pair was compared, or the pairs contradict one another</span>
      </span>
    );
  }
  return (
    <span class="finding">
      <strong>{titleOf(run, leader)}</strong>{' '}
      <span class="ratio">
        {behind.map((rival) => against(run, rival)).join('; ')}
        {level.length > 0 ? `; no significant difference from ${names(level)}` : ''}
      </span>
    </span>
  );
}

function against(run: Run, { protocol, ratio }: Rival): string {
  return `${times(ratio.value)} that of ${titleOf(run, protocol)} (${number(ratio.low)}${TO}${number(ratio.high)})`;
}

function Broken({ run, remarks }: { readonly run: Run; readonly remarks: readonly Remark[] }) {
  const groups = groupBy(remarks, ({ experiment, verdict }) =>
    JSON.stringify([experiment.protocol, verdict.check, verdict.verdict]),
  );
  return (
    <div class="broken">
      <Heading>What broke</Heading>
      {remarks.length === 0 ? <p>Nothing: every check of every run is ok.</p> : null}
      <ul class="remarks">
        {[...groups.values()].map((group) => {
          const { experiment, verdict, promise } = group[0]!;
          const where = distinct(
            group.map(
              ({ experiment: { scenario, mode } }) =>
                `${scenarioTitle(scenario).toLowerCase()} (${modeTitle(mode)})`,
            ),
          );
          return (
            <li key={experiment.protocol + verdict.check + verdict.verdict}>
              <Status verdict={verdict.verdict} />
              <span>
                <strong>
                  {titleOf(run, experiment.protocol)}: {verdict.check}
                </strong>{' '}
                in {list(where)}. {MEANING[verdict.verdict]} {promise}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const MEANING = {
  ok: '',
  expected: 'Broken as its promises allow.',
  violated: 'Broken although promised.',
  unknown: 'The check came to no end: not a pass.',
} as const;
