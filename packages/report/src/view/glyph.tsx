import type { CheckVerdict, Estimate } from '@quorate/bench/results';
import type { Kind } from '../data/metrics.ts';
import { type Run, shortTitleOf, styleOf } from '../data/run.ts';
import { appearance, type Shape } from '../palette.ts';
import { useText } from './context.ts';

const OUTLINES: Readonly<Record<Shape, string>> = {
  circle: 'M14 3.8a4.2 4.2 0 1 0 .01 0z',
  triangle: 'M14 3.2l5 8.8H9z',
  rect: 'M10.2 4.2h7.6v7.6h-7.6z',
  rectRot: 'M14 2.6L19.4 8 14 13.4 8.6 8z',
  cross: 'M14 2.5v11M8.5 8h11',
  star: 'M14 2.5v11M8.5 8h11M10.1 4.1l7.8 7.8M17.9 4.1l-7.8 7.8',
  crossRot: 'M10.1 4.1l7.8 7.8M17.9 4.1l-7.8 7.8',
};

/** The line and point with which a protocol is drawn in every chart. */
export function Glyph({ index }: { readonly index: number }) {
  const { colour, shape, dash } = appearance(index);
  return (
    <svg class={`glyph series-${colour}`} viewBox="0 0 28 16" aria-hidden="true">
      <path
        class="glyph-line"
        d="M0 8h28"
        stroke-dasharray={dash.length === 0 ? undefined : dash.join(' ')}
      />
      <path class="glyph-point" d={OUTLINES[shape]} />
    </svg>
  );
}

/** A protocol's title after its glyph. */
export function Name({ run, protocol }: { readonly run: Run; readonly protocol: string }) {
  return (
    <span class="name">
      <Glyph index={styleOf(run, protocol)} />
      <span>{shortTitleOf(run, protocol)}</span>
    </span>
  );
}

/** The protocols of a group of charts, once for all of them. */
export function Legend({ run, protocols }: { readonly run: Run; readonly protocols: readonly string[] }) {
  return (
    <ul class="legend">
      {protocols.map((protocol) => (
        <li key={protocol}>
          <Name run={run} protocol={protocol} />
        </li>
      ))}
    </ul>
  );
}

const SYMBOLS: Readonly<Record<CheckVerdict['verdict'], string>> = {
  ok: '✓',
  expected: '◇',
  violated: '✗',
  unknown: '?',
};

/** A verdict as symbol and word; the colour says nothing new. */
export function Status({ verdict }: { readonly verdict: CheckVerdict['verdict'] }) {
  return (
    <span class={`status status-${verdict}`}>
      <span class="symbol" aria-hidden="true">
        {SYMBOLS[verdict]}
      </span>
      {useText().t(`verdict.${verdict}`)}
    </span>
  );
}

/** A dash for the eye, words for a screen reader. */
export function Missing({ children }: { readonly children: string }) {
  return (
    <span class="missing">
      <span aria-hidden="true">–</span>
      <span class="heard">{children}</span>
    </span>
  );
}

/** A measured number with its unit, and its interval below. */
export function Value({ kind, estimate }: { readonly kind: Kind; readonly estimate: Estimate | null }) {
  const text = useText();
  if (estimate === null) return <Missing>{text.t('table.missing')}</Missing>;
  const { value, unit, interval } = text.written(kind, estimate);
  return (
    <span class="value">
      <span class="digits">{value}</span>
      {unit === '' ? null : <span class="unit">{unit.startsWith('/') ? unit : `\u00a0${unit}`}</span>}
      {interval === null ? null : <span class="interval">{interval}</span>}
    </span>
  );
}
