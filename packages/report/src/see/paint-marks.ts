import { lowerBound } from './arrows.ts';
import type { Marks, OperationSpan } from './diagram.ts';
import { xOf } from './layout.ts';
import { ends, type Picture, yOf } from './paint.ts';
import { cross, halo, line } from './strokes.ts';

/** Of more marks than this in a window only the rare ones are drawn: the others would be one smear. */
const MARKS_MAX = 4000;

/** What stands on lanes: operations of clients, records on their way to disk, decisions, timers, and whatever else happens at one moment. */
export function paintMarks(ctx: CanvasRenderingContext2D, picture: Picture): void {
  const { diagram, window } = picture;
  const until = picture.future ? window.to : Math.min(window.to, picture.time + 1);
  paintOperations(ctx, picture);
  paintWrites(ctx, picture, until);
  const within = ({ time }: Marks) => [lowerBound(time, window.from), lowerBound(time, until)] as const;
  const [first, last] = within(diagram.marks);
  const marks = last - first > MARKS_MAX ? diagram.rareMarks : diagram.marks;
  const [from, to] = within(marks);
  for (let i = from; i < to; i++) paintMark(ctx, picture, marks.event[i]!);
  for (const event of picture.broken) ring(ctx, picture, event);
}

/** Operations that are told from one another by how they ended, one after another on their lane; those without success above the others. */
function paintOperations(ctx: CanvasRenderingContext2D, picture: Picture): void {
  const { diagram, window, time, future, look, layout } = picture;
  const { good, bad, doubt, muted } = look.palette;
  const shown = diagram.operations.filter(
    (span) => span !== undefined && span.from <= window.to && span.to >= window.from,
  );
  const isOpen = (span: OperationSpan) => span.status < 0 || (!future && span.to > time);
  ctx.globalAlpha = picture.path === null ? 0.75 : 0.4;
  for (const [status, colour] of [muted, good, bad, doubt].entries()) {
    ctx.fillStyle = colour;
    const bars = new Bars(ctx, 8, 2);
    for (const span of shown) {
      if ((isOpen(span) ? -1 : span.status) !== status - 1) continue;
      const y = yOf(layout, span.lane);
      if (y !== undefined) bars.add(y - 4, ...ends(span, layout, window));
    }
    bars.finish();
  }
  ctx.globalAlpha = 1;
  if (shown.length >= 200) return;
  for (const span of shown) {
    const y = yOf(layout, span.lane);
    if (y === undefined || isOpen(span) || span.status === 0) continue;
    const [, to] = ends(span, layout, window);
    ctx.strokeStyle = span.status === 1 ? bad : doubt;
    ctx.fillStyle = ctx.strokeStyle;
    ctx.textAlign = 'left';
    if (span.status === 1) cross(ctx, to, y);
    else halo(ctx, '?', to + 3, y, look.palette.ground);
  }
}

/** Operations that wait at the moment looked at: how they will end is not known yet. */
export function paintOpen(
  ctx: CanvasRenderingContext2D,
  { diagram, layout, window, time, look }: Picture,
): void {
  for (const span of diagram.operations) {
    if (span === undefined || span.from > time || span.to <= time || span.from > window.to) continue;
    const y = yOf(layout, span.lane);
    if (y === undefined) continue;
    const from = Math.max(layout.left, xOf(layout, window, span.from));
    const width = Math.min(layout.width, xOf(layout, window, time)) - from;
    if (width <= 0) continue;
    ctx.fillStyle = look.palette.ground;
    ctx.fillRect(from, y - 4, width, 8);
    ctx.fillStyle = look.palette.muted;
    ctx.globalAlpha = 0.75;
    ctx.fillRect(from, y - 4, width, 8);
    ctx.globalAlpha = 1;
  }
}

/** Bars along lanes; those that meet on their lane, to the pixel, are drawn as one, so that thousands cost as much as hundreds. */
class Bars {
  readonly #ctx: CanvasRenderingContext2D;
  readonly #height: number;
  readonly #least: number;
  /** By lane, its top: the bar that may grow. */
  readonly #open = new Map<number, { from: number; to: number }>();

  /** @param least how wide a bar is at least, pixels */
  constructor(ctx: CanvasRenderingContext2D, height: number, least: number) {
    this.#ctx = ctx;
    this.#height = height;
    this.#least = least;
  }

