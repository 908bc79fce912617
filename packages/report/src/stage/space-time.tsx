import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RoleSpan } from '../see/diagram.ts';
import { type Hit, hitAt } from '../see/hit.ts';
import { centred, following, layoutOf, timeAt, type Window, zoomed } from '../see/layout.ts';
import type { Look } from '../see/look.ts';
import type { Picture } from '../see/paint.ts';
import { Painter } from '../see/painter.ts';
import { type Telling, tell, termOf } from '../see/tell.ts';
import { useText } from '../view/context.ts';
import type { Player } from './player.ts';
import { Icon } from './transport.tsx';

interface SpaceTimeProps {
  readonly player: Player;
  readonly telling: Telling;
  readonly look: Look;
  /** Whether what comes after the moment looked at is shown too. */
  readonly future: boolean;
  readonly hidden: ReadonlySet<string>;
  readonly path: ReadonlySet<number> | null;
  readonly broken: readonly number[];
  /** What to show first; a new object shows that. */
  readonly focus: Window;
  readonly onGo: (event: number, arrow: number) => void;
  readonly onStep: (by: 1 | -1) => void;
}

/** The run as lanes and arrows: zoomed, moved, and pointed at. */
export function SpaceTime(props: SpaceTimeProps) {
  const { player, telling, look, future, hidden, path, broken, focus } = props;
  const text = useText();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  const [moved, setMoved] = useState({ focus, window: focus, time: player.time });
  const focused = useMemo(() => ({ window: focus, time: player.time }), [focus]);
  const { window: shown, time: since } = moved.focus === focus ? moved : focused;
  const setShown = useCallback(
    (window: Window) => setMoved({ focus, window, time: player.time }),
    [focus, player],
  );
  const [hit, setHit] = useState<(Hit & { x: number; y: number }) | null>(null);
  const window = useMemo(
    // what was put into view stays there until time goes on
    () => {
      if (future) return keptIn(shown, player.time);
      return since === player.time ? shown : following(shown, player.time, 0.88);
    },
    [shown, since, future, player.time],
  );
  const layout = useMemo(
    () => layoutOf(player.diagram, width, width < 520),
    [player.diagram, width, player.diagram.clients.count],
  );
  const picture: Picture = {
    diagram: player.diagram,
    layout,
    window,
    look,
    text,
    time: player.time,
    future,
    hidden,
    path,
    pointed: hit === null ? [player.events - 1] : [hit.event],
    broken,
    roleNames: (span) => roleNamesOf(telling, span),
  };
  const drawn = useRef(picture);
  drawn.current = picture;
  const painter = useRef<Painter | null>(null);
  useLayoutEffect(() => {
    painter.current ??= new Painter();
    if (canvas.current !== null) painter.current.draw(canvas.current, picture, devicePixelRatio || 1);
  });

  const zoom = (factor: number, around = player.time) => setShown(zoomed(window, around, factor));
  const pan = (share: number) => {
    const by = (window.to - window.from) * share;
    setShown({ from: window.from + by, to: window.to + by });
  };
  const pointer = usePointer(drawn, setShown, setHit, props.onGo);
  useWheel(frame, drawn, setShown);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => props.onStep(1),
    ArrowLeft: () => props.onStep(-1),
    '+': () => zoom(1 / 1.6),
    '=': () => zoom(1 / 1.6),
    '-': () => zoom(1.6),
    PageDown: () => pan(0.5),
    PageUp: () => pan(-0.5),
    Home: () => setShown(centred(window, player.time)),
  };
  return (
    <figure class="space-time">
      <figcaption>
        <span>{text.t('see.diagram')}</span>
        <span class="zoom">
          <button type="button" title={text.t('see.zoomIn')} onClick={() => zoom(1 / 1.6)}>
            <Icon path="M10 4v12M4 10h12" />
            <span class="heard">{text.t('see.zoomIn')}</span>
          </button>
          <button type="button" title={text.t('see.zoomOut')} onClick={() => zoom(1.6)}>
            <Icon path="M4 10h12" />
            <span class="heard">{text.t('see.zoomOut')}</span>
          </button>
          <button
            type="button"
            title={text.t('see.whole')}
            onClick={() => setShown({ from: 0, to: Math.max(1000, player.furthest * 1.02) })}
          >
            <Icon path="M3 10h14M6 6l-3 4 3 4M14 6l3 4-3 4" />
            <span class="heard">{text.t('see.whole')}</span>
          </button>
        </span>
      </figcaption>
      <div
        class="paper"
        ref={frame}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard steps and zooms here
        tabIndex={0}
        aria-label={text.t('see.keys')}
        onKeyDown={(event) => {
          const act = keys[event.key];
          if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          act();
        }}
        {...pointer}
      >
        <canvas ref={canvas} style={{ height: `${layout.height}px` }} />
        {hit === null ? null : <Tip hit={hit} telling={telling} width={width} />}
      </div>
    </figure>
  );
}

