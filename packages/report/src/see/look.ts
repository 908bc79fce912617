import { appearance, type Palette } from '../palette.ts';

/** How a kind of message is drawn: the same in every view of a run. */
export interface Style {
  readonly colour: string;
  readonly dash: readonly number[];
}

/** What the picture is drawn with. */
export interface Look {
  readonly palette: Palette;
  readonly font: string;
  /** By name of a message's type. */
  styleOf(type: string): Style;
}

/** Looks for all types in their order; after the colours are used up, dashes differ. */
export function lookOf(palette: Palette, font: string, types: readonly string[]): Look {
  const styles = new Map<string, Style>();
  return {
    palette,
    font,
    styleOf(type) {
      const known = styles.get(type);
      if (known !== undefined) return known;
      const index = types.indexOf(type);
      const { colour, dash } = appearance(index < 0 ? types.length : index);
      const style = { colour: palette.series[colour]!, dash: index % 2 === 0 ? [] : dash };
      styles.set(type, style);
      return style;
    },
  };
}

/** The capitals of a name, for where there is no room: AppendEntries is AE. */
export function initials(type: string): string {
  const capitals = type.replaceAll(/[^A-Z]/g, '');
  return capitals === '' ? type.slice(0, 1).toUpperCase() : capitals.slice(0, 3);
}

/** How a role is drawn: what leads stands out, what is between stands between. */
export type RoleTone = 'leads' | 'between' | 'follows' | 'doubt';

export function toneOf(role: string, node: number, leader: number): RoleTone {
  if (leader === node || role === 'leader' || role === 'primary') return 'leads';
  if (/candidate|looking|recover|sync/.test(role)) return 'between';
  return /doubt|block|uncertain/.test(role) ? 'doubt' : 'follows';
}
