import type { Teaching } from '@quorate/interface';
import type { Telling } from '../see/tell.ts';
import type { Text } from '../text/text.ts';
import type { Player } from './player.ts';

/** A player's run, ready to be told. */
export function tellingOf(player: Player, teaching: Teaching | undefined, text: Text): Telling {
  return {
    text,
    trace: player.diagram.trace,
    protocol: player.protocol,
    terms: teaching?.terms ?? {},
    recorder: player.recorder,
    fault: (index) => player.fault(index),
  };
}
