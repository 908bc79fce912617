import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { ChartSpec } from '../data/chart.ts';
import { DrawContext, useText } from './context.ts';
import { savePicture } from './save.ts';
import { whenShown } from './when-shown.ts';

interface ChartProps {
  readonly title: string;
  /** Name of the PNG file, without ending. */
  readonly file: string;
  readonly spec: ChartSpec;
}

/** A drawn chart. Its numbers belong in a table beside it: a canvas says nothing to those who cannot see it. */
export function Chart({ title, file, spec }: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = useContext(DrawContext);
  const text = useText();
  useEffect(() => {
    const { current: element } = canvas;
    if (draw === null || element === null) return undefined;
    return whenShown(element, () => draw(element, spec, text));
  }, [draw, spec, text]);
  return (
    <figure class="chart">
      <figcaption>
        <span>{title}</span>
        <button
          type="button"
          class="save small"
          onClick={() => canvas.current !== null && savePicture(`${file}.png`, canvas.current)}
        >
          {text.t('chart.save')}
          <span class="heard">{text.t('chart.saveWhat', { title })}</span>
        </button>
      </figcaption>
      <div class={`canvas ${spec.size}`}>
        <canvas ref={canvas} role="img" aria-label={spec.label} />
      </div>
    </figure>
  );
}

/** The numbers behind charts, folded away. */
export function Numbers({ children }: { readonly children: ComponentChildren }) {
  return (
    <details class="numbers">
      <summary>{useText().t('chart.numbers')}</summary>
      {children}
    </details>
  );
}
