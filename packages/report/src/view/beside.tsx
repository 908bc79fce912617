import { comparedValue } from '../data/metrics.ts';
import { groupBy, type Run } from '../data/run.ts';
import type { Finding, Rival } from '../data/summary.ts';
import { Leader, measure, placeOf, tooFewRuns } from './best.tsx';
import { useText } from './context.ts';
import { Missing, Name } from './glyph.tsx';
import { Said } from './said.tsx';
import { Heading } from './section.tsx';
import { Table } from './table.tsx';

interface Props {
  readonly run: Run;
  readonly findings: readonly Finding[];
}

/** The best protocol of each measure beside what was measured with the protocols, and what such ratios leave out. */
export function Beside({ run, findings }: Props) {
  const { text, peers } = run;
  const compared = findings.filter((finding) => finding.peers.length > 0);
  if (compared.length === 0) return null;
  const caveats = [...peers.values()].flatMap(({ caveat }) => caveat ?? []);
  return (
    <div class="beside">
      <Heading>{text.t('beside.title')}</Heading>
      <p class="aside">{text.t('beside.lede')}</p>
      {[...groupBy(compared, (finding) => placeOf(text, finding))].map(([title, group]) => (
        <Ratios key={title} run={run} title={title} findings={group} />
      ))}
      <ul class="prose aside">
        <li>{text.t('beside.care')}</li>
        {caveats.map((caveat) => (
          <li key={caveat}>
            <Said text={caveat} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Ratios({ run, title, findings }: Props & { readonly title: string }) {
  const { text, peers } = run;
  return (
    <Table caption={title} class="ratios">
      <thead>
        <tr>
          <th scope="col">{text.t('column.metric')}</th>
          <th scope="col">{text.t('beside.measure')}</th>
          {[...peers.values()].map(({ name, limit }) => (
            <th scope="col" key={name} class="number">
              <Name run={run} protocol={name} />
              {limit ? <span class="under">{text.t('beside.limit')}</span> : null}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {findings.map((finding) => (
          <tr key={finding.metric}>
            <th scope="row">
              {measure(text, finding.metric)} <span class="under">{text.t(`best.${finding.better}`)}</span>
              {tooFewRuns(finding) ? <span class="under">{text.t('beside.tooFew')}</span> : null}
            </th>
            <td>
              <Leader run={run} finding={finding} />
            </td>
            {[...peers.keys()].map((name) => (
              <td key={name} class="number">
                <Ratio
                  run={run}
                  finding={finding}
                  rival={finding.peers.find(({ protocol }) => protocol === name)}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

interface RatioProps {
  readonly run: Run;
  readonly finding: Finding;
  readonly rival: Rival | undefined;
}

function Ratio({ run, finding, rival }: RatioProps) {
  const text = useText();
  if (rival === undefined) return <Missing>{text.t('table.missing')}</Missing>;
  const { times, interval } = text.ratio(rival.ratio);
  const found = comparedValue(run.results.experiments, finding, rival.protocol);
  const level = rival.ratio.low <= 1 && rival.ratio.high >= 1;
  return (
    <span class="value">
      <span class="digits">{times}</span>
      {interval === null ? null : <span class="interval">{interval}</span>}
      {found === null ? null : <span class="interval">{text.quantity(found.kind, found.value)}</span>}
      {level && !tooFewRuns(finding) ? <span class="interval">{text.t('best.sameAs')}</span> : null}
    </span>
  );
}
