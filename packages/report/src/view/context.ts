import { createContext } from 'preact';
import type { ChartSpec } from '../data/chart.ts';

/** Draws a chart into a canvas and keeps it drawn; returns how to stop. Only the page has one: elsewhere canvases stay empty. */
export type Draw = (canvas: HTMLCanvasElement, spec: ChartSpec) => () => void;

export const DrawContext = createContext<Draw | null>(null);

/** The heading level of the sections that are direct children. */
export const LevelContext = createContext<number>(2);
