import type { Frame, LogImage } from '@quorate/simulator';
import { toneOf } from '../see/look.ts';
import { type Telling, termOf } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import type { Player } from './player.ts';

interface NodesProps {
  readonly player: Player;
  readonly telling: Telling;
  /** The node that is selected; 0 for none. */
  readonly selected: number;
  readonly onSelect: ((node: number) => void) | undefined;
}

/** How each node is at the moment looked at, as the protocol itself says. */
export function Nodes({ player, telling, selected, onSelect }: NodesProps) {
  const ids = Array.from({ length: player.nodes }, (_, i) => i + 1);
  return (
    <ul class="nodes" aria-label={useText().t('stage.nodes')}>
      {ids.map((id) => (
        <NodeCard
          key={id}
          id={id}
          frame={player.recorder.frameAt(id, player.events)}
          decided={player.diagram.decidedBy(id, player.events)}
          telling={telling}
          isSelected={id === selected}
          onSelect={onSelect}
        />
      ))}
    </ul>
  );
}

interface NodeCardProps {
  readonly id: number;
  readonly frame: Frame | undefined;
  readonly decided: number;
  readonly telling: Telling;
  readonly isSelected: boolean;
  readonly onSelect: ((node: number) => void) | undefined;
}

function NodeCard({ id, frame, decided, telling, isSelected, onSelect }: NodeCardProps) {
  const text = useText();
  const observation = frame?.observation ?? null;
  const tone = observation === null ? 'down' : toneOf(observation.role, id, observation.leader ?? -1);
  const role = observation === null ? text.t('stage.isDown') : termOf(telling, observation.role);
  const epoch =
    observation === null || observation.epoch === 0 ? '' : `${termOf(telling, 'epoch')} ${observation.epoch}`;
  const name = text.t('see.node', { number: id });
  return (
    <li class={`node-card tone-${tone}${isSelected ? ' selected' : ''}`}>
      <h3>
        {onSelect === undefined ? (
          name
        ) : (
          <button type="button" aria-pressed={isSelected} onClick={() => onSelect(id)}>
            {name}
          </button>
        )}
        <span class="role">{role}</span>
        <span class="epoch">{epoch}</span>
      </h3>
      {frame?.log == null ? null : <LogStrip log={frame.log} decided={decided} telling={telling} />}
      {observation === null ? null : (
        <dl>
          {Object.entries(observation.details).map(([label, value]) => (
            <div key={label}>
              <dt>{labelOf(telling, label)}</dt>
              <dd class={value === 0 ? 'none' : undefined}>{writtenOf(telling, value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

function labelOf(telling: Telling, label: string): string {
  const [, number] = /^node (\d+)$/.exec(label) ?? [];
  return number === undefined ? termOf(telling, label) : telling.text.t('see.node', { number });
}

function writtenOf(telling: Telling, value: string | number | boolean): string {
  if (typeof value === 'number') return telling.text.decimals(value, Number.isInteger(value) ? 0 : 3);
  return typeof value === 'string' ? termOf(telling, value) : String(value);
}

const SHOWN = 10;

/** The logs of nodes that keep one, on paper, where there is no room for the rest. */
export function Logs({ player, telling }: Pick<NodesProps, 'player' | 'telling'>) {
  const text = useText();
  const ids = Array.from({ length: player.nodes }, (_, i) => i + 1);
  const logs = ids.flatMap((id) => {
    const log = player.recorder.frameAt(id, player.events)?.log;
    return log == null ? [] : [{ id, log, decided: player.diagram.decidedBy(id, player.events) }];
  });
  if (logs.length === 0) return null;
  return (
    <ul class="logs">
      {logs.map(({ id, log, decided }) => (
        <li key={id}>
          <span>{text.t('see.node', { number: id })}</span>
          <LogStrip log={log} decided={decided} telling={telling} />
        </li>
      ))}
    </ul>
  );
}

/** The end of a replicated log, entry by entry: its epoch, whether it is on disk, whether it is decided. */
function LogStrip({
  log,
  decided,
  telling,
}: {
  readonly log: LogImage;
  readonly decided: number;
  readonly telling: Telling;
}) {
  const { text } = telling;
  const first = Math.max(log.first, log.last - SHOWN + 1);
  const slots = Array.from({ length: Math.max(0, log.last - first + 1) }, (_, i) => first + i);
  const epochs = slots.map((slot) => log.runs.findLast(([from]) => from <= slot)?.[1] ?? 0);
  const told =
    slots.length === 0
      ? text.t('stage.logEmpty')
      : text.t('stage.log', { first, last: log.last, epochs: epochs.join(', '), decided });
  return (
    <div class="log" role="img" aria-label={told}>
      {first > 1 ? <span class="more">{first - 1} …</span> : null}
      {slots.length === 0 ? <span class="more">{text.t('stage.logEmpty')}</span> : null}
      {slots.map((slot, i) => (
        <span
          key={slot}
          class={`entry epoch-${epochs[i]! % 6}${slot <= decided ? ' decided' : ''}${slot <= log.durable ? '' : ' volatile'}`}
        >
          {epochs[i]}
        </span>
      ))}
    </div>
  );
}
