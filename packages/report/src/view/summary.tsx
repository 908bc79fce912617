import type { Results } from '@quorate/bench/results';
import { list, number, plural, ranges } from '../data/format.ts';
import { distinct, groupBy, modeTitle, type Run, scenarioTitle, styleOf, titleOf } from '../data/run.ts';
import { type Remark, type Summary, summarise } from '../data/summary.ts';
import { Best } from './best.tsx';
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
