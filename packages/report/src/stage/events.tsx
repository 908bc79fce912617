import type { OperationPath } from '../see/path.ts';
import { operationOf, type Telling, tell } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import type { Player } from './player.ts';
import { useRegionName } from './whose.ts';

interface NowProps {
  readonly player: Player;
  readonly telling: Telling;
  /** Whether a screen reader is to hear of each new event: not while they fly past. */
  readonly live: boolean;
}

/** What has just happened, and what it means. */
export function Now({ player, telling, live }: NowProps) {
  const text = useText();
  const { events, diagram } = player;
  const current = events > 0 ? tell(telling, diagram.trace.at(events - 1)) : null;
  return (
    <div class="now" aria-live={live ? 'polite' : 'off'}>
      {current === null ? <p>{text.t('see.beginning')}</p> : <p class="what">{current.what}</p>}
      {current === null || current.why === '' ? null : <p class="why">{current.why}</p>}
    </div>
  );
}

interface EventsProps {
  readonly player: Player;
  readonly telling: Telling;
  readonly future: boolean;
  readonly onGo: (event: number) => void;
}

const BEFORE = 4;
const AFTER = 3;

/** The events around what has just happened. */
export function Events({ player, telling, future, onGo }: EventsProps) {
  const text = useText();
  const regionName = useRegionName();
  const { events, diagram } = player;
  const from = Math.max(0, events - 1 - BEFORE);
  const to = future ? Math.min(diagram.times.length, events + AFTER) : events;
  const list = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return (
    <section class="events-panel" aria-label={regionName(text.t('see.events'))}>
      <ol>
        {list.map((at) => (
          <li key={at} class={at === events - 1 ? 'current' : at >= events ? 'to-come' : ''}>
            <button
              type="button"
              aria-current={at === events - 1 ? 'step' : undefined}
              onClick={() => onGo(at)}
            >
              <span class="at">{text.decimals(diagram.times[at]! / 1000, 3)}</span>
              <span>{tell(telling, diagram.trace.at(at)).what}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface PathProps {
  readonly operation: number;
  readonly path: OperationPath;
  readonly player: Player;
  readonly telling: Telling;
  readonly onGo: (event: number) => void;
  readonly onStop: () => void;
}

const WAITS = ['wire', 'disk', 'node', 'client'] as const;

/** Where the time of one operation went, leg by leg. */
export function PathPanel({ operation, path, player, telling, onGo, onStop }: PathProps) {
  const text = useText();
  const regionName = useRegionName();
  const span = player.diagram.operations[operation];
  if (span === undefined) return null;
  const total = span.to - span.from;
  return (
    <section class="path" aria-label={regionName(text.t('path.title'))}>
      <h3>
        {text.t('path.of', {
          operation: operationOf(telling, operation),
          time: text.quantity('duration', total),
        })}
        <button type="button" onClick={onStop}>
          {text.t('path.stop')}
        </button>
      </h3>
      <div class="shares" aria-hidden="true">
        {WAITS.map((kind) => (
          <span
            key={kind}
            class={`wait-${kind}`}
            style={{ flexGrow: path.waited[kind] / Math.max(1, total) }}
          />
        ))}
      </div>
      <p>
        {text.list(
          WAITS.filter((kind) => path.waited[kind] > 0).map((kind) =>
            text.t(`path.${kind}`, { time: text.quantity('duration', path.waited[kind]) }),
          ),
        )}
      </p>
      <ol>
        {path.legs.map((leg) => (
          <li key={`${leg.fromEvent}-${leg.toEvent}`} class={`wait-${leg.kind}`}>
            <button type="button" onClick={() => onGo(leg.toEvent)}>
              <span class="at">{text.quantity('duration', leg.to - leg.from)}</span>
              <span>{legOf(leg, player, telling)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function legOf(leg: OperationPath['legs'][number], player: Player, telling: Telling): string {
  const { text } = telling;
  const { trace } = player.diagram;
  if (leg.kind === 'disk') return text.t('path.legDisk', { node: leg.node });
  if (leg.kind === 'client') return text.t('path.legClient');
  if (leg.kind === 'node') return text.t('path.legNode', { node: leg.node });
  return tell(telling, trace.at(leg.toEvent)).what;
}
