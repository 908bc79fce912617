import {
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  type ChartEvent,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Scale,
  type ScaleOptionsByType,
  Tooltip,
} from 'chart.js';
import type { Axis, ChartSpec, Point, Series } from '../data/chart.ts';
import { appearance, type Palette } from '../palette.ts';
import type { Text } from '../text/text.ts';
import { overlay } from './overlay.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler, Tooltip);

/** How a page wants its charts just now. */
export interface Look {
  readonly palette: Palette;
  /** A fixed width in pixels, for paper; null: as wide as there is room. */
  readonly width: number | null;
  readonly text: Text;
}

/** Draws a chart and keeps it as wide as its container. Nothing moves: numbers need no entrance. */
export function drawChart(canvas: HTMLCanvasElement, spec: ChartSpec, look: Look): () => void {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 11.5;
  const chart = new Chart(canvas, configure(spec, look));
  return () => chart.destroy();
}

function configure(spec: ChartSpec, look: Look): ChartConfiguration<'line', Point[]> {
  const { palette, width, text } = look;
  return {
    type: 'line',
    data: { datasets: spec.series.map((series) => dataset(series, palette)) },
    plugins: [overlay(spec, palette)],
    options: {
      animation: false,
      responsive: width === null,
      maintainAspectRatio: false,
      ...(width === null ? {} : { devicePixelRatio: 2 }),
      color: palette.ink,
      layout: { padding: { top: spec.markers.length > 0 && spec.size === 'tall' ? 26 : 6, right: 12 } },
      onClick: (event, _, chart) => {
        const target = targetOf(chart, spec, event);
        if (target !== undefined) location.hash = target;
      },
      onHover: (event, _, chart) => {
        chart.canvas.style.cursor = targetOf(chart, spec, event) === undefined ? '' : 'pointer';
      },
      interaction: { mode: 'nearest', intersect: false, axis: spec.markers.length > 0 ? 'x' : 'xy' },
      scales: { x: axis(spec.x, look, true), y: { ...axis(spec.y, look, false), afterFit: widen } },
      plugins: {
        tooltip: {
          backgroundColor: palette.ink,
          titleColor: palette.ground,
          bodyColor: palette.ground,
          footerColor: palette.ground,
          footerFont: { weight: 'normal' },
          usePointStyle: true,
          callbacks: {
            title: (items) => (items[0] === undefined ? '' : where(text, spec.x, items[0].parsed.x ?? 0)),
            label: (item) => tip(text, spec, item.dataset.label ?? '', item.raw as Point),
            footer: ([item]) => (item === undefined ? '' : hintOf(spec, item.raw as Point)),
          },
        },
      },
    },
  };
}

/** Where a click leads to: from a point to its operation, from anywhere in a chart of moments to that moment. */
function targetOf(chart: Chart, spec: ChartSpec, event: ChartEvent): string | undefined {
  const { x, y } = event;
  const { left, right, top, bottom } = chart.chartArea;
  if (spec.momentAt !== undefined) {
    if (x === null || y === null || x < left || x > right || y < top || y > bottom) return undefined;
    return spec.momentAt((chart.scales.x!.getValueForPixel(x) ?? 0) / 1000);
  }
  if (event.native === null) return undefined;
  const near = chart.getElementsAtEventForMode(
    event.native,
    'nearest',
    { axis: 'xy', intersect: true },
    false,
  );
  const [hit] = near;
  return hit === undefined ? undefined : pointOf(chart, hit.datasetIndex, hit.index)?.leadsTo;
}

function pointOf(chart: Chart, dataset: number, index: number): Point | undefined {
  return chart.data.datasets[dataset]?.data[index] as Point | undefined;
}

function hintOf({ hint = '', momentAt }: ChartSpec, { leadsTo }: Point): string {
  return momentAt === undefined && leadsTo === undefined ? '' : hint;
}

/** One width for all vertical axes, so that charts below one another line up. */
function widen(scale: { width: number }): void {
  scale.width = Math.max(scale.width, 52);
}

