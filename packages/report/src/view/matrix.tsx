import type { Experiment, GuaranteeRow } from '@quorate/bench/results';
import { slug } from '../data/format.ts';
import {
  checkTitle,
  describeSetting,
  distinct,
  faultTitle,
  type Run,
  scenarioTitle,
  shortTitleOf,
} from '../data/run.ts';
import { severity } from '../data/summary.ts';
import { Name, Status } from './glyph.tsx';
import { How, Notes } from './notes.tsx';
import { Said } from './said.tsx';
import { Heading, Section } from './section.tsx';
import { Table } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly scenario: string;
  readonly experiments: readonly Experiment[];
}

/** One protocol with one way to read: a column of the overview. */
interface Column {
  readonly experiment: Experiment;
  readonly reads: string;
  readonly rows: readonly GuaranteeRow[];
}

/** Which promise held under which class of faults: one look over all protocols, then each check of each, then the runs that show a break. */
export function MatrixSection({ run, scenario, experiments }: Props) {
  const { text } = run;
  const columns = experiments.flatMap((experiment): Column[] => {
    const rows = experiment.guarantees ?? [];
    return distinct(rows.map(({ reads }) => reads)).map((reads) => {
      return { experiment, reads, rows: rows.filter((row) => row.reads === reads) };
    });
  });
  const faults = distinct(columns.flatMap(({ rows }) => rows.map(({ fault }) => fault)));
  return (
    <Section
      id={run.prefix + slug(scenario)}
      title={scenarioTitle(text, scenario)}
      lede={
        <>
          <p>{text.t('matrix.lede')}</p>
          <p>{text.t('matrix.legend')}</p>
        </>
      }
    >
      <Table caption={text.t('matrix.overview')} class="matrix">
        <thead>
          <tr>
            <th scope="col">{text.t('column.fault')}</th>
            {columns.map((column) => (
              <th scope="col" key={column.experiment.protocol + column.reads}>
                <Name run={run} protocol={column.experiment.protocol} />
                <span class="under">{readsTitle(run, column)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {faults.map((fault) => (
            <tr key={fault}>
              <th scope="row">{faultTitle(text, fault)}</th>
              {columns.map((column) => (
                <td key={column.experiment.protocol + column.reads}>
                  <Overview run={run} rows={column.rows.filter((row) => row.fault === fault)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      <Breaks run={run} columns={columns} />
      {columns.map((column) => (
        <Checks key={column.experiment.protocol + column.reads} run={run} column={column} faults={faults} />
      ))}
      <Notes run={run} experiments={experiments} />
      <How run={run} experiments={experiments} />
    </Section>
  );
}

function readsTitle({ text }: Run, { reads }: Column): string {
  return text.t('matrix.reads', { mode: text.known('reads', reads) ?? reads });
}

/** All checks of one protocol under one class of faults in one cell: what broke by its name, else how many held. */
function Overview({ run, rows }: { readonly run: Run; readonly rows: readonly GuaranteeRow[] }) {
  const { text } = run;
  const broken = rows.filter(({ verdict }) => verdict !== 'ok');
  if (broken.length > 0) {
    return (
      <ul class="broken-checks">
        {broken.map((row) => (
          <li key={row.check}>
            <Status verdict={row.verdict} /> {checkTitle(text, row.check)}
          </li>
        ))}
      </ul>
    );
  }
  return <Held run={run} row={rows[0]} />;
}

/** A check that did not break: held in so many runs, or not exercised in any. */
function Held({ run, row }: { readonly run: Run; readonly row: GuaranteeRow | undefined }) {
  const { text } = run;
  if (row === undefined || row.runs === 0)
    return <span class="missing">{text.t('matrix.notExercised')}</span>;
  return (
    <span class="status status-ok">
      <span class="symbol" aria-hidden="true">
        ✓
      </span>
      <span>
        {text.t('matrix.held')} <span class="under">{text.t('matrix.runs', { count: row.runs })}</span>
      </span>
    </span>
  );
}

interface ChecksProps {
  readonly run: Run;
  readonly column: Column;
  readonly faults: readonly string[];
}

/** Every check of one protocol under every class of faults. */
function Checks({ run, column, faults }: ChecksProps) {
  const { text } = run;
  const { experiment, rows } = column;
  const checks = distinct(rows.map(({ check }) => check));
  const title = text.t('matrix.checksOf', {
    protocol: shortTitleOf(run, experiment.protocol),
    reads: readsTitle(run, column),
  });
  return (
    <details class="numbers">
      <summary>{title}</summary>
      <Table caption={title} class="matrix">
        <thead>
          <tr>
            <th scope="col">{text.t('column.fault')}</th>
            {checks.map((check) => (
              <th scope="col" key={check}>
                {checkTitle(text, check)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {faults.map((fault) => (
            <tr key={fault}>
              <th scope="row">{faultTitle(text, fault)}</th>
              {checks.map((check) => {
                const row = rows.find((one) => one.fault === fault && one.check === check);
                return (
                  <td key={check}>
                    {row === undefined || row.verdict === 'ok' ? (
                      <Held run={run} row={row} />
                    ) : (
                      <Status verdict={row.verdict} />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  );
}

/** The runs that show a break, each with what was seen and the line that shows it again. */
function Breaks({ run, columns }: { readonly run: Run; readonly columns: readonly Column[] }) {
  const { text } = run;
  const broken = columns
    .flatMap((column) => column.rows.map((row) => ({ column, row })))
    .filter(({ row }) => row.verdict !== 'ok')
    .sort((a, b) => severity(a.row.verdict) - severity(b.row.verdict));
  if (broken.length === 0)
    return <p>{text.t('matrix.nothingBroke', { setting: settingOf(run, columns) })}</p>;
  return (
    <div>
      <Heading>{text.t('matrix.shownBy')}</Heading>
      <ul class="remarks">
        {broken.map(({ column, row }) => (
          <li key={column.experiment.protocol + row.reads + row.fault + row.check}>
            <Status verdict={row.verdict} />
            <div>
              <p>
                <strong>
                  {[
                    shortTitleOf(run, column.experiment.protocol),
                    readsTitle(run, column),
                    checkTitle(text, row.check),
                    faultTitle(text, row.fault),
                  ].join(' · ')}
                </strong>
              </p>
              {row.shown === undefined ? null : (
                <p class="promise">
                  {text.rich('matrix.seed', {
                    seed: String(row.shown.seed),
                    detail: <Said text={row.shown.detail} />,
                  })}{' '}
                  <code>{row.shown.reproduce}</code>
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function settingOf({ text }: Run, [column]: readonly Column[]): string {
  return column === undefined ? '' : describeSetting(text, column.experiment);
}
