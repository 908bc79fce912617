import type { ChartSpec } from '../data/chart.ts';
import { DARK, LIGHT } from '../palette.ts';
import type { Draw } from '../view/context.ts';
import { drawChart, type Look } from './draw.ts';

/** Width of a chart on paper, in pixels: half of what an A4 or Letter page has between its margins would be too small to read. */
const PAPER_WIDTH = 640;

interface Drawn {
  readonly canvas: HTMLCanvasElement;
  readonly spec: ChartSpec;
  stop: () => void;
}

/** Draws charts, and draws all of them again when the colour scheme changes and for paper. */
export function drawing(): Draw {
  const all = new Set<Drawn>();
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const screen = (): Look => ({ palette: dark.matches ? DARK : LIGHT, width: null });
  let look = screen();

  const redraw = (next: Look) => {
    look = next;
    for (const drawn of all) {
      drawn.stop();
      drawn.stop = paint(drawn.canvas, drawn.spec, look);
    }
  };
  dark.addEventListener('change', () => redraw(screen()));
  const folded: HTMLDetailsElement[] = [];
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details.how:not([open])')) {
      details.open = true;
      folded.push(details);
    }
    redraw({ palette: LIGHT, width: PAPER_WIDTH });
  });
  addEventListener('afterprint', () => {
    for (const details of folded.splice(0)) details.open = false;
    redraw(screen());
  });

  return (canvas, spec) => {
    const drawn: Drawn = { canvas, spec, stop: paint(canvas, spec, look) };
    all.add(drawn);
    return () => {
      all.delete(drawn);
      drawn.stop();
    };
  };
}

function paint(canvas: HTMLCanvasElement, spec: ChartSpec, look: Look): () => void {
  if (look.width !== null) {
    canvas.style.width = `${look.width}px`;
    canvas.style.height = spec.size === 'tall' ? '260px' : '120px';
    canvas.width = look.width;
    canvas.height = spec.size === 'tall' ? 260 : 120;
  }
  const stop = drawChart(canvas, spec, look);
  return () => {
    stop();
    canvas.removeAttribute('style');
  };
}