  /** On each lane in the order of `from`. */
  add(top: number, from: number, to: number): void {
    const open = this.#open.get(top);
    if (open !== undefined && from <= Math.max(open.to, open.from + this.#least) + 0.5) {
      open.to = Math.max(open.to, to);
      return;
    }
    if (open !== undefined) this.#draw(top, open.from, open.to);
    this.#open.set(top, { from, to });
  }

  finish(): void {
    for (const [top, { from, to }] of this.#open) this.#draw(top, from, to);
    this.#open.clear();
  }

  #draw(top: number, from: number, to: number): void {
    this.#ctx.fillRect(from, top, Math.max(this.#least, to - from), this.#height);
  }
}

/** From when a record is written until the disk has it: a bar below the lane. */
function paintWrites(ctx: CanvasRenderingContext2D, picture: Picture, until: number): void {
  const { diagram, layout, window, look } = picture;
  ctx.fillStyle = look.palette.ink;
  ctx.globalAlpha = 0.4;
  for (const { lane, y } of layout.rows) {
    if (lane < 0) continue;
    const writes = diagram.writes[lane]!;
    const bars = new Bars(ctx, 3, 1);
    // records become durable in order, and within a second even on a bad day
    let at = lowerBoundOf(writes, window.from - 1_000_000);
    for (; at < writes.length && writes[at]!.from <= until; at++) {
      const write = writes[at]!;
      if (!write.forced || write.to < window.from) continue;
      const to = write.to === Number.POSITIVE_INFINITY ? layout.width : xOf(layout, window, write.to);
      bars.add(y + 4, xOf(layout, window, write.from), to);
    }
    bars.finish();
  }
  ctx.globalAlpha = 1;
}

function lowerBoundOf(spans: readonly { readonly from: number }[], time: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.from < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function paintMark(ctx: CanvasRenderingContext2D, picture: Picture, at: number): void {
  const { diagram, layout, window, look } = picture;
  const event = diagram.trace.at(at);
  const y = yOf(layout, event.node);
  if (y === undefined) return;
  const x = xOf(layout, window, event.time);
  const { palette } = look;
  switch (event.kind) {
    case 'sync':
      ctx.fillStyle = palette.ink;
      ctx.beginPath();
      ctx.moveTo(x, y + 2);
      ctx.lineTo(x + 3.5, y + 5.5);
      ctx.lineTo(x, y + 9);
      ctx.lineTo(x - 3.5, y + 5.5);
      ctx.fill();
      break;
    case 'decide':
      ctx.fillStyle = event.b === 1 ? palette.bad : palette.good;
      ctx.beginPath();
      ctx.arc(x, y, 4.5, 0, 2 * Math.PI);
      ctx.fill();
      ctx.strokeStyle = palette.ground;
      ctx.lineWidth = 1.4;
      if (event.b === 1) {
        line(ctx, x - 2, y - 2, x + 2, y + 2);
        line(ctx, x - 2, y + 2, x + 2, y - 2);
      } else {
        line(ctx, x - 2.2, y, x - 0.5, y + 2);
        line(ctx, x - 0.5, y + 2, x + 2.4, y - 1.8);
      }
      break;
    case 'timer':
      ctx.strokeStyle = palette.muted;
      ctx.lineWidth = 1;
      line(ctx, x, y - 6, x, y - 1);
      break;
    case 'crash':
    case 'halt':
      ctx.strokeStyle = palette.bad;
      cross(ctx, x, y);
      break;
    case 'restart':
      ctx.strokeStyle = palette.good;
      ctx.lineWidth = 2.5;
      line(ctx, x, y - 9, x, y + 9);
      break;
    case 'snapshot':
      ctx.strokeStyle = palette.ink;
      ctx.lineWidth = 1.2;
      ctx.strokeRect(x - 3.5, y - 3.5, 7, 7);
      break;
  }
}

/** What is pointed at, or broke a rule, has a ring around it. */
export function ring(ctx: CanvasRenderingContext2D, picture: Picture, at: number): void {
  const { diagram, layout, window, look, broken } = picture;
  if (at < 0 || at >= diagram.times.length) return;
  const event = diagram.trace.at(at);
  const lane = ['invoke', 'ask', 'answer', 'return'].includes(event.kind)
    ? diagram.operations[event.a]?.lane
    : event.node;
  const y = lane === undefined ? undefined : yOf(layout, lane);
  if (y === undefined) return;
  ctx.strokeStyle = broken.includes(at) ? look.palette.bad : look.palette.ink;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(xOf(layout, window, event.time), y, 9, 0, 2 * Math.PI);
  ctx.stroke();
}
