import type { Changes, Experiment } from '@quorate/bench/results';
import { hasSides } from '../data/cap.ts';
import { slug } from '../data/format.ts';
import { distinct, groupBy, type Run, scenarioTitle, scope, shortTitleOf, titleOf } from '../data/run.ts';
import type { Text } from '../text/text.ts';
import { CalibrationSection } from './calibration.tsx';
import { CapSection } from './cap.tsx';
import { ChangeSection } from './changes.tsx';
import { LevelContext, useText } from './context.ts';
import { CostSection } from './cost.tsx';
import { MatrixSection } from './matrix.tsx';
import { MethodSection } from './method.tsx';
import { MetricTable } from './metric-table.tsx';
import { How, Notes } from './notes.tsx';
import { PromiseSection } from './promises.tsx';
import { hasQualified, RegionSection } from './regions.tsx';
import { Section } from './section.tsx';
import { SteadySection } from './steady.tsx';
import { SummarySection } from './summary.tsx';
import { TimelineSection } from './timeline.tsx';
import { VerdictSection } from './verdicts.tsx';

interface ReadProps {
  readonly runs: readonly Run[];
  readonly changes: readonly Changes[];
}

/** The view `read`: what was measured, as a document. */
export function Read({ runs, changes }: ReadProps) {
  const text = useText();
  const [alone] = runs.length === 1 ? runs : [];
  return (
    <>
      <header class="masthead">
        <p class="kicker">{text.t('read.kicker')}</p>
        <h1>{pageTitle(runs, text)}</h1>
        {alone === undefined ? null : <Imprint run={alone} />}
        {changes.length === 0 ? null : (
          <p class="contents">
            <a href="#changes">{text.t('change.title')}</a>
          </p>
        )}
        {runs.map((run) => (
          <Contents key={run.prefix} run={run} alone={runs.length === 1} />
        ))}
      </header>
      {changes.length === 0 ? null : <ChangeSection runs={runs} changes={changes} />}
      {alone === undefined ? (
        runs.map((run) => <Chapter key={run.prefix} run={run} />)
      ) : (
        <Sections run={alone} />
      )}
    </>
  );
}

/** Whom the protocols were measured with: `beside etcd and ZooKeeper`. */
function besidePeers(run: Run): string {
  const { peers, text } = run;
  if (peers.size === 0) return '';
  return text.t('read.beside', { peers: text.list([...peers.keys()].map((name) => titleOf(run, name))) });
}

/** The page's title: which protocols the runs compare. */
export function pageTitle(runs: readonly Run[], text: Text): string {
  const names = distinct(runs.flatMap((run) => protocolsOf(run).map((name) => shortTitleOf(run, name))));
  if (names.length === 0) return text.t('read.noResults');
  return names.length > NAMES_MAX ? text.t('read.compared', { count: names.length }) : names.join(' · ');
}

const NAMES_MAX = 3;

/** The protocols; where there are rows of peers alone, those. */
function protocolsOf({ cards, order }: Run): readonly string[] {
  return cards.size > 0 ? [...cards.keys()] : order;
}

function Imprint({ run }: { readonly run: Run }) {
  const parts = [besidePeers(run), run.text.dateTime(run.results.createdAt), scope(run)];
  return <p class="imprint">{parts.filter((part) => part !== '').join(' · ')}</p>;
}

/** One of several runs on a page. */
function Chapter({ run }: { readonly run: Run }) {
  const id = `${run.prefix}title`;
  return (
    <section class="chapter" aria-labelledby={id}>
      <h2 id={id}>{run.label}</h2>
      <Imprint run={run} />
      <LevelContext.Provider value={3}>
        <Sections run={run} />
      </LevelContext.Provider>
    </section>
  );
}

function Contents({ run, alone }: { readonly run: Run; readonly alone: boolean }) {
  const { text } = run;
  const title = run.label;
  const links: [id: string, text: string][] = [
    ['summary', text.t('read.summary')],
    ...scenariosOf(run).flatMap(([scenario, rows]): [string, string][] => [
      [slug(scenario), scenarioTitle(text, scenario)],
      ...(rows.some(hasSides) ? ([['cap', text.t('cap.title')]] as [string, string][]) : []),
    ]),
    ...((run.results.calibrations ?? []).length > 0
      ? ([['calibration', text.t('calibration.title')]] as [string, string][])
      : []),
    ...(run.results.experiments.some((row) => row.verdicts.length > 0)
      ? ([['verdicts', text.t('read.verdicts')]] as [string, string][])
      : []),
    ...(run.results.protocols.length > 0
      ? ([['promises', text.t('read.promises')]] as [string, string][])
      : []),
    ['method', text.t('read.method')],
  ];
  return (
    <nav class="contents" aria-label={alone ? text.t('read.contents') : text.t('read.contentsOf', { title })}>
      {alone ? null : <p>{title}</p>}
      <ul>
        {links.map(([id, text]) => (
          <li key={id}>
            <a href={`#${run.prefix}${id}`}>{text}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const ORDER = ['steady', 'cost', 'leader-crash', 'coordinator-crash', 'partition', 'wan', 'guarantees'];

/** Experiments by scenario: the known ones in the order in which they are best read, then the others. */
function scenariosOf(run: Run): [scenario: string, rows: Experiment[]][] {
  const rank = (scenario: string) => (ORDER.includes(scenario) ? ORDER.indexOf(scenario) : ORDER.length);
  const groups = groupBy(run.results.experiments, (experiment) => experiment.scenario);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b));
}

function Sections({ run }: { readonly run: Run }) {
  return (
    <>
      <SummarySection run={run} />
      {scenariosOf(run).map(([scenario, experiments]) => (
        <Scenario key={scenario} run={run} scenario={scenario} experiments={experiments} />
      ))}
      <CalibrationSection run={run} />
      <VerdictSection run={run} />
      <PromiseSection run={run} />
      <MethodSection run={run} />
    </>
  );
}

interface ScenarioProps {
  readonly run: Run;
  readonly scenario: string;
  readonly experiments: readonly Experiment[];
}

/** What a scenario's results hold decides how they are shown, so that a new scenario needs no word here. */
function Scenario(props: ScenarioProps) {
  const { run, scenario, experiments } = props;
  const title = scenarioTitle(run.text, scenario);
  if (experiments.some((row) => row.curve !== undefined)) return <SteadySection {...props} />;
  if (experiments.some((row) => row.guarantees !== undefined)) return <MatrixSection {...props} />;
  if (experiments.some((row) => row.timeline !== undefined)) {
    return (
      <>
        <TimelineSection {...props} />
        {experiments.some(hasSides) ? <CapSection run={run} experiments={experiments} /> : null}
      </>
    );
  }
  if (experiments.some((row) => 'messagesPerDecision' in row.metrics)) return <CostSection {...props} />;
  if (experiments.some(hasQualified)) return <RegionSection {...props} />;
  return (
    <Section id={run.prefix + slug(scenario)} title={title}>
      <MetricTable
        run={run}
        experiments={experiments}
        caption={run.text.t('section.medians', { scenario: title })}
        file={`quorate-${slug(scenario)}`}
      />
      <Notes run={run} experiments={experiments} />
      <How run={run} experiments={experiments} />
    </Section>
  );
}
