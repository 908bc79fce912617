import { useEffect, useMemo, useState } from 'preact/hooks';
import { DARK, LIGHT, type Palette } from '../palette.ts';
import { type Look, lookOf } from '../see/look.ts';

/** The colours of the reader's scheme; those of the light one for paper. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(present);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setPalette(present());
    const paper = () => setPalette(LIGHT);
    dark.addEventListener('change', follow);
    addEventListener('beforeprint', paper);
    addEventListener('afterprint', follow);
    return () => {
      dark.removeEventListener('change', follow);
      removeEventListener('beforeprint', paper);
      removeEventListener('afterprint', follow);
    };
  }, []);
  return palette;
}

/** How kinds of messages are drawn; the same as long as there are no new ones. */
export function useLook(types: readonly string[]): Look {
  const palette = usePalette();
  const names = types.join();
  return useMemo(
    () => lookOf(palette, 'system-ui, "Noto Sans CJK SC", sans-serif', names === '' ? [] : names.split(',')),
    [palette, names],
  );
}

function present(): Palette {
  return matchMedia('(prefers-color-scheme: dark)').matches ? DARK : LIGHT;
}
