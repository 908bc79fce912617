import { useEffect, useMemo, useState } from 'preact/hooks';
import { DARK, LIGHT, type Palette } from '../palette.ts';
import { type Look, lookOf } from '../see/look.ts';

/** Whether the page is being printed. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const [begin, end] = [() => setPrinting(true), () => setPrinting(false)];
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return printing;
}

/** The colours of the reader's scheme; those of the light one for paper. */
export function usePalette(): Palette {
  const printing = usePrinting();
  const [palette, setPalette] = useState(present);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setPalette(present());
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, []);
  return printing ? LIGHT : palette;
}

/** How kinds of messages are drawn; the same as long as there are no new ones. */
export function useLook(types: readonly string[]): Look {
  const palette = usePalette();
  return useMemo(
    () => lookOf(palette, 'system-ui, "Noto Sans CJK SC", sans-serif', types),
    [palette, JSON.stringify(types)],
  );
}

function present(): Palette {
  return matchMedia('(prefers-color-scheme: dark)').matches ? DARK : LIGHT;
}
