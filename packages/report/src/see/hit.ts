import { lowerBound, MESSAGE } from './arrows.ts';
import { timeAt, xOf } from './layout.ts';
import { ARROWS_MAX, CLIENTS, type Picture, yOf } from './paint.ts';

/** What lies at a point of the picture. */
export interface Hit {
  /** The event in the trace. */
  readonly event: number;
  /** The arrow, where it is one. */
  readonly arrow: number;
}

/** The event nearest to a point, not farther than a finger is wide; null where nothing is. */
export function hitAt(picture: Picture, x: number, y: number, reach = 9): Hit | null {
  const { layout, window } = picture;
  if (x < layout.left || y < layout.top) return null;
  const mark = nearestMark(picture, x, y, reach);
  if (mark >= 0) return { event: mark, arrow: -1 };
  const arrow = nearestArrow(picture, x, y, reach);
  if (arrow >= 0) {
    const { arrows } = picture.diagram;
    const end = arrows.gotAt[arrow]!;
    const middle = (arrows.sent[arrow]! + arrows.got[arrow]!) / 2;
    const event = end >= 0 && timeAt(layout, window, x) > middle ? end : arrows.sentAt[arrow]!;
    return { event, arrow };
  }
  const operation = operationAt(picture, x, y);
  return operation < 0 ? null : { event: operation, arrow: -1 };
}

function nearestMark(picture: Picture, x: number, y: number, reach: number): number {
  const { diagram, layout, window } = picture;
  const { marks } = diagram;
  const first = lowerBound(marks.time, timeAt(layout, window, x - reach));
  const last = lowerBound(marks.time, timeAt(layout, window, x + reach));
  if (last - first > 500) return -1;
  let nearest = -1;
  let best = reach;
  for (let i = first; i < last; i++) {
    const lane = yOf(layout, marks.node[i]!);
    if (lane === undefined) continue;
    const distance = Math.hypot(xOf(layout, window, marks.time[i]!) - x, lane - y);
    if (distance > best) continue;
    best = distance;
    nearest = marks.event[i]!;
  }
  return nearest;
}

function nearestArrow(picture: Picture, x: number, y: number, reach: number): number {
  const { diagram, layout, window, hidden } = picture;
  const { arrows, trace } = diagram;
  const first = arrows.firstFrom(timeAt(layout, window, x - reach) - arrows.longest);
  const last = arrows.firstFrom(timeAt(layout, window, x + reach));
  if (last - first > ARROWS_MAX) return -1;
  let nearest = -1;
  let best = reach;
  for (let i = first; i < last; i++) {
    const name = arrows.kind[i] === MESSAGE ? trace.name(arrows.type[i]!) : CLIENTS;
    if (hidden.has(name)) continue;
    const from = yOf(layout, arrows.from[i]!);
    const to = yOf(layout, arrows.to[i]!);
    if (from === undefined || to === undefined) continue;
    const got = Math.min(arrows.got[i]!, arrows.sent[i]! + Math.max(1, arrows.longest));
    const x0 = xOf(layout, window, arrows.sent[i]!);
    const distance = distanceTo(x, y, x0, from, xOf(layout, window, got), to);
    if (distance > best) continue;
    best = distance;
    nearest = i;
  }
  return nearest;
}

function operationAt({ diagram, layout, window }: Picture, x: number, y: number): number {
  const row = layout.rows.find((one) => one.lane < 0 && Math.abs(one.y - y) < one.height / 2);
  if (row === undefined) return -1;
  const time = timeAt(layout, window, x);
  const found = diagram.operations.find(
    (span) => span !== undefined && span.lane === row.lane && span.from <= time && time <= span.to,
  );
  return found?.invokedAt ?? -1;
}

/** From a point to a line between two others. */
function distanceTo(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}
