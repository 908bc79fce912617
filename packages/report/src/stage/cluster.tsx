import { isMomentary } from '@quorate/faults';
import { ARRIVED, MESSAGE, UNDER_WAY } from '../see/arrows.ts';
import { initials, type Look, toneOf } from '../see/look.ts';
import { type Telling, termOf } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import { type Roving, useRoving } from './keyboard.ts';
import type { Player } from './player.ts';

/** What a reader has taken hold of. */
export type Selection =
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'link'; readonly a: number; readonly b: number }
  | { readonly kind: 'message'; readonly message: number };

interface ClusterProps {
  readonly player: Player;
  readonly telling: Telling;
  readonly look: Look;
  readonly selection: Selection | null;
  /** Undefined where nothing can be done to the run. */
  readonly onSelect: ((selection: Selection) => void) | undefined;
}

const WIDTH = 420;
const HEIGHT = 340;
const RADIUS = 122;
const NODE = 27;
/** More messages under way than this are not drawn one by one. */
const MESSAGES_MAX = 60;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The cluster as it is at the moment looked at: nodes, links between them, and messages where they are. */
export function Cluster(props: ClusterProps) {
  const { player } = props;
  const text = useText();
  const ids = Array.from({ length: player.nodes }, (_, i) => i + 1);
  const places = ids.map((_, i) => placeOf(i, player.nodes));
  const health = healthOf(player);
  const pairs = ids.flatMap((a) => ids.filter((b) => b > a).map((b) => [a, b] as const));
  const isLed = props.onSelect !== undefined;
  const messages = underWay(player);
  const roving = useRoving([
    ...ids.map((id) => `node ${id}`),
    ...pairs.map(([a, b]) => `link ${a} ${b}`),
    ...messages.map((i) => `message ${player.diagram.arrows.id[i]}`),
  ]);
  const drawn = { ...props, places, health, roving };
  return (
    <svg
      class="cluster"
      viewBox={frameOf(places)}
      role={isLed ? 'group' : 'img'}
      aria-label={text.t(isLed ? 'stage.clusterKeys' : 'stage.cluster')}
      {...(isLed ? roving.container : {})}
    >
      {pairs.map(([a, b]) => (
        <LinkLine key={`${a}-${b}`} {...drawn} a={a} b={b} />
      ))}
      {ids.map((id, i) => (
        <NodeCircle key={id} {...drawn} id={id} place={places[i]!} />
      ))}
      <Messages {...drawn} messages={messages} />
    </svg>
  );
}

function placeOf(index: number, nodes: number): Point {
  const angle = (index / nodes) * 2 * Math.PI - Math.PI / 2;
  const radius = nodes === 1 ? 0 : RADIUS;
  return { x: WIDTH / 2 + radius * 1.25 * Math.cos(angle), y: HEIGHT / 2 + radius * Math.sin(angle) };
}

/** As much as the nodes take, with their captions. */
function frameOf(places: readonly Point[]): string {
  const rows = places.map(({ y }) => y);
  const [top, bottom] = [Math.min(...rows) - NODE - 34, Math.max(...rows) + NODE + 42];
  return `0 ${top} ${WIDTH} ${bottom - top}`;
}

/** What is wrong just now, by link and by node. */
interface Health {
  readonly cut: ReadonlySet<string>;
  readonly slow: ReadonlySet<string>;
  readonly lossy: ReadonlySet<string>;
  readonly paused: ReadonlySet<number>;
}

/** From the faults that are active; roles in them are taken to be whom they hit when they began, which only the trace shows. */
function healthOf(player: Player): Health {
  const ids = Array.from({ length: player.nodes }, (_, i) => i + 1);
  const [cut, slow, lossy, paused] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<number>(),
  ];
  for (const { event } of player.activeFaults) {
    if (event === undefined || isMomentary(event)) continue;
    if (event.kind === 'pause') paused.add(event.node);
    if (event.kind === 'partition') {
      const rest = ids.filter((id) => !event.groups.some((group) => group.includes(id)));
      const groups = [...event.groups, rest];
      for (const from of ids)
        for (const to of ids)
          if (!groups.some((group) => group.includes(from) && group.includes(to))) cut.add(`${from}>${to}`);
    }
    const into = { cut, clog: cut, delay: slow, loss: lossy }[event.kind as string];
    if (into === undefined) continue;
    const { from = ids, to = ids } = event as { from?: readonly number[]; to?: readonly number[] };
    for (const a of from) for (const b of to) if (a !== b) into.add(`${a}>${b}`);
  }
  return { cut, slow, lossy, paused };
}

