import type { ProtocolCard } from '@quorate/bench/results';
import type { ComponentChildren } from 'preact';
import type { Run } from '../data/run.ts';
import { Name } from './glyph.tsx';
import { Heading, Section } from './section.tsx';
import { Table } from './table.tsx';

/** What each protocol promises, and where it says so. */
export function GuaranteeSection({ run }: { readonly run: Run }) {
  const { protocols } = run.results;
  if (protocols.length === 0) return null;
  return (
    <Section
      id={`${run.prefix}guarantees`}
      title="Guarantees"
      lede={
        <p>
          The promises that the verdicts are judged by. A check that breaks under a class of faults listed as
          an exception is expected, everywhere else it is a violation.
        </p>
      }
    >
      {protocols.map((card) => (
        <Card key={card.name} run={run} card={card} />
      ))}
    </Section>
  );
}

function Card({ run, card }: { readonly run: Run; readonly card: ProtocolCard }) {
  return (
    <div class="card">
      <Heading>
        <Name run={run} protocol={card.name} />
      </Heading>
      <dl class="facts roomy">
        <div>
          <dt>Family</dt>
          <dd>{card.family.replaceAll('-', ' ')}</dd>
        </div>
        <div>
          <dt>Progress</dt>
          <dd>{PROGRESS[card.progress] ?? card.progress}</dd>
        </div>
        <div>
          <dt>Source</dt>
          <dd>
            <Source text={card.source} />
          </dd>
        </div>
      </dl>
      <Table caption={`Promises of ${card.title || card.name}`}>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Except under</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {card.guarantees.map((guarantee) => (
            <tr key={guarantee.check}>
              <th scope="row">{guarantee.check}</th>
              <td>
                {guarantee.exceptUnder.length === 0 ? 'nothing: always' : guarantee.exceptUnder.join(', ')}
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

const PROGRESS: Readonly<Record<string, string | undefined>> = {
  majority: 'while a majority is up and connected',
  all: 'while all are up and connected',
};

/** A source as written; one that is a web address becomes a link. */
function Source({ text }: { readonly text: string }): ComponentChildren {
  return /^https?:\/\/\S+$/.test(text) ? <a href={text}>{text}</a> : text;
}
