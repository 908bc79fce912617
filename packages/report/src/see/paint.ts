import type { Text } from '../text/text.ts';
import { ARRIVED, MESSAGE, UNDER_WAY } from './arrows.ts';
import type { Diagram, RoleSpan, Span } from './diagram.ts';
import { type LaneRow, type Layout, stepOf, ticks, type Window, xOf } from './layout.ts';
import { type Look, toneOf } from './look.ts';
import { paintMarks, paintOpen, ring } from './paint-marks.ts';
import { cross, halo, hatch, head, label, line } from './strokes.ts';

/** What is drawn, and how. */
export interface Picture {
  readonly diagram: Diagram;
  readonly layout: Layout;
  readonly window: Window;
  readonly look: Look;
  readonly text: Text;
  /** The moment looked at, virtual µs. */
  readonly time: number;
  /** Whether what comes after it is drawn too, if pale. */
  readonly future: boolean;
  /** Types of messages that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Where an operation is followed: its arrows; everything else is pale. */
  readonly path: ReadonlySet<number> | null;
  /** An event that is pointed at, or that broke a rule: their place in the trace. */
  readonly pointed: readonly number[];
  readonly broken: readonly number[];
  /** What a node announced of itself, in words: in full first, then shorter. */
  roleNames(span: RoleSpan): readonly string[];
}

/** More arrows than this are not drawn one by one, but as how many there are at each moment. */
export const ARROWS_MAX = 2500;
const LABELS_MAX = 26;

/** Draws what lies in the window and does not hang on the moment looked at, and nothing else. */
export function paintStill(ctx: CanvasRenderingContext2D, picture: Picture): void {
  const { layout, look, window, time, future } = picture;
  ctx.clearRect(0, 0, layout.width, layout.height);
  ctx.font = `11px ${look.font}`;
  ctx.textBaseline = 'middle';
  paintScale(ctx, picture);
  ctx.save();
  clip(ctx, layout, future ? layout.width : xOf(layout, window, time) + 1);
  paintFaults(ctx, picture);
  for (const row of layout.rows) paintLane(ctx, picture, row);
  paintArrows(ctx, picture);
  for (const row of layout.rows) if (row.lane > 0) paintRoleNames(ctx, picture, row);
  paintMarks(ctx, picture);
  ctx.restore();
}

/** Draws over that what changes with the moment: what is pointed at, the moment itself, a veil over what comes after it, and who is down. */
export function paintMoment(ctx: CanvasRenderingContext2D, picture: Picture): void {
  const { layout, look, window, time, future, pointed } = picture;
  const { palette } = look;
  const now = xOf(layout, window, time);
  ctx.font = `11px ${look.font}`;
  ctx.textBaseline = 'middle';
  ctx.save();
  clip(ctx, layout, layout.width);
  for (const event of pointed) paintPointed(ctx, picture, event);
  if (future) paintOpen(ctx, picture);
  if (future && now < layout.width) {
    ctx.globalAlpha = 0.55;
    ctx.fillStyle = palette.ground;
    ctx.fillRect(Math.max(layout.left, now), layout.top - 4, layout.width, layout.height);
    ctx.globalAlpha = 1;
  }
  ctx.restore();
  paintNames(ctx, picture);
  if (now >= layout.left && now <= layout.width) {
    ctx.strokeStyle = palette.ink;
    ctx.lineWidth = 1.5;
    line(ctx, now, layout.top - 6, now, layout.height);
    ctx.fillStyle = palette.ink;
    ctx.beginPath();
    ctx.moveTo(now - 5, layout.top - 12);
    ctx.lineTo(now + 5, layout.top - 12);
    ctx.lineTo(now, layout.top - 5);
    ctx.fill();
  }
}

/** Nothing is drawn left of where time begins, or right of `right`. */
function clip(ctx: CanvasRenderingContext2D, { left, width, top, height }: Layout, right: number): void {
  ctx.beginPath();
  ctx.rect(left, top - 4, Math.min(width, Math.max(left, right)) - left, height);
  ctx.clip();
}

