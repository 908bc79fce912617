import type { NodeId } from '@quorate/interface';
import type { Session } from '@quorate/simulator';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { faultOf, type Telling, tell } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import type { Selection } from './cluster.tsx';
import { type Ended, endAlike } from './ending.ts';
import type { Player } from './player.ts';
import { ControlSet } from './set.tsx';
import { useRegionName } from './whose.ts';

/** Does something to the run. `everywhere`: to the run beside it too, since it is about what both have. */
export type Act = (act: (session: Session) => void, everywhere: boolean) => void;

interface ActionsProps {
  readonly player: Player;
  readonly telling: Telling;
  readonly selection: Selection | null;
  readonly act: Act;
}

/** What can be done to what is selected, and what is being done already. */
export function Actions(props: ActionsProps) {
  const text = useText();
  const { selection } = props;
  return (
    <section class="actions" aria-label={useRegionName()(text.t('act.title'))}>
      {selection === null ? <p class="hint">{text.t('act.hint')}</p> : null}
      {selection?.kind === 'node' ? <NodeActions {...props} node={selection.node} /> : null}
      {selection?.kind === 'link' ? (
        <LinkActions key={`${selection.a}-${selection.b}`} {...props} a={selection.a} b={selection.b} />
      ) : null}
      {selection?.kind === 'message' ? <MessageActions {...props} message={selection.message} /> : null}
      <Active {...props} />
    </section>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <ControlSet class="group" label={title} shown>
      {children}
    </ControlSet>
  );
}

function NodeActions({ player, act, node }: ActionsProps & { readonly node: NodeId }) {
  const text = useText();
  const own = (kinds: readonly string[]) =>
    player.activeFaults.filter(
      ({ event }) =>
        event !== undefined && kinds.includes(event.kind) && 'node' in event && event.node === node,
    );
  const up = player.recorder.frameAt(node, player.events)?.observation != null;
  const stopped = own(['crash', 'disk-full', 'disk-failing']);
  const paused = own(['pause']);
  const end = (faults: readonly Ended[]) => () => act((session) => endAlike(session, faults), true);
  return (
    <Group title={text.t('see.node', { number: node })}>
      <div class="row">
        <button
          type="button"
          disabled={!up}
          onClick={() =>
            act(
              (session) => session.begin({ kind: 'crash', node, lostWrites: true, tornWrites: false }),
              true,
            )
          }
        >
          {text.t('act.crash')}
        </button>
        <button type="button" disabled={up || stopped.length === 0} onClick={end(stopped)}>
          {text.t('act.restart')}
        </button>
        <button
          type="button"
          disabled={!up || paused.length > 0}
          onClick={() => act((session) => session.begin({ kind: 'pause', node }), true)}
        >
          {text.t('act.pause')}
        </button>
        <button type="button" disabled={paused.length === 0} onClick={end(paused)}>
          {text.t('act.resume')}
        </button>
        <button
          type="button"
          onClick={() => act((session) => session.begin({ kind: 'partition', groups: [[node]] }), true)}
        >
          {text.t('act.isolate')}
        </button>
        <button
          type="button"
          disabled={!up}
          onClick={() =>
            act((session) => session.begin({ kind: 'clock-jump', node, milliseconds: 1000 }), true)
          }
        >
          {text.t('act.clock')}
        </button>
      </div>
    </Group>
  );
}

type Direction = 'both' | 'there' | 'back';

