import type { Change, Changes } from '@quorate/bench/results';
import type { ComponentChildren } from 'preact';
import { sentence } from '../data/format.ts';
import { metricTitle, parseMetric, placeTitle } from '../data/metrics.ts';
import { modeTitle, type Run, scenarioTitle, shortTitleOf } from '../data/run.ts';
import type { Text } from '../text/text.ts';
import { useText } from './context.ts';
import { Name } from './glyph.tsx';
import { Heading, Section } from './section.tsx';
import { type Column, DataTable } from './table.tsx';

interface Props {
  readonly runs: readonly Run[];
  readonly changes: readonly Changes[];
}

/** What changed between result files: each later one against the first. */
export function ChangeSection({ runs, changes }: Props) {
  const text = useText();
  const real = changes.some(({ rows }) => rows.some(({ mode }) => mode === 'real'));
  return (
    <Section
      id="changes"
      title={text.t('change.title')}
      lede={
        <>
          <p>{text.t('change.lede')}</p>
          {real ? <p>{text.t('change.real')}</p> : null}
        </>
      }
    >
      {changes.map((one) => (
        <Between key={one.after} before={runs[one.before]!} after={runs[one.after]!} changes={one} />
      ))}
    </Section>
  );
}

interface BetweenProps {
  readonly before: Run;
  readonly after: Run;
  readonly changes: Changes;
}

function Between({ before, after, changes }: BetweenProps) {
  const { text } = after;
  const { rows, unpaired } = changes;
  const compared = rows.filter(({ better }) => better !== null);
  const others = rows.filter(({ better }) => better === null);
  const count = (...kinds: Kind[]) => compared.filter((row) => kinds.includes(kindOf(row))).length;
  const columns = columnsOf(after);
  return (
    <div class="between">
      <Heading>{text.t('change.files', { before: before.label, after: after.label })}</Heading>
      {rows.length === 0 ? <p>{text.t('change.none')}</p> : null}
      {compared.length === 0 ? null : (
        <>
          <p class={`headline headline-${count('worse') > 0 ? 'unknown' : 'ok'}`}>
            {text.t('change.counts', {
              better: count('better'),
              worse: count('worse'),
              level: count('level', 'few', 'zero'),
              same: count('same'),
            })}
          </p>
          <DataTable
            caption={text.t('change.caption')}
            columns={columns}
            rows={compared}
            file="quorate-changes"
          />
        </>
      )}
      {others.length === 0 ? null : (
        <details class="numbers">
          <summary>{text.t('change.others')}</summary>
          <DataTable
            caption={text.t('change.others')}
            columns={columns}
            rows={others}
            file="quorate-changes-all"
          />
        </details>
      )}
      <Unpaired run={after} unpaired={unpaired} />
    </div>
  );
}

function Unpaired({ run, unpaired }: { readonly run: Run; readonly unpaired: Changes['unpaired'] }) {
  const { text } = run;
  if (unpaired.length === 0) return null;
  return (
    <div>
      <Heading below={1}>{text.t('change.unpaired')}</Heading>
      <ul class="prose">
        {unpaired.map((row) => (
          <li key={JSON.stringify(row)}>
            {text.t('change.unpairedRow', { row: rowTitle(run, row), why: text.t(`change.why.${row.why}`) })}
          </li>
        ))}
      </ul>
    </div>
  );
}

type Kind = 'better' | 'worse' | 'different' | 'level' | 'few' | 'same' | 'zero';

/** With fewer pairs no difference is called significant. */
const PAIRS_TO_TELL = 6;

function kindOf({ identical, ratio, significant, better, runs }: Change): Kind {
  if (identical) return 'same';
  if (ratio === null) return 'zero';
  if (!significant) return runs < PAIRS_TO_TELL ? 'few' : 'level';
  if (better === null) return 'different';
  return ratio.value > 1 === (better === 'higher') ? 'better' : 'worse';
}

const WORDS = {
  better: 'change.better',
  worse: 'change.worse',
  different: 'change.different',
  level: 'change.level',
  few: 'change.tooFew',
  same: 'change.same',
  zero: 'change.zero',
} as const;

const SYMBOLS = {
  better: '▲',
  worse: '▼',
  different: '≠',
  level: '○',
  few: '○',
  same: '=',
  zero: '–',
} as const;

function Verdict({ row }: { readonly row: Change }): ComponentChildren {
  const kind = kindOf(row);
  return (
    <span class={`change change-${kind}`}>
      <span class="symbol" aria-hidden="true">
        {SYMBOLS[kind]}
      </span>
      {useText().t(WORDS[kind])}
    </span>
  );
}

function rowTitle(
  run: Run,
  { scenario, protocol, mode }: Pick<Change, 'scenario' | 'protocol' | 'mode'>,
): string {
  const { text } = run;
  return [shortTitleOf(run, protocol), scenarioTitle(text, scenario), modeTitle(text, mode)].join(
    text.t('format.comma'),
  );
}

function placeOf(run: Run, row: Change): string {
  const { text } = run;
  const parts = [
    scenarioTitle(text, row.scenario),
    modeTitle(text, row.mode),
    text.t('count.nodes', { count: row.nodes }),
    ...(row.clients > 0 ? [text.t('count.clients', { count: row.clients })] : []),
  ];
  return parts.join(text.t('format.comma'));
}

function measureOf(text: Text, metric: string): string {
  const { qualifier } = parseMetric(metric);
  const title = metricTitle(text, metric);
  return sentence(qualifier === null ? title : title + text.t('format.comma') + placeTitle(text, qualifier));
}

function columnsOf(run: Run): Column<Change>[] {
  const { text } = run;
  const words = (pick: (row: Change) => string) => ({ sort: pick, cell: pick });
  const value = (pick: (row: Change) => number) => ({
    numeric: true,
    sort: (row: Change) => pick(row) * parseMetric(row.metric).factor,
    cell: (row: Change) => {
      const { kind, factor } = parseMetric(row.metric);
      return text.quantity(kind, pick(row) * factor);
    },
  });
  return [
    {
      title: text.t('column.protocol'),
      header: true,
      sort: (row) => shortTitleOf(run, row.protocol),
      cell: (row) => <Name run={run} protocol={row.protocol} />,
    },
    { title: text.t('column.scenario'), ...words((row) => placeOf(run, row)) },
    { title: text.t('column.metric'), ...words((row) => measureOf(text, row.metric)) },
    {
      title: text.t('column.verdict'),
      sort: (row) => text.t(WORDS[kindOf(row)]),
      cell: (row) => <Verdict row={row} />,
    },
    {
      title: text.t('column.ratio'),
      numeric: true,
      sort: (row) => row.ratio?.value ?? null,
      cell: (row) => (row.ratio === null ? '–' : text.ratio(row.ratio).times),
    },
    {
      title: text.t('column.interval'),
      numeric: true,
      sort: (row) => row.ratio?.low ?? null,
      cell: (row) => (row.ratio === null ? '–' : text.ratio(row.ratio).interval),
    },
    { title: text.t('column.before'), ...value((row) => row.before) },
    { title: text.t('column.after'), ...value((row) => row.after) },
    { title: text.t('column.runs'), numeric: true, sort: (row) => row.runs, cell: (row) => row.runs },
  ];
}
