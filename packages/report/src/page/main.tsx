import type { Results } from '@quorate/bench/results';
import { hydrate } from 'preact';
import { DrawContext } from '../view/context.ts';
import { Report } from '../view/report.tsx';
import { drawing } from './drawing.ts';

/** Brings the static page to life: the components that made its text draw, sort and save from here on. */
function main(): void {
  const data = document.getElementById('results');
  const root = document.getElementById('report');
  if (data === null || root === null) throw new Error('this page lacks its results');
  const runs = JSON.parse(data.textContent ?? '[]') as Results[];
  document.documentElement.classList.add('live');
  hydrate(
    <DrawContext.Provider value={drawing()}>
      <Report runs={runs} />
    </DrawContext.Provider>,
    root,
  );
}

main();
