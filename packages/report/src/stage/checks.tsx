import { useText } from '../view/context.ts';
import type { Player } from './player.ts';

/** The rules that are checked after every step, and the one that broke. */
export function Checks({
  player,
  onShow,
}: {
  readonly player: Player;
  readonly onShow: (event: number) => void;
}) {
  const text = useText();
  const { broken } = player;
  if (!player.canRun)
    return (
      <div class="checks">
        <p>{text.t('checks.notHere')}</p>
      </div>
    );
  const names = ['agreement', ...player.protocol.invariants.map(({ name }) => name)];
  return (
    <section class="checks" aria-label={text.t('checks.title')}>
      {broken === null ? (
        <p>
          <span class="status status-ok">
            <span class="symbol" aria-hidden="true">
              ✓
            </span>
          </span>{' '}
          {text.t('checks.held', { count: names.length })}
        </p>
      ) : (
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
          <p>{broken.detail}</p>
          <p class="source">{broken.source}</p>
          <button type="button" onClick={() => onShow(broken.events - 1)}>
            {text.t('checks.show')}
          </button>
        </div>
      )}
      <details>
        <summary>{text.t('checks.rules')}</summary>
        <ul>
          <li>
            <b>{text.known('check', 'agreement')}</b>: {text.t('checks.agreement')}
          </li>
          {player.protocol.invariants.map(({ name, source }) => (
            <li key={name}>
              <b>{name}</b>: {source}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

/** The events behind a broken rule: the one that broke it, and all decisions on the slot that two nodes decided differently. */
export function brokenEvents(player: Player): readonly number[] {
  const { broken, diagram } = player;
  if (broken === null) return [];
  const events = [broken.events - 1];
  if (broken.slot !== undefined) {
    for (let at = 0; at < broken.events; at++) {
      const { kind, a } = diagram.trace.at(at);
      if (kind === 'decide' && a === broken.slot) events.push(at);
    }
  }
  return events;
}
