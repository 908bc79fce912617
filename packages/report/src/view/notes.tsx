import type { Experiment } from '@quorate/bench/results';
import { plural, ranges } from '../data/format.ts';
import { distinct, groupBy, modeTitle, type Run, titleOf } from '../data/run.ts';

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
          <dt>{titleOf(run, protocol)}</dt>
          {notes.map((note) => (
            <dd key={note}>{note}</dd>
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
      <summary>How this was measured, and how to run it again</summary>
      {[...methods].map(([method, rows]) => (
        <div key={method}>
          <p>{method}</p>
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

/** A row in words: `Raft, simulated, 5 nodes, 32 clients, seeds 1–10`. */
export function describeRow(run: Run, row: Experiment): string {
  return `${titleOf(run, row.protocol)}, ${describeSetting(row)}`;
}

/** A row in words, without its protocol. */
export function describeSetting(row: Experiment): string {
  const repeats = (row.mode === 'sim' ? 'seed' : 'repetition') + (row.seeds.length === 1 ? '' : 's');
  const parts = [
    modeTitle(row.mode),
    plural(row.nodes, 'node'),
    row.clients > 0 ? plural(row.clients, 'client') : '',
    row.seeds.length > 0 ? `${repeats} ${ranges(row.seeds)}` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
