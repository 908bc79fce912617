import type { ProtocolCard } from '@quorate/bench/results';
import type { ComponentChildren } from 'preact';
import { checkTitle, familyTitle, faultTitle, type Run, titleOf } from '../data/run.ts';
import { Name } from './glyph.tsx';
import { Said } from './said.tsx';
import { Heading, Section } from './section.tsx';
import { Table } from './table.tsx';

/** What each protocol promises, and where it says so. */
export function PromiseSection({ run }: { readonly run: Run }) {
  const { text } = run;
  const { protocols } = run.results;
  if (protocols.length === 0) return null;
  return (
    <Section id={`${run.prefix}promises`} title={text.t('read.promises')} lede={<p>{text.t('card.lede')}</p>}>
      {protocols.map((card) => (
        <Card key={card.name} run={run} card={card} />
      ))}
    </Section>
  );
}

function Card({ run, card }: { readonly run: Run; readonly card: ProtocolCard }) {
  const { text } = run;
  return (
    <div class="card">
      <Heading>
        <Name run={run} protocol={card.name} />
      </Heading>
      <dl class="facts roomy">
        <div>
          <dt>{text.t('card.family')}</dt>
          <dd>{familyTitle(text, card.family)}</dd>
        </div>
        <div>
          <dt>{text.t('card.progress')}</dt>
          <dd>{text.known('progress', card.progress) ?? card.progress}</dd>
        </div>
        <div>
          <dt>{text.t('card.source')}</dt>
          <dd>
            <Source text={card.source} />
          </dd>
        </div>
      </dl>
      <Table caption={text.t('card.promises', { protocol: titleOf(run, card.name) })} class="promises">
        <thead>
          <tr>
            <th scope="col">{text.t('column.check')}</th>
            <th scope="col">{text.t('column.except')}</th>
            <th scope="col">{text.t('column.source')}</th>
          </tr>
        </thead>
        <tbody>
          {card.guarantees.map((guarantee) => (
            <tr key={guarantee.check}>
              <th scope="row">{checkTitle(text, guarantee.check)}</th>
              <td>
                {guarantee.exceptUnder.length === 0
                  ? text.t('card.always')
                  : text.list(guarantee.exceptUnder.map((fault) => faultTitle(text, fault)))}
              </td>
              <td class="prose">
                <Source text={guarantee.source} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** A source as written; one that is a web address becomes a link. */
function Source({ text }: { readonly text: string }): ComponentChildren {
  return /^https?:\/\/\S+$/.test(text) ? <a href={text}>{text}</a> : <Said text={text} />;
}
