import { hydrate, render } from 'preact';
import type { ReportData } from '../data/report.ts';
import { recalled, remember } from '../text/language.ts';
import { DrawContext } from '../view/context.ts';
import { Page } from '../view/page.tsx';
import { type ViewComponents, ViewsContext } from '../view/views.ts';
import { drawing } from './drawing.ts';

/** The components of the views that need scripts. */
const VIEWS: ViewComponents = {};

/** Brings the static page to life: the components that made its text draw, sort and save from here on. */
function main(): void {
  const data = document.getElementById('results');
  const root = document.getElementById('report');
  if (data === null || root === null) throw new Error('this page lacks its results');
  const report = JSON.parse(data.textContent ?? '') as ReportData;
  const language = recalled();
  document.documentElement.classList.add('live');
  const page = (
    <DrawContext.Provider value={drawing()}>
      <ViewsContext.Provider value={VIEWS}>
        <Page data={report} language={language} onLanguage={remember} />
      </ViewsContext.Provider>
    </DrawContext.Provider>
  );
  if (language === 'en') {
    hydrate(page, root);
  } else {
    root.replaceChildren(); // the file's own text is English
    render(page, root);
  }
}

main();