function LinkActions({ player, act, a, b }: ActionsProps & { readonly a: NodeId; readonly b: NodeId }) {
  const text = useText();
  const [direction, setDirection] = useState<Direction>('both');
  const [milliseconds, setMilliseconds] = useState(50);
  const scope =
    direction === 'both'
      ? { from: [a, b], to: [a, b] }
      : direction === 'there'
        ? { from: [a], to: [b] }
        : { from: [b], to: [a] };
  const mine = player.activeFaults.filter(({ event }) => {
    // a clog's messages are on their way already
    if (event === undefined || event.kind === 'clog') return false;
    if (!('from' in event) || event.from === undefined || event.to === undefined) return false;
    return [...event.from, ...event.to].every((node) => node === a || node === b);
  });
  const directions: readonly [Direction, string][] = [
    ['both', text.t('act.bothWays')],
    ['there', `${a} → ${b}`],
    ['back', `${b} → ${a}`],
  ];
  return (
    <Group title={text.t('stage.link', { a, b })}>
      <ControlSet class="row choice" label={text.t('act.direction')}>
        {directions.map(([value, name]) => (
          <label key={value}>
            <input
              type="radio"
              name={`direction-${a}-${b}`}
              checked={direction === value}
              onChange={() => setDirection(value)}
            />
            {name}
          </label>
        ))}
      </ControlSet>
      <div class="row">
        <button
          type="button"
          onClick={() => act((session) => session.begin({ kind: 'cut', ...scope }), true)}
        >
          {text.t('act.cut')}
        </button>
        <button
          type="button"
          onClick={() => act((session) => session.begin({ kind: 'loss', probability: 0.5, ...scope }), true)}
        >
          {text.t('act.lossy')}
        </button>
        <button
          type="button"
          onClick={() =>
            act(
              (session) => session.begin({ kind: 'delay', milliseconds, jitterMilliseconds: 0, ...scope }),
              true,
            )
          }
        >
          {text.t('act.slow')}
        </button>
        <Milliseconds value={milliseconds} onChange={setMilliseconds} />
        <button
          type="button"
          disabled={mine.length === 0}
          onClick={() => act((session) => endAlike(session, mine), true)}
        >
          {text.t('act.mend')}
        </button>
      </div>
    </Group>
  );
}

function MessageActions({ player, telling, act, message }: ActionsProps & { readonly message: number }) {
  const text = useText();
  const [milliseconds, setMilliseconds] = useState(50);
  const { diagram, events } = player;
  const arrow = diagram.arrowOf(message);
  if (arrow < 0) return null;
  const { arrows } = diagram;
  const underWay =
    arrows.sentAt[arrow]! < events && (arrows.gotAt[arrow]! < 0 || arrows.gotAt[arrow]! >= events);
  const type = diagram.trace.name(arrows.type[arrow]!);
  const { why } = tell(telling, diagram.trace.at(arrows.sentAt[arrow]!));
  return (
    <Group title={text.t('stage.message', { type, from: arrows.from[arrow]!, to: arrows.to[arrow]! })}>
      <p>{why}</p>
      {underWay ? null : <p class="hint">{text.t('act.gone')}</p>}
      <div class="row">
        <button
          type="button"
          disabled={!underWay}
          onClick={() => act((session) => session.begin({ kind: 'drop-message', message }), false)}
        >
          {text.t('act.drop')}
        </button>
        <button
          type="button"
          disabled={!underWay}
          onClick={() =>
            act((session) => session.begin({ kind: 'hold-message', message, milliseconds }), false)
          }
        >
          {text.t('act.hold')}
        </button>
        <Milliseconds value={milliseconds} onChange={setMilliseconds} />
      </div>
    </Group>
  );
}

function Milliseconds({
  value,
  onChange,
}: {
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const text = useText();
  return (
    <label class="amount">
      <span class="heard">{text.t('act.milliseconds')}</span>
      <input
        type="number"
        min={1}
        max={60_000}
        value={value}
        onInput={(event) => {
          const given = Number(event.currentTarget.value);
          if (given >= 1 && given <= 60_000) onChange(given);
        }}
      />
      ms
    </label>
  );
}

/** What is wrong just now, each with its end. */
function Active({ player, act }: ActionsProps) {
  const text = useText();
  const active = player.activeFaults;
  if (active.length === 0) return null;
  return (
    <Group title={text.t('act.active')}>
      <ul class="active">
        {active.map(({ index, event }) => (
          <li key={index}>
            <span>{event === undefined ? text.t('fault.unknown') : faultOf(text, event)}</span>
            {event?.kind === 'clog' ? null : (
              <button
                type="button"
                onClick={() => act((session) => endAlike(session, [{ index, event }]), true)}
              >
                {text.t('act.end')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Group>
  );
}
