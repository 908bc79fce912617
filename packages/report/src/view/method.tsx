import { toCsv } from '../data/csv.ts';
import type { Run } from '../data/run.ts';
import { saveText } from './save.ts';
import { Heading, Section } from './section.tsx';

/** Where and with what everything was measured, and the one command that does it again. */
export function MethodSection({ run }: { readonly run: Run }) {
  const { text } = run;
  const { machine, createdAt, quorateVersion, command } = run.results;
  const sync =
    machine.syncMicroseconds === null
      ? text.t('method.notMeasured')
      : text.quantity('duration', machine.syncMicroseconds);
  const facts: [term: string, value: string][] = [
    [text.t('method.measured'), text.dateTime(createdAt)],
    ['Quorate', quorateVersion],
    ['Node', machine.node],
    [
      text.t('method.processor'),
      machine.cpu + text.t('format.comma') + text.t('count.cores', { count: machine.cores }),
    ],
    [text.t('method.memory'), `${text.number(machine.memoryGiB)} GiB`],
    [text.t('method.system'), machine.os],
    [text.t('method.sync'), sync],
  ];
  return (
    <Section id={`${run.prefix}method`} title={text.t('method.title')} lede={<p>{text.t('method.lede')}</p>}>
      <dl class="facts roomy">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Heading>{text.t('method.again')}</Heading>
      <p>
        <code class="command">{command}</code>
      </p>
      <Heading>{text.t('method.reading')}</Heading>
      <ul class="prose">
        <li>{text.t('method.unit')}</li>
        <li>{text.t('method.paired')}</li>
        <li>{text.t('method.simulated')}</li>
      </ul>
      <p class="downloads">
        <button
          type="button"
          class="save"
          onClick={() => saveText('quorate-results.csv', 'text/csv', toCsv(run.results))}
        >
          {text.t('method.saveCsv')}
        </button>
        <button
          type="button"
          class="save"
          onClick={() =>
            saveText('quorate-results.json', 'application/json', JSON.stringify(run.results, null, 2))
          }
        >
          {text.t('method.saveJson')}
        </button>
      </p>
    </Section>
  );
}
