import { faultTitle } from '../data/run.ts';
import type { Promised } from '../data/summary.ts';
import type { Text } from '../text/text.ts';

/** What a protocol promises about a check, in a sentence. */
export function promiseText(text: Text, promise: Promised | null): string {
  if (promise === null) return text.t('promise.never');
  const { exceptUnder, source } = promise;
  if (exceptUnder.length === 0) return text.t('promise.always', { source });
  return text.t('promise.except', {
    faults: text.list(exceptUnder.map((fault) => faultTitle(text, fault))),
    source,
  });
}
