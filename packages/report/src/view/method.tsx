import { toCsv } from '../data/csv.ts';
import { dateTime, number, quantity } from '../data/format.ts';
import type { Run } from '../data/run.ts';
import { saveText } from './save.ts';
import { Heading, Section } from './section.tsx';

/** Where and with what everything was measured, and the one command that does it again. */
export function MethodSection({ run }: { readonly run: Run }) {
  const { machine, createdAt, quorateVersion, command } = run.results;
  const sync =
    machine.syncMicroseconds === null ? 'not measured' : quantity('duration', machine.syncMicroseconds);
  const facts: [term: string, value: string][] = [
    ['Measured', dateTime(createdAt)],
    ['Quorate', quorateVersion],
    ['Node', machine.node],
    ['Processor', `${machine.cpu}, ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}`],
    ['Memory', `${number(machine.memoryGiB)} GiB`],
    ['System', machine.os],
    ['One small durable write', sync],
  ];
  return (
    <Section
      id={`${run.prefix}method`}
      title="Method and machine"
      lede={<p>What was measured stands below each figure, with the line that measures it again.</p>}
    >
      <dl class="facts roomy">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Heading>Everything again</Heading>
      <p>
        <code class="command">{command}</code>
      </p>
      <Heading>How to read the numbers</Heading>
      <ul class="prose">
        <li>
          The unit of statistics is the run: medians of runs, and bootstrap 95 % intervals over runs.
          Percentiles come from merged histograms, never from averaged ones.
        </li>
        <li>
          Comparisons are paired: both protocols met the same arrivals, link delays and faults under each
          seed.
        </li>
        <li>
          Simulated times come from modelled links, disks and processors: they show what follows from the
          protocol, not how fast this machine is. Real ones are processes with sockets and disks on the
          machine above.
        </li>
      </ul>
      <p class="downloads">
        <button
          type="button"
          class="save"
          onClick={() => saveText('quorate-results.csv', 'text/csv', toCsv(run.results))}
        >
          Save all results as CSV
        </button>
        <button
          type="button"
          class="save"
          onClick={() =>
            saveText('quorate-results.json', 'application/json', JSON.stringify(run.results, null, 2))
          }
        >
          Save all results as JSON
        </button>
      </p>
    </Section>
  );
}
