import type { CheckVerdict, Experiment } from '@quorate/bench/results';
import { distinct, groupBy, modeTitle, type Run, scenarioTitle, titleOf } from '../data/run.ts';
import { type Remark, SEVERITY, summarise, worst } from '../data/summary.ts';
import { Missing, Name, Status } from './glyph.tsx';
import { describeSetting } from './notes.tsx';
import { Heading, Section } from './section.tsx';
import { Table } from './table.tsx';

const WORDS: Readonly<Record<CheckVerdict['verdict'], string>> = {
  ok: 'held in every run',
  expected: 'broken where the protocol never promised it',
  violated: 'broken although promised',
  unknown: 'the check came to no end, which is not a pass',
};

/** Every check of every scenario, and for each that is not ok, why. */
export function VerdictSection({ run }: { readonly run: Run }) {
  const rows = run.results.experiments.filter((experiment) => experiment.verdicts.length > 0);
  if (rows.length === 0) return null;
  const checks = distinct(rows.flatMap((row) => row.verdicts.map((verdict) => verdict.check)));
  const { remarks } = summarise(run.results);
  return (
    <Section
      id={`${run.prefix}verdicts`}
      title="Verdicts"
      lede={
        <dl class="key">
          {[...SEVERITY].reverse().map((verdict) => (
            <div key={verdict}>
              <dt>
                <Status verdict={verdict} />
              </dt>
              <dd>{WORDS[verdict]}</dd>
            </div>
          ))}
        </dl>
      }
    >
      <Table caption="Verdict by protocol, scenario and check; the worst of all runs" class="matrix">
        <thead>
          <tr>
            <th scope="col">Scenario</th>
            {checks.map((check) => (
              <th scope="col" key={check}>
                {check}
              </th>
            ))}
          </tr>
        </thead>
        {run.order.map((protocol) => (
          <Body key={protocol} run={run} protocol={protocol} rows={rows} checks={checks} />
        ))}
      </Table>
      <Remarks run={run} remarks={remarks} />
    </Section>
  );
}

interface BodyProps {
  readonly run: Run;
  readonly protocol: string;
  readonly rows: readonly Experiment[];
  readonly checks: readonly string[];
}

function Body({ run, protocol, rows, checks }: BodyProps) {
  const own = rows.filter((row) => row.protocol === protocol);
  if (own.length === 0) return null;
  const groups = groupBy(
    own,
    (row) => `${scenarioTitle(row.scenario)}, ${modeTitle(row.mode)}, n = ${row.nodes}`,
  );
  return (
    <tbody>
      <tr class="group">
        <th scope="rowgroup" colSpan={checks.length + 1}>
          <Name run={run} protocol={protocol} />
        </th>
      </tr>
      {[...groups].map(([title, group]) => (
        <tr key={title}>
          <th scope="row">{title}</th>
          {checks.map((check) => (
            <td key={check}>
              <Cell
                verdicts={group.flatMap((row) => row.verdicts.filter((verdict) => verdict.check === check))}
              />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Cell({ verdicts }: { readonly verdicts: readonly CheckVerdict[] }) {
  if (verdicts.length === 0) return <Missing>not checked</Missing>;
  return <Status verdict={worst(verdicts).verdict} />;
}

function Remarks({ run, remarks }: { readonly run: Run; readonly remarks: readonly Remark[] }) {
  if (remarks.length === 0) return null;
  const groups = groupBy(remarks, ({ experiment, verdict }) =>
    JSON.stringify([verdict.verdict, experiment.protocol, verdict.check]),
  );
  return (
    <div>
      <Heading>Not simply ok</Heading>
      <ul class="remarks">
        {[...groups].map(([key, group]) => {
          const { experiment, verdict, promise } = group[0]!;
          return (
            <li key={key}>
              <Status verdict={verdict.verdict} />
              <div>
                <p>
                  <strong>
                    {titleOf(run, experiment.protocol)}: {verdict.check}
                  </strong>
                </p>
                <p class="promise">{promise}</p>
                <ul class="places">
                  {group.map((remark) => (
                    <Place key={JSON.stringify(remark)} remark={remark} />
                  ))}
                </ul>
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** One run in which the verdict fell: where, under which seeds, and what the check said. */
function Place({ remark: { experiment, verdict } }: { readonly remark: Remark }) {
  return (
    <li>
      {scenarioTitle(experiment.scenario)}, {describeSetting({ ...experiment, seeds: verdict.seeds })}
      {verdict.detail === '' ? '' : `: ${verdict.detail}`}
    </li>
  );
}
