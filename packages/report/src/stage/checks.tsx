import type { Broken } from '@quorate/simulator';
import { useMemo } from 'preact/hooks';
import type { Diagram } from '../see/diagram.ts';
import { type Telling, tell } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import { Said } from '../view/said.tsx';
import type { Player } from './player.ts';
import { useRegionName } from './whose.ts';

interface ChecksProps {
  readonly player: Player;
  readonly telling: Telling;
  /** The events that `useEvidence` gives. */
  readonly evidence: readonly number[];
  readonly onShow: (event: number) => void;
}

/** The rules that are checked after every step, and the one that broke. */
export function Checks({ player, telling, evidence, onShow }: ChecksProps) {
  const text = useText();
  const regionName = useRegionName();
  const { broken, brokenLater } = player;
  if (!player.canRun)
    return (
      <div class="checks">
        <p>{text.t('checks.notHere')}</p>
      </div>
    );
  const names = ['agreement', ...player.protocol.invariants.map(({ name }) => name)];
  return (
    <section class="checks" aria-label={regionName(text.t('checks.title'))}>
      {broken === null ? null : (
        <BrokenRule player={player} telling={telling} evidence={evidence} onShow={onShow} />
      )}
      {broken !== null || brokenLater === null ? null : (
        <p class="breaks-later">
          {text.t('checks.later', { check: text.known('check', brokenLater.check) ?? brokenLater.check })}{' '}
          <button type="button" onClick={() => onShow(brokenLater.events - 1)}>
            {text.t('checks.goThere')}
          </button>
        </p>
      )}
      {broken !== null || brokenLater !== null ? null : (
        <p>
          <span class="status status-ok">
            <span class="symbol" aria-hidden="true">
              ✓
            </span>
          </span>{' '}
          {text.t('checks.held', { count: names.length })}
        </p>
      )}
      <details>
        <summary>{text.t('checks.rules')}</summary>
        <ul>
          <li>
            <b>{text.known('check', 'agreement')}</b>: {text.t('checks.agreement')}
          </li>
          {player.protocol.invariants.map(({ name, source }) => (
            <li key={name}>
              <b>{text.known('check', name) ?? name}</b>: <Said text={source} />
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

/** Which rule, what it says, and the events that broke it: the same that the diagram rings. */
function BrokenRule({ player, telling, evidence, onShow }: ChecksProps) {
  const text = useText();
  const broken = player.broken!;
  const { diagram } = player;
  return (
    <div class="broken-rule" role="alert">
      <p>
        <strong>
          ✗{' '}
          {text.t('checks.broken', {
            check: text.known('check', broken.check) ?? broken.check,
            node: broken.node,
          })}
        </strong>
      </p>
      <p>{text.rich('checks.what', { detail: <Said text={broken.detail} /> })}</p>
      <p class="source">{text.rich('checks.source', { source: <Said text={broken.source} /> })}</p>
      <p>{text.t('checks.where')}</p>
      <ul class="evidence">
        {evidence.map((at) => (
          <li key={at}>
            <button type="button" onClick={() => onShow(at)}>
              <span class="at">{text.decimals(diagram.times[at]! / 1000, 3)}</span>
              <span>{tell(telling, diagram.trace.at(at)).what}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/**
 * The events behind a broken rule, in their order: all decisions on the slot that two nodes decided differently, else the event that broke
 * it. Also of a rule that breaks later, so that whoever goes back sees what led to it.
 */
export function useEvidence(player: Player): readonly number[] {
  const { diagram } = player;
  const broken = player.broken ?? player.brokenLater;
  return useMemo(() => (broken === null ? [] : evidenceOf(diagram, broken)), [diagram, broken]);
}

function evidenceOf(diagram: Diagram, broken: Broken): readonly number[] {
  if (broken.slot === undefined) return [broken.events - 1];
  const decisions: number[] = [];
  for (let at = 0; at < broken.events; at++) {
    const { kind, a } = diagram.trace.at(at);
    if (kind === 'decide' && a === broken.slot) decisions.push(at);
  }
  return decisions;
}
