import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Palette } from '../palette.ts';
import type { Diagram } from '../see/diagram.ts';
import type { Text } from '../text/text.ts';
import { useText } from '../view/context.ts';
import { usePalette } from './palette-hook.ts';
import type { Player } from './player.ts';

/** Ways to an operation that stands for others. */
export const PERCENTILES = [
  { name: 'p50', share: 0.5 },
  { name: 'p99', share: 0.99 },
  { name: 'p99.9', share: 0.999 },
  { name: 'slowest', share: 1 },
] as const;

/** The finished operation at such a share of all latencies; 0 where none is finished. */
export function operationAt(diagram: Diagram, share: number): number {
  const sorted = finished(diagram).sort(
    (a, b) => a.to - a.from - (b.to - b.from) || a.operation - b.operation,
  );
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]?.operation ?? 0;
}

function finished(diagram: Diagram) {
  return diagram.operations.filter((span) => span !== undefined && span.status === 0);
}

interface LatenciesProps {
  readonly player: Player;
  readonly followed: number;
  readonly onFollow: (operation: number) => void;
}

const HEIGHT = 130;
const LEFT = 56;
const BOTTOM = 20;

/** How long each operation took, over the run: every point leads to its operation's own way. */
export function Latencies({ player, followed, onFollow }: LatenciesProps) {
  const text = useText();
  const palette = usePalette();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const { diagram } = player;
  const points = useMemo(() => pointsOf(diagram), [diagram, diagram.operations.length]);
  const percentiles = useMemo(
    () => PERCENTILES.map(({ name, share }) => ({ name, operation: operationAt(diagram, share) })),
    [diagram, diagram.operations.length],
  );
  useLayoutEffect(() => {
    const element = canvas.current?.parentElement;
    if (element == null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (canvas.current !== null && width > 0)
      plot(canvas.current, points, { width, palette, text, followed });
  }, [points, width, palette, text, followed]);
  if (points.length === 0) return null;
  const press = (event: MouseEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = nearest(points, width, event.clientX - box.left, event.clientY - box.top);
    if (at !== undefined) onFollow(at.operation);
  };
  return (
    <figure class="latencies">
      <figcaption>{text.t('see.latencies')}</figcaption>
      <div class="canvas">
        <canvas
          ref={canvas}
          style={{ height: `${HEIGHT}px`, width: '100%' }}
          role="img"
          aria-label={text.t('see.latenciesLabel', { count: points.length })}
          onClick={press}
        />
      </div>
      <div class="row">
        {percentiles.map(({ name, operation }) => {
          const span = diagram.operations[operation];
          if (span === undefined) return null;
          return (
            <button
              key={name}
              type="button"
              aria-pressed={followed === operation}
              onClick={() => onFollow(operation)}
            >
              {text.t(name === 'slowest' ? 'see.slowest' : name === 'p50' ? 'see.median' : 'see.percentile', {
                name: name.slice(1),
                time: text.quantity('duration', span.to - span.from),
              } as never)}
            </button>
          );
        })}
      </div>
    </figure>
  );
}

interface Point {
  readonly operation: number;
  readonly time: number;
  readonly latency: number;
  readonly status: number;
}

function pointsOf(diagram: Diagram): readonly Point[] {
  return diagram.operations.flatMap((span) =>
    span === undefined || span.status < 0
      ? []
      : [
          {
            operation: span.operation,
            time: span.from,
            latency: Math.max(1, span.to - span.from),
            status: span.status,
          },
        ],
  );
}

/** A stretch of time in which operations began, and the part of the line that it has, from 0 to 1. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
}

/** Longer than this share of all time without a beginning is drawn as a break, so wide. */
const PAUSE = 0.3;
const BREAK = 0.04;

/** The time line, without long pauses: what a measurement ends with is often seconds after it. */
function stretchesOf(points: readonly Point[]): readonly Stretch[] {
  const times = points.map(({ time }) => time).sort((a, b) => a - b);
  const [first, last] = [times[0]!, times.at(-1)!];
  const parts: { from: number; to: number }[] = [];
  for (const time of times) {
    const part = parts.at(-1);
    if (part === undefined || time - part.to > (last - first) * PAUSE) parts.push({ from: time, to: time });
    else part.to = time;
  }
  const least = (last - first) * 0.01;
  const spans = parts.map(({ from, to }) => Math.max(1, least, to - from));
  const all = spans.reduce((sum, span) => sum + span, 0);
  const room = 1 - BREAK * (parts.length - 1);
  let left = 0;
  return parts.map((part, i) => {
    const right = left + (spans[i]! / all) * room;
    const stretch = { ...part, left, right };
    left = right + BREAK;
    return stretch;
  });
}

/** Places of points: time on a line, latency on a logarithmic scale. */
function scaleOf(points: readonly Point[], width: number) {
  let [low, high] = [Infinity, -Infinity];
  for (const { latency } of points) {
    low = Math.min(low, latency);
    high = Math.max(high, latency);
  }
  const [bottom, top] = [Math.log10(low) - 0.1, Math.log10(high) + 0.12];
  const stretches = stretchesOf(points);
  const place = (share: number) => LEFT + share * (width - LEFT - 10);
  return {
    low: bottom,
    high: top,
    stretches,
    place,
    x: (time: number) => {
      const { from, to, left, right } = stretches.findLast((one) => one.from <= time) ?? stretches[0]!;
      return place(left + ((time - from) / Math.max(1, to - from)) * (right - left));
    },
    y: (latency: number) =>
      6 + (1 - (Math.log10(latency) - bottom) / Math.max(0.01, top - bottom)) * (HEIGHT - BOTTOM - 6),
  };
}

function nearest(points: readonly Point[], width: number, x: number, y: number): Point | undefined {
  const scale = scaleOf(points, width);
  let best: Point | undefined;
  let least = 18;
  for (const point of points) {
    const distance = Math.hypot(scale.x(point.time) - x, scale.y(point.latency) - y);
    if (distance >= least) continue;
    least = distance;
    best = point;
  }
  return best;
}

interface PlotLook {
  readonly width: number;
  readonly palette: Palette;
  readonly text: Text;
  readonly followed: number;
}

/** Where each stretch begins and, where there is room, its middle and end; between them a break. */
function paintTimes(
  ctx: CanvasRenderingContext2D,
  { stretches, place }: ReturnType<typeof scaleOf>,
  palette: Palette,
  text: Text,
): void {
  for (const [i, { from, to, left, right }] of stretches.entries()) {
    const wide = place(right) - place(left) > 220;
    for (const share of wide ? [0.02, 0.5, 0.9] : [0.5])
      ctx.fillText(
        text.quantity('duration', from + (to - from) * share),
        Math.min(place(left + (right - left) * share), place(1) - 14),
        HEIGHT - 8,
      );
    if (i === 0) continue;
    const x = place(left - BREAK / 2);
    ctx.strokeStyle = palette.muted;
    for (const dx of [-3, 3]) {
      ctx.beginPath();
      ctx.moveTo(x + dx - 3, HEIGHT - BOTTOM + 5);
      ctx.lineTo(x + dx + 3, HEIGHT - BOTTOM - 7);
      ctx.stroke();
    }
  }
}

function plot(
  canvas: HTMLCanvasElement,
  points: readonly Point[],
  { width, palette, text, followed }: PlotLook,
): void {
  const ctx = canvas.getContext('2d');
  if (ctx === null) return;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.font = '11px system-ui, sans-serif';
  ctx.textBaseline = 'middle';
  const scale = scaleOf(points, width);
  ctx.strokeStyle = palette.faint;
  ctx.fillStyle = palette.muted;
  ctx.textAlign = 'right';
  for (let power = Math.ceil(scale.low); power <= scale.high; power++) {
    const y = Math.round(scale.y(10 ** power)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(LEFT, y);
    ctx.lineTo(width, y);
    ctx.stroke();
    ctx.fillText(text.quantity('duration', 10 ** power), LEFT - 6, y);
  }
  ctx.textAlign = 'center';
  paintTimes(ctx, scale, palette, text);
  ctx.globalAlpha = points.length > 1500 ? 0.45 : 0.75;
  for (const { time, latency, status } of points) {
    const [x, y] = [scale.x(time), scale.y(latency)];
    ctx.fillStyle = [palette.accent, palette.bad, palette.doubt][status]!;
    if (status === 0) ctx.fillRect(x - 1.5, y - 1.5, 3, 3);
    else {
      ctx.beginPath();
      ctx.moveTo(x, y - 4);
      ctx.lineTo(x + 4, y + 3);
      ctx.lineTo(x - 4, y + 3);
      ctx.fill();
    }
  }
  ctx.globalAlpha = 1;
  const chosen = points.find(({ operation }) => operation === followed);
  if (chosen === undefined) return;
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(scale.x(chosen.time), scale.y(chosen.latency), 7, 0, 2 * Math.PI);
  ctx.stroke();
}
