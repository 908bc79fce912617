import { type Run, styleOf } from '../data/run.ts';
import type { Finding } from '../data/summary.ts';
import { SHAPES } from '../palette.ts';

interface Props {
  readonly run: Run;
  readonly finding: Finding;
  /** All findings that share one axis. */
  readonly findings: readonly Finding[];
}

const WIDTH = 240;
const MIDDLE = WIDTH / 2;
const ROW = 14;

/** A finding's ratios with their intervals on a logarithmic axis around 1. Says nothing that the text beside it does not. */
export function Forest({ run, finding, findings }: Props) {
  const reach = Math.max(
    Math.log(1.25),
    ...findings.flatMap(ratiosOf).map((ratio) => Math.abs(Math.log(ratio))),
  );
  const place = (ratio: number) => MIDDLE + (Math.log(clamp(ratio)) / reach) * (MIDDLE - 6);
  const rivals = finding.verdict === 'open' ? [] : [...finding.behind, ...finding.level];
  const height = Math.max(1, rivals.length) * ROW + 4;
  return (
    <svg class="forest" viewBox={`0 0 ${WIDTH} ${height}`} width={WIDTH} height={height} aria-hidden="true">
      <path class="axis" d={`M0 ${height / 2}H${WIDTH}`} />
      <path class="one" d={`M${MIDDLE} 0V${height}`} />
      {rivals.map(({ protocol, ratio }, i) => {
        const y = i * ROW + ROW / 2 + 2;
        const colour = finding.level.some((rival) => rival.protocol === protocol)
          ? 'level'
          : `series-${styleOf(run, finding.leader) % SHAPES.length}`;
        return (
          <g key={protocol} class={colour}>
            <path class="whisker" d={`M${place(ratio.low)} ${y}H${place(ratio.high)}`} />
            <circle cx={place(ratio.value)} cy={y} r="3.5" />
          </g>
        );
      })}
    </svg>
  );
}

function ratiosOf(finding: Finding): number[] {
  return [...finding.behind, ...finding.level].flatMap(({ ratio }) => [clamp(ratio.low), clamp(ratio.high)]);
}

/** Ratios beyond a factor of 1000, or of nothing, end at the axis' edge. */
function clamp(ratio: number): number {
  return Math.min(1000, Math.max(0.001, Number.isFinite(ratio) ? ratio : 1000));
}