function paintScale(ctx: CanvasRenderingContext2D, { layout, window, look, text }: Picture): void {
  ctx.fillStyle = look.palette.muted;
  ctx.strokeStyle = look.palette.faint;
  ctx.lineWidth = 1;
  ctx.textAlign = 'center';
  const marks = ticks(window, layout.width - layout.left);
  const step = stepOf(window, layout.width - layout.left);
  for (const time of marks) {
    const x = Math.round(xOf(layout, window, time)) + 0.5;
    if (x < layout.left + 14) continue;
    line(ctx, x, layout.top - 4, x, layout.height);
    if (x < layout.width - 24) ctx.fillText(clock(text, time, step), x, 8);
  }
}

/** A time on a scale of such steps, both virtual µs: in the unit that suits it, with as many decimals as the steps need. */
export function clock(text: Text, time: number, step: number): string {
  const [unit, name] =
    time >= 1_000_000 ? [1_000_000, 's'] : time >= 1000 || time === 0 ? [1000, 'ms'] : [1, 'µs'];
  const places = time === 0 ? 0 : Math.max(0, Math.ceil(-Math.log10(step / unit) - 1e-9));
  return `${text.decimals(time / unit, places)}\u202f${name}`;
}

/** Where a fault is active the lanes behind it are shaded, with stripes so that it does not hang on colour. */
function paintFaults(ctx: CanvasRenderingContext2D, { diagram, layout, window, look }: Picture): void {
  for (const [i, span] of visible(diagram.faults, window).entries()) {
    const [from, to] = ends(span, layout, window);
    ctx.fillStyle = look.palette.bad;
    ctx.globalAlpha = 0.05;
    ctx.fillRect(from, layout.top - 4, to - from, layout.height);
    ctx.globalAlpha = 0.8;
    ctx.fillRect(from, layout.top - 4 + (i % 3) * 3, Math.max(3, to - from), 2);
    ctx.globalAlpha = 1;
  }
}

function paintLane(ctx: CanvasRenderingContext2D, picture: Picture, { lane, y, height }: LaneRow): void {
  const { diagram, layout, window, look } = picture;
  const { palette } = look;
  ctx.strokeStyle = lane > 0 ? palette.rule : palette.faint;
  ctx.lineWidth = 1;
  line(ctx, layout.left, y, layout.width, y);
  if (lane < 0) return;
  for (const span of visible(diagram.roles[lane]!, window)) paintRole(ctx, picture, span, lane, y);
  for (const span of visible(diagram.down[lane]!, window)) {
    const [from, to] = ends(span, layout, window);
    ctx.fillStyle = palette.panel;
    ctx.fillRect(from, y - height / 2 + 5, to - from, height - 10);
    hatch(ctx, from, y - height / 2 + 5, to - from, height - 10, palette.muted);
  }
}

function paintRole(
  ctx: CanvasRenderingContext2D,
  { layout, window, look }: Picture,
  span: RoleSpan,
  node: number,
  y: number,
): void {
  const { palette } = look;
  const [from, to] = ends(span, layout, window);
  const tone = toneOf(span.role, node, span.leader);
  if (tone !== 'follows') {
    ctx.fillStyle = tone === 'leads' ? palette.accent : tone === 'doubt' ? palette.doubt : palette.mild;
    ctx.globalAlpha = tone === 'leads' ? 0.3 : 0.24;
    ctx.fillRect(from, y - 7, to - from, 14);
    ctx.globalAlpha = 1;
    if (tone !== 'leads') hatch(ctx, from, y - 7, to - from, 14, ctx.fillStyle as string);
  }
}

/** Below its lane, and over the arrows that cross it: what a node is, as far as there is room to say it. */
function paintRoleNames(ctx: CanvasRenderingContext2D, picture: Picture, { lane, y }: LaneRow): void {
  const { diagram, layout, window, look, roleNames } = picture;
  const { palette } = look;
  ctx.textAlign = 'left';
  for (const span of visible(diagram.roles[lane]!, window)) {
    const [from, to] = ends(span, layout, window);
    const name = roleNames(span).find((one) => ctx.measureText(one).width + 10 <= to - from);
    if (name === undefined) continue;
    const leads = toneOf(span.role, lane, span.leader) === 'leads';
    ctx.fillStyle = leads ? palette.accent : palette.muted;
    halo(ctx, name, from + 4, y + 15, palette.ground);
  }
}

