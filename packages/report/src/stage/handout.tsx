import type { Lesson } from '@quorate/interface';
import type { PlayedLesson, SimulationOptions } from '@quorate/simulator';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Look } from '../see/look.ts';
import { localOf } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import { Cluster } from './cluster.tsx';
import { Logs } from './nodes.tsx';
import { Player } from './player.ts';
import type { Stocked } from './stock.ts';
import { tellingOf } from './telling.ts';

interface HandoutProps {
  readonly stocked: Stocked;
  readonly lesson: Lesson;
  /** The lesson's run. */
  readonly options: SimulationOptions;
  readonly stops: PlayedLesson['stops'];
  readonly look: Look;
  /** What stands at the end of the lesson. */
  readonly children: ComponentChildren;
}

/** A lesson on paper: every stop with its text, and the cluster and its logs as they are then. */
export function Handout({ stocked, lesson, options, stops, look, children }: HandoutProps) {
  const text = useText();
  const players = useMemo(
    () =>
      stops.map(({ time }) => {
        const player = Player.recorded(options, lesson.mutant);
        player.seek(time);
        return player;
      }),
    [options, lesson, stops],
  );
  return (
    <div class="handout">
      <ol>
        {players.map((player, i) => (
          <li key={stops[i]!.time} class="stop">
            <div>
              <p class="at">
                {text.t('learn.stop', { number: i + 1, of: stops.length })} ·{' '}
                {text.t('stage.time', { time: text.decimals(player.time / 1000, 3) })}
              </p>
              <p>{localOf(text, lesson.steps[i]!.text)}</p>
              <Logs player={player} telling={tellingOf(player, stocked.teaching, text)} />
            </div>
            <Cluster
              player={player}
              telling={tellingOf(player, stocked.teaching, text)}
              look={look}
              selection={null}
              onSelect={undefined}
            />
          </li>
        ))}
      </ol>
      <div class="ends">{children}</div>
    </div>
  );
}
