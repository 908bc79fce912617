import type { Experiment, Results } from '@quorate/bench/results';
import { dateTime, slug } from '../data/format.ts';
import { distinct, groupBy, openRun, type Run, scenarioTitle, scope, titleOf } from '../data/run.ts';
import { LevelContext } from './context.ts';
import { CostSection } from './cost.tsx';
import { GuaranteeSection } from './guarantees.tsx';
import { MethodSection } from './method.tsx';
import { MetricTable } from './metric-table.tsx';
import { How, Notes } from './notes.tsx';
import { hasQualified, RegionSection } from './regions.tsx';
import { Section } from './section.tsx';
import { SteadySection } from './steady.tsx';
import { SummarySection } from './summary.tsx';
import { TimelineSection } from './timeline.tsx';
import { VerdictSection } from './verdicts.tsx';

/** The whole page below `<body>`: the same text makes the file and, with scripts, brings it to life. */
export function Report({ runs }: { readonly runs: readonly Results[] }) {
  const opened = runs.map((results, i) => openRun(results, runs.length > 1 ? `run-${i + 1}-` : ''));
  return (
    <>
      <a class="skip" href="#content">
        Skip to the results
      </a>
      <header class="masthead">
        <p class="kicker">Quorate comparison</p>
        <h1>{pageTitle(runs)}</h1>
        {opened.length === 1 ? <Imprint run={opened[0]!} /> : null}
        {opened.map((run) => (
          <Contents key={run.prefix} run={run} alone={opened.length === 1} />
        ))}
      </header>
      <main id="content">
        {opened.length === 1 ? (
          <Sections run={opened[0]!} />
        ) : (
          opened.map((run) => <Chapter key={run.prefix} run={run} />)
        )}
      </main>
      <footer>
        <p>Made by Quorate. This file is complete in itself: it loads nothing and sends nothing.</p>
      </footer>
    </>
  );
}

/** The page's title: whom the runs compare. */
export function pageTitle(runs: readonly Results[]): string {
  const names = distinct(
    runs.flatMap((results) => openRun(results).order.map((name) => titleOf(openRun(results), name))),
  );
  return titleFrom(names);
}

const NAMES_MAX = 3;

function titleFrom(names: readonly string[]): string {
  if (names.length === 0) return 'No results';
  return names.length > NAMES_MAX ? `${names.length} protocols compared` : names.join(' · ');
}

function Imprint({ run }: { readonly run: Run }) {
  return (
    <p class="imprint">
      {[dateTime(run.results.createdAt), scope(run.results)].filter((part) => part !== '').join(' · ')}
    </p>
  );
}

/** One of several runs on a page. */
function Chapter({ run }: { readonly run: Run }) {
  const id = `${run.prefix}title`;
  return (
    <section class="chapter" aria-labelledby={id}>
      <h2 id={id}>{dateTime(run.results.createdAt)}</h2>
      <Imprint run={run} />
      <LevelContext.Provider value={3}>
        <Sections run={run} />
      </LevelContext.Provider>
    </section>
  );
}

function Contents({ run, alone }: { readonly run: Run; readonly alone: boolean }) {
  const title = dateTime(run.results.createdAt);
  const links: [id: string, text: string][] = [
    ['summary', 'Summary'],
    ...scenariosOf(run).map(([scenario]): [string, string] => [slug(scenario), scenarioTitle(scenario)]),
    ...(run.results.experiments.some((row) => row.verdicts.length > 0)
      ? ([['verdicts', 'Verdicts']] as [string, string][])
      : []),
    ...(run.results.protocols.length > 0 ? ([['guarantees', 'Guarantees']] as [string, string][]) : []),
    ['method', 'Method'],
  ];
  return (
    <nav class="contents" aria-label={alone ? 'Contents' : `Contents, ${title}`}>
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

const ORDER = ['steady', 'cost', 'leader-crash', 'coordinator-crash', 'partition', 'wan'];

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
      <VerdictSection run={run} />
      <GuaranteeSection run={run} />
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
  if (experiments.some((row) => row.curve !== undefined)) return <SteadySection {...props} />;
  if (experiments.some((row) => row.timeline !== undefined)) return <TimelineSection {...props} />;
  if (experiments.some((row) => 'messagesPerDecision' in row.metrics)) return <CostSection {...props} />;
  if (experiments.some(hasQualified)) return <RegionSection {...props} />;
  return (
    <Section id={run.prefix + slug(scenario)} title={scenarioTitle(scenario)}>
      <MetricTable
        run={run}
        experiments={experiments}
        caption={`${scenarioTitle(scenario)}: medians of runs with 95 % intervals`}
        file={`quorate-${slug(scenario)}`}
      />
      <Notes run={run} experiments={experiments} />
      <How run={run} experiments={experiments} />
    </Section>
  );
}
