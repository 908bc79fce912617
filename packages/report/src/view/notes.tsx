import type { Experiment } from '@quorate/bench/results';
import { describeRow, distinct, groupBy, type Run, shortTitleOf } from '../data/run.ts';
import { Said } from './said.tsx';

interface Props {
  readonly run: Run;
  readonly experiments: readonly Experiment[];
}

/** What must be known beside the numbers above, by protocol. */
export function Notes({ run, experiments }: Props) {
  const groups = [...groupBy(experiments, (experiment) => experiment.protocol)]
    .map(([protocol, rows]) => ({ protocol, notes: distinct(rows.flatMap((row) => row.notes)) }))
    .filter(({ notes }) => notes.length > 0);
  if (groups.length === 0) return null;
  return (
    <dl class="notes">
      {groups.map(({ protocol, notes }) => (
        <div key={protocol}>
          <dt>{shortTitleOf(run, protocol)}</dt>
          {notes.map((note) => (
            <dd key={note}>
              <Said text={note} />
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

/** How the numbers above were measured, and the line that measures each row again. */
export function How({ run, experiments }: Props) {
  const methods = groupBy(experiments, (experiment) => experiment.method);
  return (
    <details class="how">
      <summary>{run.text.t('how.summary')}</summary>
      {[...methods].map(([method, rows]) => (
        <div key={method}>
          <p>
            <Said text={method} />
          </p>
          <ul class="rows">
            {rows.map((row) => (
              <li key={row.reproduce + row.protocol + row.mode + row.nodes + row.clients}>
                <span class="row-name">{describeRow(run, row)}</span>
                <code>{row.reproduce}</code>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
