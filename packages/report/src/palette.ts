/** Colours of one scheme. Series colours can be told apart with any common kind of colour blindness; shapes and dashes differ too. */
export interface Palette {
  readonly ground: string;
  readonly panel: string;
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly faint: string;
  readonly accent: string;
  readonly good: string;
  readonly mild: string;
  readonly bad: string;
  readonly doubt: string;
  readonly series: readonly string[];
}

export const LIGHT: Palette = {
  ground: '#fdfdfc',
  panel: '#f4f4f1',
  ink: '#16191d',
  muted: '#5a6068',
  rule: '#d9dad5',
  faint: '#ebebe7',
  accent: '#0b5fa5',
  good: '#1a6b45',
  mild: '#7a5600',
  bad: '#b3261e',
  doubt: '#6a3d9a',
  series: ['#0b5fa5', '#c24a00', '#00775a', '#8a3480', '#7d6200', '#47505c', '#00809b'],
};

export const DARK: Palette = {
  ground: '#121417',
  panel: '#1b1e23',
  ink: '#e8e9e6',
  muted: '#a3a9b1',
  rule: '#343940',
  faint: '#262a30',
  accent: '#7fbdf3',
  good: '#6fcf9c',
  mild: '#e3b74f',
  bad: '#ff8f85',
  doubt: '#c6a2ee',
  series: ['#62b1f0', '#ff9a5c', '#43cfa6', '#e094d6', '#dcbc52', '#c3cad4', '#6fd6ea'],
};

/** Point shapes, under their names in chart.js. */
const SHAPES = ['circle', 'triangle', 'rect', 'rectRot', 'cross', 'star', 'crossRot'] as const;

/** Line dashes: lengths of stroke and gap in pixels. */
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 4], [4, 2], [1, 5]];

export type Shape = (typeof SHAPES)[number];

/** How the series at a position is drawn. Each later round of the colours has other shapes and dashes. */
export interface Appearance {
  /** Position in a palette's `series`. */
  readonly colour: number;
  readonly shape: Shape;
  readonly dash: readonly number[];
}

export function appearance(index: number): Appearance {
  const colours = LIGHT.series.length;
  const other = index + 3 * Math.floor(index / colours);
  return {
    colour: index % colours,
    shape: SHAPES[other % SHAPES.length]!,
    dash: DASHES[other % DASHES.length]!,
  };
}

/** The custom properties of a palette, as CSS declarations. */
export function cssVariables(palette: Palette): string {
  const { series, ...named } = palette;
  const entries = [
    ...Object.entries(named),
    ...series.map((colour, i): [string, string] => [`series-${i}`, colour]),
  ];
  return entries.map(([name, colour]) => `--${name}: ${colour};`).join(' ');
}
