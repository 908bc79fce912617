import type { Experiment } from '@quorate/bench/results';
import { hasSides } from '../data/cap.ts';
import { ranges, slug } from '../data/format.ts';
import { estimateOf } from '../data/metrics.ts';
import {
  checkTitle,
  distinct,
  familyTitle,
  groupBy,
  modeTitle,
  type Run,
  scenarioTitle,
  shortTitleOf,
  styleOf,
  titleOf,
} from '../data/run.ts';
import { type Remark, type Summary, summarise } from '../data/summary.ts';
import { Best } from './best.tsx';
import { CapInWords } from './cap.tsx';
import { useText } from './context.ts';
import { Glyph, Status } from './glyph.tsx';
import { PromiseText } from './promise-text.tsx';
import { Heading, Section } from './section.tsx';

/** What a person can read in a minute: what was compared, who is best at what, what broke. */
export function SummarySection({ run }: { readonly run: Run }) {
  const summary = summarise(run.results);
  return (
    <Section
      id={`${run.prefix}summary`}
      title={run.text.t('read.summary')}
      lede={<p>{run.text.t('summary.lede')}</p>}
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
  const text = useText();
  const { ok, expected, violated, unknown } = summary.tally;
  const checked = ok + expected + violated + unknown;
  const [tone, words] =
    violated > 0
      ? ['violated', text.t('summary.violated', { count: violated })]
      : unknown > 0
        ? ['unknown', text.t('summary.unknown', { count: unknown })]
        : checked === 0
          ? ['unknown', text.t('summary.unchecked')]
          : ['ok', text.t('summary.ok', { count: checked })];
  const counts = text.t('summary.counts', { ok, expected, violated, unknown });
  return (
    <p class={`headline headline-${tone}`}>
      <strong>{words}</strong> {checked > 0 ? <span class="counts">{counts}</span> : null}
    </p>
  );
}

function Compared({ run }: { readonly run: Run }) {
  const { results, order, text } = run;
  const rows = results.experiments;
  const nodes = distinct(rows.map((row) => row.nodes)).sort((a, b) => a - b);
  const seeds = (mode: 'sim' | 'real') =>
    ranges(rows.filter((row) => row.mode === mode).flatMap((row) => row.seeds));
  const facts: [term: string, value: string][] = [
    [text.t('summary.scenarios'), text.list(distinct(rows.map((row) => scenarioTitle(text, row.scenario))))],
    [text.t('summary.nodes'), text.list(nodes.map(String))],
    [text.t('summary.modes'), text.list(distinct(rows.map((row) => modeTitle(text, row.mode))))],
    [text.t('summary.seeds'), seeds('sim')],
    [text.t('summary.repetitions'), seeds('real')],
  ];
  return (
    <div class="compared">
      <Heading>{text.t('summary.what')}</Heading>
      <Members run={run} names={order.filter((name) => !run.peers.has(name))} />
      {run.peers.size === 0 ? null : (
        <>
          <p class="members-of">{text.t('summary.peers')}</p>
          <Members run={run} names={[...run.peers.keys()]} />
        </>
      )}
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

function Members({ run, names }: { readonly run: Run; readonly names: readonly string[] }) {
  return (
    <ul class="legend">
      {names.map((name) => (
        <li key={name}>
          <span class="name">
            <Glyph index={styleOf(run, name)} />
            <span>
              {titleOf(run, name)} <span class="family">{familyOf(run, name)}</span>
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function familyOf({ cards, peers, text }: Run, name: string): string {
  const card = cards.get(name);
  if (card !== undefined) return familyTitle(text, card.family);
  return text.t(peers.get(name)?.limit ? 'summary.limit' : 'summary.peer');
}

function Broken({ run, remarks }: { readonly run: Run; readonly remarks: readonly Remark[] }) {
  const { text } = run;
  const groups = groupBy(remarks, ({ experiment, verdict }) =>
    JSON.stringify([experiment.protocol, verdict.check, verdict.verdict]),
  );
  return (
    <div class="broken">
      <Heading>{text.t('summary.broke')}</Heading>
      {remarks.length === 0 ? <p>{text.t('summary.nothingBroke')}</p> : null}
      <ul class="remarks">
        {[...groups.values()].map((group) => {
          const { experiment, verdict, promise } = group[0]!;
          const where = distinct(
            group.map(({ experiment: { scenario, mode } }) =>
              text.t('summary.place', {
                scenario: scenarioTitle(text, scenario).toLowerCase(),
                mode: modeTitle(text, mode),
              }),
            ),
          );
          return (
            <li key={experiment.protocol + verdict.check + verdict.verdict}>
              <Status verdict={verdict.verdict} />
              <span>
                {text.rich('summary.brokeIn', {
                  what: (
                    <strong>
                      {text.t('chart.tip', {
                        name: shortTitleOf(run, experiment.protocol),
                        value: checkTitle(text, verdict.check),
                      })}
                    </strong>
                  ),
                  places: text.list(where),
                  meaning: text.known('meaning', verdict.verdict) ?? '',
                  promise: <PromiseText promise={promise} />,
                })}
              </span>
            </li>
          );
        })}
      </ul>
      <GaveWay run={run} />
    </div>
  );
}

/** What each protocol had to give up while a fault lasted, which breaks no promise: how long nothing was written, and which side was answered. */
function GaveWay({ run }: { readonly run: Run }) {
  const { text, results } = run;
  const crashes = groupBy(
    results.experiments.filter((row) => row.mode === 'sim' && estimateOf(row, SILENT) !== null),
    ({ scenario }) => scenario,
  );
  const split = results.experiments.filter(hasSides);
  if (crashes.size + split.length === 0) return null;
  return (
    <>
      <p class="members-of">{text.t('gave.title')}</p>
      <ul class="prose">
        {[...crashes].map(([scenario, rows]) => (
          <li key={scenario}>
            <a href={`#${run.prefix}${slug(scenario)}`}>{scenarioTitle(text, scenario)}</a>
            {text.t('format.colon')}
            {text.t('gave.silence', {
              times: rows.map((row) => silence(run, row)).join(text.t('format.semicolon')),
            })}
          </li>
        ))}
        {split.length === 0 ? null : (
          <li>
            <a href={`#${run.prefix}cap`}>{text.t('cap.title')}</a>
            {text.t('format.colon')}
            <ul>
              <CapInWords run={run} experiments={split} />
            </ul>
          </li>
        )}
      </ul>
    </>
  );
}

const SILENT = 'unavailableMilliseconds';

/** `3 s, with locks held in doubt for 2.9 s (Two-phase commit)`. */
function silence(run: Run, row: Experiment): string {
  const { text } = run;
  const protocol = shortTitleOf(run, row.protocol);
  const time = text.quantity('duration', estimateOf(row, SILENT)!.value);
  const locked = estimateOf(row, 'inDoubtMilliseconds');
  if (locked === null || locked.value === 0) return text.t('gave.silent', { protocol, time });
  return text.t('gave.locked', { protocol, time, locked: text.quantity('duration', locked.value) });
}