interface DrawnProps extends ClusterProps {
  readonly places: readonly Point[];
  readonly health: Health;
  readonly roving: Roving;
}

interface LinkLineProps extends DrawnProps {
  readonly a: number;
  readonly b: number;
}

/** A link is two: one for each direction, told apart only where they differ. */
function LinkLine({ a, b, places, health, selection, roving, onSelect }: LinkLineProps) {
  const text = useText();
  const [p, q] = [places[a - 1]!, places[b - 1]!];
  const isSelected = selection?.kind === 'link' && selection.a === a && selection.b === b;
  const state = (from: number, to: number) =>
    health.cut.has(`${from}>${to}`)
      ? 'cut'
      : health.lossy.has(`${from}>${to}`)
        ? 'lossy'
        : health.slow.has(`${from}>${to}`)
          ? 'slow'
          : 'fine';
  const [there, back] = [state(a, b), state(b, a)];
  const told = (words: string, from: number, to: number) =>
    words === 'fine'
      ? ''
      : ` ${text.t(words === 'cut' ? 'stage.linkCut' : words === 'lossy' ? 'stage.linkLossy' : 'stage.linkSlow', { from, to })}`;
  const label = `${text.t('stage.link', { a, b })}${told(there, a, b)}${told(back, b, a)}`;
  const same = there === back;
  return (
    <g
      class={`link${isSelected ? ' selected' : ''}`}
      {...(onSelect === undefined
        ? {}
        : roving.item(`link ${a} ${b}`, label, () => onSelect({ kind: 'link', a, b })))}
    >
      <line class="reach" x1={p.x} y1={p.y} x2={q.x} y2={q.y} />
      {same ? (
        <Wire from={p} to={q} state={there} shift={0} />
      ) : (
        <>
          <Wire from={p} to={q} state={there} shift={3} />
          <Wire from={q} to={p} state={back} shift={3} />
        </>
      )}
    </g>
  );
}

interface WireProps {
  readonly from: Point;
  readonly to: Point;
  readonly state: string;
  readonly shift: number;
}

function Wire({ from, to, state, shift }: WireProps) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [dx, dy] = [((to.y - from.y) / length) * shift, (-(to.x - from.x) / length) * shift];
  const middle = { x: (from.x + to.x) / 2 + dx, y: (from.y + to.y) / 2 + dy };
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  return (
    <>
      <line class={`wire ${state}`} x1={from.x + dx} y1={from.y + dy} x2={to.x + dx} y2={to.y + dy} />
      {state === 'fine' ? null : (
        <g class={`wire-sign ${state}`} transform={`translate(${middle.x} ${middle.y}) rotate(${angle})`}>
          {state === 'cut' ? <path d="M-5-6l10 12M5-6L-5 6" /> : null}
          {state === 'slow' ? <path d="M-4-5v10M4-5v10" /> : null}
          {state === 'lossy' ? <path d="M-6 0q3-7 6 0t6 0" /> : null}
          {shift === 0 ? null : <path d="M9-3l5 3-5 3" />}
        </g>
      )}
    </>
  );
}

interface NodeCircleProps extends DrawnProps {
  readonly id: number;
  readonly place: Point;
}

