import type { Diagram } from './diagram.ts';

/** One row of the picture. */
export interface LaneRow {
  /** A node's number, or a client lane's (-1, -2, …). */
  readonly lane: number;
  /** The middle of the row, pixels from the top. */
  readonly y: number;
  readonly height: number;
}

/** Where everything stands. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Where time begins: left of it stand the names of the lanes. */
  readonly left: number;
  /** Room above the lanes for the scale. */
  readonly top: number;
  readonly rows: readonly LaneRow[];
}

/** The stretch of time that is shown, virtual µs. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const TOP = 26;
const CLIENT = 20;
const NODE = 46;

/** Rows for each node, its clients above it. `narrow`: for a phone. */
export function layoutOf(diagram: Diagram, width: number, narrow: boolean): Layout {
  const rows: LaneRow[] = [];
  let y = TOP;
  const add = (lane: number, height: number) => {
    rows.push({ lane, y: y + height / 2, height });
    y += height;
  };
  const node = diagram.nodes > 5 ? 36 : NODE;
  for (let id = 1; id <= diagram.nodes; id++) {
    for (let lane = -1; lane >= -diagram.clients.count; lane--)
      if (diagram.clients.homeOf(lane) === id) add(lane, CLIENT);
    add(id, node);
  }
  return { width, height: y + 6, left: narrow ? 52 : 92, top: TOP, rows };
}

/** The horizontal place of a time. */
export function xOf({ left, width }: Layout, { from, to }: Window, time: number): number {
  return left + ((time - from) / (to - from)) * (width - left);
}

/** The time at a horizontal place. */
export function timeAt({ left, width }: Layout, { from, to }: Window, x: number): number {
  return from + ((x - left) / (width - left)) * (to - from);
}

/** Zooms around a time, so that it stays where it is. `factor` below 1 shows less. */
export function zoomed({ from, to }: Window, around: number, factor: number): Window {
  const span = Math.min(SPAN_MAX, Math.max(SPAN_MIN, (to - from) * factor));
  const share = (around - from) / (to - from);
  const start = around - share * span;
  return { from: start, to: start + span };
}

const SPAN_MIN = 50;
const SPAN_MAX = 600_000_000;

/** Moves a window as far as it takes to hold a time, which then stands at `share` of its width. */
export function following(window: Window, time: number, share: number): Window {
  const span = window.to - window.from;
  if (time >= window.from && time <= window.from + span * share) return window;
  return { from: time - span * share, to: time + span * (1 - share) };
}

/** A window of the same length with a time in its middle. */
export function centred({ from, to }: Window, time: number): Window {
  const half = (to - from) / 2;
  return { from: time - half, to: time + half };
}

/** How far apart the marks of a scale are, µs. */
export function stepOf({ from, to }: Window, width: number): number {
  const rough = ((to - from) / Math.max(1, width)) * 110;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  return [1, 2, 5, 10].map((digit) => digit * power).find((one) => one >= rough) ?? 10 * power;
}

/** Times at which the scale has a mark, some hundred pixels apart: steps of 1, 2 or 5 times a power of ten. */
export function ticks({ from, to }: Window, width: number): readonly number[] {
  const step = stepOf({ from, to }, width);
  const marks: number[] = [];
  for (let time = Math.ceil(Math.max(0, from) / step) * step; time <= to; time += step) marks.push(time);
  return marks;
}
