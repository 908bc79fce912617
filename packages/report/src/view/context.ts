import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ChartSpec } from '../data/chart.ts';
import { type Text, textOf } from '../text/text.ts';

/** Draws a chart into a canvas and keeps it drawn; returns how to stop. Only the page has one: elsewhere canvases stay empty. */
export type Draw = (canvas: HTMLCanvasElement, spec: ChartSpec, text: Text) => () => void;

export const DrawContext = createContext<Draw | null>(null);

/** The heading level of the sections that are direct children. */
export const LevelContext = createContext<number>(2);

/** The language that everything below is told in. */
export const TextContext = createContext<Text>(textOf('en'));

/** The texts of the language that the page is in now. */
export function useText(): Text {
  return useContext(TextContext);
}
