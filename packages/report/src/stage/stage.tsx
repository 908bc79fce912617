import type { Teaching } from '@quorate/interface';
import { useMemo, useState } from 'preact/hooks';
import type { Window } from '../see/layout.ts';
import { CLIENTS } from '../see/paint.ts';
import { pathOf } from '../see/path.ts';
import { useText } from '../view/context.ts';
import { type Act, Actions } from './actions.tsx';
import { Checks, useEvidence } from './checks.tsx';
import type { Clock } from './clock.ts';
import { Cluster, type Selection } from './cluster.tsx';
import { DiagramKey, LogKey } from './diagram-key.tsx';
import { Events, Now, PathPanel } from './events.tsx';
import { Nodes } from './nodes.tsx';
import { useLook } from './palette-hook.ts';
import type { Player } from './player.ts';
import { Ask, Operations } from './requests.tsx';
import { ControlSet } from './set.tsx';
import { SpaceTime } from './space-time.tsx';
import { tellingOf } from './telling.ts';

interface StageProps {
  readonly player: Player;
  readonly clock: Clock;
  readonly teaching: Teaching | undefined;
  readonly title: string;
  /** What the diagram is to show; a new object shows that. */
  readonly focus: Window;
  /** Does something to the run; undefined where it can only be watched. */
  readonly act?: Act;
  /** The operation whose way is followed; 0 for none. */
  readonly followed: number;
  readonly onFollow: (operation: number) => void;
  /** Whether the page says already what this is: then its title is only for whoever does not see the page. */
  readonly named?: boolean;
  /** Whether the key to the diagram is shown from the beginning. */
  readonly explained?: boolean;
}

/** One run, from all sides: the cluster, the diagram, what happens, how each node is. */
export function Stage(props: StageProps) {
  const { player, clock, teaching, title, act, followed, onFollow } = props;
  const text = useText();
  const [selection, setSelection] = useState<Selection | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const look = useLook([...player.diagram.types.keys()]);
  const telling = tellingOf(player, teaching, text);
  const ended = player.ended(followed); // not where what was done since keeps it from its answer
  const path = useMemo(
    () => (ended === undefined ? null : pathOf(player.diagram, ended.operation)),
    [player.diagram, ended],
  );
  const evidence = useEvidence(player);
  const future = act === undefined;
  const focus = useMemo(() => {
    if (player.broken !== null) return windowOf(player, evidence, props.focus);
    return future || ended === undefined ? props.focus : around(ended.from, ended.to);
  }, [props.focus, player, player.broken, evidence, ended, future]);
  const go = (event: number) => {
    clock.pause();
    if (future || player.diagram.times[event]! <= player.furthest) player.seekEvent(event + 1);
    clock.refresh();
  };
  const asked = <Operations player={player} telling={telling} followed={followed} onFollow={onFollow} />;
  const now = <Now player={player} telling={telling} live={!clock.playing} />;
  const events = <Events player={player} telling={telling} future={future} onGo={go} />;
  return (
    <article class={`stage${act === undefined ? '' : ' playing'}`} aria-label={title}>
      <header class={props.named ? 'heard' : undefined}>
        <h2>{title}</h2>
      </header>
      <div class="stage-grid">
        <div class="left">
          <Cluster
            player={player}
            telling={telling}
            look={look}
            selection={selection}
            onSelect={act === undefined ? undefined : setSelection}
          />
          {act === undefined ? (
            <>
              {now}
              {path === null ? null : events}
            </>
          ) : (
            <>
              <Actions player={player} telling={telling} selection={selection} act={act} />
              <Ask nodes={player.nodes} act={act} />
              {asked}
            </>
          )}
        </div>
        <div class="right">
          <Checks player={player} telling={telling} evidence={evidence} onShow={go} />
          <SpaceTime
            player={player}
            telling={telling}
            look={look}
            future={future}
            hidden={hidden}
            path={path?.arrows ?? null}
            broken={evidence}
            focus={focus}
            onStep={clock.step}
            onGo={(event, arrow) => {
              const message = arrow >= 0 ? player.diagram.arrows.id[arrow]! : 0;
              if (act !== undefined && message > 0) setSelection({ kind: 'message', message });
              else go(event);
            }}
          />
          <Filter
            types={player.diagram.types}
            colourOf={(type) => look.styleOf(type).colour}
            hidden={hidden}
            onChange={setHidden}
          />
          {act === undefined ? null : <DiagramKey shown={false} />}
          {act === undefined && path === null ? null : (
            <div class="told">
              {act === undefined ? null : (
                <div>
                  {now}
                  {events}
                </div>
              )}
              {path === null ? null : (
                <PathPanel
                  operation={followed}
                  path={path}
                  player={player}
                  telling={telling}
                  onGo={go}
                  onStop={() => onFollow(0)}
                />
              )}
            </div>
          )}
        </div>
      </div>
      <Nodes
        player={player}
        telling={telling}
        selected={selection?.kind === 'node' ? selection.node : 0}
        onSelect={act === undefined ? undefined : (node) => setSelection({ kind: 'node', node })}
      />
      {hasLog(player) ? <LogKey /> : null}
      {act === undefined ? (
        <div class="around">
          {path === null ? events : null}
          <div>
            {path === null ? asked : null}
            <DiagramKey shown={props.explained ?? false} />
          </div>
        </div>
      ) : null}
      <p class="heard" aria-live="polite">
        {clock.playing ? '' : text.t('stage.summary', { count: player.events })}
      </p>
    </article>
  );
}

/** The stretch of time that shows these events, and a little around them. */
function windowOf({ diagram: { times } }: Player, events: readonly number[], usual: Window): Window {
  const [from, to] = [times[events[0]!]!, times[events.at(-1)!]!];
  return around(from, to, (usual.to - usual.from) * 0.2);
}

function around(from: number, to: number, least = 200): Window {
  const margin = Math.max((to - from) * 0.12, least);
  return { from: from - margin, to: to + margin };
}

/** Whether nodes keep a replicated log that is drawn entry by entry. */
function hasLog({ nodes, recorder, events }: Player): boolean {
  return Array.from({ length: nodes }, (_, i) => i + 1).some(
    (id) => recorder.frameAt(id, events)?.log != null,
  );
}

interface FilterProps {
  readonly types: ReadonlyMap<string, number>;
  colourOf(type: string): string;
  readonly hidden: ReadonlySet<string>;
  readonly onChange: (hidden: ReadonlySet<string>) => void;
}

/** The kinds of messages, which is also the key to their colours; each can be hidden. */
function Filter({ types, colourOf, hidden, onChange }: FilterProps) {
  const text = useText();
  const turn = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onChange(next);
  };
  const chips: readonly [name: string, label: string, colour: string][] = [
    ...[...types.keys()].map((type): [string, string, string] => [type, type, colourOf(type)]),
    [CLIENTS, text.t('see.clients'), 'var(--muted)'],
  ];
  return (
    <ControlSet class="filter" label={text.t('see.filter')}>
      {chips.map(([name, label, colour]) => (
        <button
          key={name}
          type="button"
          aria-pressed={!hidden.has(name)}
          title={text.t('see.filterOne', { type: label })}
          onClick={() => turn(name)}
        >
          <span class="swatch" style={{ background: colour }} aria-hidden="true" />
          {label}
        </button>
      ))}
    </ControlSet>
  );
}