function NodeCircle(props: NodeCircleProps) {
  const { id, place, player, telling, health, selection, roving, onSelect } = props;
  const text = useText();
  const observation = player.recorder.frameAt(id, player.events)?.observation ?? null;
  const { broken } = player;
  const paused = observation !== null && health.paused.has(id);
  const tone = observation === null ? 'down' : toneOf(observation.role, id, observation.leader ?? -1);
  const role = observation === null ? text.t('stage.isDown') : termOf(telling, observation.role);
  const epoch =
    observation === null || observation.epoch === 0 ? '' : `${termOf(telling, 'epoch')} ${observation.epoch}`;
  const isSelected = selection?.kind === 'node' && selection.node === id;
  const label = [text.t('see.node', { number: id }), role, epoch, paused ? text.t('stage.isPaused') : '']
    .filter((part) => part !== '')
    .join(', ');
  const below = place.y >= HEIGHT / 2 - 1;
  return (
    <g
      class={`node tone-${tone}${isSelected ? ' selected' : ''}`}
      transform={`translate(${place.x} ${place.y})`}
      {...(onSelect === undefined
        ? {}
        : roving.item(`node ${id}`, label, () => onSelect({ kind: 'node', node: id })))}
    >
      {broken?.node === id || broken?.other === id ? <circle class="blame" r={NODE + 9} /> : null}
      {tone === 'leads' ? <circle class="ring" r={NODE + 5} /> : null}
      <circle class="body" r={NODE} />
      <text class="number" y={paused || observation === null ? -4 : 1}>
        {id}
      </text>{' '}
      {observation === null ? (
        <path class="sign" d="M-6 8l12 12M6 8L-6 20" transform="translate(0 -4)" />
      ) : null}
      {paused ? <path class="sign" d="M-4 7v12M4 7v12" /> : null}
      <text class="caption" y={below ? NODE + 19 : -NODE - 22}>
        {role}
      </text>{' '}
      <text class="caption small" y={below ? NODE + 34 : -NODE - 8}>
        {epoch}
      </text>
    </g>
  );
}

/** The messages under way at the moment looked at, by their places among the arrows. */
function underWay({ diagram: { arrows }, time, events }: Player): readonly number[] {
  const first = arrows.firstFrom(time - Math.max(arrows.longest, 1));
  const last = arrows.firstFrom(time + 1);
  const found: number[] = [];
  for (let i = first; i < last && found.length < MESSAGES_MAX; i++) {
    const isThere = arrows.sentAt[i]! < events && (arrows.gotAt[i]! < 0 || arrows.gotAt[i]! >= events);
    if (arrows.kind[i] === MESSAGE && isThere) found.push(i);
  }
  return found;
}

interface MessagesProps extends DrawnProps {
  /** Places among the arrows. */
  readonly messages: readonly number[];
}

/** Messages under way, each where it is by now. */
function Messages({ messages, player, places, look, selection, roving, onSelect }: MessagesProps) {
  const text = useText();
  const { diagram, time } = player;
  const { arrows } = diagram;
  return (
    <g>
      {messages.map((i) => {
        const fate = arrows.fate[i];
        const way =
          fate === UNDER_WAY ? Math.max(arrows.longest, 1) : Math.max(1, arrows.got[i]! - arrows.sent[i]!);
        const share = Math.min(fate === ARRIVED ? 1 : 0.92, (time - arrows.sent[i]!) / way);
        const point = between(places[arrows.from[i]! - 1]!, places[arrows.to[i]! - 1]!, share);
        const type = diagram.trace.name(arrows.type[i]!);
        const message = arrows.id[i]!;
        const isSelected = selection?.kind === 'message' && selection.message === message;
        const drawn = initials(type);
        const told = text.t('stage.message', { type, from: arrows.from[i]!, to: arrows.to[i]! });
        const label = `${drawn}: ${told}`; // whoever speaks to the page says what they see
        return (
          <g
            key={message}
            class={`message${isSelected ? ' selected' : ''}`}
            transform={`translate(${point.x} ${point.y})`}
            {...(onSelect === undefined
              ? {}
              : roving.item(`message ${message}`, label, () => onSelect({ kind: 'message', message })))}
          >
            <circle class="reach" r={15} />
            <circle class="dot" r={11} style={{ fill: look.styleOf(type).colour }} />
            <text y={0.5}>{drawn}</text>
          </g>
        );
      })}
    </g>
  );
}

/** On the line between the rims of two nodes, a little to the left of it, so that messages which meet do not cover each other. */
function between(from: Point, to: Point, share: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1; // one to itself, in traces of others
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const way = NODE + (length - 2 * NODE) * share;
  return { x: from.x + ux * way + uy * 7, y: from.y + uy * way - ux * 7 };
}
