import type { Kind } from './metrics.ts';

/** A chart as plain data: what to draw, not how. The page turns it into pixels, the tables beside it into words. */
export interface ChartSpec {
  /** One sentence for those who cannot see it. */
  readonly label: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Numbered vertical lines; their texts stand in a list below the chart. */
  readonly markers: readonly Marker[];
  /** Stretches in which something was wrong, shaded behind all else. */
  readonly shades?: readonly Stretch[];
  /** Labelled bars in the rows of a vertical axis of categories. */
  readonly lanes?: readonly Lane[];
  /** Draws the line y = x: everything offered was completed. */
  readonly diagonal: boolean;
  readonly size: 'tall' | 'low';
  /** Where a moment of the horizontal axis, in milliseconds, leads to: a fragment of the page. */
  readonly momentAt?: (milliseconds: number) => string;
  /** What a click does, for the box that explains a point. */
  readonly hint?: string;
}

export interface Axis {
  readonly title: string;
  readonly kind: Kind;
  readonly scale: 'linear' | 'logarithmic' | 'categories';
  readonly min?: number;
  readonly max?: number;
  /** Names of the whole numbers 0, 1, …; with the scale `categories` only. */
  readonly categories?: readonly string[];
}

export interface Series {
  readonly name: string;
  /** Position in the palette: colour, point shape and dash. `failure`: the colour of what went wrong. */
  readonly style: number | 'failure';
  /** `steps`: filled, each value holds until the next. */
  readonly as: 'line' | 'points' | 'steps';
  readonly points: readonly Point[];
  /** The last load that was kept up with; a line is dropped from it. */
  readonly kneeAt?: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
  /** Drawn hollow: the system was saturated. */
  readonly hollow?: boolean;
  /** A theoretical value, drawn as a short bar across. */
  readonly bound?: number;
  /** The fragment of the page that it leads to. */
  readonly leadsTo?: string;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Lane extends Stretch {
  /** The whole number on the vertical axis. */
  readonly row: number;
  readonly label: string;
  readonly style: number;
}

export interface Marker {
  readonly x: number;
  readonly number: number;
  readonly kind: 'fault' | 'heal' | 'role';
}

/** Logarithmic where the values span more than a factor of 20, and none is zero. */
export function scaleFor(values: readonly number[]): 'linear' | 'logarithmic' {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low > 0 && high / low > 20 ? 'logarithmic' : 'linear';
}