/** What a node announced of itself: with its epoch where there is room, else without. */
function roleNamesOf(telling: Telling, { role, epoch: number }: RoleSpan): readonly string[] {
  const name = termOf(telling, role);
  if (number === 0) return [name];
  const epoch = termOf(telling, 'epoch');
  return [telling.text.t('see.roleInTerm', { role: name, epoch, number }), name];
}

/** What is pointed at, in words. */
function Tip({
  hit,
  telling,
  width,
}: {
  readonly hit: Hit & { x: number; y: number };
  readonly telling: Telling;
  readonly width: number;
}) {
  const { what, why } = tell(telling, telling.trace.at(hit.event));
  const style = hit.x > width / 2 ? { right: `${width - hit.x + 12}px` } : { left: `${hit.x + 12}px` };
  return (
    <div class="tip" style={{ ...style, top: `${hit.y + 14}px` }} aria-hidden="true">
      <p>{what}</p>
      {why === '' ? null : <p class="why">{why}</p>}
    </div>
  );
}

/** A window that is left alone while the moment is in it. */
function keptIn(window: Window, time: number): Window {
  return time < window.from || time > window.to ? centred(window, time) : window;
}

function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.max(240, element.clientWidth)));
    observer.observe(element);
    setWidth(Math.max(240, element.clientWidth));
    return () => observer.disconnect();
  }, [frame]);
  return width;
}

/** The wheel zooms with the control key, as a pinch on a touch pad does, and moves when turned sideways; else it scrolls the page. */
function useWheel(
  frame: { readonly current: HTMLElement | null },
  drawn: { readonly current: Picture },
  show: (window: Window) => void,
): void {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const turn = (event: WheelEvent) => {
      const { layout, window } = drawn.current;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const x = event.clientX - element.getBoundingClientRect().left;
        show(zoomed(window, timeAt(layout, window, x), Math.exp(event.deltaY / 240)));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const pixels = event.deltaX === 0 ? event.deltaY : event.deltaX;
        const by = ((window.to - window.from) * pixels) / layout.width;
        show({ from: window.from + by, to: window.to + by });
      }
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [frame, drawn, show]);
}

/** Pointers point, press and drag; two of them pinch. */
function usePointer(
  drawn: { readonly current: Picture },
  show: (window: Window) => void,
  point: (hit: (Hit & { x: number; y: number }) | null) => void,
  go: (event: number, arrow: number) => void,
) {
  const down = useRef(new Map<number, { x: number; y: number }>());
  const moved = useRef(false);
  const at = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  return {
    onPointerDown(event: PointerEvent) {
      down.current.set(event.pointerId, at(event));
      moved.current = false;
    },
    onPointerMove(event: PointerEvent) {
      const here = at(event);
      const before = down.current.get(event.pointerId);
      if (before === undefined) {
        const hit = event.pointerType === 'touch' ? null : hitAt(drawn.current, here.x, here.y);
        point(hit === null ? null : { ...hit, ...here });
        return;
      }
      const { layout, window } = drawn.current;
      const span = window.to - window.from;
      const [other] = [...down.current].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      if (other !== undefined) {
        const factor = Math.abs(before.x - other.x) / Math.max(8, Math.abs(here.x - other.x));
        show(zoomed(window, timeAt(layout, window, other.x), factor));
        moved.current = true;
      } else if (moved.current || Math.abs(here.x - before.x) > 4) {
        const by = ((before.x - here.x) * span) / (layout.width - layout.left);
        show({ from: window.from + by, to: window.to + by });
        moved.current = true;
        point(null);
      } else return;
      down.current.set(event.pointerId, here);
    },
    onPointerUp(event: PointerEvent) {
      const here = at(event);
      down.current.delete(event.pointerId);
      if (moved.current) return;
      const hit = hitAt(drawn.current, here.x, here.y, event.pointerType === 'touch' ? 18 : 9);
      if (hit !== null) go(hit.event, hit.arrow);
      else
        go(
          drawn.current.diagram.eventsBy(timeAt(drawn.current.layout, drawn.current.window, here.x)) - 1,
          -1,
        );
    },
    onPointerLeave() {
      point(null);
    },
    onPointerCancel(event: PointerEvent) {
      down.current.delete(event.pointerId);
    },
  };
}