function paintArrows(ctx: CanvasRenderingContext2D, picture: Picture): void {
  const { diagram, window } = picture;
  const { arrows } = diagram;
  const first = arrows.firstFrom(window.from - arrows.longest);
  const last = arrows.firstFrom(picture.future ? window.to : Math.min(window.to, picture.time + 1));
  if (last - first > ARROWS_MAX && picture.path === null) {
    paintDensity(ctx, picture, first, last);
    return;
  }
  const shown: number[] = [];
  for (let i = first; i < last; i++) {
    if (arrows.got[i]! < window.from || isHidden(picture, i)) continue;
    if (picture.path !== null && last - first > ARROWS_MAX && !picture.path.has(i)) continue;
    shown.push(i);
  }
  for (const i of shown) paintArrow(ctx, picture, i, shown.length);
}

function isHidden({ diagram, hidden }: Picture, arrow: number): boolean {
  if (hidden.size === 0) return false;
  const { arrows, trace } = diagram;
  const name = arrows.kind[arrow] === MESSAGE ? trace.name(arrows.type[arrow]!) : CLIENTS;
  return hidden.has(name);
}

/** The name under which requests and answers are filtered. */
export const CLIENTS = 'clients';

/** @param among how many are drawn: of few, each has a head and a name; of many, neither */
function paintArrow(ctx: CanvasRenderingContext2D, picture: Picture, arrow: number, among: number): void {
  const { look, path, broken, diagram } = picture;
  const { arrows, trace } = diagram;
  const ends = endsOf(picture, arrow);
  if (ends === null) return;
  const { x0, y0, x1, y1, stub } = ends;
  const isMessage = arrows.kind[arrow] === MESSAGE;
  const isBroken = broken.includes(arrows.sentAt[arrow]!) || broken.includes(arrows.gotAt[arrow]!);
  const pale = path !== null && !path.has(arrow);
  ctx.globalAlpha = pale ? 0.14 : isMessage ? 0.9 : 0.75;
  ctx.lineWidth = isBroken ? 3 : path?.has(arrow) ? 2.25 : isMessage ? 1.4 : 1;
  strokeArrow(ctx, picture, arrow, ends, isBroken);
  const fate = arrows.fate[arrow]!;
  if (among < 900) {
    if (fate === ARRIVED) head(ctx, x0, y0, x1, y1);
    else if (stub || fate !== UNDER_WAY) cross(ctx, x1, y1);
  }
  if (isMessage && among <= LABELS_MAX && !pale)
    label(ctx, trace.name(arrows.type[arrow]!), x0, y0, x1, y1, look.palette.ground);
  ctx.globalAlpha = 1;
}

/** The arrow of an event that is pointed at is thicker; any event has a ring around it. */
function paintPointed(ctx: CanvasRenderingContext2D, picture: Picture, event: number): void {
  const { arrowAt, arrows } = picture.diagram;
  const arrow = arrowAt[event] ?? -1;
  const ends = arrow < 0 || isHidden(picture, arrow) ? null : endsOf(picture, arrow);
  if (ends !== null) {
    const { x0, y0, x1, y1 } = ends;
    const { future, layout, window, time } = picture;
    ctx.save();
    clip(ctx, layout, future ? layout.width : xOf(layout, window, time) + 1);
    ctx.lineWidth = 3;
    strokeArrow(ctx, picture, arrow, ends, false);
    if (arrows.fate[arrow] === ARRIVED) head(ctx, x0, y0, x1, y1);
    ctx.restore();
  }
  ring(ctx, picture, event);
}

/** Where an arrow is drawn from and to; one that did not leave its node is a stub. Null where a lane is not drawn. */
interface ArrowEnds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly stub: boolean;
}

function endsOf({ diagram: { arrows }, layout, window }: Picture, arrow: number): ArrowEnds | null {
  const y0 = yOf(layout, arrows.from[arrow]!);
  const to = yOf(layout, arrows.to[arrow]!);
  if (y0 === undefined || to === undefined) return null;
  const [sent, fate] = [arrows.sent[arrow]!, arrows.fate[arrow]!];
  const x0 = xOf(layout, window, sent);
  if (fate !== ARRIVED && arrows.got[arrow]! <= sent + 1)
    return { x0, y0, x1: x0 + 12, y1: y0 + (to > y0 ? 16 : -16), stub: true };
  const got = fate === UNDER_WAY ? sent + Math.max(arrows.longest, 1) : arrows.got[arrow]!;
  return { x0, y0, x1: xOf(layout, window, got), y1: to, stub: false };
}

