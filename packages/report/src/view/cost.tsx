import type { Experiment } from '@quorate/bench/results';
import { sentence, slug } from '../data/format.ts';
import { estimateOf, expectedOf, metricTitle } from '../data/metrics.ts';
import { describeRow, type Run, scenarioTitle } from '../data/run.ts';
import type { Text } from '../text/text.ts';
import { useText } from './context.ts';
import { rowColumns } from './metric-table.tsx';
import { How, Notes } from './notes.tsx';
import { Said } from './said.tsx';
import { Section } from './section.tsx';
import { type Column, DataTable } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly scenario: string;
  readonly experiments: readonly Experiment[];
}

const COSTS = [
  'messagesPerDecision',
  'delaysPerDecision',
  'forcedWritesPerDecision',
  'forcedWritesInAll',
] as const;

/** What one decision costs, measured beside theory. */
export function CostSection({ run, scenario, experiments }: Props) {
  const { text } = run;
  const costColumns = COSTS.map((metric) => costColumn(text, metric));
  return (
    <Section
      id={run.prefix + slug(scenario)}
      title={scenarioTitle(text, scenario)}
      lede={<p>{text.t('cost.lede')}</p>}
    >
      <DataTable
        caption={text.t('cost.caption')}
        columns={[...rowColumns(run, experiments), ...costColumns]}
        rows={experiments}
        file={`quorate-${slug(scenario)}`}
      />
      <Explanations run={run} experiments={experiments} />
      <How run={run} experiments={experiments} />
    </Section>
  );
}

/** How a measured cost stands to theory. */
type Match = 'equal' | 'differs' | 'open';

function matchOf(row: Experiment, metric: string): Match {
  const measured = estimateOf(row, metric);
  const theory = expectedOf(row, metric);
  if (measured === null || theory === null) return 'open';
  return Math.abs(measured.value - theory) < 1e-9 ? 'equal' : 'differs';
}

function costColumn(text: Text, metric: string): Column<Experiment> {
  return {
    title: sentence(metricTitle(text, metric)),
    numeric: true,
    sort: (row) => estimateOf(row, metric)?.value ?? null,
    cell: (row) => <Cost row={row} metric={metric} />,
  };
}

function Cost({ row, metric }: { readonly row: Experiment; readonly metric: string }) {
  const text = useText();
  const measured = estimateOf(row, metric);
  const theory = expectedOf(row, metric);
  const match = matchOf(row, metric);
  return (
    <span class={`cost cost-${match}`}>
      <span class="digits">{measured === null ? '–' : text.number(measured.value)}</span>
      <span class="theory">
        {match === 'equal' ? (
          <>
            <span aria-hidden="true">✓</span> {text.t('cost.equals')}
          </>
        ) : match === 'differs' ? (
          <>
            <span aria-hidden="true">≠</span> {text.t('cost.theory', { value: theory! })}
          </>
        ) : theory === null ? (
          text.t('cost.noTheory')
        ) : (
          text.t('cost.theory', { value: theory })
        )}
      </span>
    </span>
  );
}

/** What must be known beside the numbers: notes by protocol where all is as in theory; row by row where it is not, which must be explained. */
function Explanations({ run, experiments }: Pick<Props, 'run' | 'experiments'>) {
  const { text } = run;
  const rows = experiments.map((row) => ({
    row,
    differs: COSTS.filter((metric) => matchOf(row, metric) === 'differs'),
  }));
  const different = rows.filter(({ differs }) => differs.length > 0);
  return (
    <>
      {different.length === 0 ? null : (
        <dl class="notes">
          {different.map(({ row, differs }) => (
            <div key={describeRow(run, row)} class="differs">
              <dt>{describeRow(run, row)}</dt>
              <dd>
                {text.rich('cost.differs', {
                  verdict: <strong>{text.t('cost.differsWord')}</strong>,
                  metrics: text.list(differs.map((metric) => metricTitle(text, metric))),
                })}
                {row.notes.length === 0 ? ` ${text.t('cost.unexplained')}` : ''}
              </dd>
              {row.notes.map((note) => (
                <dd key={note}>
                  <Said text={note} />
                </dd>
              ))}
            </div>
          ))}
        </dl>
      )}
      <Notes
        run={run}
        experiments={rows.filter(({ differs }) => differs.length === 0).map(({ row }) => row)}
      />
    </>
  );
}
