import type { CheckVerdict, Experiment } from '@quorate/bench/results';
import {
  checkTitle,
  describeSetting,
  distinct,
  groupBy,
  modeTitle,
  type Run,
  scenarioTitle,
  shortTitleOf,
} from '../data/run.ts';
import { type Remark, SEVERITY, summarise, worst } from '../data/summary.ts';
import { useText } from './context.ts';
import { Missing, Name, Status } from './glyph.tsx';
import { PromiseText } from './promise-text.tsx';
import { Said } from './said.tsx';
import { Heading, Section } from './section.tsx';
import { Table } from './table.tsx';

/** Every check of every scenario, and for each that is not ok, why. */
export function VerdictSection({ run }: { readonly run: Run }) {
  const rows = run.results.experiments.filter((experiment) => experiment.verdicts.length > 0);
  if (rows.length === 0) return null;
  const { text } = run;
  const { remarks } = summarise(run.results);
  return (
    <Section
      id={`${run.prefix}verdicts`}
      title={text.t('read.verdicts')}
      lede={
        <>
          <p>{text.t('verdicts.lede')}</p>
          <dl class="key">
            {[...SEVERITY].reverse().map((verdict) => (
              <div key={verdict}>
                <dt>
                  <Status verdict={verdict} />
                </dt>
                <dd>{text.t(`verdicts.${verdict}`)}</dd>
              </div>
            ))}
          </dl>
        </>
      }
    >
      <div>
        {run.order.map((protocol) => (
          <Matrix key={protocol} run={run} protocol={protocol} rows={rows} />
        ))}
      </div>
      <Remarks run={run} remarks={remarks} />
    </Section>
  );
}

interface MatrixProps {
  readonly run: Run;
  readonly protocol: string;
  readonly rows: readonly Experiment[];
}

/** One protocol's verdicts by scenario and check; each is the worst of all its runs there. */
function Matrix({ run, protocol, rows }: MatrixProps) {
  const { text } = run;
  const own = rows.filter((row) => row.protocol === protocol);
  if (own.length === 0) return null;
  const checks = distinct(own.flatMap((row) => row.verdicts.map((verdict) => verdict.check)));
  const sizes = groupBy(rows, (row) => row.scenario);
  const name = (row: Experiment) => {
    const varies = distinct(sizes.get(row.scenario)!.map(({ nodes }) => nodes)).length > 1;
    const parts = [scenarioTitle(text, row.scenario), modeTitle(text, row.mode)];
    if (varies) parts.push(text.t('count.nodes', { count: row.nodes }));
    return parts.join(text.t('format.comma'));
  };
  const caption = (
    <>
      <Name run={run} protocol={protocol} />
      <span class="heard">{text.t('verdicts.caption')}</span>
    </>
  );
  return (
    <div class="table">
      <Table caption={caption} class="matrix">
        <thead>
          <tr>
            <th scope="col">{text.t('column.scenario')}</th>
            {checks.map((check) => (
              <th scope="col" key={check}>
                {checkTitle(text, check)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...groupBy(own, name)].map(([title, group]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {checks.map((check) => (
                <td key={check}>
                  <Cell
                    verdicts={group.flatMap((row) => row.verdicts.filter((one) => one.check === check))}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Cell({ verdicts }: { readonly verdicts: readonly CheckVerdict[] }) {
  const text = useText();
  if (verdicts.length === 0) return <Missing>{text.t('verdicts.unchecked')}</Missing>;
  return <Status verdict={worst(verdicts).verdict} />;
}

function Remarks({ run, remarks }: { readonly run: Run; readonly remarks: readonly Remark[] }) {
  const { text } = run;
  if (remarks.length === 0) return null;
  const groups = groupBy(remarks, ({ experiment, verdict }) =>
    JSON.stringify([verdict.verdict, experiment.protocol, verdict.check]),
  );
  return (
    <div>
      <Heading>{text.t('verdicts.remarks')}</Heading>
      <ul class="remarks">
        {[...groups].map(([key, group]) => {
          const { experiment, verdict, promise } = group[0]!;
          return (
            <li key={key}>
              <Status verdict={verdict.verdict} />
              <div>
                <p>
                  <strong>
                    {text.t('chart.tip', {
                      name: shortTitleOf(run, experiment.protocol),
                      value: checkTitle(text, verdict.check),
                    })}
                  </strong>
                </p>
                <p class="promise">
                  <PromiseText promise={promise} />
                </p>
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
  const text = useText();
  return (
    <li>
      {scenarioTitle(text, experiment.scenario)}
      {text.t('format.comma')}
      {describeSetting(text, { ...experiment, seeds: verdict.seeds })}
      {verdict.detail === ''
        ? null
        : text.rich('verdicts.detail', { detail: <Said text={verdict.detail} /> })}
    </li>
  );
}
