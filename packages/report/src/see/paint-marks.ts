import { lowerBound } from './arrows.ts';
import type { OperationSpan } from './diagram.ts';
import { xOf } from './layout.ts';
import { cross, ends, halo, line, type Picture, yOf } from './paint.ts';

/** More marks than this in a window are not drawn: they would be one smear. */
const MARKS_MAX = 4000;

/** What stands on lanes: operations of clients, records on their way to disk, decisions, timers, and whatever else happens at one moment. */
export function paintMarks(ctx: CanvasRenderingContext2D, picture: Picture): void {
  const { diagram, window } = picture;
  const until = picture.future ? window.to : Math.min(window.to, picture.time + 1);
  paintOperations(ctx, picture);
  paintWrites(ctx, picture, until);
  const { marks } = diagram;
  const first = lowerBound(marks.time, window.from);
  const last = lowerBound(marks.time, until);
  if (last - first > MARKS_MAX) return;
  for (let i = first; i < last; i++) paintMark(ctx, picture, marks.event[i]!);
  for (const event of [...picture.broken, ...picture.pointed]) ring(ctx, picture, event);
}

function paintOperations(ctx: CanvasRenderingContext2D, picture: Picture): void {
  const { diagram, layout, window, look, path } = picture;
  const shown: OperationSpan[] = [];
  for (const span of diagram.operations) {
    if (span === undefined || span.from > window.to || span.to < window.from) continue;
    shown.push(span);
    if (shown.length > MARKS_MAX) break;
  }
  for (const span of shown) {
    const y = yOf(layout, span.lane);
    if (y === undefined) continue;
    const [from, to] = ends(span, layout, window);
    const { good, bad, doubt, muted } = look.palette;
    const isOpen = !picture.future && span.to > picture.time;
    ctx.fillStyle = (isOpen ? undefined : [good, bad, doubt][span.status]) ?? muted;
    ctx.globalAlpha = path === null ? 0.75 : 0.4;
    ctx.fillRect(from, y - 4, Math.max(2, to - from), 8);
    ctx.globalAlpha = 1;
    if (shown.length < 200 && span.status > 0 && !isOpen) {
      ctx.strokeStyle = ctx.fillStyle;
      ctx.textAlign = 'left';
      if (span.status === 1) cross(ctx, to, y);
      else halo(ctx, '?', to + 3, y, look.palette.ground);
    }
  }
}

/** From when a record is written until the disk has it: a bar below the lane. */
function paintWrites(ctx: CanvasRenderingContext2D, picture: Picture, until: number): void {
  const { diagram, layout, window, look } = picture;
  for (const { lane, y } of layout.rows) {
    if (lane < 0) continue;
    const writes = diagram.writes[lane]!;
    // records become durable in order, and within a second even on a bad day
    let at = lowerBoundOf(writes, window.from - 1_000_000);
    ctx.fillStyle = look.palette.ink;
    let drawn = 0;
    for (; at < writes.length && writes[at]!.from <= until && drawn < MARKS_MAX; at++) {
      const write = writes[at]!;
      if (!write.forced || write.to < window.from) continue;
      drawn++;
      const from = xOf(layout, window, write.from);
      const to = write.to === Number.POSITIVE_INFINITY ? layout.width : xOf(layout, window, write.to);
      ctx.globalAlpha = 0.4;
      ctx.fillRect(from, y + 4, Math.max(1, to - from), 3);
      ctx.globalAlpha = 1;
    }
  }
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
function ring(ctx: CanvasRenderingContext2D, picture: Picture, at: number): void {
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
