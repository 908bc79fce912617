import type { ChartSpec } from '../data/chart.ts';
import { DARK, LIGHT } from '../palette.ts';
import type { Text } from '../text/text.ts';
import type { Draw } from '../view/context.ts';
import { drawChart, type Look } from './draw.ts';

/** Size of a chart on paper, in pixels: two beside one another between the margins of an A4 or Letter page, or three. */
const PAPER_WIDTH = { two: 340, three: 226 } as const;
const PAPER_HEIGHT = { tall: 150, low: 72 } as const;

interface Drawn {
  readonly canvas: HTMLCanvasElement;
  readonly spec: ChartSpec;
  readonly text: Text;
  stop: () => void;
}

/** What all charts have in common. */
interface Setting extends Pick<Look, 'palette'> {
  readonly paper: boolean;
}

/** Draws charts, and draws all of them again when the colour scheme changes and for paper. */
export function drawing(): Draw {
  const all = new Set<Drawn>();
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const screen = (): Setting => ({ palette: dark.matches ? DARK : LIGHT, paper: false });
  let look = screen();

  const redraw = (next: Setting) => {
    look = next;
    for (const drawn of all) {
      drawn.stop();
      drawn.stop = paint(drawn.canvas, drawn.spec, lookOf(look, drawn));
    }
  };
  dark.addEventListener('change', () => redraw(screen()));
  const folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details.how:not([open])')) {
      details.open = true;
      folded.push(details);
    }
    redraw({ palette: LIGHT, paper: true });
  });
  addEventListener('afterprint', () => {
    for (const details of folded.splice(0)) details.open = false;
    redraw(screen());
  });

  return (canvas, spec, text) => {
    const drawn: Drawn = { canvas, spec, text, stop: () => {} };
    drawn.stop = paint(canvas, spec, lookOf(look, drawn));
    all.add(drawn);
    return () => {
      all.delete(drawn);
      drawn.stop();
    };
  };
}

function lookOf({ palette, paper }: Setting, { canvas, text }: Drawn): Look {
  const width = canvas.closest('.grid:not(.wide)') === null ? PAPER_WIDTH.two : PAPER_WIDTH.three;
  return { palette, text, width: paper ? width : null };
}

function paint(canvas: HTMLCanvasElement, spec: ChartSpec, look: Look): () => void {
  if (look.width !== null) {
    const height = PAPER_HEIGHT[spec.size];
    canvas.style.width = `${look.width}px`;
    canvas.style.height = `${height}px`;
    canvas.width = look.width;
    canvas.height = height;
  }
  const stop = drawChart(canvas, spec, look);
  return () => {
    stop();
    canvas.removeAttribute('style');
  };
}
