import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useText } from '../view/context.ts';

/** The title of the run that everything below belongs to, where two stand side by side; else empty. */
export const WhoseContext = createContext('');

/** Names a region so that a screen reader's list tells those of two runs apart. */
export function useRegionName(): (name: string) => string {
  const whose = useContext(WhoseContext);
  const text = useText();
  return (name) => (whose === '' ? name : text.t('stage.regionOf', { name, title: whose }));
}
