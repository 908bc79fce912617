import type { Experiment } from '@quorate/bench/results';
import { FOLLOWED, type Followed, wayOf } from '../data/followed.ts';
import { type Run, shortTitleOf } from '../data/run.ts';
import type { Text } from '../text/text.ts';
import { Name } from './glyph.tsx';

interface Props {
  readonly run: Run;
  readonly rows: readonly Experiment[];
}

/** Links from latencies to single operations in the view `see`: what a click on a point does, for the keyboard, and which run that is. */
export function Ways({ run, rows }: Props) {
  const { text } = run;
  const found = rows.filter((row) => run.followed.has(row));
  if (found.length === 0) return null;
  return (
    <div class="follow">
      <p>{text.t('follow.lede')}</p>
      <ul>
        {found.map((row) => {
          const followed = run.followed.get(row)!;
          return (
            <li key={followed.id}>
              <Name run={run} protocol={row.protocol} />
              <span class="which-run">{recordedRun(text, followed)}</span>
              <span class="ways">
                {FOLLOWED.map((operation) => (
                  <a key={operation} href={wayOf(followed, operation)}>
                    <span class="heard">{shortTitleOf(run, row.protocol) + text.t('format.comma')}</span>
                    {text.t(`follow.${operation}`)}
                  </a>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Which run was recorded: `seed 1, 5,000/s offered`. */
export function recordedRun(text: Text, { seed, rate }: Followed): string {
  const one = text.t('scope.seeds', { count: 1, seeds: String(seed) });
  if (rate === null) return one;
  return one + text.t('format.comma') + text.t('chart.offered', { rate: text.quantity('rate', rate) });
}
