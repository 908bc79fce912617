import { useEffect, useState } from 'preact/hooks';
import { DARK, LIGHT, type Palette } from '../palette.ts';

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

function present(): Palette {
  return matchMedia('(prefers-color-scheme: dark)').matches ? DARK : LIGHT;
}
