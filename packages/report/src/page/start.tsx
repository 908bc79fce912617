/**
 * The page's script, with whatever protocols it is given: what a bundle's entry calls. For browsers alone.
 * @packageDocumentation
 */
import { hydrate, render } from 'preact';
import type { ReportData } from '../data/report.ts';
import { LearnView } from '../stage/learn-view.tsx';
import { recordedOf } from '../stage/recorded.ts';
import { RunView } from '../stage/run-view.tsx';
import { SeeView } from '../stage/see-view.tsx';
import { StockContext, type Stocked } from '../stage/stock.ts';
import { recalled, remember } from '../text/language.ts';
import { DrawContext } from '../view/context.ts';
import { Page } from '../view/page.tsx';
import { type ViewComponents, ViewsContext } from '../view/views.ts';
import { drawing } from './drawing.ts';

/** The components of the views that need scripts. */
const VIEWS: ViewComponents = { see: SeeView, run: RunView, learn: LearnView };

/** Brings the static page to life: the components that made its text draw, sort and save from here on. */
export function start(protocols: readonly Stocked[]): void {
  const data = document.getElementById('results');
  const root = document.getElementById('report');
  if (data === null || root === null) throw new Error('this page lacks its results');
  const report = JSON.parse(data.textContent ?? '') as ReportData;
  const language = recalled();
  document.documentElement.classList.add('live');
  const { runs, traces = [] } = report;
  const page = (
    <DrawContext.Provider value={drawing()}>
      <StockContext.Provider value={{ protocols, recorded: recordedOf(runs), traces }}>
        <ViewsContext.Provider value={VIEWS}>
          <Page data={report} language={language} onLanguage={remember} />
        </ViewsContext.Provider>
      </StockContext.Provider>
    </DrawContext.Provider>
  );
  if (language === 'en') {
    hydrate(page, root);
  } else {
    root.replaceChildren(); // the file's own text is English
    render(page, root);
  }
}