/** The line of an arrow in its kind's colour and dashes, as wide as the context says; the colour stays set. */
function strokeArrow(
  ctx: CanvasRenderingContext2D,
  { diagram: { arrows, trace }, look }: Picture,
  arrow: number,
  { x0, y0, x1, y1 }: ArrowEnds,
  isBroken: boolean,
): void {
  const style =
    arrows.kind[arrow] === MESSAGE
      ? look.styleOf(trace.name(arrows.type[arrow]!))
      : { colour: look.palette.muted, dash: [] };
  ctx.strokeStyle = isBroken ? look.palette.bad : style.colour;
  ctx.fillStyle = ctx.strokeStyle;
  ctx.setLineDash(style.dash as number[]);
  line(ctx, x0, y0, x1, y1);
  ctx.setLineDash([]);
}

/** Too many to tell apart: for each lane and moment a bar, as high as there are messages leaving, by steps of twice as many. */
function paintDensity(ctx: CanvasRenderingContext2D, picture: Picture, first: number, last: number): void {
  const { diagram, layout, window, look } = picture;
  const { arrows } = diagram;
  const columns = Math.ceil((layout.width - layout.left) / COLUMN);
  const scale = columns / (window.to - window.from);
  const counts = layout.rows.map(() => new Float64Array(columns));
  const rowOf = new Map(layout.rows.map(({ lane }, i) => [lane, i]));
  const everything = picture.hidden.size === 0;
  for (let i = first; i < last; i++) {
    if (!everything && isHidden(picture, i)) continue;
    const column = Math.floor((arrows.sent[i]! - window.from) * scale);
    const row = rowOf.get(arrows.from[i]!);
    if (column >= 0 && column < columns && row !== undefined) counts[row]![column]! += 1;
  }
  for (const [i, row] of layout.rows.entries()) {
    ctx.fillStyle = row.lane > 0 ? look.palette.accent : look.palette.muted;
    const most = row.height / 2 - 3;
    for (let column = 0; column < columns; column++) {
      const count = counts[i]![column]!;
      if (count === 0) continue;
      const high = Math.min(most, 2 + Math.log2(count + 1) * 2.4);
      ctx.fillRect(layout.left + column * COLUMN, row.y - high, COLUMN - 0.5, high);
    }
  }
}

const COLUMN = 3;

function paintNames(ctx: CanvasRenderingContext2D, { layout, look, text, diagram, time }: Picture): void {
  const { palette } = look;
  const narrow = layout.left < 60;
  const clients = diagram.clientsAt(time);
  ctx.textAlign = 'right';
  for (const { lane, y } of layout.rows) {
    const down = lane > 0 && diagram.isDown(lane, time);
    ctx.fillStyle = lane > 0 ? (down ? palette.bad : palette.ink) : palette.muted;
    ctx.font = lane > 0 ? `600 12.5px ${look.font}` : `11px ${look.font}`;
    const number = lane > 0 ? lane : (clients.get(lane) ?? 0);
    const name = text.t(lane > 0 ? 'see.node' : 'see.clientLane', { number });
    const short = lane > 0 ? `${lane}` : `c${number}`;
    ctx.fillText(`${narrow ? short : name}${down ? ' ✕' : ''}`, layout.left - 9, y);
  }
  ctx.font = `11px ${look.font}`;
}

export function yOf({ rows }: Layout, lane: number): number | undefined {
  return rows.find((row) => row.lane === lane)?.y;
}

/** Those spans that reach into the window. */
export function visible<T extends Span>(spans: readonly T[], { from, to }: Window): readonly T[] {
  return spans.filter((span) => span.to >= from && span.from <= to);
}

/** Where a span begins and ends on the picture; what lasts goes to its right edge. */
export function ends(span: Span, layout: Layout, window: Window): [number, number] {
  const from = Math.max(layout.left, xOf(layout, window, span.from));
  const to = span.to === Number.POSITIVE_INFINITY ? layout.width : xOf(layout, window, span.to);
  return [from, Math.min(layout.width, Math.max(to, from + 1))];
}
