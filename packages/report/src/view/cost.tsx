import type { Experiment } from '@quorate/bench/results';
import { number, slug } from '../data/format.ts';
import { estimateOf, expectedOf } from '../data/metrics.ts';
import { type Run, scenarioTitle } from '../data/run.ts';
import { rowColumns } from './metric-table.tsx';
import { describeRow, How, Notes } from './notes.tsx';
import { Section } from './section.tsx';
import { type Column, DataTable } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly scenario: string;
  readonly experiments: readonly Experiment[];
}

const COSTS = [
  ['messagesPerDecision', 'Messages'],
  ['delaysPerDecision', 'Message delays'],
  ['forcedWritesPerDecision', 'Forced writes before the answer'],
  ['forcedWritesInAll', 'Forced writes in all'],
] as const;

/** What one decision costs, measured beside theory. */
export function CostSection({ run, scenario, experiments }: Props) {
  const costColumns = COSTS.map(([metric, title]) => costColumn(metric, title));
  return (
    <Section
      id={run.prefix + slug(scenario)}
      title={scenarioTitle(scenario)}
      lede={
        <p>
          One client, one request after another. Heartbeats and messages to self are not counted; forced
          records count even where one sync covers several. Theory is each protocol's own formula.
        </p>
      }
    >
      <DataTable
        caption="Cost of one decision: measured, and in theory"
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

function costColumn(metric: string, title: string): Column<Experiment> {
  return {
    title,
    numeric: true,
    sort: (row) => estimateOf(row, metric)?.value ?? null,
    cell: (row) => <Cost row={row} metric={metric} />,
  };
}

function Cost({ row, metric }: { readonly row: Experiment; readonly metric: string }) {
  const measured = estimateOf(row, metric);
  const theory = expectedOf(row, metric);
  const match = matchOf(row, metric);
  return (
    <span class={`cost cost-${match}`}>
      <span class="digits">{measured === null ? '–' : number(measured.value)}</span>
      <span class="theory">
        {match === 'equal' ? (
          <>
            <span aria-hidden="true">✓</span> equals theory
          </>
        ) : match === 'differs' ? (
          <>
            <span aria-hidden="true">≠</span> theory {number(theory!)}
          </>
        ) : theory === null ? (
          'no theory given'
        ) : (
          `theory ${number(theory)}`
        )}
      </span>
    </span>
  );
}

/** What must be known beside the numbers: notes by protocol where all is as in theory; row by row where it is not, which must be explained. */
function Explanations({ run, experiments }: Pick<Props, 'run' | 'experiments'>) {
  const rows = experiments.map((row) => ({
    row,
    differs: COSTS.filter(([metric]) => matchOf(row, metric) === 'differs'),
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
                <strong>Differs from theory</strong> in{' '}
                {differs.map(([, title]) => title.toLowerCase()).join(', ')}.
                {row.notes.length === 0 ? ' This run recorded no explanation.' : ''}
              </dd>
              {row.notes.map((note) => (
                <dd key={note}>{note}</dd>
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
