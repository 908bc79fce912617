import { type Run, styleOf } from '../data/run.ts';
import type { Rival } from '../data/summary.ts';
import { appearance } from '../palette.ts';

interface Props {
  readonly run: Run;
  readonly leader: string;
  readonly rivals: readonly Rival[];
  /** All ratios that must find room on the axis, which several plots share. */
  readonly axis: readonly number[];
}

const WIDTH = 240;
const MIDDLE = WIDTH / 2;
const ROW = 14;

/** A leader's ratios to its rivals, with their intervals, around 1. Says nothing that the text beside it does not. */
export function Forest({ run, leader, rivals, axis }: Props) {
  const reach = Math.max(Math.log(1.25), ...axis.map((ratio) => Math.abs(Math.log(clamp(ratio)))));
  const place = (ratio: number) => MIDDLE + (Math.log(clamp(ratio)) / reach) * (MIDDLE - 6);
  const { colour } = appearance(styleOf(run, leader));
  const height = Math.max(1, rivals.length) * ROW + 4;
  return (
    <svg class="forest" viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} aria-hidden="true">
      <path class="axis" d={`M0 ${height / 2}H${WIDTH}`} />
      <path class="one" d={`M${MIDDLE} 0V${height}`} />
      {rivals.map(({ protocol, ratio }, i) => {
        const y = i * ROW + ROW / 2 + 2;
        const level = ratio.low <= 1 && ratio.high >= 1;
        return (
          <g key={protocol} class={level ? 'level' : `series-${colour}`}>
            <path class="whisker" d={`M${place(ratio.low)} ${y}H${place(ratio.high)}`} />
            <circle cx={place(ratio.value)} cy={y} r="3.5" />
          </g>
        );
      })}
    </svg>
  );
}

/** Ratios beyond a factor of 1000, or of nothing, end at the axis' edge. */
function clamp(ratio: number): number {
  return Math.min(1000, Math.max(0.001, Number.isFinite(ratio) ? ratio : 1000));
}
