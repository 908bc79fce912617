import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { ChartSpec } from '../data/chart.ts';
import { DrawContext, useText } from './context.ts';

interface ChartProps {
  readonly title: ComponentChildren;
  readonly spec: ChartSpec;
}

/** A drawn chart. Its numbers belong in a table beside it: a canvas says nothing to those who cannot see it. */
export function Chart({ title, spec }: ChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = useContext(DrawContext);
  const text = useText();
  useEffect(() => {
    if (draw === null || canvas.current === null) return undefined;
    return draw(canvas.current, spec, text);
  }, [draw, spec, text]);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
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
