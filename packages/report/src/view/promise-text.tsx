import type { VNode } from 'preact';
import { faultTitle } from '../data/run.ts';
import type { Promised } from '../data/summary.ts';
import { useText } from './context.ts';
import { Said } from './said.tsx';

/** What a protocol promises about a check, in a sentence. */
export function PromiseText({ promise }: { readonly promise: Promised | null }): VNode {
  const text = useText();
  if (promise === null) return text.rich('promise.never');
  const { exceptUnder } = promise;
  const source = <Said text={promise.source} />;
  if (exceptUnder.length === 0) return text.rich('promise.always', { source });
  return text.rich('promise.except', {
    faults: text.list(exceptUnder.map((fault) => faultTitle(text, fault))),
    source,
  });
}
