import type { Experiment } from '@quorate/bench/results';
import { describeRow, distinct, groupBy, modeTitle, type Run, shortTitleOf } from '../data/run.ts';
import { Said } from './said.tsx';

interface Props {
  readonly run: Run;
  readonly experiments: readonly Experiment[];
}

/** A note, and in which mode alone it holds; null where in every mode that there is. */
interface Note {
  readonly said: string;
  readonly mode: Experiment['mode'] | null;
}

/** What must be known beside the numbers above, by protocol; what is said of all of them once. */
export function Notes({ run, experiments }: Props) {
  const { text } = run;
  const groups = [...groupBy(experiments, (experiment) => experiment.protocol)].map(
    ([protocol, rows]) => [shortTitleOf(run, protocol), notesOf(rows)] as const,
  );
  const keys = groups.map(([, notes]) => notes.map((note) => JSON.stringify(note)));
  const shared = keys.length < 2 ? [] : keys[0]!.filter((key) => keys.every((own) => own.includes(key)));
  const blocks = [
    ...groups.map(
      ([title, notes]) => [title, notes.filter((note) => !shared.includes(JSON.stringify(note)))] as const,
    ),
    [text.t('notes.all'), shared.map((key) => JSON.parse(key) as Note)] as const,
  ].filter(([, notes]) => notes.length > 0);
  if (blocks.length === 0) return null;
  return (
    <dl class="notes">
      {blocks.map(([title, notes]) => (
        <div key={title}>
          <dt>{title}</dt>
          {notes.map(({ said, mode }) => (
            <dd key={said + mode}>
              <Said text={said} />
              {mode === null ? null : (
                <span class="of-mode"> {text.t('notes.mode', { mode: modeTitle(text, mode) })}</span>
              )}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

function notesOf(rows: readonly Experiment[]): Note[] {
  const modes = distinct(rows.map(({ mode }) => mode));
  return distinct(rows.flatMap(({ notes }) => notes)).map((said) => {
    const own = modes.filter((mode) => rows.some((row) => row.mode === mode && row.notes.includes(said)));
    return { said, mode: own.length < modes.length ? own[0]! : null };
  });
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