function dataset(series: Series, palette: Palette): ChartDataset<'line', Point[]> {
  const colour = colourOf(series.style, palette);
  const { shape, dash } = appearance(series.style === 'failure' ? 0 : series.style);
  const steps = series.as === 'steps';
  return {
    label: series.name,
    data: [...series.points],
    parsing: false,
    normalized: true,
    borderColor: colour,
    borderWidth: series.style === 'failure' ? 0 : steps ? 1.25 : 2,
    borderDash: steps ? [] : [...dash],
    backgroundColor: `${colour}${series.style === 'failure' ? 'cc' : steps ? '40' : ''}`,
    showLine: series.as !== 'points',
    stepped: steps ? 'before' : false,
    fill: steps ? 'origin' : false,
    pointStyle: shape,
    pointRadius: steps ? 0 : 4.5,
    pointHitRadius: 8,
    pointHoverRadius: steps ? 3 : 6,
    pointBorderWidth: 1.75,
    pointBorderColor: colour,
    pointBackgroundColor: (context) => ((context.raw as Point | undefined)?.hollow ? palette.ground : colour),
  };
}

/** A series' colour in a palette. */
export function colourOf(style: Series['style'], palette: Palette): string {
  return style === 'failure' ? palette.bad : palette.series[appearance(style).colour]!;
}

function axis(spec: Axis, { palette, text }: Look, horizontal: boolean) {
  const categories = spec.scale === 'categories';
  const options = {
    type: spec.scale === 'logarithmic' ? 'logarithmic' : 'linear',
    ...(spec.min === undefined ? {} : { min: spec.min }),
    ...(spec.max === undefined ? {} : { max: spec.max }),
    border: { color: palette.muted, display: horizontal },
    grid: { color: palette.faint, drawTicks: false, display: !horizontal },
    title: { display: spec.title !== '', text: spec.title, color: palette.muted },
    ...(categories ? { afterBuildTicks: (scale: Scale) => nameCategories(scale, spec) } : {}),
    ticks: {
      color: palette.muted,
      padding: 6,
      ...(categories
        ? { font: (item: { chart: Chart }) => ({ size: item.chart.width < 420 ? 9 : 11.5 }) }
        : {}),
      maxRotation: 0,
      autoSkip: !categories,
      autoSkipPadding: 14,
      includeBounds: false,
      ...(spec.scale === 'linear' ? { maxTicksLimit: horizontal ? 7 : 6 } : {}),
      callback: (value: string | number) => tick(text, spec, Number(value)),
    },
  };
  return options as unknown as ScaleOptionsByType<'linear'>;
}

/** One tick at each whole number that has a name. */
function nameCategories(scale: Scale, spec: Axis): void {
  scale.ticks = (spec.categories ?? []).map((_, value) => ({ value }));
}

/** What stands at a tick; null leaves it out. On logarithmic axes only 1, 2 and 5 of each decade are named. */
function tick(text: Text, spec: Axis, value: number): string | string[] | null {
  // regions' names are long: `ap-northeast-1` takes two lines
  if (spec.scale === 'categories') return spec.categories?.[Math.round(value)]?.split(/(?<=^[^-]+-)/) ?? null;
  if (spec.scale === 'logarithmic') {
    const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
    if (![1, 2, 5].some((named) => Math.abs(digit - named) < 1e-6)) return null;
  }
  if (value === 0) return '0';
  if (spec.kind === 'rate') return short(text, value);
  return spec.kind === 'count' ? short(text, Math.abs(value)) : text.quantity(spec.kind, value);
}

/** `50k`, `2M`: for axes, where room is short. */
function short(text: Text, value: number): string {
  if (value >= 1_000_000) return `${text.number(value / 1_000_000)}M`;
  return value >= 10_000 ? `${text.number(value / 1_000)}k` : text.number(value);
}

function where(text: Text, spec: Axis, value: number): string {
  if (spec.scale === 'categories') return spec.categories?.[Math.round(value)] ?? '';
  const told = text.quantity(spec.kind, value);
  return spec.kind === 'rate' ? text.t('chart.offered', { rate: told }) : told;
}

function tip(text: Text, spec: ChartSpec, name: string, point: Point): string {
  const { kind } = spec.y;
  const { low, high, bound } = point;
  const value = Math.abs(point.y);
  const parts = [
    low === undefined || high === undefined
      ? text.quantity(kind, value)
      : text.withInterval(kind, { value, low, high }),
  ];
  if (bound !== undefined) parts.push(text.t('chart.bound', { value: text.quantity(kind, bound) }));
  if (point.hollow) parts.push(text.t('chart.saturated'));
  return ` ${text.t('chart.tip', { name, value: parts.join(text.t('format.comma')) })}`;
}
