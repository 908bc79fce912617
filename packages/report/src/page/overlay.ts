import type { Chart, Plugin } from 'chart.js';
import type { ChartSpec, Lane, Marker, Point, Series, Stretch } from '../data/chart.ts';
import { appearance, type Palette } from '../palette.ts';
import { colourOf } from './draw.ts';

/** What chart.js has no word for: intervals, bounds, the knee, the diagonal, and numbered events. */
export function overlay(spec: ChartSpec, palette: Palette): Plugin<'line'> {
  return {
    id: 'overlay',
    beforeDatasetsDraw(chart) {
      for (const shade of spec.shades ?? []) drawShade(chart, shade, palette);
      if (spec.diagonal) drawDiagonal(chart, palette);
      for (const marker of spec.markers) drawEvent(chart, spec, marker, palette);
      for (const lane of spec.lanes ?? []) drawLane(chart, lane, palette);
      for (const series of spec.series) {
        const colour = colourOf(series.style, palette);
        drawKnee(chart, series, colour);
        for (const point of series.points) drawInterval(chart, point, colour, palette);
      }
    },
  };
}

/** Strokes a path in its own state; the caller gives points between which the pen is down. */
function stroke(chart: Chart, colour: string, width: number, dash: number[], lines: number[][]): void {
  const { ctx } = chart;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  for (const [fromX, fromY, toX, toY] of lines) {
    ctx.moveTo(fromX!, fromY!);
    ctx.lineTo(toX!, toY!);
  }
  ctx.stroke();
  ctx.restore();
}

function place(chart: Chart, x: number, y: number): { x: number; y: number } {
  return { x: chart.scales.x!.getPixelForValue(x), y: chart.scales.y!.getPixelForValue(y) };
}

function drawInterval(chart: Chart, point: Point, colour: string, palette: Palette): void {
  const { low, high, bound } = point;
  if (low !== undefined && high !== undefined && low < high) {
    const from = place(chart, point.x, Math.max(low, chart.scales.y!.min));
    const to = place(chart, point.x, high);
    const lines = [
      [from.x, from.y, to.x, to.y],
      [from.x - 4, from.y, from.x + 4, from.y],
      [to.x - 4, to.y, to.x + 4, to.y],
    ];
    stroke(chart, colour, 1.25, [], lines);
  }
  if (bound === undefined) return;
  const { x, y } = place(chart, point.x, bound);
  stroke(chart, palette.ink, 2.5, [], [[x - 11, y, x + 11, y]]);
}

function drawKnee(chart: Chart, series: Series, colour: string): void {
  const point = series.points.find((candidate) => candidate.x === series.kneeAt);
  if (point === undefined) return;
  const { x, y } = place(chart, point.x, point.y);
  stroke(chart, colour, 1, [3, 3], [[x, y, x, chart.chartArea.bottom]]);
}

function drawDiagonal(chart: Chart, palette: Palette): void {
  const { x, y } = chart.scales;
  const low = Math.max(x!.min, y!.min);
  const high = Math.min(x!.max, y!.max);
  const from = place(chart, low, low);
  const to = place(chart, high, high);
  stroke(chart, palette.rule, 1.5, [], [[from.x, from.y, to.x, to.y]]);
}

function drawEvent(chart: Chart, spec: ChartSpec, marker: Marker, palette: Palette): void {
  const { ctx, chartArea } = chart;
  const { x } = place(chart, marker.x, 0);
  if (x < chartArea.left - 1 || x > chartArea.right + 1) return;
  const colour = { fault: palette.bad, heal: palette.good, role: palette.doubt }[marker.kind];
  const dash = { fault: [], heal: [6, 3], role: [2, 2] }[marker.kind];
  stroke(chart, colour, 1.25, dash, [[x, chartArea.top, x, chartArea.bottom]]);
  if (spec.size === 'low') return; // it stands below one which has the numbers
  const before = spec.markers.find((other) => other.number === marker.number - 1);
  const raised = before !== undefined && marker.number % 2 === 0 && x - place(chart, before.x, 0).x < 14;
  ctx.save();
  ctx.fillStyle = colour;
  ctx.font = `600 11px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'bottom';
  ctx.fillText(String(marker.number), x, chartArea.top - (raised ? 12 : 1));
  ctx.restore();
}

/** A light ground with lines across it, so that it can be told from plain ground without its colour. */
function drawShade(chart: Chart, { from, to }: Stretch, palette: Palette): void {
  const { ctx, chartArea } = chart;
  const left = Math.max(chartArea.left, place(chart, from, 0).x);
  const right = Math.min(chartArea.right, place(chart, to, 0).x);
  if (right <= left) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, chartArea.top, right - left, chartArea.height);
  ctx.fillStyle = `${palette.bad}0d`;
  ctx.fill();
  ctx.clip();
  const lines: number[][] = [];
  for (let x = left - chartArea.height; x < right; x += 9) {
    lines.push([x, chartArea.bottom, x + chartArea.height, chartArea.top]);
  }
  stroke(chart, `${palette.bad}24`, 1, [], lines);
  ctx.restore();
}

const LANE_HEIGHT = 18;

/** A bar with its label, where that has room. */
function drawLane(chart: Chart, lane: Lane, palette: Palette): void {
  const { ctx, chartArea } = chart;
  const from = place(chart, lane.from, lane.row);
  const right = Math.min(chartArea.right, place(chart, lane.to, lane.row).x);
  const colour = palette.series[appearance(lane.style).colour]!;
  ctx.save();
  ctx.fillStyle = `${colour}33`;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  ctx.rect(from.x, from.y - LANE_HEIGHT / 2, right - from.x, LANE_HEIGHT);
  ctx.fill();
  ctx.stroke();
  ctx.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  if (ctx.measureText(lane.label).width < right - from.x - 10) {
    ctx.fillStyle = palette.ink;
    ctx.textBaseline = 'middle';
    ctx.fillText(lane.label, from.x + 5, from.y);
  }
  ctx.restore();
}
