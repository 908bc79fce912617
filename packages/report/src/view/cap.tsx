import type { Experiment } from '@quorate/bench/results';
import {
  ANSWERED,
  type Answers,
  type Asked,
  behaviourOf,
  hasSides,
  OPERATIONS,
  SIDES,
  type Side,
  UNANSWERED,
} from '../data/cap.ts';
import { estimateOf } from '../data/metrics.ts';
import { describeRow, groupBy, type Run, shortTitleOf } from '../data/run.ts';
import type { Text } from '../text/text.ts';
import { useText } from './context.ts';
import { Missing, Name, Status, Value } from './glyph.tsx';
import { How } from './notes.tsx';
import { Heading, Section } from './section.tsx';
import { Table } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly experiments: readonly Experiment[];
}

/** CAP as measured: while the network was split, who was answered what on which side, and did the answers fit together? */
export function CapSection({ run, experiments }: Props) {
  const { text } = run;
  const rows = experiments.filter(hasSides);
  const behaviours = rows.map(behaviourOf);
  return (
    <Section
      id={`${run.prefix}cap`}
      title={text.t('cap.title')}
      lede={
        <>
          <p>{text.t('cap.lede')}</p>
          <p>{text.t('cap.theorem')}</p>
        </>
      }
    >
      <Table caption={text.t('cap.caption')} class="cap">
        <thead>
          <tr>
            <th scope="col">{text.t('column.asked')}</th>
            {behaviours.map(({ experiment }) => (
              <th scope="col" key={describeRow(run, experiment)}>
                <Name run={run} protocol={experiment.protocol} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SIDES.flatMap((side) =>
            OPERATIONS.map((asked) => (
              <tr key={side + asked}>
                <th scope="row">{text.t(`cap.${asked}.${side}`)}</th>
                {behaviours.map(({ experiment, answers }) => (
                  <td key={describeRow(run, experiment)}>
                    <Bar answers={answers[side][asked]} />
                  </td>
                ))}
              </tr>
            )),
          )}
          {SIDES.map((side) => (
            <tr key={side}>
              <th scope="row">{text.t(`cap.gap.${side}`)}</th>
              {behaviours.map(({ experiment }) => (
                <td key={describeRow(run, experiment)}>
                  <Value
                    kind="duration"
                    estimate={estimateOf(experiment, `unavailableMilliseconds:${side}`)}
                  />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{text.t('cap.history')}</th>
            {behaviours.map(({ experiment, linearizable }) => (
              <td key={describeRow(run, experiment)}>
                {linearizable === null ? (
                  <Missing>{text.t('verdicts.unchecked')}</Missing>
                ) : (
                  <Status verdict={linearizable} />
                )}
              </td>
            ))}
          </tr>
        </tbody>
      </Table>
      <Key text={text} />
      <div>
        <Heading>{text.t('cap.inWords')}</Heading>
        <ul class="prose">
          <CapInWords run={run} experiments={rows} />
        </ul>
      </div>
      <How run={run} experiments={rows} />
    </Section>
  );
}

const PARTS = ['answered', 'refused', 'silent'] as const;

/** Three shares as one bar, and in words. */
function Bar({ answers }: { readonly answers: Answers | null }) {
  const text = useText();
  if (answers === null) return <Missing>{text.t('table.missing')}</Missing>;
  const parts = PARTS.filter((part) => answers[part] > 0.0005);
  return (
    <span class="answers">
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => (
          <Share key={part} part={part} from={100 * startOf(answers, part)} width={100 * answers[part]} />
        ))}
      </svg>
      <span>
        {parts
          .map((part) => text.t(`cap.${part}`, { share: text.quantity('share', answers[part]) }))
          .join(text.t('format.comma'))}
      </span>
    </span>
  );
}

interface ShareProps {
  readonly part: (typeof PARTS)[number];
  readonly from: number;
  readonly width: number;
}

/** One part of a bar: full, striped, or empty, so that its colour says nothing new. */
function Share({ part, from, width }: ShareProps) {
  const stripes = Array.from({ length: Math.floor(width / 2) }, (_, i) => `M${from + 2 * i + 1} 0v12`);
  return (
    <>
      <rect class={`share-${part}`} x={from} width={width} y="0" height="12" />
      {part === 'refused' ? <path class="share-stripes" d={stripes.join('')} /> : null}
    </>
  );
}

function startOf(answers: Answers, part: (typeof PARTS)[number]): number {
  return PARTS.slice(0, PARTS.indexOf(part)).reduce((sum, before) => sum + answers[before], 0);
}

function Key({ text }: { readonly text: Text }) {
  return (
    <ul class="share-key">
      {PARTS.map((part) => (
        <li key={part}>
          <svg viewBox="0 0 24 12" aria-hidden="true">
            <Share part={part} from={0} width={24} />
          </svg>
          {text.t(`cap.key.${part}`)}
        </li>
      ))}
    </ul>
  );
}

interface InWordsProps {
  readonly run: Run;
  readonly experiments: readonly Experiment[];
}

/** What protocols gave up while the network was split, in a sentence for all those that behaved alike. */
export function CapInWords({ run, experiments }: InWordsProps) {
  const { text } = run;
  const said = experiments.map((experiment) => {
    const { answers, chose } = behaviourOf(experiment);
    const side = (which: Side) => text.t(`cap.side.${answeredWhat(answers[which])}`);
    const sentence = {
      majority: side('majority'),
      minority: side('minority'),
      conclusion: text.t(`cap.chose.${chose}`),
    };
    return { protocol: shortTitleOf(run, experiment.protocol), sentence };
  });
  return (
    <>
      {[...groupBy(said, ({ sentence }) => JSON.stringify(sentence))].map(([key, alike]) => {
        const protocols = text.list(alike.map(({ protocol }) => protocol));
        return (
          <li key={key}>
            {text.rich('cap.sentence', { protocol: <strong>{protocols}</strong>, ...alike[0]!.sentence })}
          </li>
        );
      })}
    </>
  );
}

/** What one side was answered, as the name of a text. */
function answeredWhat({ reads, writes }: Readonly<Record<Asked, Answers | null>>) {
  if (reads === null || writes === null) return 'open' as const;
  const [read, wrote] = [reads, writes].map(({ answered }) => answered >= ANSWERED);
  const [someRead, someWrote] = [reads, writes].map(({ answered }) => answered > UNANSWERED);
  if (read && wrote) return 'both' as const;
  if (read) return someWrote ? ('some' as const) : ('reads' as const);
  if (wrote) return someRead ? ('some' as const) : ('writes' as const);
  return someRead || someWrote ? ('some' as const) : ('nothing' as const);
}
