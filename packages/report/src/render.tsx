import type { Results } from '@quorate/bench/results';
import { renderToString } from 'preact-render-to-string';
import type { ReportAssets } from './assets.ts';
import type { ReportData } from './data/report.ts';
import { openRuns } from './data/run.ts';
import { STYLE } from './style.ts';
import { textOf } from './text/text.ts';
import { Page } from './view/page.tsx';
import { pageTitle } from './view/read.tsx';

/**
 * Makes one complete HTML file of results: text, tables and, once `assets.script` runs in it, charts. Pure: equal
 * arguments give equal bytes. Every string from the results becomes text, never markup; the file loads nothing, and its
 * content security policy allows it nothing.
 * @param results One run, or several that stand one after another; none where there are only traces.
 * @param more With several runs: what each is called, and what changed between them (`changesOf` of `@quorate/bench`). And trace files, for
 *   the view `see`.
 * @param assets From `bundlePage` of `@quorate/report/bundle`, or made beforehand in any other way.
 * @throws RangeError where script or style hold what would end their element.
 */
export function renderReport(
  results: Results | readonly Results[],
  assets: ReportAssets,
  more: Pick<ReportData, 'labels' | 'changes' | 'traces'> = {},
): string {
  const runs: readonly Results[] = Array.isArray(results) ? results : [results as Results];
  const views = assets.views ?? [];
  const text = textOf('en');
  if (runs.length === 0 && more.traces !== undefined) {
    if (!views.includes('see')) throw new RangeError('the script cannot show traces');
    return renderFile(text.t('shell.titleOfPlay'), { runs, views, ...more }, assets);
  }
  const data: ReportData = {
    runs,
    ...(views.length === 0 ? {} : { views: ['read', ...views] as const }),
    ...more,
  };
  return renderFile(text.t('shell.title', { title: pageTitle(openRuns(data, text), text) }), data, assets);
}

/** The page without results: protocols to run, lessons, and what can be seen of them. Otherwise as `renderReport`. */
export function renderPlay(assets: ReportAssets): string {
  const views = (assets.views ?? []).toSorted((a, b) => PLAY_ORDER.indexOf(a) - PLAY_ORDER.indexOf(b));
  if (views.length === 0) throw new RangeError('the script has no protocols to run');
  return renderFile(textOf('en').t('shell.titleOfPlay'), { runs: [], views }, assets);
}

const PLAY_ORDER = ['run', 'learn', 'see'];

function renderFile(title: string, data: ReportData, assets: ReportAssets): string {
  const style = STYLE + (assets.style ?? '');
  if (/<\/script|<!--/i.test(assets.script)) throw new RangeError('the script holds "</script" or "<!--"');
  if (/<\/style/i.test(style)) throw new RangeError('the style holds "</style"');
  const scripts = assets.scriptHash === undefined ? "'unsafe-inline'" : `'${assets.scriptHash}'`;
  const policy = `default-src 'none'; script-src ${scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  const head = renderToString(
    <>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={policy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="generator" content="Quorate" />
      <title>{title}</title>
    </>,
  );
  return [
    `<!doctype html>\n<html lang="en">\n<head>${head}`,
    `<style>${style}</style>\n</head>\n<body>`,
    `<div id="report">${renderToString(<Page data={data} language="en" />)}</div>`,
    `<script type="application/json" id="results">${embedded(data)}</script>`,
    `<script>${assets.script}</script>\n</body>\n</html>\n`,
  ].join('\n');
}

/** JSON that no HTML parser can take for the end of its element, or for a comment. */
function embedded(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
